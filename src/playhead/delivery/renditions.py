"""``/v/{video_id}/rendition-720p.mp4``: a rendition as a file, by a signed link of its own."""

import re

from fastapi import Request, Response

from playhead.api.services import service
from playhead.delivery.answer import answer_with
from playhead.delivery.caching import caching
from playhead.delivery.errors import MediaNotFound, VideoNotFound
from playhead.delivery.links import verify_link
from playhead.delivery.media import Media, MediaCatalog
from playhead.kit.ids import is_id

FRESH_S = 3600
"""Not for ever under one URL: a rendition can be deleted and made anew."""

_FILE = re.compile(r"rendition-([a-z0-9-]{1,40})\.mp4", re.ASCII)


def rendition_of(text: str) -> str | None:
    """The rendition that the last segment of a URL names; None when it names none."""
    match = _FILE.fullmatch(text)
    return match[1] if match else None


async def answer_rendition(
    request: Request, video_id: str, name: str, *, e: str, k: str, s: str, download: bool
) -> Response:
    """Answer a GET or HEAD for a rendition.

    Raises:
        SignatureInvalid, SignatureExpired, SignatureRevoked: the link is not good for this rendition.
        MediaNotFound: it is not there.
    """
    life_s = await verify_link(request, "file", video_id, e=e, k=k, s=s, name=name, download=download)
    if not is_id("vid", video_id):
        raise VideoNotFound("The link names no video.")
    media = await rendition_media(request, video_id, name)
    cache = caching(request).fresh(life_s, FRESH_S)
    return await answer_with(request, video_id, "file", media, cache_control=cache, download=download, life_s=life_s)


async def rendition_media(request: Request, video_id: str, name: str) -> Media:
    """The file of a rendition.

    Raises:
        MediaNotFound: the video has none of this name.
    """
    media = await service(request, MediaCatalog).rendition(video_id, name)
    if media is None:
        raise MediaNotFound(f"Video {video_id} has no rendition {name[:40]}.")
    return media
