"""What can go wrong with videos and uploads."""

from playhead.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    PlayheadError,
)
from playhead.kit.units import format_bytes


class VideoNotFound(NotFound):
    """No such video, or another owner's."""

    code = "video_not_found"
    title = "Video not found"

    def __init__(self, video_id: str) -> None:
        super().__init__(f"There is no video {video_id}.", hint="It may have been deleted.")


class VideoNotReady(Conflict):
    """It is still preparing, or errored."""

    code = "video_not_ready"
    title = "This video is not ready"


class UploadTooLarge(PlayheadError):
    """Larger than the limit of this server (RFC 9110 section 15.5.14)."""

    code = "upload_too_large"
    title = "The upload is too large"
    status = 413
    fault = "caller"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(
            f"The upload has {format_bytes(size)}; this server takes at most {format_bytes(limit)}.",
            hint="The operator can raise PLAYHEAD_UPLOAD_MAX.",
        )


class UploadTruncated(InvalidInput):
    """The body ended before its announced length."""

    code = "upload_truncated"
    title = "The upload ended early"


class UploadNotFound(NotFound):
    """No such upload, another owner's, or one that was finished with."""

    code = "upload_not_found"
    title = "Upload not found"

    def __init__(self, upload_id: str) -> None:
        super().__init__(f"There is no upload {upload_id}.", hint="Start the upload anew.")


class UploadExpired(PlayheadError):
    """It waited too long for its next byte."""

    code = "upload_expired"
    title = "The upload has expired"
    status = 410
    fault = "caller"


class UploadTakenOver(InvalidInput):
    """A newer request goes on with this upload.

    Not 409 or 423: clients of tus try those again, and two of them would take the upload from each other without end.
    """

    code = "upload_taken_over"
    title = "Upload taken over by another request"

    def __init__(self, upload_id: str) -> None:
        super().__init__(
            f"A newer request goes on with upload {upload_id}; what this one brought is kept.",
            hint="To go on here instead, ask for the offset with HEAD.",
        )


class UploadPartUsed(Conflict):
    """A partial upload became part of another upload."""

    code = "upload_part_used"
    title = "This part is used already"

    def __init__(self, upload_id: str, final_id: str) -> None:
        super().__init__(f"Upload {upload_id} is a part of upload {final_id} already.", hint="Upload the part again.")


class UploadIsFinal(PlayheadError):
    """Bytes were sent to an upload that is made of others (tus 1.0, concatenation extension: 403)."""

    code = "upload_is_final"
    title = "Upload is final"
    status = 403
    fault = "caller"


class UploadHeaderInvalid(InvalidInput):
    """A tus header is missing or does not read."""

    code = "tus_header_invalid"
    title = "Invalid tus header"


class TusVersionUnsupported(PlayheadError):
    """``Tus-Resumable`` names another version of the protocol than 1.0.0."""

    code = "tus_version_unsupported"
    title = "Unsupported tus version"
    status = 412
    fault = "caller"

    @property
    def headers(self) -> dict[str, str]:
        return {"Tus-Version": "1.0.0"}


class UploadTypeInvalid(PlayheadError):
    """PATCH without ``application/offset+octet-stream``."""

    code = "upload_type_invalid"
    title = "The content type is wrong"
    status = 415
    fault = "caller"


class BodyTypeInvalid(PlayheadError):
    """``POST /videos`` or ``/images`` with something else than a file or a form with one (RFC 9110 section 15.5.16)."""

    code = "body_type_invalid"
    title = "Unsupported request body"
    status = 415
    fault = "caller"

    def __init__(self, detail: str, *, url: str, example: str) -> None:
        super().__init__(
            detail,
            hint=f"Send the file as it is, with curl: `curl -X POST -T {example} "
            f"'{url}?filename={example}'`, or --data-binary @{example} with -H 'Content-Type: "
            f"application/octet-stream', or as a form: -F file=@{example}.",
        )


class FormInvalid(InvalidInput):
    """A form that is not one file and its names; nothing of it is kept."""

    code = "form_invalid"
    title = "This form cannot be used"


class DiskNearlyFull(PlayheadError):
    """New bytes are refused so that running jobs can finish."""

    code = "disk_nearly_full"
    title = "Not enough disk space"
    status = 507
    fault = "us"


class BytesDiffer(PlayheadError):
    """What the store holds is not what was received."""

    code = "bytes_differ"
    title = "Stored bytes differ"
    fault = "destination"
