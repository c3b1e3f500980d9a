"""Summary and checks before ``playhead videos delete`` deletes."""

from typing import Any

from playhead.errors import Conflict
from playhead.kit.units import format_bytes


def summary(preview: dict[str, Any]) -> str:
    """``Beach (vid_...), 3.1 MB``, or ``72 videos, 3.4 GB``, with the projects that use them."""
    named = preview["named"]
    one = preview["videos"] == 1 and named
    what = f"{named[0]['title']} ({named[0]['id']})" if one else f"{preview['videos']} videos"
    uses = "; ".join(_uses(preview))
    return f"{what}, {format_bytes(preview['size_bytes'])}{f' ({uses})' if uses else ''},"


def refuse_in_use(preview: dict[str, Any]) -> None:
    """Refuse to delete videos that projects use.

    Raises:
        Conflict: projects have clips of some of them.
    """
    if preview["projects"]:
        raise Conflict(
            f"Nothing was deleted: {'; '.join(_uses(preview))}.",
            hint="Pass --force to delete them anyway; their clips stay in the projects, without a video.",
            code="videos_in_use",
            title="The videos are in use",
        )


def _uses(preview: dict[str, Any]) -> list[str]:
    return [_use(len(project["video_ids"]), project["title"]) for project in preview["projects"]]


def _use(number: int, title: str) -> str:
    return f"{number} {'is a clip' if number == 1 else 'are clips'} of “{title}”"
