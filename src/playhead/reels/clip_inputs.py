"""Clips as a request says them, put into the rows of a project."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.access.principals import Principal
from playhead.catalog.images.tables import ImageRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.kit.ids import is_id, new_id
from playhead.reels.clips import SHORTEST_S, SLACK_S
from playhead.reels.edit_shapes import ReelEdit
from playhead.reels.edits import STILL_S, apply_effects, edit_of, track_of
from playhead.reels.errors import ClipsInvalid
from playhead.reels.seams import Takes
from playhead.reels.shapes import ClipInput
from playhead.reels.snapshots import known_tracks, tracks_named
from playhead.reels.tables import ClipRow, ProjectRow

MAX_CLIPS = 2000


class ClipInputs:
    """Replaces the clips of a project. A clip keeps its id, and with it its takes, as long as a request names it."""

    def __init__(self, takes: Takes) -> None:
        self._takes = takes

    async def apply(
        self, session: AsyncSession, owner: Principal, row: ProjectRow, wanted: Sequence[ClipInput]
    ) -> None:
        """Put these clips in the place of all there were.

        Raises:
            ClipsInvalid: a span that cannot be meant, a video that is not the caller's, neither video nor prompt.
        """
        if len(wanted) > MAX_CLIPS:
            raise ClipsInvalid(f"A project has at most {MAX_CLIPS} clips; these are {len(wanted)}.")
        kept_videos = {clip.video_id for clip in row.clips}
        kept_images = {clip.image_id for clip in row.clips}
        kept_tracks = set(tracks_named(row))
        targets = await self._targets(session, row, wanted)
        for number, (clip, target) in enumerate(zip(wanted, targets, strict=True), start=1):
            _fill(number, clip, target)
        videos = await _sources_of(session, {target.video_id for target in targets if target.video_id})
        for number, target in enumerate(targets, start=1):
            video = videos.get(target.video_id or "")
            _check_span(number, target, video)
            if target.video_id is not None:
                _check_owner(number, target.video_id, video, owner, kept=target.video_id in kept_videos)
        shown = {clip.image_id: number for number, clip in enumerate(targets, start=1) if clip.image_id}
        for image_id in await strangers_images(session, owner, shown.keys() - kept_images):
            raise ClipsInvalid(f"Clip {shown[image_id]}: there is no image {image_id}.", hint="Choose another.")
        row.clips = targets
        await _check_tracks(session, row, kept_tracks)

    async def check_edit(
        self, session: AsyncSession, owner: Principal, row: ProjectRow, before: Mapping[str, Any] | None
    ) -> None:
        """See that music and watermark are the caller's, or were there before.

        Raises:
            ClipsInvalid
        """
        edit, kept = edit_of(row), ReelEdit.model_validate(before or {})
        if edit.watermark and (kept.watermark is None or kept.watermark.image_id != edit.watermark.image_id):
            for image_id in await strangers_images(session, owner, {edit.watermark.image_id}):
                raise ClipsInvalid(f"There is no image {image_id} for the watermark.", hint="Choose another.")
        if edit.music and (kept.music is None or kept.music.video_id != edit.music.video_id):
            found = (await _sources_of(session, {edit.music.video_id})).get(edit.music.video_id)
            if found is None or not (found.owner_id == owner.user_id or owner.is_admin):
                raise ClipsInvalid(f"There is no video {edit.music.video_id} for the music.", hint="Choose another.")

    async def _targets(self, session: AsyncSession, row: ProjectRow, wanted: Sequence[ClipInput]) -> list[ClipRow]:
        """The row of each wanted clip: the one that it names, or a new one."""
        known = {clip.id: clip for clip in row.clips}
        named = [clip.id for clip in wanted if clip.id and is_id("clp", clip.id)]
        gone = [clip_id for clip_id in named if clip_id not in known]
        again = await self._takes.clips_with_takes(session, row.id, gone) if gone else set()
        unnamed = _same_prompts(row, set(named))
        targets = []
        for clip in wanted:
            found = known.pop(clip.id, None) if clip.id else _pop_same(unnamed, clip)
            if found is None:
                returns = clip.id in again
                again.discard(clip.id or "")
                found = ClipRow(id=clip.id if returns else new_id("clp"), project_id=row.id)
            targets.append(found)
        return targets


async def _check_tracks(session: AsyncSession, row: ProjectRow, kept: Collection[str]) -> None:
    """See that caption tracks are of the videos of their clips, or were named before: they may have been deleted."""
    wanted = tracks_named(row)
    new = {track: video for track, video in wanted.items() if track not in kept}
    unknown = new.keys() - await known_tracks(session, new)
    for number, clip in enumerate(row.clips, start=1):
        if (track := track_of(clip)) is not None and (track in unknown or clip.video_id is None):
            raise ClipsInvalid(f"Clip {number}: its video has no caption track {track}.", hint="Choose another.")


def _same_prompts(row: ProjectRow, named: set[str]) -> dict[str, list[ClipRow]]:
    """Clips with a prompt that no wanted clip names, by their text: clients that leave ids out lose no takes."""
    found: dict[str, list[ClipRow]] = {}
    for clip in row.clips:
        if clip.prompt and clip.id not in named:
            found.setdefault(str(clip.prompt["text"]), []).append(clip)
    return found


def _pop_same(clips: dict[str, list[ClipRow]], wanted: ClipInput) -> ClipRow | None:
    same = clips.get(wanted.prompt.text) if wanted.prompt else None
    return same.pop(0) if same else None


def _fill(number: int, wanted: ClipInput, target: ClipRow) -> None:
    """Put a wanted clip into its row; what it leaves out stays."""
    target.position = number - 1
    target.start_s, target.end_s = wanted.start_s, wanted.end_s
    apply_effects(target, wanted)
    if wanted.image_id is not None or wanted.card is not None:
        _fill_still(number, wanted, target)
        return
    target.image_id, target.card = None, None
    if wanted.video_id is not None:
        target.video_id = wanted.video_id
    if "prompt" in wanted.model_fields_set:
        target.prompt = _stored(wanted)
    if target.video_id is None and target.prompt is None:
        raise ClipsInvalid(
            f"Clip {number} shows nothing.", hint="Give video_id, prompt or both of them, or else image_id or card."
        )


def _fill_still(number: int, wanted: ClipInput, target: ClipRow) -> None:
    named = [name for name in ("video_id", "prompt", "image_id", "card") if getattr(wanted, name) is not None]
    if len(named) > 1:
        raise ClipsInvalid(f"Clip {number} has {' and '.join(named)}.", hint="An image or a card is a clip of its own.")
    target.video_id, target.prompt = None, None
    target.image_id = wanted.image_id
    target.card = None if wanted.card is None else wanted.card.model_dump(mode="json")
    target.start_s, target.end_s = 0.0, (STILL_S if wanted.end_s is None else wanted.end_s) - wanted.start_s


def _stored(wanted: ClipInput) -> dict[str, Any] | None:
    return None if wanted.prompt is None else wanted.prompt.model_dump(mode="json")


async def strangers_images(session: AsyncSession, owner: Principal, ids: Collection[str]) -> set[str]:
    """Which of some images do not exist, or are not the caller's."""
    wanted = [image_id for image_id in ids if is_id("img", image_id)]
    statement = select(ImageRow.id).where(ImageRow.id.in_(wanted))
    if not owner.is_admin:
        statement = statement.where(ImageRow.owner_id == owner.user_id)
    return set(ids) - set(await session.scalars(statement) if wanted else ())


