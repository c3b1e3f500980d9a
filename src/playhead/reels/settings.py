"""A project's settings between the request, the row and the stitch. Pure."""

from typing import Any

from playhead.reels.errors import ProjectSettingsInvalid
from playhead.reels.shapes import ProjectSettings
from playhead.reels.tables import ProjectRow

DEFAULTS: dict[str, Any] = {"codec": "h264", "timing": "constant", "sound": "copy", "loudness_lufs": None}
"""Of settings that older stitches did not know: their reels were made as these say."""


def settings_of(row: ProjectRow) -> ProjectSettings:
    """The settings that a project has."""
    later = {name: getattr(row, name) or default for name, default in DEFAULTS.items()}
    return ProjectSettings(width=row.width, height=row.height, fps=row.fps, background=row.background, **later)


def merged(row: ProjectRow, changes: ProjectSettings) -> ProjectSettings:
    """The settings that a project has, with those changed that the request names."""
    return settings_of(row).model_copy(update=changes.model_dump(include=changes.model_fields_set))


def apply_settings(row: ProjectRow, settings: ProjectSettings) -> None:
    """Put settings into a row.

    Raises:
        ProjectSettingsInvalid: they do not go together.
    """
    if (settings.width is None) != (settings.height is None):
        raise ProjectSettingsInvalid("Width and height go together.", hint="Give both, or neither for automatic size.")
    if settings.width is not None and (settings.width % 2 or (settings.height or 0) % 2):
        raise ProjectSettingsInvalid(
            f"{settings.width} x {settings.height} has an odd side.", hint="Video needs even width and height."
        )
    if settings.loudness_lufs is not None and settings.sound != "encode":
        raise ProjectSettingsInvalid(
            f"A loudness of {settings.loudness_lufs:g} LUFS changes every sample, but the sound is to be copied.",
            hint='Set sound to "encode", or loudness_lufs to null.',
        )
    for name in ProjectSettings.model_fields:
        setattr(row, name, getattr(settings, name))
    row.background = settings.background.lower()


def decisive(row: ProjectRow) -> list[Any]:
    """What of the settings decides the reel. Later settings count only where they differ from their defaults, so
    reels of before them stay current."""
    settings = settings_of(row)
    later = [f"{name}={getattr(settings, name)}" for name in DEFAULTS if getattr(settings, name) != DEFAULTS[name]]
    return [settings.width, settings.height, settings.fps, settings.background.lower(), *later]
