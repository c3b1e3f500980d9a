"""What generation adds to a process."""

from playhead.access.signed import Signer
from playhead.api.outgoing import Outgoing
from playhead.db.database import Database
from playhead.generate.catalogue import Catalogue
from playhead.generate.choosing import Choices
from playhead.generate.configured import Providers, Rendering
from playhead.generate.holds import takes_of_clips
from playhead.generate.ledger import Caps, Ledger
from playhead.generate.projects import ProjectGeneration
from playhead.generate.provider import MICROS
from playhead.generate.provider_settings import ProviderSettings
from playhead.generate.requests import Generations
from playhead.generate.running import add_kinds, add_running
from playhead.generate.spending import Spending
from playhead.generate.takes import GenerationTakes
from playhead.jobs.client import Jobs
from playhead.media.tools import MediaTools
from playhead.reels.projects import Projects
from playhead.reels.seams import Takes
from playhead.services import Hold, Routes, Services
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add providers, generations, templates and campaigns."""
    get = services.get
    tools = MediaTools(binary=settings.ffmpeg, threads=settings.ffmpeg_threads)
    services.add(Catalogue, lambda: Catalogue.read(settings.generate_models))
    services.add(Ledger, lambda: Ledger(_caps(settings)))
    services.add(
        Providers,
        lambda: Providers(
            get(Database),
            get(Signer),
            get(Outgoing),
            Rendering(tools.ffmpeg, settings.work, settings.media_slots),
            from_environment=settings.generate_environment_keys,
        ),
        close=Providers.close,
    )
    _add_generations(services, settings)
    add_running(services, settings)
    services.add(ProviderSettings, lambda: ProviderSettings(get(Database), get(Signer), get(Outgoing), get(Providers)))
    services.add(Spending, lambda: Spending(get(Database), get(Ledger)))
    services.complete.append(lambda: _add_kinds(services, settings))
    services.routes.append(routes)


def _add_generations(services: Services, settings: Settings) -> None:
    """Prompts of projects and of the library, and their takes."""
    get = services.get
    services.add(Takes, GenerationTakes)
    services.holds.append(Hold("take", takes_of_clips))
    services.add(Choices, lambda: Choices(get(Catalogue), settings.generate_provider))
    services.add(Generations, lambda: Generations(get(Database), get(Jobs), get(Choices), get(Ledger), get(Providers)))
    services.add(
        ProjectGeneration,
        lambda: ProjectGeneration(get(Database), get(Projects), get(Generations), get(Choices)),
    )


def _add_kinds(services: Services, settings: Settings) -> None:
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
    from playhead.generate.endpoints import callbacks, generations, models, projects, providers, spending

    return Routes(
        api=(
            generations.router,
            projects.router,
            models.router,
            providers.router,
            spending.router,
            callbacks.router,
        )
    )
