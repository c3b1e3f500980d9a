"""Security headers of our pages; a header that a response sets itself is kept."""

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def page_policy(
    media_origins: Sequence[str] = (), *, ancestors: Sequence[str] = ("'none'",), scripts: Sequence[str] = ()
) -> str:
    """The Content-Security-Policy of the UI.

    Args:
        media_origins: Where presigned URLs lead (``https://bucket.s3.example.com``): a browser checks the
            target of a redirect as well.
        ancestors: What may show the page in a frame.
        scripts: Hashes of the scripts within our own page (``'sha256-...'``); no other inline script runs.
    """
    others = "".join(f" {origin}" for origin in media_origins)
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *scripts)),
            f"img-src 'self' data: blob:{others}",
            f"media-src 'self' blob:{others}",
            f"connect-src 'self'{others}",
            "style-src 'self' 'unsafe-inline'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            f"frame-ancestors {' '.join(ancestors)}",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )


EMBEDDED = "/embed/"
PRIVATE = "private, no-cache"
"""Default for API responses: private to the caller, and never reused."""


def security_headers(media_origins: Sequence[str] = (), *, scripts: Sequence[str] = ()) -> dict[str, str]:
    """What every response carries that does not say otherwise; names in lower case."""
    return {
        "content-security-policy": page_policy(media_origins, scripts=scripts),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
    }


class SecurityHeaders:
    """Adds each header that the response has not set by itself; media responses bring their own policy.

    Args:
        embed_origins: Sites that may show what lies below ``/embed/`` in a frame; no site may show anything else.
        scripts: Hashes of the page's own inline scripts.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        media_origins: Sequence[str] = (),
        embed_origins: Sequence[str] = (),
        scripts: Sequence[str] = (),
    ) -> None:
        self.app = app
        self.headers = security_headers(media_origins, scripts=scripts)
        policy = page_policy(media_origins, ancestors=("'self'", *embed_origins), scripts=scripts)
        self.embedded = {**self.headers, "content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                added = self.embedded if scope["path"].startswith(EMBEDDED) else self.headers
                for name, value in added.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("cache-control", PRIVATE)
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, with_headers)
