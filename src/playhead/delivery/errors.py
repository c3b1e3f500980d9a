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
    title = "Media not found"


class MediaUnreadable(Unavailable):
    """The bytes are there, but this host cannot read them now: permissions, descriptors, the disk."""

    code = "media_unreadable"
    title = "Media cannot be read right now"


class MediaChanged(PreconditionFailed):
    """``If-Match`` or ``If-Unmodified-Since`` names another version (RFC 9110 section 15.5.13)."""

    code = "media_changed"
    title = "Media changed"


class RangeNotSatisfiable(InvalidInput):
    """No byte of the wanted ranges is in the file (RFC 9110 section 15.5.17)."""

    code = "range_not_satisfiable"
    title = "Range not satisfiable"
    status = 416

    def __init__(self, detail: str, *, size_bytes: int) -> None:
        super().__init__(detail, hint=f"The file has {size_bytes} bytes.")
        self.size_bytes = size_bytes

    @property
    def headers(self) -> dict[str, str]:
        return {"Content-Range": f"bytes */{self.size_bytes}", "Accept-Ranges": "bytes"}


class HlsNotAvailable(NotFound):
    """A video that cannot be streamed; it may still play as a file."""

    code = "hls_not_available"
    title = "Stream not available"

    def __init__(self, video_id: str, reason: str) -> None:
        super().__init__(f"Video {video_id} has no stream: {reason}.", hint="Play it as a file: kind 'file'.")
        self.reason = reason


class PreviewNotAvailable(Conflict):
    """Some clips of a project cannot be played in a row without a stitch."""

    code = "preview_not_available"
    title = "Preview not available"

    def __init__(self, clips: list[dict[str, Any]]) -> None:
        first = clips[0]
        more = f", and {len(clips) - 1} more" if len(clips) > 1 else ""
        super().__init__(
            f"Clip {first['position']}: {first['message']}{more}.",
            hint="Play the clips one after the other, or stitch the project.",
        )
        self.extra = {"clips": clips}


class PreviewChanged(Conflict):
    """A preview link for an older version of its project."""

    code = "preview_changed"
    title = "Preview is out of date"

    def __init__(self, project_id: str, wanted: int, current: int) -> None:
        super().__init__(
            f"Project {project_id} is at version {current}; this preview is of version {wanted}.",
            hint="Ask for a new preview.",
        )


class BodyCutShort(PlayheadError):
    """A file gave fewer bytes than were promised: it shrank while it was sent. The connection must end."""

    code = "body_cut_short"
    title = "Response was truncated"


class TransferNotFound(NotFound):
    """A transfer that has ended, or never existed."""

    code = "transfer_not_found"
    title = "Transfer not found"


class TooManyTransfers(TooManyRequests):
    """One client address has as many bodies on their way as it may have."""

    code = "too_many_transfers"
    title = "Too many transfers"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Your address already receives {most} files at once, which is the limit.",
            hint="Wait until one ends. The operator can change PLAYHEAD_CLIENT_TRANSFERS.",
            retry_after_s=2,
        )
