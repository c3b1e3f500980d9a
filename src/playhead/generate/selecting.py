"""Which clips of a project a request generates. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from playhead.errors import InvalidInput
from playhead.generate.shapes.generations import MOST_AT_ONCE, SkippedClip
from playhead.reels.prompt_shapes import ACTIVE_TAKES, Prompt, TakeState
from playhead.reels.tables import ClipRow, ProjectRow


@dataclass(slots=True)
class Selected:
    """Clips of a request, sorted out.

    Attributes:
        new: Clips to make a take of.
        under_way: Clips whose take is active, and counts as the wanted one.
    """

    new: list[ClipRow] = field(default_factory=list)
    under_way: list[ClipRow] = field(default_factory=list)
    skipped: list[SkippedClip] = field(default_factory=list)


def prompt_of(clip: ClipRow) -> Prompt:
    """The prompt of a clip that has one."""
    return Prompt.model_validate(clip.prompt)


def named(project: ProjectRow, clip_ids: Sequence[str], states: Mapping[str, TakeState], *, again: bool) -> Selected:
    """Clips that a request names.

    Raises:
        InvalidInput: the project has no such clip, or it has no prompt.
    """
    wanted = set(clip_ids)
    clips = [clip for clip in project.clips if clip.id in wanted]
    unknown = wanted - {clip.id for clip in clips}
    if unknown:
        raise InvalidInput(
            f"Project {project.id} has no clip {min(unknown)}.",
            hint="It may have been removed; load the project again.",
            code="clip_not_found",
            title="No such clip",
        )
    for clip in clips:
        if clip.prompt is None:
            raise InvalidInput(
                f"Clip {clip.position + 1} has no prompt.",
                hint="Give it a prompt first.",
                code="clip_without_prompt",
                title="The clip has no prompt",
            )
    active = [clip for clip in clips if states.get(clip.id) in ACTIVE_TAKES and not again]
    return Selected(new=[clip for clip in clips if clip not in active], under_way=active)


def missing(project: ProjectRow, videos: Collection[str], states: Mapping[str, TakeState]) -> Selected:
    """All that have a prompt, and neither a video nor a take under way."""
    selected = Selected()
    for clip in project.clips:
        state = states.get(clip.id)
        if clip.prompt is None or clip.video_id in videos or state in ACTIVE_TAKES:
            continue
        if state == "unknown":
            words = "Nobody knows whether its latest take was submitted: decide on that one first."
            selected.skipped.append(skipped(clip, "take_unknown", words))
        elif len(selected.new) == MOST_AT_ONCE:
            words = f"{MOST_AT_ONCE} takes are requested at once; ask again for the rest."
            selected.skipped.append(skipped(clip, "too_many_at_once", words))
        else:
            selected.new.append(clip)
    return selected


def skipped(clip: ClipRow, code: str, message: str) -> SkippedClip:
    """A clip that is left out, and why."""
    return SkippedClip(clip_id=clip.id, position=clip.position + 1, code=code, message=message)
