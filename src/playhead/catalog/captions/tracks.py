"""Caption tracks: added to videos, changed, edited cue by cue, deleted."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from playhead.access.audit import record
from playhead.access.principals import Principal
from playhead.catalog.captions.errors import CaptionTrackNotFound
from playhead.catalog.captions.tables import CaptionKind, CaptionOrigin, CaptionTrackRow
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import Videos
from playhead.catalog.visible import VISIBLE, visible_video
from playhead.db.database import Database
from playhead.errors import Conflict, InvalidInput, PreconditionFailed
from playhead.kit.clock import Clock, utc_now
from playhead.kit.ids import is_id, new_id
from playhead.kit.languages import UNDETERMINED, read_tag, tag_name
from playhead.kit.text import one_line, shorten

if TYPE_CHECKING:
    from playhead.media.captions.read import CaptionFormat
    from playhead.media.edit.model import Cue

MAX_TRACKS: Final = 60
"""Caption tracks of a video."""

MAX_LABEL: Final = 120
_KIND_NAMES: Final[dict[CaptionKind, str]] = {"captions": "Captions", "subtitles": "Subtitles"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTrack:
    """A caption track to add.

    Attributes:
        language: BCP 47 tag.
        label: Its name in menus; empty: after its language.
        default: None: where the video has no caption track yet.
        engine, cpu_s: As of a `CaptionTrackRow`.
        track_id: Reserved id; a track that has it already is left as it is.
    """

    cues: "Sequence[Cue]"
    language: str = UNDETERMINED
    label: str = ""
    kind: CaptionKind = "captions"
    default: bool | None = None
    origin: CaptionOrigin = "upload"
    engine: str | None = None
    cpu_s: float | None = None
    track_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackChanges:
    """Changes of a caption track; None leaves it."""

    language: str | None = None
    label: str | None = None
    kind: CaptionKind | None = None
    default: bool | None = None


class CaptionTracks:
    """The use cases over one database."""

    def __init__(self, database: Database, videos: Videos, *, clock: Clock = utc_now) -> None:
        self._database, self._videos, self._clock = database, videos, clock

    async def page(self, principal: Principal, video_id: str) -> list[CaptionTrackRow]:
        """The caption tracks of a video, in the order of their making.

        Raises:
            VideoNotFound
        """
        async with self._database.read() as session:
            await self._videos.find(session, principal, video_id)
            return await tracks_of(session, video_id)

    async def get(self, principal: Principal, track_id: str) -> CaptionTrackRow:
        """One caption track with its cues.

        Raises:
            CaptionTrackNotFound
        """
        async with self._database.read() as session:
            return await self._find(session, principal, track_id)

    async def read(
        self, principal: Principal, video_id: str, text: str, form: "CaptionFormat | None"
    ) -> "tuple[Cue, ...]":
        """Read captions in any format, for a video.

        Raises:
            VideoNotFound
            CaptionsUnreadable
        """
        from playhead.media.captions.read import read_captions

        video = await self._videos.get(principal, video_id)
        data, length_s = text.encode("utf-8", "replace"), video.duration_s or 0.0
        # Seconds for ten hours of words, in which the API goes on answering.
        return await asyncio.to_thread(read_captions, data, duration_s=length_s, form=form)

    async def add(self, principal: Principal, video_id: str, new: NewTrack) -> CaptionTrackRow:
        """Add a caption track.

        Raises:
            VideoNotFound
            InvalidInput: its language is none.
            Conflict: the video has too many.
        """
        async with self._database.write() as session:
            await self._videos.find(session, principal, video_id, lock=True)
            return await add_track(session, video_id, new, self._clock())

    async def change(
        self, principal: Principal, track_id: str, changes: TrackChanges, *, if_match: int | None = None
    ) -> CaptionTrackRow:
        """Change what a track is called and whether it is the default.

        Raises:
            CaptionTrackNotFound, InvalidInput
            PreconditionFailed: *if_match* is not the present version.
        """
        async with self._database.write() as session:
            row = await self._find(session, principal, track_id, lock=True)
            _check_version(row, if_match)
            if changes.language is not None:
                row.language = _language(changes.language)
            row.kind = changes.kind or row.kind
            if changes.label is not None:
                row.label = _label(changes.label, row.language, row.kind)
            if changes.default is not None:
                await _set_default(session, row, changes.default)
            self._touch(row)
            return row

    async def set_cues(
        self, principal: Principal, track_id: str, cues: "Sequence[Cue]", *, if_match: int | None = None
    ) -> CaptionTrackRow:
        """Replace the cues of a track; words follow an edited text where their number is the same.

        Raises:
            CaptionTrackNotFound
            CaptionsUnreadable: a cue is no span, or too long.
            PreconditionFailed: *if_match* is not the present version.
        """
        from playhead.media.captions.limits import checked
        from playhead.media.captions.words import aligned

        kept = await asyncio.to_thread(lambda: checked(map(aligned, cues)))
        async with self._database.write() as session:
            row = await self._find(session, principal, track_id, lock=True)
            _check_version(row, if_match)
            _put_cues(row, kept)
            self._touch(row)
            return row

    async def delete(self, principal: Principal, track_id: str) -> None:
        """Delete a track for good.

        Raises:
            CaptionTrackNotFound
        """
        async with self._database.write(reserve=True) as session:
            row = await self._find(session, principal, track_id, lock=True)
            facts = {"label": row.label, "language": row.language, "video_id": row.video_id}
            record(session, principal, "captions.delete", row.id, at=self._clock(), **facts)
            await session.delete(row)

    async def shown(self, video_id: str) -> list[CaptionTrackRow]:
        """The caption tracks of a video for its players; the caller has checked who may see it."""
        async with self._database.read() as session:
            if await visible_video(session, video_id) is None:
                return []
            return await tracks_of(session, video_id)

    async def shown_track(self, video_id: str, track_id: str) -> CaptionTrackRow | None:
        """One of them with its cues; None where the video has none of this id."""
        async with self._database.read() as session:
            if await visible_video(session, video_id) is None:
                return None
            row = await session.get(CaptionTrackRow, track_id, options=[undefer(CaptionTrackRow.cues)])
            return row if row is not None and row.video_id == video_id else None

    async def _find(
        self, session: AsyncSession, principal: Principal, track_id: str, *, lock: bool = False
    ) -> CaptionTrackRow:
        if not is_id("cpt", track_id):
            raise CaptionTrackNotFound(track_id[:60])
        statement = (
            select(CaptionTrackRow, VideoRow.owner_id)
            .join(VideoRow, VideoRow.id == CaptionTrackRow.video_id)
            .where(CaptionTrackRow.id == track_id, VISIBLE)
            .options(undefer(CaptionTrackRow.cues))
        )
        if lock:
            statement = statement.with_for_update(of=CaptionTrackRow)
        found = (await session.execute(statement)).one_or_none()
        if found is None or not (found.owner_id == principal.user_id or principal.is_admin):
            raise CaptionTrackNotFound(track_id)
        row: CaptionTrackRow = found[0]
        return row

    def _touch(self, row: CaptionTrackRow) -> None:
        row.version += 1
        row.updated_at = self._clock()


async def tracks_of(session: AsyncSession, video_id: str) -> list[CaptionTrackRow]:
    """The caption tracks of a video without their cues, in the order of their making."""
    statement = select(CaptionTrackRow).where(CaptionTrackRow.video_id == video_id).order_by(CaptionTrackRow.id)
    return list(await session.scalars(statement))


async def add_track(session: AsyncSession, video_id: str, new: NewTrack, now: Any) -> CaptionTrackRow:
    """Add a caption track in the caller's transaction, which holds the video's row.

    Raises:
        InvalidInput: its language is none.
        Conflict: the video has too many.
    """
    if new.track_id and (there := await session.get(CaptionTrackRow, new.track_id)) is not None:
        return there
    count = await session.scalar(
        select(func.count()).select_from(CaptionTrackRow).where(CaptionTrackRow.video_id == video_id)
    )
    if (count or 0) >= MAX_TRACKS:
        raise Conflict(
            f"Video {video_id} has {count} caption tracks, the most that a video can have.",
            hint="Delete one first.",
            code="too_many_caption_tracks",
            title="Too many caption tracks",
        )
    language = _language(new.language)
    row = CaptionTrackRow(
        id=new.track_id or new_id("cpt"),
        video_id=video_id,
        language=language,
        label=_label(new.label, language, new.kind),
        kind=new.kind,
        is_default=False,
        origin=new.origin,
        engine=new.engine,
        cpu_s=new.cpu_s,
        version=1,
        created_at=now,
        updated_at=now,
    )
    _put_cues(row, new.cues)
    session.add(row)
    await session.flush()
    await _set_default(session, row, not count if new.default is None else new.default)
    return row


def cues_of(row: CaptionTrackRow) -> "tuple[Cue, ...]":
    """The cues of a row that was read with them."""
    from playhead.media.captions.word_json import cue_of

    return tuple(map(cue_of, row.cues))


def _put_cues(row: CaptionTrackRow, cues: "Sequence[Cue]") -> None:
    from playhead.media.captions.word_json import cue_facts

    row.cues, row.cue_count = [cue_facts(cue) for cue in cues], len(cues)


async def _set_default(session: AsyncSession, row: CaptionTrackRow, wanted: bool) -> None:
    if wanted:
        others = update(CaptionTrackRow).where(CaptionTrackRow.video_id == row.video_id, CaptionTrackRow.id != row.id)
        await session.execute(others.where(CaptionTrackRow.is_default).values(is_default=False))
    row.is_default = wanted


def _language(text: str) -> str:
    tag = read_tag(text) if text else UNDETERMINED
    if tag is None:
        raise InvalidInput(
            f"{text[:60]!r} is not a language tag.",
            hint="Write it as in BCP 47: en, pt-BR, zh-Hant.",
            code="language_invalid",
            title="Language not recognised",
        )
    return tag


def _label(text: str, language: str, kind: CaptionKind) -> str:
    return shorten(one_line(text), MAX_LABEL) or tag_name(language) or _KIND_NAMES[kind]


def _check_version(row: CaptionTrackRow, if_match: int | None) -> None:
    if if_match is not None and if_match != row.version:
        raise PreconditionFailed(
            f"Caption track {row.id} is at version {row.version}, not {if_match}.",
            hint="Load it again, then change it.",
            code="version_mismatch",
        )
