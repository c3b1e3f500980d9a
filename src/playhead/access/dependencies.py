"""Authentication and scopes as FastAPI dependencies.

``requires(scope)`` gives the principal to an endpoint. ``GuardedRoute`` runs the same checks before the body is
read, so that unauthenticated bytes are never parsed and a malformed body without a credential is 401, not 422.
"""

from collections.abc import Callable, Coroutine, Iterator
from functools import lru_cache
from typing import Annotated, Any, cast

from fastapi import Depends, Request, Response, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer

from playhead.access.access import Access
from playhead.access.credentials import SECURE_COOKIE, read_credential
from playhead.access.csrf import SAFE_METHODS, require_own
from playhead.access.errors import Forbidden, NotSignedIn
from playhead.access.principals import Principal, Scope
from playhead.api.services import service

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_bearer = HTTPBearer(auto_error=False, scheme_name="ApiKeyBearer", description="An API key: `ph_...`.")
_header = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="ApiKeyHeader", description="An API key.")
_cookie = APIKeyCookie(
    name=SECURE_COOKIE,
    auto_error=False,
    scheme_name="SessionCookie",
    description="Set by signing in. Over plain http it is called `playhead_session`.",
)


async def _described(
    _by_bearer: Annotated[object, Security(_bearer)],
    _by_header: Annotated[object, Security(_header)],
    _by_cookie: Annotated[object, Security(_cookie)],
) -> None:
    """Declares the three security schemes in OpenAPI; ``read_credential`` reads the request."""


def access_of(request: Request) -> Access:
    """The app's access."""
    return service(request, Access)


async def find_principal(request: Request) -> Principal | None:
    """Find the principal; None for a request without a credential.

    Raises:
        InvalidCredential: an API key that is wrong, whatever else was sent.
        NotSignedIn: an expired session.
        Forbidden: a cookie on an unsafe request that our own pages did not make.
    """
    found = getattr(request.state, "principal", None)
    if found is not None:
        return cast(Principal, found)
    access = access_of(request)
    secure = access.secure_cookies(request.url.scheme)
    credential = read_credential(request.headers, request.cookies, secure=secure)
    if credential is None:
        return None
    principal = await access.authenticator.authenticate(credential)
    if credential.kind == "session" and request.method not in SAFE_METHODS:
        require_own(request.headers)
    request.state.principal = principal
    return principal


async def optional_principal(request: Request) -> Principal | None:
    """The principal or None, for public routes that say a little more to known callers. Never fails."""
    try:
        return await find_principal(request)
    except NotSignedIn:
        return None


class Requires:
    """A dependency that resolves to the principal if it holds every named scope."""

    def __init__(self, *scopes: Scope) -> None:
        self.scopes = scopes

    async def __call__(self, request: Request, _: Annotated[None, Depends(_described)] = None) -> Principal:
        return await self.check(request)

    async def check(self, request: Request) -> Principal:
        """Find the principal and check it.

        Raises:
            NotSignedIn: a missing or invalid credential.
            Forbidden: a scope is lacking.
            Forbidden: see ``find_principal``.
        """
        principal = await find_principal(request)
        if principal is None:
            other = " Its Authorization header is not for Playhead." if "authorization" in request.headers else ""
            raise NotSignedIn(
                f"This request shows no session and no API key.{other}",
                hint="Sign in, or send `Authorization: Bearer ph_...`.",
            )
        for scope in self.scopes:
            if not principal.allows(scope):
                raise Forbidden(
                    f"This needs the scope {scope!r}, which {_holder(principal)} does not hold.",
                    code="scope_missing",
                    title="Missing scope",
                )
        return principal


class RequiresAccount(Requires):
    """A dependency for the account itself (password, keys): a session, or a key that holds ``admin``.

    A narrow key must not be able to mint a wider or a longer-lived one.
    """

    async def check(self, request: Request) -> Principal:
        principal = await super().check(request)
        if principal.via == "key" and not principal.is_admin:
            raise Forbidden(
                "An API key without the scope 'admin' cannot manage keys or the account.",
                code="session_required",
                title="Sign in for this",
            )
        return principal


@lru_cache(maxsize=64)
def requires(*scopes: Scope) -> Requires:
    """The dependency for these scopes: ``principal: Annotated[Principal, Depends(requires("videos:read"))]``.

    Without a scope, any principal will do.
    """
    return Requires(*scopes)


account_required = RequiresAccount()


class GuardedRoute(APIRoute):
    """A route that checks its principal before it reads the body: ``APIRouter(route_class=GuardedRoute)``."""

    def get_route_handler(self) -> Handler:
        """Wrap FastAPI's handler, which parses the body first and asks who sent it later."""
        handle = super().get_route_handler()
        guards = tuple(guards_of(self))

        async def guarded(request: Request) -> Response:
            for guard in guards:
                await guard.check(request)
            return await handle(request)

        return guarded


def guards_of(route: APIRoute) -> Iterator[Requires]:
    """Every ``Requires`` that a route depends on, at any depth; none for a public route."""
    waiting: list[Dependant] = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        if isinstance(dependant.call, Requires):
            yield dependant.call
        waiting.extend(dependant.dependencies)


def _holder(principal: Principal) -> str:
    return f"key {principal.credential_id}" if principal.via == "key" else f"your role {principal.role!r}"
