"""What ``playhead videos delete`` says before it deletes."""

from typing import Any

from playhead.errors import Conflict
from playhead.kit.units import format_bytes


class VideosInUse(Conflict):
    """Projects hold clips of what was to be deleted."""

    code = "videos_in_use"
    title = "The videos are in use"


def what_goes(preview: dict[str, Any]) -> str:
    """``Beach (vid_...), 3.1 MB``, or ``72 videos, 3.4 GB``, with the projects that use them."""
    named = preview["named"]
    one = preview["videos"] == 1 and named
    what = f"{named[0]['title']} ({named[0]['id']})" if one else f"{preview['videos']} videos"
    uses = "; ".join(_uses(preview))
    return f"{what}, {format_bytes(preview['size_bytes'])}{f' ({uses})' if uses else ''},"


def refuse_in_use(preview: dict[str, Any]) -> None:
    """Stop before anything is deleted.

    Raises:
        VideosInUse: projects hold clips of some of them.
    """
    if preview["projects"]:
        raise VideosInUse(
            f"Nothing was deleted: {'; '.join(_uses(preview))}.",
            hint="Say --force to delete them all the same; the clips stay in the projects, without their video.",
        )


def _uses(preview: dict[str, Any]) -> list[str]:
    return [_use(len(project["video_ids"]), project["title"]) for project in preview["projects"]]


def _use(number: int, title: str) -> str:
    return f"{number} {'is a clip' if number == 1 else 'are clips'} of “{title}”"
