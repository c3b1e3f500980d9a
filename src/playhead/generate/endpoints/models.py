"""``/models``: what can be generated with, and what it costs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.catalogue import Catalogue
from playhead.generate.configured import Providers
from playhead.generate.shapes.models import GenerationModels, model_shape
from playhead.kit.clock import utc_now
from playhead.settings import Settings

router = APIRouter(prefix="/models", tags=["generate"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("generate:read"))]


@router.get("", responses=problem_responses(401, 403, 422))
async def list_models(
    principal: Reader,  # noqa: ARG001
    catalogue: Needs[Catalogue],
    providers: Needs[Providers],
    settings: Needs[Settings],
    provider: Annotated[str | None, Query(max_length=64, description="Of this provider alone.")] = None,
    available: Annotated[bool, Query(description="Of providers that are set up and on alone.")] = False,
    retired: Annotated[bool, Query(description="Those that are gone, too.")] = False,
) -> GenerationModels:
    """List models with their parameters, limits and prices; the first of a provider is its default."""
    today = utc_now().date()
    configured = {each.name: each for each in await providers.all()}
    names = [provider] if provider is not None else list(dict.fromkeys([*configured, *catalogue.providers]))
    items = []
    for name in names:
        usable = name in configured and configured[name].is_usable
        models = [
            each for each in catalogue.models(name) if not each.is_pattern and (retired or not each.is_retired(today))
        ]
        first = next((each for each in models if not each.is_retired(today)), None)
        if usable or not available:
            items += [model_shape(each, available=usable, default=each is first, today=today) for each in models]
    return GenerationModels(items=items, default_provider=settings.generate_provider)
