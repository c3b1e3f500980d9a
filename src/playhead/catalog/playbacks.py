"""What of each video plays in every browser: the original, a rendition, or neither yet."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.renditions import KINDS, RENDITIONS
from playhead.catalog.shapes import Playback
from playhead.catalog.tables import ArtifactRow
from playhead.jobs.tables import ACTIVE, JobRow

if TYPE_CHECKING:
    from playhead.media.probe import Probe

ORIGINAL = Playback("original")


async def playbacks_of(session: AsyncSession, probes: "Mapping[str, Probe]") -> dict[str, Playback]:
    """The state of each ready video by its id; two queries where some original does not play."""
    from playhead.media.playable import plays

    with_audio = {video_id: probe.audio is not None for video_id, probe in probes.items() if not plays(probe)}
    return dict.fromkeys(probes, ORIGINAL) | await _instead(session, with_audio)


async def _instead(session: AsyncSession, with_audio: dict[str, bool]) -> dict[str, Playback]:
    """The states of videos whose originals do not play.

    Args:
        with_audio: Whether each of them has audio, which a rendition then needs too.
    """
    if not with_audio:
        return {}
    files = select(ArtifactRow).where(ArtifactRow.video_id.in_(with_audio), ArtifactRow.kind.in_(KINDS))
    best: dict[str, ArtifactRow] = {}
    for file in await session.scalars(files):
        fits = file.facts["codec"] == "h264" and (file.facts["has_audio"] or not with_audio[file.video_id])
        if fits and (file.video_id not in best or _rank(file) > _rank(best[file.video_id])):
            best[file.video_id] = file
    jobs = select(JobRow.video_id).where(
        JobRow.video_id.in_(with_audio), JobRow.kind == RENDITIONS, JobRow.state.in_(ACTIVE)
    )
    making = set(await session.scalars(jobs))
    return {
        video_id: Playback("rendition", best[video_id].name)
        if video_id in best
        else Playback("preparing" if video_id in making else "no")
        for video_id in with_audio
    }


def _rank(file: ArtifactRow) -> tuple[bool, int]:
    return file.kind == KINDS[0], int(file.facts["height"])
