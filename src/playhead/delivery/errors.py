"""Errors of delivery."""

from typing import Any

from playhead.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    PlayheadError,
    PreconditionFailed,
    TooManyRequests,
    Unavailable,
)


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


class HlsNotAvailable(NotFound):
    """This video cannot be streamed as it is; it may still play as a file."""

    code = "hls_not_available"
    title = "This video has no stream"

    def __init__(self, video_id: str, reason: str) -> None:
        super().__init__(f"Video {video_id} has no stream: {reason}.", hint="Play it as a file: kind 'file'.")
        self.reason = reason


class PreviewNotAvailable(Conflict):
    """Some clips of a project cannot be played in a row without a stitch."""

    code = "preview_not_available"
    title = "Some clips cannot be previewed together"

    def __init__(self, clips: list[dict[str, Any]]) -> None:
        first = clips[0]
        more = f", and {len(clips) - 1} more" if len(clips) > 1 else ""
        super().__init__(
            f"Clip {first['position']}: {first['message']}{more}.",
            hint="Play the clips one after the other, or stitch the project.",
        )
        self.extra = {"clips": clips}


class PreviewChanged(Conflict):
    """The project is at another version than the link."""

    code = "preview_changed"
    title = "The project changed after this preview was made"

    def __init__(self, project_id: str, wanted: int, current: int) -> None:
        super().__init__(
            f"Project {project_id} is at version {current}; this preview is of version {wanted}.",
            hint="Ask for a new preview.",
        )


class BodyCutShort(PlayheadError):
    """A file gave fewer bytes than were promised: it shrank while it was sent. The connection must end."""

    code = "body_cut_short"
    title = "The file became shorter while it was sent"


class TransferNotFound(NotFound):
    """It has ended, or never was."""

    code = "transfer_not_found"
    title = "No such transfer"


class TooManyTransfers(TooManyRequests):
    """One client address has as many bodies on their way as it may have."""

    code = "too_many_transfers"
    title = "Too many downloads at once"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Your address already takes {most} files at once, which is all it may.",
            hint="Wait until one has ended. The operator can change PLAYHEAD_CLIENT_TRANSFERS.",
            retry_after_s=2,
        )
