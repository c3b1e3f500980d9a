"""What generation adds to a process."""

from playhead.access.signed import Signer
from playhead.api.outgoing import Outgoing
from playhead.catalog.asset_urls import AssetUrls
from playhead.db.database import Database
from playhead.generate.bulk import Bulk, BulkJob
from playhead.generate.campaigns import Campaigns
from playhead.generate.catalogue import Catalogue
from playhead.generate.choosing import Choices
from playhead.generate.configured import Providers, Rendering
from playhead.generate.decisions import Decisions
from playhead.generate.holds import takes_and_their_inputs
from playhead.generate.ledger import Caps, Ledger
from playhead.generate.making import Making
from playhead.generate.projects import ProjectGeneration
from playhead.generate.provider import MICROS
from playhead.generate.provider_settings import ProviderSettings
from playhead.generate.requests import Generations
from playhead.generate.running import add_kinds, add_running
from playhead.generate.spending import Spending
from playhead.generate.takes import GenerationTakes
from playhead.generate.templates import Templates
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.reels.projects import Projects
from playhead.reels.seams import Takes
from playhead.reels.stitch import Stitch
from playhead.services import Hold, Routes, Services
from playhead.settings import Settings
from playhead.storage.store import Store


def register(services: Services, settings: Settings) -> None:
    """Add providers, generations, templates and campaigns."""
    get = services.get
    services.add(Catalogue, lambda: Catalogue.read(settings.generate_models))
    services.add(Ledger, lambda: Ledger(_caps(settings)))
    services.add(
        Providers,
        lambda: Providers(
            get(Database),
            get(Signer),
            get(Outgoing),
            Rendering(settings.ffmpeg, settings.work, settings.media_slots, get(Store)),
            from_environment=settings.generate_environment_keys,
        ),
        close=Providers.close,
    )
    services.add(ProviderSettings, lambda: ProviderSettings(get(Database), get(Signer), get(Outgoing), get(Providers)))
    services.add(Spending, lambda: Spending(get(Database), get(Ledger)))
    _add_generations(services, settings)
    _add_campaigns(services, settings)
    add_running(services, settings)
    services.complete.append(lambda: _add_kinds(services, settings))
    services.routes.append(routes)


def _add_generations(services: Services, settings: Settings) -> None:
    """Prompts of projects and of the library, and their takes."""
    get = services.get
    services.add(Takes, GenerationTakes)
    services.holds.append(Hold("take", takes_and_their_inputs))
    services.add(Choices, lambda: Choices(get(Catalogue), settings.generate_provider))
    services.add(
        Generations,
        lambda: Generations(get(Database), get(Jobs), get(Choices), get(Ledger), get(Providers), get(AssetUrls)),
    )
    services.add(
        Decisions,
        lambda: Decisions(get(Database), get(Jobs), get(Generations), get(Choices), get(Ledger)),
    )
    services.add(
        ProjectGeneration,
        lambda: ProjectGeneration(get(Database), get(Projects), get(Generations), get(Choices)),
    )


def _add_campaigns(services: Services, settings: Settings) -> None:
    """Templates, campaigns, and what is made from the one for the other."""
    get = services.get
    services.add(
        Templates,
        lambda: Templates(get(Database), get(Projects), get(Catalogue), provider=settings.generate_provider),
    )
    services.add(Campaigns, lambda: Campaigns(get(Database), get(Projects)))
    services.add(Bulk, lambda: Bulk(get(Database), get(Jobs), get(Campaigns), get(Projects), get(Choices)))
    services.add(
        Making,
        lambda: Making(get(Templates), get(Projects), get(Campaigns), get(Bulk), get(ProjectGeneration)),
    )


def _add_kinds(services: Services, settings: Settings) -> None:
    get = services.get
    bulk = BulkJob(get(Database), get(Jobs), lambda: get(Stitch), lambda: get(ProjectGeneration))
    get(JobKinds).register(bulk.kind())
    if settings.generate_models is not None:  # a mistake in the file ends the start, not the first prompt
        services.get(Catalogue)
    add_kinds(services)


def _caps(settings: Settings) -> Caps:
    def micros(dollars: float | None) -> int | None:
        return None if dollars is None else round(dollars * MICROS)

    return Caps(
        generation=micros(settings.spend_cap_generation),
        day=micros(settings.spend_cap_day),
        project=micros(settings.spend_cap_project),
        user=micros(settings.spend_cap_user),
        unknown_as=round(settings.spend_unknown_as * MICROS),
    )


def routes() -> Routes:
    """Routes of all resources."""
    from playhead.generate.endpoints import (
        callbacks,
        campaigns,
        generations,
        models,
        projects,
        providers,
        spending,
        templates,
    )

    resources = (generations, projects, callbacks, models, providers, spending, templates, campaigns)
    return Routes(api=tuple(each.router for each in resources))
