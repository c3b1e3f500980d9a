"""``/setup``, ``/session`` and ``/me``: getting in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from playhead.access.access import Access
from playhead.access.cookies import clear_session_cookie, set_session_cookie
from playhead.access.csrf import refuse_foreign
from playhead.access.dependencies import GuardedRoute, account_required, requires
from playhead.access.errors import SessionRequired
from playhead.access.limits import client_address
from playhead.access.principals import SCOPES, Principal
from playhead.access.shapes import Me, MeChange, SessionStarted, SetupCheck, SetupRequest, SignInRequest, User
from playhead.access.tables import UserRow
from playhead.api.problems import problem_responses
from playhead.api.services import Needs

router = APIRouter(tags=["account"], route_class=GuardedRoute)

Anyone = Annotated[Principal, Depends(requires())]
Owner = Annotated[Principal, Depends(account_required)]


@router.post("/setup", status_code=201, responses=problem_responses(400, 403, 409, 422, 429))
async def set_up(body: SetupRequest, request: Request, response: Response, access: Needs[Access]) -> User:
    """Make the first admin with the one-time token that Playhead prints, and sign it in.

    409 `setup_done` as soon as there is a user; 403 `setup_token_invalid` for a wrong, used or old token.
    """
    refuse_foreign(request.headers)
    made = await access.sign_in.set_up(
        body.token.get_secret_value(),
        email=body.email,
        password=body.password.get_secret_value(),
        name=body.name,
        address=client_address(request),
        user_agent=request.headers.get("user-agent", ""),
    )
    set_session_cookie(request, response, access, made.token, made.lasts)
    _never_store(response)
    return User.model_validate(made.user)


@router.post("/setup/check", status_code=204, responses=problem_responses(403, 409, 422, 429))
async def check_setup(body: SetupCheck, request: Request, access: Needs[Access]) -> None:
    """Look whether a setup token is good, without using it up; answers as `POST /setup` does when it is not."""
    refuse_foreign(request.headers)
    await access.sign_in.check_setup(body.token.get_secret_value(), address=client_address(request))


@router.post("/session", responses=problem_responses(401, 403, 422, 429))
async def sign_in(body: SignInRequest, request: Request, response: Response, access: Needs[Access]) -> SessionStarted:
    """Sign in. The session comes as a cookie; five failures a minute and account are allowed."""
    refuse_foreign(request.headers)
    made = await access.sign_in.sign_in(
        body.email,
        body.password.get_secret_value(),
        address=client_address(request),
        user_agent=request.headers.get("user-agent", ""),
    )
    set_session_cookie(request, response, access, made.token, made.lasts)
    _never_store(response)
    return SessionStarted(user=User.model_validate(made.user))


@router.delete("/session", status_code=204, responses=problem_responses(401, 403))
async def sign_out(principal: Anyone, request: Request, response: Response, access: Needs[Access]) -> None:
    """End this session. 403 `session_required` for an API key: revoke that instead."""
    if principal.via != "session":
        raise SessionRequired("This request comes with an API key, which has no session to end.")
    await access.sign_in.sign_out(principal)
    clear_session_cookie(request, response, access)


@router.get("/me", responses=problem_responses(401))
async def me(principal: Anyone, response: Response, access: Needs[Access]) -> Me:
    """Say who this request comes from and what it may do."""
    _never_store(response)
    return _me(principal, await access.users.get(principal.user_id))


@router.patch("/me", responses=problem_responses(400, 401, 403, 422, 429))
async def change_me(
    body: MeChange, principal: Owner, request: Request, response: Response, access: Needs[Access]
) -> Me:
    """Change one's own name or password. A new password needs the current one and ends the other sessions."""
    user = await access.users.change_own(
        principal,
        name=body.name,
        password=body.password.get_secret_value() if body.password else None,
        current_password=body.current_password.get_secret_value() if body.current_password else None,
        address=client_address(request),
    )
    _never_store(response)
    return _me(principal, user)


def _me(principal: Principal, user: UserRow) -> Me:
    scopes = [scope for scope in SCOPES if principal.allows(scope)]
    return Me(user=User.model_validate(user), scopes=scopes, via=principal.via)


def _never_store(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
