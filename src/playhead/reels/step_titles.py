"""Titles of the steps of a stitch: clips by their number and title, never by the names of pieces."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.videos import videos_by_id
from playhead.jobs.kinds import StepRecord
from playhead.jobs.tables import JobRow
from playhead.kit.text import shorten

TITLE_LENGTH = 60

_PIECE = re.compile(r"clip(\d+)-(video|picture|audio|sound|samples)\d*")
"""Names of tasks; ``picture`` and ``sound`` are those of an earlier version."""

_ROUND = re.compile(r"(plan|render|sound|join|verify) \d+")

_VERBS = {
    "video": "Render",
    "picture": "Render",
    "audio": "Encode the audio of",
    "sound": "Encode the audio of",
    "samples": "Read the audio of",
}
_STEPS = {
    "survey": "Look at the clips",
    "plan": "Plan what is copied",
    "render": "Render what is not copied",
    "sound": "Encode the audio",
    "track": "Encode the audio",
    "music": "Read the music",
    "join": "Join the clips",
    "verify": "Verify the reel",
    "poster": "Make the poster",
    "captions": "Place the captions",
    "span": "Find the span",
}


async def stitch_step_titles(session: AsyncSession, job: JobRow, steps: Sequence[StepRecord]) -> list[str]:
    """Title the recorded steps of a stitch; see `JobKind`."""
    wanted = [str(clip["video_id"] or "") for clip in job.args["clips"]]
    videos = await videos_by_id(session, set(wanted))
    return titles_of(steps, [videos[one].title if one in videos else "" for one in wanted])


def titles_of(steps: Sequence[StepRecord], clips: Sequence[str]) -> list[str]:
    """Title steps.

    Args:
        clips: The titles of the clips' videos; empty for one that was deleted.
    """
    pieces, owners = _pieces_of_parts(steps), _owners(steps)
    titles = [
        _of_part(pieces.get(step.name, []), clips, owners) if step.is_part else _of_step(step, clips, owners)
        for step in steps
    ]
    return _numbered(titles)


def _owners(steps: Sequence[StepRecord]) -> Sequence[int]:
    """Index of the clip of each segment that the plan has; empty where each clip is one."""
    found: list[int] = []
    for step in steps:
        if step.name.split(" ")[0] == "plan" and not step.is_part and isinstance(step.output, dict):
            found = step.output.get("owners", [])
    return found


def _of_step(step: StepRecord, clips: Sequence[str], owners: Sequence[int]) -> str:
    if _PIECE.fullmatch(step.name):
        return _of_part([step.name], clips, owners)
    again = ", again" if _ROUND.fullmatch(step.name) else ""
    return _STEPS.get(step.name.split(" ")[0], step.name.capitalize()) + again


def _of_part(pieces: Sequence[str], clips: Sequence[str], owners: Sequence[int]) -> str:
    found = [match for name in pieces if (match := _PIECE.fullmatch(name))]
    segments = {int(match[1]) for match in found}
    numbers = sorted({owners[segment] if segment < len(owners) else segment for segment in segments})
    if not numbers:
        return _STEPS["music" if "music" in pieces else "render"]
    verb = next(_VERBS[kind] for kind in _VERBS if any(match[2] == kind for match in found))
    return f"{verb} {_clips(numbers, clips)}"


def _clips(numbers: Sequence[int], titles: Sequence[str]) -> str:
    """ "clip 1 (harbour)", or "clips 1, 2 and 5"; from indexes."""
    if len(numbers) == 1:
        title = titles[numbers[0]] if numbers[0] < len(titles) else ""
        return f"clip {numbers[0] + 1}" + (f" ({shorten(title, TITLE_LENGTH)})" if title else "")
    shown = [str(number + 1) for number in numbers]
    if numbers[-1] - numbers[0] == len(numbers) - 1 and len(numbers) > 2:
        return f"clips {shown[0]} to {shown[-1]}"
    return f"clips {', '.join(shown[:-1])} and {shown[-1]}"


def _pieces_of_parts(steps: Sequence[StepRecord]) -> Mapping[str, list[str]]:
    """The names of what each part rendered, as the plans recorded it."""
    plans: list[Any] = [step.output for step in steps if step.name.split(" ")[0] == "plan" and not step.is_part]
    parts = [part for plan in plans if isinstance(plan, dict) for part in plan.get("parts", [])]
    # A plan that an earlier version recorded has the tasks of a part among its facts.
    return {part["name"]: part["tasks"] if "tasks" in part else part["facts"]["tasks"] for part in parts}


def _numbered(titles: Sequence[str]) -> list[str]:
    """Titles with a number where several steps share one."""
    times, seen, found = Counter(titles), Counter[str](), []
    for title in titles:
        seen[title] += 1
        found.append(f"{title}, part {seen[title]}" if times[title] > 1 else title)
    return found
