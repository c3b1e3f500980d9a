"""The base error: four facts, declared once per class.

The API reads ``status``, the worker reads ``retry``, the incident report reads ``fault`` and ``code``.
One exception handler turns any of them into ``application/problem+json`` (RFC 9457).
"""

from typing import ClassVar, Literal

Retry = Literal["never", "backoff"]
Fault = Literal["caller", "destination", "provider", "us"]


class PlayheadError(Exception):
    """What a caller, a client or an operator must act on.

    Args:
        detail: What happened, to which id, with the numbers. One or two sentences, shown to people.
        hint: The next step, where there is one.
    """

    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong in Playhead"
    status: ClassVar[int] = 500
    retry: ClassVar[Retry] = "never"
    fault: ClassVar[Fault] = "us"

    def __init__(self, detail: str, *, hint: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint

    @property
    def headers(self) -> dict[str, str]:
        """Extra response headers, such as ``Retry-After``."""
        return {}


class InvalidInput(PlayheadError):
    """A value that reads well but cannot be meant."""

    code = "invalid_input"
    title = "That value cannot be used"
    status = 400
    fault = "caller"


class NotFound(PlayheadError):
    """Not there, or not yours: a stranger learns no difference."""

    code = "not_found"
    title = "Not found"
    status = 404
    fault = "caller"


class Conflict(PlayheadError):
    """True a moment ago, not now."""

    code = "conflict"
    title = "This changed in the meantime"
    status = 409
    fault = "caller"


class PreconditionFailed(PlayheadError):
    """``If-Match`` names a version that is no longer current (RFC 9110 section 13.1.1)."""

    code = "version_mismatch"
    title = "Someone changed this in the meantime"
    status = 412
    fault = "caller"


class PreconditionRequired(PlayheadError):
    """An update that could overwrite another's work came without ``If-Match`` (RFC 6585 section 3)."""

    code = "if_match_required"
    title = "Say which version you are changing"
    status = 428
    fault = "caller"


class TooManyRequests(PlayheadError):
    """A rate limit was reached.

    Args:
        retry_after_s: Whole seconds until the next try has a chance.
    """

    code = "rate_limited"
    title = "Too many tries"
    status = 429
    retry = "backoff"
    fault = "caller"

    def __init__(self, detail: str, *, retry_after_s: int, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after_s)}


class Unavailable(PlayheadError):
    """Something Playhead stands on does not answer; it may in a moment."""

    code = "unavailable"
    title = "Not available right now"
    status = 503
    retry = "backoff"
    fault = "destination"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}
