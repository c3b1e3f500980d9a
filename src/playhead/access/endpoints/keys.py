"""``/keys``: the caller's own API keys; for admins those of all users."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from playhead.access.access import Access
from playhead.access.dependencies import account_required
from playhead.access.errors import Forbidden
from playhead.access.idempotent_route import SecretIdempotentRoute
from playhead.access.principals import Principal
from playhead.access.shapes import CreatedKey, Key, KeyCreate
from playhead.api.cursors import FIRST_PAGE
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.api.shapes import PageShape

router = APIRouter(prefix="/keys", tags=["keys"], route_class=SecretIdempotentRoute)

Owner = Annotated[Principal, Depends(account_required)]
Everybody = Annotated[bool, Query(alias="all", description="Keys of all users; admins only.")]


@router.get("", responses=problem_responses(400, 401, 403, 422))
async def list_keys(
    owner: Owner,
    access: Needs[Access],
    everybody: Everybody = False,
    limit: Limit = FIRST_PAGE,
    cursor: Cursor = None,
) -> PageShape[Key]:
    """List your own keys, newest first, including revoked ones."""
    if everybody and not owner.is_admin:
        raise Forbidden("Only an admin sees the keys of others.")
    page = await access.keys.page(user_id=None if everybody else owner.user_id, limit=limit, cursor=cursor)
    items = [Key.model_validate(row) for row in page.items]
    return PageShape[Key](items=items, next_cursor=page.next_cursor)


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 422))
async def create_key(body: KeyCreate, owner: Owner, response: Response, access: Needs[Access]) -> CreatedKey:
    """Create an API key. Only this answer shows it: it is stored as a hash.

    Repeated with the same `Idempotency-Key` it is 409 `idempotency_secret`, since nothing can show the key again.
    """
    made = await access.keys.create(
        owner,
        user_id=body.user_id or owner.user_id,
        name=body.name,
        scopes=body.scopes,
        expires_in=timedelta(seconds=body.expires_in_s) if body.expires_in_s is not None else None,
    )
    response.headers["Cache-Control"] = "no-store"
    return CreatedKey(**Key.model_validate(made.row).model_dump(), key=made.key)


@router.delete("/{key_id}", status_code=204, responses=problem_responses(401, 403, 404, 422))
async def revoke_key(key_id: str, owner: Owner, access: Needs[Access]) -> None:
    """Revoke a key: at once on this host, within 30 s on others. Revoked keys stay in the list."""
    await access.keys.revoke(owner, key_id)
