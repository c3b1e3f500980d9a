"""API resources of videos with their signed image links."""

from collections.abc import Sequence

from playhead.catalog.artifacts import artifacts_of
from playhead.catalog.comments.comments import open_comments
from playhead.catalog.seams import VideoLinks
from playhead.catalog.shapes import ImageUrls, Video, video_resource
from playhead.catalog.stills import PREVIEW, STORYBOARD
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database


class VideoResources:
    """Builds the API resources of videos; two queries for any number of them."""

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
            comments = await open_comments(session, [row.id for row in rows])
        return [
            video_resource(row, self._urls(row, made.get(row.id, frozenset())), open_comments=comments.get(row.id, 0))
            for row in rows
        ]

    def _urls(self, row: VideoRow, names: frozenset[str]) -> ImageUrls:
        return ImageUrls(
            poster=self._links.poster(row),
            storyboard=self._links.storyboard(row) if STORYBOARD in names else None,
            preview=self._links.preview(row) if PREVIEW in names else None,
        )
