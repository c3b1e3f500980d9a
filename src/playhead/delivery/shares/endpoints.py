"""``/shares``: the links by which one video is shown to whoever has them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Request, Response, status
from pydantic import Field

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import SecretIdempotentRoute
from playhead.access.principals import Principal
from playhead.api.addresses import address_of
from playhead.api.cursors import FIRST_PAGE, Cursor, Limit, read_id_cursor
from playhead.api.if_match import read_if_match
from playhead.api.problems import problem_responses
from playhead.api.services import service
from playhead.api.shapes import Payload
from playhead.db.unit import after_commit
from playhead.delivery.shares.resources import Share, ShareChanges, ShareCreate, SharePage
from playhead.delivery.shares.shares import Shares
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.shares.views import ViewCounter
from playhead.delivery.transfer_endpoints import BY_LINKS, cut_everywhere, everywhere

router = APIRouter(tags=["shares"], route_class=SecretIdempotentRoute)
"""Under ``/api/v1``."""

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]
VideoId = Annotated[str, Path(max_length=64)]
ShareId = Annotated[str, Path(max_length=64)]
IfMatch = Annotated[str | None, Header(alias="If-Match", description='The version being changed, such as "3".')]


class LinksRevocation(Payload):
    """What to end besides the signed links."""

    shares: bool = Field(default=False, description="Revoke the share links, too; else they make new links.")


def shares_of(request: Request) -> Shares:
    """The app's shares, as wired at start."""
    return service(request, Shares)


SharesOf = Annotated[Shares, Depends(shares_of)]


@router.post(
    "/videos/{video_id}/shares",
    summary="Make a share link",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 401, 403, 404, 409, 422),
)
async def create_share(
    request: Request, response: Response, video_id: VideoId, wanted: ShareCreate, principal: Writer, shares: SharesOf
) -> Share:
    """A link to a page that plays the video without a sign-in, until it expires or is revoked.

    Repeated with the same `Idempotency-Key` it is 409 `idempotency_secret`: the answer, which shows the link, is not
    kept. `GET /videos/{video_id}/shares` shows it again.
    """
    row = await shares.create(
        principal,
        video_id,
        expires_at=wanted.expires_at,
        password=wanted.password,
        allow_download=wanted.allow_download,
    )
    response.headers["Location"] = f"/api/v1/shares/{row.id}"
    return _answer(request, response, row)


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
    """Newest first, with those that are revoked or have expired."""
    page = await shares.page(principal, video_id, before=read_id_cursor(cursor, "shr"), limit=limit)
    response.headers["Cache-Control"] = "no-store"
    return SharePage(items=[_shape(request, row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/shares/{share_id}", summary="Read a share link", responses=problem_responses(401, 403, 404))
async def get_share(
    request: Request, response: Response, share_id: ShareId, principal: Reader, shares: SharesOf
) -> Share:
    """One share link."""
    return _answer(request, response, await shares.get(principal, share_id))


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
    """Change its end, its password, or whether it may be downloaded."""
    return _answer(request, response, await shares.change(principal, share_id, changes.given, read_if_match(if_match)))


@router.delete(
    "/shares/{share_id}",
    summary="Revoke a share link",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def revoke_share(request: Request, share_id: ShareId, principal: Writer, shares: SharesOf) -> None:
    """It ends with every link that was made from it: at once on this host, within 5 s on others.

    Transfers by it that this server has under way are cut.
    """
    row = await shares.revoke(principal, share_id)
    await cut_everywhere(everywhere(request), row.video_id, [share_id])


@router.post(
    "/videos/{video_id}/playback/revoke",
    summary="End all signed links to a video",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404, 422),
)
async def revoke_playback(
    request: Request, video_id: VideoId, principal: Writer, shares: SharesOf, wanted: LinksRevocation | None = None
) -> None:
    """Every link that exists ends, those of previews of its projects too: at once on this host, within 5 s on others.

    Transfers that this server has under way are cut. Bytes that a browser holds already stay there. A player of your
    own asks for a new link and goes on.
    """
    await shares.end_links(principal, video_id, shares=wanted.shares if wanted else False)
    await after_commit(partial(cut_everywhere, everywhere(request), video_id, BY_LINKS))


def _answer(request: Request, response: Response, row: ShareRow) -> Share:
    response.headers["ETag"] = f'"{row.version}"'
    response.headers["Cache-Control"] = "no-store"
    return _shape(request, row)


def _shape(request: Request, row: ShareRow) -> Share:
    token = shares_of(request).token(row)
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
        views=row.views + unwritten,
        version=row.version,
    )
