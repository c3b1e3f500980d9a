"""Errors of delivery."""

from playhead.errors import (
    InvalidInput,
    NotFound,
    PlayheadError,
    TooManyRequests,
)


class MediaNotFound(NotFound):
    """The video has no file of this kind, or not yet, or its bytes are gone."""

    code = "media_not_found"
    title = "Media not found"


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


class BodyCutShort(PlayheadError):
    """A file gave fewer bytes than were promised: it shrank while it was sent. The connection must end."""

    code = "body_cut_short"
    title = "Response was truncated"


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
