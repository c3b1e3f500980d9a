"""``/shares``: links that show one video to anyone who has them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response, status
from pydantic import Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import SecretIdempotentRoute
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.cursors import FIRST_PAGE
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs, service
from playhead.api.shapes import Payload
from playhead.db.unit import after_commit
from playhead.delivery.shares.shapes import Share, ShareChanges, ShareCreate, SharePage
from playhead.delivery.shares.shares import Shares
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.shares.views import ViewCounter
from playhead.delivery.transfers.everywhere import LINK_VIEWERS, AllTransfers

router = APIRouter(tags=["shares"], route_class=SecretIdempotentRoute)
"""Under ``/api/v1``."""

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]
VideoId = Annotated[str, Path(max_length=64)]
ShareId = Annotated[str, Path(max_length=64)]


class LinksRevocation(Payload):
    """What to revoke besides the signed links."""

    shares: bool = Field(
        default=False, description="Revoke the share links too; otherwise they create new signed links."
    )


SharesOf = Needs[Shares]


@router.post(
    "/videos/{video_id}/shares",
    summary="Create a share link",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def create_share(
    request: Request, response: Response, video_id: VideoId, wanted: ShareCreate, principal: Writer, shares: SharesOf
) -> Share:
    """A link to a page that plays the video without signing in, until it expires or is revoked: for 30 days, unless
    the settings or the request say otherwise.

    A retry with the same `Idempotency-Key` is 409 `idempotency_secret`, as the response with the link is not stored.
    `GET /videos/{video_id}/shares` shows the link again.
    """
    row = await shares.create(
        principal,
        video_id,
        expires_at=wanted.expires_at if "expires_at" in wanted.model_fields_set else shares.default_end(),
        password=wanted.password,
        allow_download=wanted.allow_download,
        comments=wanted.comments,
    )
    response.headers["Location"] = f"/api/v1/shares/{row.id}"
    return _respond(request, response, row)


@router.get(
    "/videos/{video_id}/shares",
    summary="List a video's share links",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def list_shares(
    request: Request,
    response: Response,
    video_id: VideoId,
    principal: Reader,
    shares: SharesOf,
    limit: Limit = FIRST_PAGE,
    cursor: Cursor = None,
) -> SharePage:
    """Newest first, including those that are revoked or have expired."""
    page = await shares.page(principal, video_id, limit=limit, cursor=cursor)
    response.headers["Cache-Control"] = "no-store"
    return SharePage(items=[_shape(request, row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/shares/{share_id}", summary="Read a share link", responses=problem_responses(401, 403, 404))
async def get_share(
    request: Request, response: Response, share_id: ShareId, principal: Reader, shares: SharesOf
) -> Share:
    """One share link."""
    return _respond(request, response, await shares.get(principal, share_id))


@router.patch(
    "/shares/{share_id}",
    summary="Change a share link",
    responses=problem_responses(400, 401, 403, 404, 409, 412, 422),
)
async def change_share(
    request: Request,
    response: Response,
    share_id: ShareId,
    changes: ShareChanges,
    principal: Writer,
    shares: SharesOf,
    if_match: IfMatch = None,
) -> Share:
    """Change its expiry, its password, whether the video may be downloaded, or what visitors may do with comments."""
    row = await shares.change(principal, share_id, changes.given, read_if_match(if_match))
    return _respond(request, response, row)


@router.delete(
    "/shares/{share_id}",
    summary="Revoke a share link",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def revoke_share(share_id: ShareId, principal: Writer, shares: SharesOf, transfers: Needs[AllTransfers]) -> None:
    """It ends with every signed link created from it: at once on this host, within 5 s on others.

    Active transfers of this server by these links are aborted.
    """
    row = await shares.revoke(principal, share_id)
    await transfers.abort(row.video_id, [share_id])


@router.post(
    "/videos/{video_id}/playback/revoke",
    summary="Revoke all signed links to a video",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404, 422),
)
async def revoke_playback(
    video_id: VideoId,
    principal: Writer,
    shares: SharesOf,
    transfers: Needs[AllTransfers],
    wanted: LinksRevocation | None = None,
) -> None:
    """Ends every link created so far, including previews of its projects: at once on this host, within 5 s on others.

    Active transfers of this server by these links are aborted. Bytes that a browser has stay there. A player of your
    own requests a new link and continues.
    """
    await shares.end_links(principal, video_id, shares=wanted.shares if wanted else False)
    await after_commit(partial(transfers.abort, video_id, LINK_VIEWERS))


def _respond(request: Request, response: Response, row: ShareRow) -> Share:
    response.headers["ETag"] = f'"{row.version}"'
    response.headers["Cache-Control"] = "no-store"
    return _shape(request, row)


def _shape(request: Request, row: ShareRow) -> Share:
    token = service(request, Shares).token(row)
    base = address_of(request)
    unwritten = service(request, ViewCounter).unwritten(row.id)
    return Share(
        id=row.id,
        video_id=row.video_id,
        url=f"{base}/s/{token}" if token else None,
        embed_url=f"{base}/embed/{token}" if token else None,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        has_password=row.password_hash is not None,
        allow_download=row.allow_download,
        comments=row.comments,  # type: ignore[arg-type]
        views=row.views + unwritten,
        version=row.version,
    )
