"""``/images/{id}/file`` and ``/thumbnail``: the bytes of images for who is signed in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.images.files import image_file, thumbnail_file
from playhead.catalog.images.images import Images
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.respond import REVALIDATE, Responder
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.shapes import ANIMATION, IMAGE_FILE
from playhead.delivery.links.signature import DEFAULT_TTL_S

router = APIRouter(prefix="/images", tags=["images"], route_class=GuardedRoute)

MAX_WIDTH = 10_000

Reader = Annotated[Principal, Depends(requires("videos:read"))]
ImageId = Annotated[str, Path(max_length=64)]


@router.get(
    "/{image_id}/file",
    summary="Read an image's file",
    response_class=Response,
    responses={**IMAGE_FILE, **problem_responses(401, 403, 404, 412, 416, 503)},
)
@router.head("/{image_id}/file", include_in_schema=False)
async def get_image_file(
    request: Request, image_id: ImageId, principal: Reader, images: Needs[Images], responder: Needs[Responder]
) -> Response:
    """The image as it is stored, in its full size."""
    row = await images.get(principal, image_id)
    body = Body.of_file(image_file(row))
    return await responder.respond(
        request, body, subject=row.id, kind="image", cache_control=REVALIDATE, life_s=DEFAULT_TTL_S
    )


@router.get(
    "/{image_id}/thumbnail",
    summary="Read an image's thumbnail",
    response_class=Response,
    responses={**ANIMATION, **problem_responses(401, 403, 404, 412, 416, 503)},
)
@router.head("/{image_id}/thumbnail", include_in_schema=False)
async def get_image_thumbnail(
    request: Request,
    image_id: ImageId,
    principal: Reader,
    images: Needs[Images],
    responder: Needs[Responder],
    w: Annotated[int, Query(ge=1, le=MAX_WIDTH, description="Pixels, rounded up to 320 or 960; never enlarged.")] = 320,
) -> Response:
    """WebP, upright, with its transparency."""
    row = await images.get(principal, image_id)
    file = thumbnail_file(row, w)
    if file is None:
        raise MediaNotFound(f"Image {row.id} has no thumbnail.")
    return await responder.respond(
        request, Body.of_file(file), subject=row.id, kind="image", cache_control=REVALIDATE, life_s=DEFAULT_TTL_S
    )
