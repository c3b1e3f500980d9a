"""Bodies of caption tracks: their list for players, WebVTT, and subtitles renditions of HLS.

The version of a track is part of its URL, so an edited track is another file to every cache.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from playhead.catalog.captions.tables import CaptionTrackRow
from playhead.catalog.captions.tracks import CaptionTracks, cues_of
from playhead.delivery.bodies.body import Body
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.target import CAPTIONS, Target
from playhead.delivery.media_cache import MediaCache
from playhead.media.hls.playlist import Subtitles, subtitles_playlist

WEB_VTT = b"text/vtt; charset=utf-8"
PLAYLIST = b"application/vnd.apple.mpegurl"

_CLOCK = "X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n"
"""Cues count from the start of the video, as the fragments of its stream do (RFC 8216 section 3.5)."""


async def captions_body(captions: CaptionTracks, cache: MediaCache, target: Target, query: str) -> Body:
    """The body of a target of kind `CAPTIONS`, or of a caption track in HLS.

    Args:
        query: Query of the URIs that it names, with its question mark.

    Raises:
        MediaNotFound: the video has no such caption track.
    """
    if not target.track:
        tracks = await captions.shown(target.subject)
        changed = max((row.updated_at for row in tracks), default=datetime(2026, 1, 1, tzinfo=UTC))
        return Body.of_text(_list(target.subject, tracks, query), b"application/json", changed, fresh_s=0)
    row = await captions.shown_track(target.subject, target.track)
    if row is None:
        raise MediaNotFound(f"Video {target.subject} has no caption track {target.track}.")
    if target.extension == "m3u8":
        return Body.of_text(await _playlist(cache, target, query), PLAYLIST, row.updated_at)
    return _web_vtt(row, target)


def subtitles_of(video_id: str, tracks: Sequence[CaptionTrackRow], query: str) -> list[Subtitles]:
    """Subtitles renditions of HLS, each with a name of its own."""
    times = Counter(row.label for row in tracks)
    seen: Counter[str] = Counter()
    found = []
    for row in tracks:
        seen[row.label] += 1
        name = row.label if times[row.label] == 1 else f"{row.label} {seen[row.label]}"
        uri = Target("hls", video_id, track=row.id, part=row.version, extension="m3u8").file_name + query
        found.append(Subtitles(uri, name, row.language, row.is_default, row.kind == "captions"))
    return found


def _list(video_id: str, tracks: Sequence[CaptionTrackRow], query: str) -> str:
    items = [
        {
            "id": row.id,
            "language": row.language,
            "label": row.label,
            "kind": row.kind,
            "default": row.is_default,
            "url": Target(CAPTIONS, video_id, track=row.id, part=row.version, extension="vtt").path + query,
        }
        for row in tracks
    ]
    return json.dumps({"items": items}, ensure_ascii=False)


async def _playlist(cache: MediaCache, target: Target, query: str) -> str:
    video = await cache.duration_s(target.subject)
    piece = Target("hls", target.subject, track=target.track, part=target.part, extension="vtt")
    return subtitles_playlist(piece.file_name + query, video or 1.0)


def _web_vtt(row: CaptionTrackRow, target: Target) -> Body:
    from playhead.media.captions.web_vtt import write_web_vtt

    text = write_web_vtt(cues_of(row), header=_CLOCK if target.is_subtitles else "")
    return Body.of_text(text, WEB_VTT, row.updated_at, fresh_s=None if row.version == target.part else 0)
