"""What notify adds to a process."""

from playhead.services import Services
from playhead.settings import Settings


def register(services: Services, settings: Settings) -> None:
    """Add notify."""
