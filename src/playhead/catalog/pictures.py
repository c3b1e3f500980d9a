"""The signed addresses of what is shown of a video, for one or for a page of them."""

from collections.abc import Callable, Sequence

from playhead.catalog.artifacts import artifacts_of
from playhead.catalog.resources import PictureUrls, Video, video_resource
from playhead.catalog.stills import PREVIEW, STORYBOARD
from playhead.catalog.tables import VideoRow
from playhead.catalog.videos import PosterUrl
from playhead.db.database import Database

PictureUrl = Callable[[VideoRow], str]
"""Signs a picture of a video; given by the layer above."""


class VideoPictures:
    """Puts videos into the words of the API; for any number of them with one query."""

    def __init__(self, database: Database, poster: PosterUrl, storyboard: PictureUrl, preview: PictureUrl) -> None:
        self._database = database
        self._poster = poster
        self._storyboard = storyboard
        self._preview = preview

    async def resource(self, row: VideoRow) -> Video:
        """One video."""
        return (await self.resources([row]))[0]

    async def resources(self, rows: Sequence[VideoRow]) -> list[Video]:
        """A page of videos, in its order."""
        async with self._database.read() as session:
            made = await artifacts_of(session, [row.id for row in rows], (STORYBOARD, PREVIEW))
        return [video_resource(row, self._urls(row, made.get(row.id, frozenset()))) for row in rows]

    def _urls(self, row: VideoRow, names: frozenset[str]) -> PictureUrls:
        return PictureUrls(
            poster=self._poster(row),
            storyboard=self._storyboard(row) if STORYBOARD in names else None,
            preview=self._preview(row) if PREVIEW in names else None,
        )
