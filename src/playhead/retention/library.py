"""Reads what plans are made of: the videos of the library with what holds them, and the policies."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.tables import ArtifactRow, VideoRow
from playhead.catalog.visible import VISIBLE
from playhead.live.tables import ChannelRow, RecordingRow
from playhead.retention.plan import Candidate, Policy, policy_of
from playhead.retention.tables import PolicyRow
from playhead.services import Hold

ORIGINS: Final = {
    "upload": "uploads",
    "generation": "generated videos",
    "recording": "recordings",
    "reel": "reels",
}
"""Origins of videos, for people."""

_BATCH: Final = 500


class Library:
    """The library as retention sees it: all owners' videos.

    Args:
        holds: Of all domains, once they are registered.
    """

    def __init__(self, holds: Callable[[], Sequence[Hold]]) -> None:
        self._holds = holds

    async def videos(self, session: AsyncSession) -> list[Candidate]:
        """All videos that are not in the trash, without their holds."""
        made = (
            select(ArtifactRow.video_id, func.sum(ArtifactRow.size_bytes).label("size"))
            .group_by(ArtifactRow.video_id)
            .subquery()
        )
        size = VideoRow.size_bytes + func.coalesce(VideoRow.poster_size_bytes, 0) + func.coalesce(made.c.size, 0)
        statement = (
            select(VideoRow.id, VideoRow.title, VideoRow.owner_id, VideoRow.origin, VideoRow.created_at, size)
            .outerjoin(made, made.c.video_id == VideoRow.id)
            .where(VISIBLE)
        )
        channels = await self._channels(session)
        return [
            Candidate(
                id=video_id,
                title=title,
                owner_id=owner_id,
                origin=origin,
                created_at=created_at,
                size_bytes=int(size_bytes),
                channel_id=channels.get(video_id),
            )
            for video_id, title, owner_id, origin, created_at, size_bytes in await session.execute(statement)
        ]

    async def held_under(
        self, session: AsyncSession, videos: Sequence[Candidate], policies: Mapping[str, Policy]
    ) -> list[Candidate]:
        """The same videos, with the holds of those that a policy with a limit is for."""
        limited = {
            video.id for video in videos if (policy := policy_of(video, policies)) is not None and policy.is_limit
        }
        return await self.held(session, videos, limited)

    async def held(self, session: AsyncSession, videos: Sequence[Candidate], ids: Iterable[str]) -> list[Candidate]:
        """The same videos, some of them with their holds."""
        found = await self.holds_of(session, sorted(ids))
        return [replace(video, holds=found[video.id]) if video.id in found else video for video in videos]

    async def holds_of(self, session: AsyncSession, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """What holds each of some videos, in words, by the name of the hold; a video without any is left out."""
        found: dict[str, dict[str, str]] = {}
        for start in range(0, len(ids), _BATCH):
            for hold in self._holds():
                held = await hold.held(session, ids[start : start + _BATCH])
                for video_id, reason in held.items():
                    found.setdefault(video_id, {})[hold.name] = reason
        return found

    async def policies(self, session: AsyncSession) -> dict[str, Policy]:
        """The enabled policies, by scope."""
        statement = (
            select(PolicyRow, ChannelRow.name)
            .outerjoin(ChannelRow, ChannelRow.id == PolicyRow.channel_id)
            .where(PolicyRow.enabled)
        )
        return {row.scope: _policy(row, channel) for row, channel in await session.execute(statement)}

    async def _channels(self, session: AsyncSession) -> dict[str, str]:
        statement = select(RecordingRow.video_id, RecordingRow.channel_id).where(
            RecordingRow.video_id.is_not(None), RecordingRow.channel_id.is_not(None)
        )
        return {str(video_id): str(channel_id) for video_id, channel_id in await session.execute(statement)}


def scope_words(row: PolicyRow, channel: str | None) -> str:
    """What a policy is for, in words."""
    if row.channel_id is not None:
        return f"the channel “{channel or row.channel_id}”"
    return ORIGINS[row.origin] if row.origin is not None else "all videos"


def _policy(row: PolicyRow, channel: str | None) -> Policy:
    return Policy(
        id=row.id,
        scope=row.scope,
        name=scope_words(row, channel),
        max_age=None if row.max_age_s is None else timedelta(seconds=row.max_age_s),
        max_size_bytes=row.max_size_bytes,
        max_count=row.max_count,
    )
