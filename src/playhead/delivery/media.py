"""What delivery asks of the catalog: which bytes are a video's file, and whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from playhead.delivery.content import safe_content_type
from playhead.delivery.selection import Entity

Kind = Literal["file", "poster", "storyboard", "thumbnail", "preview", "hls", "cut", "reel", "asset"]
"""``hls`` is a video as segments, ``cut`` a span of one, ``reel`` the playlists of a project's preview, ``asset``
whichever file a program outside was given a token for."""


class Media(Protocol):
    """A file that is ready to be sent; any object with these attributes will do."""

    @property
    def key(self) -> str:
        """Where the store has it."""
        ...

    @property
    def size_bytes(self) -> int:
        """As it was when it was verified."""
        ...

    @property
    def sha256(self) -> str:
        """Lower-case hex of the content: its ETag is made of this."""
        ...

    @property
    def content_type(self) -> str | None:
        """None: by the extension of the file name."""
        ...

    @property
    def filename(self) -> str:
        """What a download is called; any text."""
        ...

    @property
    def modified_at(self) -> datetime:
        """When these bytes became this file."""
        ...


@dataclass(frozen=True, slots=True)
class Rung:
    """A rendition of a video.

    Attributes:
        name: Lower-case letters and digits, such as ``720p``: a part of URLs.
    """

    name: str
    media: Media


class MediaCatalog(Protocol):
    """Implemented by the catalog; a service of the app."""

    async def media(self, video_id: str, kind: Kind) -> Media | None:
        """The file of a video; None when the video, or the file, is not there or not ready."""
        ...

    async def rungs(self, video_id: str) -> Sequence[Rung]:
        """The renditions of a video, the largest first."""
        ...

    async def rendition(self, video_id: str, name: str) -> Media | None:
        """One rendition, or file to download, by its name; None when it is not there."""
        ...

    async def audio_tracks(self, video_id: str) -> Sequence[int]:
        """Indexes of the audio tracks of the original that may be heard, the chosen one first.

        Empty where there is no choice.
        """
        ...

    async def owner(self, video_id: str) -> str | None:
        """The user id of a video's owner; None when there is no such video."""
        ...


def entity_of(media: Media) -> Entity:
    """Look at a file as RFC 9110 does; its tag is strong, since it is made of the content."""
    return Entity(
        size=media.size_bytes,
        etag=b'"%b"' % media.sha256[:32].encode(),
        modified=int(media.modified_at.timestamp()),
        content_type=safe_content_type(media.content_type, media.filename).encode(),
    )
