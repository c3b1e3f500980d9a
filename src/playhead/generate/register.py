"""What generation adds to a process."""

from playhead.services import Routes, Services
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:  # noqa: ARG001
    """Add providers, generations, templates and campaigns."""
    services.complete.append(lambda: _add_kinds(services))
    services.routes.append(routes)


def _add_kinds(services: Services) -> None:
    """Kinds of job."""


def routes() -> Routes:
    """Routes of all resources."""
    return Routes()
