"""``/collections``: named sets of videos."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.library.collections import Collections, Counted
from playhead.catalog.library.shapes import (
    CollectionChange,
    CollectionInput,
    CollectionList,
    CollectionVideos,
    VideoCollection,
)

router = APIRouter(prefix="/collections", tags=["library"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


@router.get("", summary="List your collections", responses=problem_responses(401, 403))
async def list_collections(principal: Reader, collections: Needs[Collections]) -> CollectionList:
    """All of them, by name. `GET /videos?collection_id=` lists what is in one."""
    return CollectionList(items=[_shape(found) for found in await collections.all_of(principal)])


@router.post(
    "",
    summary="Create a collection",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 401, 403, 409),
)
async def create_collection(
    wanted: CollectionInput, response: Response, principal: Writer, collections: Needs[Collections]
) -> VideoCollection:
    """An empty one. Names are yours alone, and differ by more than case."""
    row = await collections.create(principal, wanted.name)
    response.headers["Location"] = f"/api/v1/collections/{row.id}"
    return _shape(Counted(row, 0))


@router.get("/{collection_id}", summary="Read a collection", responses=problem_responses(401, 403, 404))
async def get_collection(collection_id: str, principal: Reader, collections: Needs[Collections]) -> VideoCollection:
    """Its name, and how many videos are in it."""
    return _shape(await collections.get(principal, collection_id))


@router.patch("/{collection_id}", summary="Rename a collection", responses=problem_responses(400, 401, 403, 404, 409))
async def rename_collection(
    collection_id: str, wanted: CollectionInput, principal: Writer, collections: Needs[Collections]
) -> VideoCollection:
    """Its videos stay in it."""
    return _shape(await collections.rename(principal, collection_id, wanted.name))


@router.delete(
    "/{collection_id}",
    summary="Delete a collection",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def delete_collection(collection_id: str, principal: Writer, collections: Needs[Collections]) -> None:
    """Its videos stay in the library."""
    await collections.delete(principal, collection_id)


@router.put(
    "/{collection_id}/videos",
    summary="Add videos to a collection",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def add_to_collection(
    collection_id: str, wanted: CollectionVideos, principal: Writer, collections: Needs[Collections]
) -> CollectionChange:
    """Up to 1,000. Those that are in it, gone, or another user's are left out of `changed`."""
    changed = await collections.add(principal, collection_id, wanted.ids)
    return CollectionChange(changed=changed, collection=_shape(await collections.get(principal, collection_id)))


@router.delete(
    "/{collection_id}/videos",
    summary="Remove videos from a collection",
    responses=problem_responses(400, 401, 403, 404, 422),
)
async def remove_from_collection(
    collection_id: str, wanted: CollectionVideos, principal: Writer, collections: Needs[Collections]
) -> CollectionChange:
    """Up to 1,000. The videos themselves stay in the library."""
    changed = await collections.remove(principal, collection_id, wanted.ids)
    return CollectionChange(changed=changed, collection=_shape(await collections.get(principal, collection_id)))


def _shape(found: Counted) -> VideoCollection:
    row = found.row
    return VideoCollection(id=row.id, name=row.name, videos=found.videos, created_at=row.created_at)
