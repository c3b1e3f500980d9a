"""Finds the body of a target."""

from collections.abc import Mapping
from typing import NamedTuple, cast

import structlog

from playhead.catalog.captions.tracks import CaptionTracks
from playhead.catalog.files import FileKind, MediaFile, poster_version
from playhead.catalog.seams import LiveStreams
from playhead.catalog.stills import Stills
from playhead.catalog.thumbnails import Thumbnails
from playhead.delivery.bodies.body import Body
from playhead.delivery.bodies.captions import captions_body
from playhead.delivery.bodies.hls import hls_body
from playhead.delivery.bodies.live import live_body
from playhead.delivery.bodies.previews import Previews
from playhead.delivery.bodies.streams import Streams
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.links.signature import SignedQuery, Verified
from playhead.delivery.links.target import ANIMATION, CAPTIONS, LIVE, PROJECT, RENDER, SPAN, Target
from playhead.delivery.media_cache import MediaCache
from playhead.errors import PlayheadError
from playhead.reels.preview_renders import PreviewRenders

RENDITION_FRESH_S = 3600
"""Seconds until a rendition must be revalidated: it can be deleted and made again under the same URL."""

WEB_VTT = b"text/vtt; charset=utf-8"
DEFAULT_WIDTH = 320

log = structlog.get_logger(__name__)


class FrameRequest(NamedTuple):
    """A thumbnail's time in seconds, and its width in pixels at most."""

    at_s: float = 0.0
    width: int = DEFAULT_WIDTH


def fresh_s(kind: FileKind, name: str, file: MediaFile) -> int | None:
    """Seconds until a file must be revalidated; None when it never changes under its link.

    The poster that is there now is the one of its link unless another was chosen since the link was made.
    """
    if kind == "poster":
        return None if name == poster_version(file) else 0
    return RENDITION_FRESH_S if name else None


class Bodies:
    """Finds what targets lead to. The caller has checked who may read it."""

    def __init__(
        self,
        cache: MediaCache,
        streams: Streams,
        previews: Previews,
        stills: Stills,
        thumbnails: Thumbnails,
        live: LiveStreams,
        captions: CaptionTracks,
        renders: PreviewRenders,
    ) -> None:
        self._cache, self._streams, self._previews = cache, streams, previews
        self._stills, self._thumbnails, self._live = stills, thumbnails, live
        self._captions, self._renders = captions, renders

    async def find(
        self,
        target: Target,
        link: Verified,
        query: SignedQuery,
        frame: FrameRequest,
        directives: Mapping[str, str],
    ) -> Body:
        """The body of a target of a signed link.

        Args:
            query: The link's query, which playlists and cues pass on to what they name.
            frame: For a thumbnail.
            directives: The request's query, for the playlist of a recording that grows.

        Raises:
            MediaNotFound: it does not exist, not yet, or its bytes are gone.
            HlsNotAvailable, Conflict: it cannot be streamed, or not any more.
        """
        if target.kind in ("hls", SPAN, CAPTIONS):
            return await self._stream(target, query.text)
        if target.kind == PROJECT:
            return await self._previews.body(target, link, query)
        if target.kind in (RENDER, LIVE):
            return await self._unlisted(target, query, directives)
        if target.kind == "thumbnail":
            return await self.thumbnail(target.subject, frame)
        if target.kind == "storyboard" and target.extension == "vtt":
            return await self._cues(target, query)
        kind = cast(FileKind, target.kind)
        file = await self.file(target.subject, kind, target.name)
        return Body.of_file(file, fresh_s=fresh_s(kind, target.name, file))

    async def _stream(self, target: Target, query: str) -> Body:
        if target.kind == CAPTIONS or target.is_subtitles:
            return await captions_body(self._captions, self._cache, target, query)
        return await hls_body(self._streams, self._captions, target, query)

    async def file(self, video_id: str, kind: FileKind, name: str = "") -> MediaFile:
        """A file of a video; where a still is missing, a job to make it is queued.

        Args:
            name: Of a rendition, or the version of a poster.

        Raises:
            MediaNotFound: it does not exist, or not yet.
        """
        file = await self._cache.find(video_id, kind, name)
        if file is not None:
            return file
        if name and kind == "file":
            raise MediaNotFound(f"Video {video_id} has no rendition {name[:40]}.")
        if kind in ("storyboard", ANIMATION):
            raise await self._missing_still(video_id, kind)
        raise MediaNotFound(f"Video {video_id} has no {kind} that can be played.")

    async def _unlisted(self, target: Target, query: SignedQuery, directives: Mapping[str, str]) -> Body:
        """What is no video of the library: a recording that grows, a rendered span of a project."""
        if target.kind == LIVE:
            return await live_body(self._live, target, query.text, directives)
        file = await self._renders.file(target.subject)
        if file is None:
            raise MediaNotFound("This preview is no longer kept.", hint="Render it again.")
        return Body.of_file(file, fresh_s=0)

    async def thumbnail(self, video_id: str, frame: FrameRequest) -> Body:
        """The frame shown at a time.

        Raises:
            MediaNotFound: no such ready video, or no such frame.
            StillsBusy: too many thumbnails are being made.
        """
        try:
            file = await self._thumbnails.get(video_id, frame.at_s, frame.width)
        except PlayheadError as error:
            if error.status == 503:
                raise
            log.warning("thumbnail_failed", video_id=video_id, at_s=frame.at_s, code=error.code, detail=error.detail)
            raise MediaNotFound(f"Video {video_id} shows no picture at {frame.at_s:g} s.") from error
        if file is None:
            raise MediaNotFound(f"Video {video_id} has no pictures.")
        return Body.of_file(file)

    async def require_stream(self, video_id: str) -> None:
        """Check that a video can be streamed.

        Raises:
            MediaNotFound, HlsNotAvailable: it cannot.
        """
        await self._streams.whole(video_id)

    async def _cues(self, target: Target, query: SignedQuery) -> Body:
        sheet = Target("storyboard", target.subject, extension="jpg")
        found = await self._stills.web_vtt(target.subject, sheet.file_name + query.text)
        if found is None:
            raise await self._missing_still(target.subject, "storyboard")
        text, made_at = found
        return Body.of_text(text, WEB_VTT, made_at)

    async def _missing_still(self, video_id: str, kind: str) -> MediaNotFound:
        try:
            await self._stills.request(video_id)
        except PlayheadError as error:  # the answer is 404 all the same
            log.warning("stills_not_requested", video_id=video_id, kind=kind, code=error.code, detail=error.detail)
        return MediaNotFound(f"Video {video_id} has no {kind} yet.")
