"""Input files of a prompt: stills of the clip before are named by their video, and all must be the owner's."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.images.tables import ImageRow
from playhead.catalog.visible import visible_video
from playhead.errors import Conflict, InvalidInput
from playhead.generate.model import Model
from playhead.generate.tables import GenerationRow, Relation
from playhead.kit.ids import is_id
from playhead.reels.prompt_shapes import PromptFile
from playhead.reels.tables import ClipRow

PREVIOUS = "previous"


class PreviousNotReady(Conflict):
    """A prompt that begins with the clip before it, which has no video yet."""

    code = "previous_not_ready"
    title = "The clip before has no video yet"


def resolved(inputs: Sequence[PromptFile], before: ClipRow | None, *, is_coming: bool = False) -> list[dict[str, Any]]:
    """Input files as a generation keeps them: those of the clip before with its video's id, where it has one.

    Args:
        is_coming: A take of the clip before is under way: the job waits for it.

    Raises:
        PreviousNotReady: that clip has no video, and none is coming.
        InvalidInput: there is no clip before.
    """
    return [_resolved(each.model_dump(exclude_none=True), before, is_coming=is_coming) for each in inputs]


def from_before(
    files: Sequence[PromptFile], before: ClipRow | None, coming: Mapping[str, str]
) -> tuple[list[dict[str, Any]], str | None, Relation | None]:
    """As `resolved`, with the take that the files wait for, and what is made of it; None where they wait for none.

    Args:
        coming: Active takes by their clip.
    """
    take_before = coming.get(before.id) if before is not None else None
    inputs = resolved(files, before, is_coming=take_before is not None)
    relation = waits_for(inputs)
    return inputs, take_before if relation else None, relation


def waits_for(inputs: Sequence[Mapping[str, Any]]) -> Relation | None:
    """How a take is made from the clip before, where that has no video yet."""
    ends = [each["frame"]["at"] for each in inputs if each.get("frame") and each["frame"]["of"] == PREVIOUS]
    if not ends:
        return None
    return "first_frame" if ends[0] == "first" else "last_frame"


def _resolved(given: dict[str, Any], before: ClipRow | None, *, is_coming: bool) -> dict[str, Any]:
    frame = given.get("frame")
    if frame is None or frame["of"] != PREVIOUS:
        return given
    if before is None:
        raise InvalidInput(
            "This prompt begins with the clip before it, and there is none.",
            hint="Move it behind another clip, or choose another input file.",
            code="no_previous_clip",
            title="There is no clip before this one",
        )
    if before.video_id is None and is_coming:
        return given
    if before.video_id is None:
        raise PreviousNotReady(
            f"This prompt begins with clip {before.position + 1}, which has no video yet.",
            hint="Generate that clip first, then this one.",
        )
    return given | {"frame": {"of": before.video_id, "at": frame["at"]}}


def of_parent(relation: Relation, parent: GenerationRow, model: Model) -> dict[str, Any]:
    """The file that a take made from another begins with: its video, or a still of it.

    Raises:
        InvalidInput: the model takes none.
    """
    is_still = relation in ("first_frame", "last_frame")
    kind = "image" if is_still else "video"
    rules = [rule for rule in model.inputs.values() if rule.kind == kind]
    if not rules:
        raise InvalidInput(
            f"{model.title or model.name} takes no {kind} as input.",
            hint="Choose a model that does: see `GET /models`.",
            code="input_refused",
            title="The model does not take this",
        )
    name = rules[0].name
    if is_still:
        return {"parameter": name, "frame": {"of": parent.video_id, "at": relation.removesuffix("_frame")}}
    return {"parameter": name, "video_id": parent.video_id}


async def check_files(session: AsyncSession, owner_id: str, inputs: Sequence[Mapping[str, Any]]) -> None:
    """See that the videos and images are there, and the owner's.

    Raises:
        InvalidInput: one is not.
    """
    for each in inputs:
        video_id = each.get("video_id") or (each.get("frame") or {}).get("of")
        if video_id is not None and video_id != PREVIOUS:
            await _check_video(session, owner_id, str(video_id))
        if (image_id := each.get("image_id")) is not None:
            image = await session.get(ImageRow, image_id) if is_id("img", image_id) else None
            if image is None or image.owner_id != owner_id:
                raise _missing("image", image_id)


async def _check_video(session: AsyncSession, owner_id: str, video_id: str) -> None:
    video = await visible_video(session, video_id) if is_id("vid", video_id) else None
    if video is None or video.owner_id != owner_id:
        raise _missing("video", video_id)
    if video.state != "ready":
        raise InvalidInput(
            f"The input file {video_id} is not ready yet.",
            hint="Wait until it is prepared.",
            code="input_not_ready",
            title="An input file is not ready",
        )


def _missing(kind: str, file_id: str) -> InvalidInput:
    return InvalidInput(
        f"There is no {kind} {file_id} to start from.",
        hint="It may have been deleted; choose another.",
        code="input_not_found",
        title="An input file is missing",
    )
