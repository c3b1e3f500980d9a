"""``/searches``: filters of the library under a name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status

from playhead.access.dependencies import requires
from playhead.access.idempotent_route import IdempotentRoute
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.catalog.library.searches import SavedSearches
from playhead.catalog.library.shapes import SavedSearch, SavedSearchInput, SavedSearchList, SavedSearchName

router = APIRouter(prefix="/searches", tags=["library"], route_class=IdempotentRoute)

Reader = Annotated[Principal, Depends(requires("videos:read"))]
Writer = Annotated[Principal, Depends(requires("videos:write"))]


@router.get("", summary="List your saved searches", responses=problem_responses(401, 403))
async def list_saved_searches(principal: Reader, searches: Needs[SavedSearches]) -> SavedSearchList:
    """All of them, by name."""
    return SavedSearchList(items=[SavedSearch.model_validate(row) for row in await searches.all_of(principal)])


@router.post(
    "",
    summary="Save a search",
    status_code=status.HTTP_201_CREATED,
    responses=problem_responses(400, 401, 403, 409, 422),
)
async def save_search(
    wanted: SavedSearchInput, response: Response, principal: Writer, searches: Needs[SavedSearches]
) -> SavedSearch:
    """Keep filters and an order under a name."""
    row = await searches.create(principal, wanted.name, wanted.query)
    response.headers["Location"] = f"/api/v1/searches/{row.id}"
    return SavedSearch.model_validate(row)


@router.patch("/{search_id}", summary="Rename a saved search", responses=problem_responses(400, 401, 403, 404, 409))
async def rename_saved_search(
    search_id: str, wanted: SavedSearchName, principal: Writer, searches: Needs[SavedSearches]
) -> SavedSearch:
    """Its filters stay."""
    return SavedSearch.model_validate(await searches.rename(principal, search_id, wanted.name))


@router.delete(
    "/{search_id}",
    summary="Delete a saved search",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(401, 403, 404),
)
async def delete_saved_search(search_id: str, principal: Writer, searches: Needs[SavedSearches]) -> None:
    """The videos that it finds stay."""
    await searches.delete(principal, search_id)
