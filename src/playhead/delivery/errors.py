"""What can stand between a player and its bytes."""

from playhead.errors import InvalidInput, NotFound, PlayheadError, PreconditionFailed, Unavailable


class VideoNotFound(NotFound):
    """No such video, or another's."""

    code = "video_not_found"
    title = "No such video"


class MediaNotFound(NotFound):
    """The video has no file of this kind, or not yet, or its bytes are gone."""

    code = "media_not_found"
    title = "There is nothing to play here"


class MediaUnreadable(Unavailable):
    """The bytes are there, but this host cannot read them now: permissions, descriptors, the disk."""

    code = "media_unreadable"
    title = "The file cannot be read right now"


class MediaChanged(PreconditionFailed):
    """``If-Match`` or ``If-Unmodified-Since`` names another version (RFC 9110 section 15.5.13)."""

    code = "media_changed"
    title = "The file is another one now"


class RangeNotSatisfiable(InvalidInput):
    """No byte of the wanted ranges is in the file (RFC 9110 section 15.5.17)."""

    code = "range_not_satisfiable"
    title = "The file has no such range"
    status = 416

    def __init__(self, detail: str, *, size_bytes: int) -> None:
        super().__init__(detail, hint=f"The file has {size_bytes} bytes.")
        self.size_bytes = size_bytes

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Range": f"bytes */{self.size_bytes}", "Accept-Ranges": "bytes"}


class KindNotAvailable(InvalidInput):
    """A kind of playback that this server does not make yet."""

    code = "not_available"
    title = "This cannot be played yet"


class BodyCutShort(PlayheadError):
    """A file gave fewer bytes than were promised: it shrank while it was sent. The connection must end."""

    code = "body_cut_short"
    title = "The file became shorter while it was sent"
