"""``/users``: for admins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from playhead.access.access import Access
from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.access.shapes import User, UserCreate, UserPatch
from playhead.api.cursors import FIRST_PAGE
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import PageShape

router = APIRouter(prefix="/users", tags=["users"], route_class=IdempotentRoute)

Admin = Annotated[Principal, Depends(requires("admin"))]


@router.get("", responses=problem_responses(400, 401, 403, 422))
async def list_users(
    _admin: Admin, access: Needs[Access], limit: Limit = FIRST_PAGE, cursor: Cursor = None
) -> PageShape[User]:
    """List the users, oldest first."""
    page = await access.users.page(limit=limit, cursor=cursor)
    items = [User.model_validate(row) for row in page.items]
    return PageShape[User](items=items, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 409, 422))
async def create_user(body: UserCreate, admin: Admin, response: Response, access: Needs[Access]) -> User:
    """Add a user. 409 `email_taken` when the email, in whatever case, has an account."""
    row = await access.users.add(
        admin, email=body.email, password=body.password.get_secret_value(), role=body.role, name=body.name
    )
    response.headers["Cache-Control"] = "no-store"
    return User.model_validate(row)


@router.patch("/{user_id}", responses=problem_responses(400, 401, 403, 404, 409, 422))
async def change_user(user_id: str, body: UserPatch, admin: Admin, access: Needs[Access]) -> User:
    """Change a user. Disabling or a new password ends the user's sessions; 409 `last_admin` keeps one admin."""
    row = await access.users.change(
        admin,
        user_id,
        role=body.role,
        disabled=body.disabled,
        name=body.name,
        password=body.password.get_secret_value() if body.password else None,
    )
    return User.model_validate(row)


@router.delete("/{user_id}", status_code=204, responses=problem_responses(401, 403, 404, 409, 422))
async def delete_user(user_id: str, admin: Admin, access: Needs[Access]) -> None:
    """Remove a user with its sessions and keys. 409 `user_owns_things` while videos or projects are theirs."""
    await access.users.remove(admin, user_id)
