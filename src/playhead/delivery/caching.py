"""Cache-Control of what signed links lead to: who may keep it, and for how long (RFC 9111 section 5.2.2)."""

from datetime import timedelta

from starlette.requests import Request

from playhead.api.services import service


class Caching:
    """Whether caches that people share, such as a CDN, may keep media.

    Args:
        shared: So long they may serve it without asking again; zero leaves it to browsers.
    """

    def __init__(self, shared: timedelta = timedelta(0)) -> None:
        self._shared_s = int(shared.total_seconds())

    def lasting(self, life_s: int) -> str:
        """For what never changes under its link; never kept for longer than the link lives.

        Args:
            life_s: Seconds that the link is still good for.
        """
        return f"{self.fresh(life_s)}, immutable"

    def fresh(self, life_s: int, at_most_s: int | None = None) -> str:
        """For what may be otherwise under the same link later."""
        browser_s = life_s if at_most_s is None else min(life_s, at_most_s)
        if not self._shared_s:
            return f"private, max-age={browser_s}"
        return f"public, max-age={browser_s}, s-maxage={min(browser_s, self._shared_s)}"


def caching(request: Request) -> Caching:
    """What this server was told."""
    return service(request, Caching)
