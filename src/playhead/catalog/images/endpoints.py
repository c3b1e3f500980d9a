"""``/images``: uploading, listing and deleting; their bytes are delivered by ``delivery.images``."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute, compared_by
from playhead.access.principals import Principal
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.images.errors import ImageTooLarge
from playhead.catalog.images.images import MAX_BYTES, Images
from playhead.catalog.images.shapes import Image, ImagePage, image_resource
from playhead.catalog.images.tables import ImageOrigin
from playhead.catalog.uploads.body import FILE_OR_FORM, FileBody

router = APIRouter(prefix="/images", tags=["images"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


def _body_of(request: Request, title: str | None, filename: str | None) -> FileBody:
    body = FileBody(request, "image", title=title, filename=filename)
    if (length := body.length) is not None and length > body.most(MAX_BYTES):
        raise ImageTooLarge(length, MAX_BYTES)
    return body


async def digest_of(request: Request) -> str:
    """Read a repeated request to its end, to compare it with the first."""
    body = _body_of(request, request.query_params.get("title"), request.query_params.get("filename"))
    hashed, came = hashlib.sha256(), 0
    async for chunk in body.chunks():
        hashed.update(chunk)
        came += len(chunk)
        if came > MAX_BYTES:
            raise ImageTooLarge(came, MAX_BYTES)
    return body.digest(hashed.hexdigest())


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Image,
    responses=problem_responses(400, 401, 403, 413, 415, 503, 507),
    openapi_extra=FILE_OR_FORM,
)
@compared_by(digest_of)
async def upload_image(
    request: Request,
    response: Response,
    principal: Writer,
    images: Needs[Images],
    title: Annotated[str | None, Query(description="Without it the filename gives one.")] = None,
    filename: Annotated[str | None, Query(description="For the title alone.")] = None,
) -> Image:
    """Upload an image: as the body of the request, or as the one file of a form.

    PNG, JPEG and WebP are stored as they are, at most 50 MB and 50 million pixels. Of an animation, and of a GIF, the
    first frame is stored, as PNG.
    """
    body = _body_of(request, title, filename)
    received = await images.receive(principal.user_id, body.chunks(), size=body.size, title=lambda: body.named().title)
    request.state.body_digest = body.digest(received.sha256)
    response.headers["Location"] = f"/api/v1/images/{received.row.id}"
    return image_resource(received.row)


@router.get("", response_model=ImagePage, responses=problem_responses(400, 401, 403))
async def list_images(
    principal: Reader,
    images: Needs[Images],
    origin: ImageOrigin | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ImagePage:
    """List your images, newest first."""
    page = await images.page(principal.user_id, origin=origin, limit=limit, cursor=cursor)
    return ImagePage(items=[image_resource(row) for row in page.items], next_cursor=page.next_cursor)


@router.get("/{image_id}", response_model=Image, responses=problem_responses(401, 403, 404))
async def get_image(image_id: str, principal: Reader, images: Needs[Images]) -> Image:
    """Read one image."""
    return image_resource(await images.get(principal, image_id))


@router.delete("/{image_id}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404))
async def delete_image(image_id: str, principal: Writer, images: Needs[Images]) -> None:
    """Delete an image with its bytes for good. Takes that were made from it stay."""
    await images.delete(principal, image_id)
