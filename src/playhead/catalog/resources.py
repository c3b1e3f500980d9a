"""API resources of videos with their signed image links, and what plays in a browser."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from playhead.access.principals import Principal
from playhead.catalog.artifacts import artifacts_of
from playhead.catalog.comments.comments import open_comments
from playhead.catalog.library.tags import tags_of
from playhead.catalog.library.watch_marks import marks_of
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

    async def resource(self, row: VideoRow, viewer: Principal) -> Video:
        """One video."""
        return (await self.resources([row], viewer))[0]

    async def resources(self, rows: Sequence[VideoRow], viewer: Principal) -> list[Video]:
        """A page of videos, in its order, with the watch marks of a viewer."""
        ids = [row.id for row in rows]
        async with self._database.read() as session:
            made = await artifacts_of(session, ids, (STORYBOARD, PREVIEW))
            tags = await tags_of(session, ids)
            marks = await marks_of(session, viewer.user_id, ids)
            playbacks = await playbacks_of(session, _probes(rows))
            comments = await open_comments(session, ids)
        return [
            video_resource(
                row,
                self._urls(row, made.get(row.id, frozenset())),
                playbacks.get(row.id),
                tags=tags.get(row.id, ()),
                watch=marks.get(row.id),
                open_comments=comments.get(row.id, 0),
            )
            for row in rows
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
