"""Routes whose POST honours ``Idempotency-Key``: ``APIRouter(route_class=IdempotentRoute)``.

The handler runs inside a claim. What it writes and its answer are one transaction (``db.unit``): after a crash there
are both or neither. What failed is forgotten so that it can be tried again. Without the header, or with another
method, the route is a ``GuardedRoute``.
"""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar, TypeVar, cast

from fastapi import Request, Response

from playhead.access.dependencies import GuardedRoute, Handler, access_of, find_principal, guards_of
from playhead.api.idempotency import Answer, Claim, Idempotency, read_key, reused
from playhead.db.unit import within

Digest = Callable[[Request], Awaitable[str]]
"""Reads a request's stream to its end and says what was in it."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

_KEPT_HEADERS = (
    *("content-type", "location", "etag", "retry-after"),
    *("tus-resumable", "upload-offset", "upload-length", "upload-defer-length", "upload-expires", "upload-concat"),
    "playhead-video",
)


def compared_by(digest: Digest) -> Callable[[Endpoint], Endpoint]:
    """Mark an endpoint that streams its body: the answer is given again only to a body of the same digest.

    The endpoint puts the digest of the body that it took into ``request.state.body_digest``.
    """

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.body_digest = digest  # type: ignore[attr-defined]
        return endpoint

    return mark


class IdempotentRoute(GuardedRoute):
    """A route whose POST can be repeated.

    A body that the endpoint declares is compared whole. One that it streams by itself is not gathered here (it may be
    a video, whatever type it claims): ``compared_by`` says how it is compared, else its length and type count.
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
            digest = cast("Digest | None", getattr(self.endpoint, "body_digest", None))
            fingerprint = await _fingerprint(request, whole=self.body_field is not None, streamed=digest is not None)
            idempotency = access_of(request).idempotency
            known = await idempotency.claim(claim, fingerprint)
            if known is None:
                return await _Run(request, idempotency, claim, secret=self.secret).answer(handle)
            if digest is not None and await digest(request) != known.digest:
                raise reused(claim.key)
            headers = {**known.headers, "Idempotent-Replayed": "true", "Cache-Control": "no-store"}
            return Response(known.body, known.status, headers)

        return idempotent


class SecretIdempotentRoute(IdempotentRoute):
    """The same for answers that show a secret: they are not kept, a repetition is 409."""

    secret = True


async def settle(request: Request, response: Response) -> bool:
    """Keep an answer now, with what was written so far, where the request goes on for long afterwards.

    The answer at its end takes the place of this one.

    Returns:
        Whether it was kept; False without an ``Idempotency-Key``.
    """
    run: _Run | None = getattr(request.state, "idempotent_run", None)
    if run is not None:
        await run.keep(response)
    return run is not None


class _Run:
    """The one run of a claimed request."""

    def __init__(self, request: Request, idempotency: Idempotency, claim: Claim, *, secret: bool) -> None:
        self._request, self._idempotency, self._claim, self._secret = request, idempotency, claim, secret
        self._unit = idempotency.database.unit()
        self._keeping = False
        request.state.idempotent_run = self

    async def answer(self, handle: Handler) -> Response:
        try:
            with within(self._unit):
                response = await self._handled(handle)
                if _made(response):
                    await self.keep(response)
            return response
        finally:
            self._idempotency.ended(self._claim)
            await self._undo()

    async def keep(self, response: Response) -> None:
        """Write the answer down with what was made. Where this fails the claim stays: perhaps it was committed."""
        self._keeping = True
        answer = self._answer(response)
        async with self._idempotency.database.write() as session:
            await self._idempotency.finish(session, self._claim, answer)
        if self._unit.is_open:
            await self._unit.commit()
        self._keeping = False

    async def _handled(self, handle: Handler) -> Response:
        try:
            response = await handle(self._request)
        except Exception:
            await self._forget()
            raise
        if not _made(response):
            await self._forget()
        return response

    async def _forget(self) -> None:
        await self._undo()
        if not self._keeping:
            await self._idempotency.release(self._claim)

    async def _undo(self) -> None:
        if self._unit.is_open:
            await self._unit.roll_back()

    def _answer(self, response: Response) -> Answer:
        body = bytes(getattr(response, "body", b""))
        if self._secret and body:
            return Answer(response.status_code, None, {})
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        digest = getattr(self._request.state, "body_digest", None)
        return Answer(response.status_code, body, headers, digest)


def _made(response: Response) -> bool:
    return 200 <= response.status_code < 300


async def _fingerprint(request: Request, *, whole: bool, streamed: bool) -> bytes:
    kind = request.headers.get("content-type", "")
    if streamed:  # two boundaries, or a length that only one of them knew, are no difference
        kind, body = kind.partition(";")[0].strip().lower(), b""
    else:
        body = await request.body() if whole else request.headers.get("content-length", "").encode()
    # The headers of tus describe the upload: its length, its name, its parts.
    said = [f"{name}:{value}" for name, value in sorted(request.headers.items()) if name.startswith("upload-")]
    parts = (request.url.path, request.url.query, kind, *said)
    return access_of(request).idempotency.fingerprint(*(part.encode(errors="replace") for part in parts), body)
