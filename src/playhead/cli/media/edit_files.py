"""Edits of local files: JSON as of ``projects export``, in which paths stand where a project has ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playhead.cli.edits import read_edit
from playhead.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from playhead.media.edit.model import Edit
    from playhead.media.render.format import ReelSettings
    from playhead.reels.shapes import ClipInput, ProjectInput


@dataclass(frozen=True, slots=True)
class EditFile:
    """An edit of local files.

    Attributes:
        files: Paths by the names that the edit has for them.
    """

    edit: "Edit"
    files: Mapping[str, Path]
    settings: "ReelSettings"


def read_edit_file(path: Path) -> EditFile:
    """Read an edit; paths in it are relative to its folder.

    Raises:
        NotFound: the file or one that it names is missing.
        InvalidInput: it is no edit, or has what only a server knows: prompts, and ids of caption tracks.
    """
    from playhead.media.text.styles import check_preset
    from playhead.reels.engine_edits import engine_edit
    from playhead.reels.surveys import reel_settings

    wanted = read_edit(path)
    if not wanted.clips:
        raise InvalidInput(f"{path} has no clips.", hint="Add at least one.")
    check_preset(wanted.captions.style.preset)
    snapshot = _snapshot(wanted)
    folder = Path.cwd() if str(path) == "-" else path.parent
    files = {name: folder / name for name in _named(wanted)}
    for name, file in files.items():
        if not file.is_file():
            raise NotFound(f"There is no file {file}, which the edit names as {name}.")
    return EditFile(engine_edit(snapshot), files, reel_settings(snapshot["settings"]))


def _snapshot(wanted: "ProjectInput") -> dict[str, Any]:
    """As a stitch of a project keeps it."""
    edit = wanted.model_dump(mode="json", include={"music", "watermark", "captions"})
    clips = [_clip(number, clip) for number, clip in enumerate(wanted.clips, start=1)]
    return {"clips": clips, "settings": wanted.settings.model_dump(), "edit": edit}


def _clip(number: int, clip: "ClipInput") -> dict[str, Any]:
    from playhead.reels.edit_shapes import Effects
    from playhead.reels.edits import STILL_S

    shown = [clip.video_id, clip.image_id, clip.card]
    if sum(each is not None for each in shown) != 1:
        raise InvalidInput(f"Clip {number} shows nothing, or two things.", hint="Give video_id, image_id or card.")
    if clip.captions is not None and clip.captions.track_id is not None:
        raise InvalidInput(f"Clip {number} names a caption track, which only a server has.", hint="Give it cues.")
    facts = clip.model_dump(mode="json", exclude_defaults=True)
    return {
        "clip_id": str(number),
        "video_id": clip.video_id,
        "image_id": clip.image_id,
        "card": facts.get("card"),
        "start_s": clip.start_s,
        "end_s": STILL_S if clip.end_s is None and clip.video_id is None else clip.end_s,
        "effects": {name: facts[name] for name in Effects.model_fields if name in facts},
    }


def _named(wanted: "ProjectInput") -> list[str]:
    names = [clip.video_id or clip.image_id for clip in wanted.clips]
    names.append(wanted.music.video_id if wanted.music else None)
    names.append(wanted.watermark.image_id if wanted.watermark else None)
    return list(dict.fromkeys(name for name in names if name is not None))
