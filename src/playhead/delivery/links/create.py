"""Creates signed links, for the owner of a video and for the viewer of a share alike."""

from playhead.access.grant import Grant
from playhead.catalog.files import poster_version
from playhead.delivery.bodies.find import Bodies
from playhead.delivery.content import content_type_of, extension_of
from playhead.delivery.links.shapes import LinkRequest
from playhead.delivery.links.signature import Link, SignedLinks
from playhead.delivery.links.target import CAPTIONS, Target
from playhead.errors import InvalidInput


class LinkCreator:
    """Creates links to what exists; the caller has checked who may have them."""

    def __init__(self, links: SignedLinks, bodies: Bodies) -> None:
        self._links, self._bodies = links, bodies

    async def create(self, video_id: str, wanted: LinkRequest, *, grant: Grant, ttl_s: int | None = None) -> Link:
        """Create a link.

        Args:
            ttl_s: See `SignedLinks.sign`.

        Raises:
            MediaNotFound: the video or the file does not exist, or not yet.
            HlsNotAvailable: the video cannot be streamed; the error gives the reason.
            InvalidInput: a rendition of something other than a file.
        """
        target = await self._target(video_id, wanted)
        download = wanted.download and target.kind == "file"
        return self._links.sign(target, ttl_s=ttl_s, download=download, grant=grant)

    async def _target(self, video_id: str, wanted: LinkRequest) -> Target:
        if wanted.rendition is not None:
            if wanted.kind != "file":
                raise InvalidInput(f"A rendition is played as a file, not as {wanted.kind}.")
            await self._bodies.file(video_id, "file", wanted.rendition)
            return Target("file", video_id, name=wanted.rendition)
        if wanted.kind == "hls":
            await self._bodies.require_stream(video_id)
        elif wanted.kind == "poster":
            return Target.opening("poster", video_id, poster_version(await self._bodies.file(video_id, "poster")))
        elif wanted.kind == CAPTIONS:
            await self._bodies.file(video_id, "file")
        elif wanted.kind != "file":
            await self._bodies.file(video_id, "file" if wanted.kind == "thumbnail" else wanted.kind)
        else:
            file = await self._bodies.file(video_id, "file")
            is_known = content_type_of(file.filename) != content_type_of("")
            return Target("file", video_id, extension=extension_of(file.filename) if is_known else "")
        return Target.opening(wanted.kind, video_id)
