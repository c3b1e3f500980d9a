"""API resources of videos with their signed image links, and what plays in a browser."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from playhead.catalog.artifacts import artifacts_of
from playhead.catalog.playbacks import playbacks_of
from playhead.catalog.seams import VideoLinks
from playhead.catalog.shapes import ImageUrls, Video, video_resource
from playhead.catalog.stills import PREVIEW, STORYBOARD
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database

if TYPE_CHECKING:
    from playhead.media.probe import Probe


class VideoResources:
    """Builds the API resources of videos; a few queries for any number of them."""

    def __init__(self, database: Database, links: VideoLinks) -> None:
        self._database = database
        self._links = links

    async def resource(self, row: VideoRow) -> Video:
        """One video."""
        return (await self.resources([row]))[0]

    async def resources(self, rows: Sequence[VideoRow]) -> list[Video]:
        """A page of videos, in its order."""
        async with self._database.read() as session:
            made = await artifacts_of(session, [row.id for row in rows], (STORYBOARD, PREVIEW))
            playbacks = await playbacks_of(session, _probes(rows))
        return [
            video_resource(row, self._urls(row, made.get(row.id, frozenset())), playbacks.get(row.id)) for row in rows
        ]

    def _urls(self, row: VideoRow, names: frozenset[str]) -> ImageUrls:
        return ImageUrls(
            poster=self._links.poster(row),
            storyboard=self._links.storyboard(row) if STORYBOARD in names else None,
            preview=self._links.preview(row) if PREVIEW in names else None,
        )


def _probes(rows: Sequence[VideoRow]) -> "dict[str, Probe]":
    from playhead.media.probe import Probe

    return {row.id: Probe.from_dict(row.probe) for row in rows if row.state == "ready" and row.probe is not None}