class _Source(NamedTuple):
    """What must be known of a video that a clip is taken from."""

    owner_id: str
    duration_s: float | None


async def _sources_of(session: AsyncSession, ids: Collection[str]) -> dict[str, _Source]:
    wanted = [video_id for video_id in ids if is_id("vid", video_id)]
    if not wanted:
        return {}
    statement = select(VideoRow.id, VideoRow.owner_id, VideoRow.duration_s).where(VideoRow.id.in_(wanted), VISIBLE)
    return {found.id: _Source(found.owner_id, found.duration_s) for found in await session.execute(statement)}


def _check_owner(number: int, video_id: str, video: _Source | None, owner: Principal, *, kept: bool) -> None:
    mine = video is not None and (video.owner_id == owner.user_id or owner.is_admin)
    if not mine and not (video is None and kept):
        raise ClipsInvalid(
            f"Clip {number}: there is no video {video_id}.",
            hint="It may have been deleted; choose another.",
        )


def _check_span(number: int, clip: ClipRow, video: _Source | None) -> None:
    if clip.end_s is not None and clip.end_s - clip.start_s < SHORTEST_S:
        raise ClipsInvalid(
            f"Clip {number} starts at {clip.start_s:g} s and ends at {clip.end_s:g} s; "
            f"it must be at least {SHORTEST_S:g} s long."
        )
    length = video.duration_s if video is not None else None
    if length is not None and clip.start_s >= length:
        raise ClipsInvalid(
            f"Clip {number} starts at {clip.start_s:g} s, but its video has {length:.2f} s.",
            hint="Start it earlier.",
        )
    if length is not None and clip.end_s is not None and clip.end_s > length + SLACK_S:
        raise ClipsInvalid(
            f"Clip {number} ends at {clip.end_s:g} s, but its video has {length:.2f} s.",
            hint=f"End it at {length:.2f} s at the latest, or leave end_s out.",
        )
