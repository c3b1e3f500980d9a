"""Routes whose POST honours ``Idempotency-Key``: ``APIRouter(route_class=IdempotentRoute)``.

The handler runs inside a claim: what it made is kept with its answer, what failed is forgotten so that it can be
tried again. Without the header, or with another method, the route is a ``GuardedRoute``.
"""

from typing import ClassVar

from fastapi import Request, Response

from playhead.access.dependencies import GuardedRoute, Handler, access_of, find_principal, guards_of
from playhead.access.idempotency import Answer, Claim, read_key

MAX_BODY = 256 * 1024
"""A larger answer is not kept: it is not a creating request's."""

_KEPT_HEADERS = ("content-type", "location", "etag", "retry-after")


class IdempotentRoute(GuardedRoute):
    """A route whose POST can be repeated.

    A body that the endpoint declares is compared whole. One that it streams by itself is not read here (it may be a
    video, whatever type it claims): its length and type count.
    """

    secret: ClassVar[bool] = False

    def get_route_handler(self) -> Handler:
        """Wrap the guarded handler in a claim."""
        handle = super().get_route_handler()
        guards = tuple(guards_of(self))

        async def idempotent(request: Request) -> Response:
            header = request.headers.get("idempotency-key")
            principal = await find_principal(request) if header is not None else None
            if header is None or principal is None or request.method != "POST":
                return await handle(request)
            for guard in guards:  # a kept answer is for those alone who might ask for it
                await guard.check(request)
            claim = Claim(principal.user_id, f"POST {self.path}", read_key(header))
            fingerprint = await _fingerprint(request, whole=self.body_field is not None)
            return await _run_once(request, claim, fingerprint, handle, secret=self.secret)

        return idempotent


class SecretIdempotentRoute(IdempotentRoute):
    """The same for answers that show a secret: they are not kept, a repetition is 409."""

    secret = True


async def _run_once(request: Request, claim: Claim, fingerprint: bytes, handle: Handler, *, secret: bool) -> Response:
    idempotency = access_of(request).idempotency
    known = await idempotency.claim(claim, fingerprint)
    if known is not None:
        headers = {**known.headers, "Idempotent-Replayed": "true", "Cache-Control": "no-store"}
        return Response(known.body, known.status, headers)
    kept = False
    try:
        response = await handle(request)
        body = getattr(response, "body", None)
        if 200 <= response.status_code < 300 and isinstance(body, bytes) and len(body) <= MAX_BODY:
            await idempotency.finish(claim, _answer(response, body, secret=secret))
            kept = True
        return response
    finally:
        if not kept:
            await idempotency.release(claim)


def _answer(response: Response, body: bytes, *, secret: bool) -> Answer:
    if secret:
        return Answer(response.status_code, None, {})
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, body, headers)


async def _fingerprint(request: Request, *, whole: bool) -> bytes:
    kind = request.headers.get("content-type", "")
    body = await request.body() if whole else request.headers.get("content-length", "").encode()
    parts = (request.url.path, request.url.query, kind)
    return access_of(request).idempotency.fingerprint(*(part.encode(errors="replace") for part in parts), body)
