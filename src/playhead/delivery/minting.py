"""From a wish to a signed link: the same for the owner of a video and for whoever was sent a share."""

from typing import Literal

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from playhead.api.services import service
from playhead.delivery.content import content_type_of, extension_of
from playhead.delivery.errors import MediaNotFound
from playhead.delivery.grants import Grant
from playhead.delivery.media import Media, MediaCatalog
from playhead.delivery.playback import PlaybackUrl, PlaybackUrls
from playhead.delivery.renditions import rendition_media
from playhead.delivery.stills import want_pictures
from playhead.delivery.streams import Streams
from playhead.errors import InvalidInput

LinkKind = Literal["file", "poster", "hls", "storyboard", "thumbnail", "preview"]


class PlaybackWish(BaseModel):
    """What is to be played."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    kind: LinkKind = "file"
    rendition: str | None = Field(
        default=None,
        max_length=40,
        description="For kind `file`: the name of a rendition, such as `720p`, in place of the original.",
    )
    download: bool = Field(default=False, description="Save under the file's own name.")


async def mint(
    request: Request, video_id: str, wish: PlaybackWish, *, grant: Grant, ttl_s: int | None = None
) -> PlaybackUrl:
    """Make a link to something that is there; the caller has checked who may have it.

    Args:
        ttl_s: See `PlaybackUrls.file`; pictures have lives of their own.

    Raises:
        MediaNotFound: the video, or the file, is not there or not ready.
        HlsNotAvailable: it cannot be streamed; the reason is told.
        InvalidInput: a rendition of something else than a file.
    """
    playback = service(request, PlaybackUrls)
    if wish.rendition is not None:
        if wish.kind != "file":
            raise InvalidInput(f"A rendition is played as a file, not as {wish.kind}.")
        await rendition_media(request, video_id, wish.rendition)
        return playback.rendition(video_id, wish.rendition, ttl_s=ttl_s, download=wish.download, grant=grant)
    if wish.kind == "hls":
        await service(request, Streams).whole(video_id)  # or the reason why there is none
        return playback.hls(video_id, ttl_s=ttl_s, grant=grant)
    catalog = service(request, MediaCatalog)
    media = await catalog.media(video_id, "file" if wish.kind == "thumbnail" else wish.kind)
    if media is None:
        if wish.kind in ("storyboard", "preview"):
            await want_pictures(request, video_id, wish.kind)
        raise MediaNotFound(f"Video {video_id} has no {wish.kind} that can be played.")
    return _link(playback, video_id, media, wish, grant=grant, ttl_s=ttl_s)


def _link(
    playback: PlaybackUrls, video_id: str, media: Media, wish: PlaybackWish, *, grant: Grant, ttl_s: int | None
) -> PlaybackUrl:
    lasting = {
        "poster": playback.poster,
        "storyboard": playback.storyboard,
        "thumbnail": playback.thumbnail,
        "preview": playback.preview,
    }
    if wish.kind in lasting:
        return lasting[wish.kind](video_id, grant=grant)
    known = content_type_of(media.filename) != content_type_of("")
    extension = extension_of(media.filename) if known else ""
    return playback.file(video_id, extension=extension, ttl_s=ttl_s, download=wish.download, grant=grant)
