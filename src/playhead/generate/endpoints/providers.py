"""``/providers``: who generates, with which key, and whether it works."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.if_match import IfMatch, read_if_match
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate.adapters import ADAPTERS
from playhead.generate.configured import Configured, Providers
from playhead.generate.provider_settings import ProviderSettings
from playhead.generate.shapes.providers import (
    GenerationProvider,
    GenerationProviders,
    KnownAdapter,
    ProviderChanges,
    ProviderInput,
    ProviderTest,
    provider_shape,
    test_shape,
)

router = APIRouter(prefix="/providers", tags=["generate"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("generate:read"))]
Admin = Annotated[Principal, Depends(requires("admin"))]
Name = Annotated[str, Path(max_length=64, description="Such as `replicate`.")]


@router.get("", responses=problem_responses(401, 403))
async def list_providers(principal: Reader, providers: Needs[Providers]) -> GenerationProviders:
    """List providers: those with settings, with a key in the environment, and `local`."""
    items = [provider_shape(each, whole=principal.is_admin) for each in await providers.all()]
    known = [KnownAdapter.model_validate(each) for each in ADAPTERS.values()]
    return GenerationProviders(items=items, known=known)


@router.get("/{name}", responses=problem_responses(401, 403, 404))
async def get_provider(
    name: Name, principal: Reader, response: Response, settings: Needs[ProviderSettings]
) -> GenerationProvider:
    """Read one provider."""
    return _respond(response, await settings.get(name), whole=principal.is_admin)


@router.put("/{name}", responses=problem_responses(400, 401, 403, 412, 422))
async def put_provider(
    name: Name,
    wanted: ProviderInput,
    principal: Admin,
    response: Response,
    settings: Needs[ProviderSettings],
    if_match: IfMatch = None,
) -> GenerationProvider:
    """Add a provider, or set its settings anew. A key is kept encrypted and never shown; it stays if none is given."""
    return _respond(response, await settings.put(principal, name, wanted.given, read_if_match(if_match)), whole=True)


@router.patch("/{name}", responses=problem_responses(400, 401, 403, 404, 412, 422))
async def change_provider(
    name: Name,
    changes: ProviderChanges,
    principal: Admin,
    response: Response,
    settings: Needs[ProviderSettings],
    if_match: IfMatch = None,
) -> GenerationProvider:
    """Change some settings. With another address the key has to be entered again."""
    changed = await settings.change(principal, name, changes.given, read_if_match(if_match))
    return _respond(response, changed, whole=True)


@router.delete("/{name}", status_code=status.HTTP_204_NO_CONTENT, responses=problem_responses(401, 403, 404))
async def remove_provider(name: Name, principal: Admin, settings: Needs[ProviderSettings]) -> None:
    """Remove the settings of a provider with its key; what runs there goes on unseen."""
    await settings.remove(principal, name)


@router.post("/{name}/test", responses=problem_responses(401, 403, 404))
async def test_provider(name: Name, principal: Admin, settings: Needs[ProviderSettings]) -> ProviderTest:  # noqa: ARG001
    """Test key and address; nothing is submitted, so that it costs nothing."""
    return test_shape(await settings.test(name))


def _respond(response: Response, configured: Configured, *, whole: bool) -> GenerationProvider:
    shown = provider_shape(configured, whole=whole)
    response.headers["ETag"] = f'"{shown.version}"'
    return shown
