"""Edits as files: what ``projects export`` writes and ``projects apply`` reads."""

import json
import sys
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playhead.errors import InvalidInput, NotFound, PlayheadError

if TYPE_CHECKING:
    from playhead.cli.client import Api
    from playhead.reels.shapes import ClipInput, ProjectInput

_CLIP = ("id", "video_id", "image_id", "card", "prompt", "start_s", "end_s")
_OVER = ("title", "settings", "music", "watermark", "captions", "markers")
"""What lies over all clips, which is another request than the clips."""


_MESSAGES = {"extra_forbidden": "there is no such field", "missing": "it is missing"}


def exported(project: Mapping[str, Any]) -> dict[str, Any]:
    """The edit of a project as the API has it, without defaults."""
    return _plain(_checked({name: project[name] for name in _OVER} | {"clips": _clips(project)}))


def read_edit(path: Path) -> "ProjectInput":
    """Read and check a file; ``-`` is stdin.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is no edit; the place is named.
    """
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text()
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read as text.") from error
    try:
        return _checked(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{path} is not JSON: {error}.", hint="Begin with playhead projects export.") from error


def differences(project: Mapping[str, Any], edit: "ProjectInput") -> list[str]:
    """What a file changes in a project, as lines with - and +; none if nothing."""
    before, after = (json.dumps(each, indent=2, ensure_ascii=False) for each in (exported(project), _plain(edit)))
    return list(unified_diff(before.splitlines(), after.splitlines(), "now", "then", lineterm="", n=2))


def change(api: "Api", project: Mapping[str, Any], edit: "ProjectInput") -> dict[str, Any]:
    """Give a project an edit, all of it or nothing.

    Raises:
        PlayheadError: as the server says; the project is as it was.
    """
    over = edit.model_dump(mode="json", include={*_OVER})
    changed = _patch(api, project, over)
    try:
        clips = [_request(clip) for clip in edit.clips]
        found: dict[str, Any] = api.send("PUT", f"/projects/{project['id']}/clips", json=clips, headers=_match(changed))
    except PlayheadError:
        _patch(api, changed, {name: project[name] for name in _OVER})
        raise
    return found


def _patch(api: "Api", project: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = api.send("PATCH", f"/projects/{project['id']}", json=over, headers=_match(project))
    return found


def _match(project: Mapping[str, Any]) -> dict[str, str]:
    return {"If-Match": f'"{project["version"]}"'}


def _request(clip: "ClipInput") -> dict[str, Any]:
    """A clip with all of its effects, so that those which the file leaves out get their defaults."""
    from playhead.reels.edit_shapes import Effects

    facts = clip.model_dump(mode="json")
    named = Effects.model_fields.keys() | clip.model_fields_set
    return {name: value for name, value in facts.items() if name in named}


def _clips(project: Mapping[str, Any]) -> list[dict[str, Any]]:
    from playhead.reels.edit_shapes import Effects

    names = (*_CLIP, *Effects.model_fields)
    return [{name: clip[name] for name in names if clip[name] is not None} for clip in project["clips"]]


def _checked(content: Any) -> "ProjectInput":
    from pydantic import ValidationError

    from playhead.reels.shapes import ProjectInput

    try:
        return ProjectInput.model_validate(content)
    except ValidationError as error:
        raise InvalidInput("; ".join(_words(error.errors(include_url=False, include_input=False)))) from None


def _words(errors: Any) -> Iterator[str]:
    for error in errors[:5]:
        place = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in error["loc"])
        yield f"{place or 'the file'}: {_MESSAGES.get(error['type'], error['msg'])}"


def _plain(edit: "ProjectInput") -> dict[str, Any]:
    """Without defaults and empty values."""
    facts: dict[str, Any] = edit.model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in facts.items() if value not in (None, {}, [])}
