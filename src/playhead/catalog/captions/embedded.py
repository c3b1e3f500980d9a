"""Caption tracks that a file brings along: text tracks of MP4 and Matroska, read by ffmpeg when it is prepared."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import delete

from playhead.catalog.captions.tables import CaptionTrackRow
from playhead.catalog.captions.tracks import NewTrack, add_track
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.errors import PlayheadError
from playhead.jobs.context import JobContext
from playhead.kit.clock import utc_now
from playhead.kit.languages import UNDETERMINED, read_tag
from playhead.storage import keys
from playhead.storage.store import Store

if TYPE_CHECKING:
    from playhead.media.edit.model import Cue
    from playhead.media.probe import Probe, TextStream

MOST: Final = 40

log = structlog.get_logger(__name__)


async def import_embedded(
    database: Database, store: Store, context: JobContext, video_id: str, probe: dict[str, Any], ffmpeg: Path | None
) -> dict[str, Any]:
    """Read the text tracks of an original into caption tracks; one that cannot be read is left out."""
    from playhead.media.probe import Probe

    facts = Probe.from_dict(probe)
    found = []
    async with store.local_copy(keys.original(video_id), context.work) as path:
        for text in facts.text_tracks[:MOST]:
            try:
                found.append(await _read(path, context.work / "text.vtt", text, facts, ffmpeg))
            except PlayheadError as error:
                if error.retry == "backoff":
                    raise
                log.warning(
                    "embedded_captions_unreadable",
                    video_id=video_id,
                    track=text.track,
                    code=error.code,
                    detail=error.detail,
                )
    await _record(database, video_id, [new for new in found if new.cues])
    return {"tracks": len(found)}


async def _read(path: Path, out: Path, text: "TextStream", facts: "Probe", ffmpeg: Path | None) -> NewTrack:
    from playhead.media.captions.extract import extract_text
    from playhead.media.ffmpeg import find_ffmpeg

    await extract_text(find_ffmpeg(ffmpeg), path, out, track=text.track, duration_s=facts.duration_s)
    return NewTrack(
        cues=_cues_in(out),
        language=read_tag(text.language) or UNDETERMINED,
        label=text.title,
        kind="captions" if text.purpose == "hearing_impaired" else "subtitles",
        default=text.default,
        origin="embedded",
    )


def _cues_in(path: Path) -> "tuple[Cue, ...]":
    """The cues of a file of WebVTT, which goes."""
    from playhead.media.captions.read import decoded
    from playhead.media.captions.web_vtt import read_web_vtt

    try:
        return read_web_vtt(decoded(path.read_bytes()))
    finally:
        path.unlink(missing_ok=True)


async def _record(database: Database, video_id: str, tracks: list[NewTrack]) -> None:
    """Replace the tracks of an attempt before; of a video that is gone nothing is kept."""
    async with database.write() as session:
        if await session.get(VideoRow, video_id, with_for_update=True) is None:
            return
        before = CaptionTrackRow.video_id == video_id, CaptionTrackRow.origin == "embedded"
        await session.execute(delete(CaptionTrackRow).where(*before))
        for new in tracks:
            await add_track(session, video_id, new, utc_now())
