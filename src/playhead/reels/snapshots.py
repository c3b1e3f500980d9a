"""Snapshots of edits: all that a stitch needs of a project, so that later changes cannot reach it."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from playhead.catalog.captions.tables import CaptionTrackRow
from playhead.catalog.tables import VideoRow
from playhead.reels.aspects import size_in
from playhead.reels.clips import fingerprint
from playhead.reels.edits import decisive_edit, edit_of, effects_of, track_of
from playhead.reels.settings import settings_of
from playhead.reels.shapes import Aspect
from playhead.reels.tables import ClipRow, ProjectRow

Cues = Sequence[Mapping[str, Any]]


async def snapshot_of(
    session: AsyncSession, project: ProjectRow, videos: Mapping[str, VideoRow], aspect: Aspect | None = None
) -> dict[str, Any]:
    """What a stitch keeps of a project.

    Args:
        videos: Of its clips.
        aspect: Another shape than the project's own.
    """
    settings = settings_of(project).model_dump()
    if aspect is not None:
        settings["width"], settings["height"] = size_in(aspect, project, videos)
    tracks = shown_tracks(project)
    snapshot = {
        "project_id": project.id,
        "title": project.title if aspect is None else f"{project.title} {aspect}"[:500],
        "version": project.version,
        "fingerprint": fingerprint(project),
        "settings": settings,
        "clips": clips_of(project, await _read_cues(session, tracks.keys())),
        "edit": decisive_edit(project),
    }
    if tracks:
        snapshot["tracks"] = await known_tracks(session, tracks)
    return snapshot if aspect is None else {**snapshot, "aspect": aspect}


def clips_of(project: ProjectRow, tracks: Mapping[str, Cues] | None = None) -> list[dict[str, Any]]:
    """The clips as a stitch keeps them.

    Args:
        tracks: Cues of their caption tracks, by the track's id.
    """
    return [
        {
            "clip_id": clip.id,
            "video_id": clip.video_id,
            "start_s": clip.start_s,
            "end_s": clip.end_s,
            **_shown(clip, tracks or {}),
        }
        for clip in project.clips
    ]


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """Hash of what decides the reel of a snapshot, the cues of its caption tracks included; ids of clips do not."""
    clips = [{name: value for name, value in clip.items() if name != "clip_id"} for clip in snapshot["clips"]]
    content = [clips, snapshot["settings"], snapshot["edit"], snapshot.get("aspect")]
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def tracks_named(project: ProjectRow) -> dict[str, set[str]]:
    """Caption tracks that clips name, each with the videos of these clips."""
    found: dict[str, set[str]] = {}
    for clip in project.clips:
        if (track := track_of(clip)) is not None and clip.video_id is not None:
            found.setdefault(track, set()).add(clip.video_id)
    return found


def shown_tracks(project: ProjectRow) -> dict[str, set[str]]:
    """Those of them whose text is in the reel."""
    return tracks_named(project) if edit_of(project).captions.mode != "off" else {}


async def known_tracks(session: AsyncSession, wanted: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Versions of those of some caption tracks that exist, and are of the one video that is named with them."""
    ids, found = sorted(wanted), dict[str, int]()
    for start in range(0, len(ids), 500):
        tracks = select(CaptionTrackRow.id, CaptionTrackRow.video_id, CaptionTrackRow.version)
        rows = await session.execute(tracks.where(CaptionTrackRow.id.in_(ids[start : start + 500])))
        found |= {row.id: row.version for row in rows if set(wanted[row.id]) == {row.video_id}}
    return found


async def _read_cues(session: AsyncSession, ids: Collection[str]) -> dict[str, Cues]:
    wanted, found = sorted(ids), dict[str, Cues]()
    for start in range(0, len(wanted), 500):
        tracks = select(CaptionTrackRow).where(CaptionTrackRow.id.in_(wanted[start : start + 500]))
        rows = await session.scalars(tracks.options(undefer(CaptionTrackRow.cues)))
        found |= {row.id: row.cues for row in rows}
    return found


def _shown(clip: ClipRow, tracks: Mapping[str, Cues]) -> dict[str, Any]:
    facts = {"image_id": clip.image_id, "card": clip.card, "effects": _effects(clip, tracks)}
    return {name: value for name, value in facts.items() if value}


def _effects(clip: ClipRow, tracks: Mapping[str, Cues]) -> dict[str, Any]:
    effects, track = effects_of(clip), track_of(clip)
    if track is None or track not in tracks:
        return effects
    end_s = float("inf") if clip.end_s is None else clip.end_s
    cues = [cue for cue in tracks[track] if cue["start_s"] < end_s and cue["end_s"] > clip.start_s]
    return {**effects, "captions": {**effects["captions"], "cues": cues}}
