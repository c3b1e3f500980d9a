"""What can be wrong with a video file, and with ffmpeg while it works on one."""

from playhead.errors import PlayheadError

COPY_AGAIN = "Copy or download it again."
"""The hint for a file that is not whole. What is uploaded is counted and hashed: it was damaged before."""


class UnreadableVideo(PlayheadError):
    """The bytes are no video that Playhead can read; the sentence is meant for whoever has the file."""

    code = "unreadable_video"
    title = "This file cannot be read as a video"
    status = 422
    fault = "caller"


class EmptyFile(UnreadableVideo):
    """Not one byte."""

    code = "empty_file"
    title = "This file is empty"


class NotAVideo(UnreadableVideo):
    """Another kind of file: text, a picture, an archive, a playlist that points elsewhere."""

    code = "not_a_video"
    title = "This is not a video"


class TruncatedVideo(UnreadableVideo):
    """The file declares more than it holds: an upload or a copy was cut off."""

    code = "truncated_video"
    title = "Truncated file"


class EncryptedVideo(UnreadableVideo):
    """Copy protection (DRM): without its key nobody can decode it."""

    code = "encrypted_video"
    title = "This video is encrypted"


class NoVideoTrack(UnreadableVideo):
    """Sound alone, or sound with a cover picture."""

    code = "no_video_track"
    title = "No video track"


class DimensionsTooLarge(UnreadableVideo):
    """A frame would need more pixels than the limit; decoding it could take the machine's memory."""

    code = "dimensions_too_large"
    title = "Frame size too large"


class VideoTooLong(UnreadableVideo):
    """Longer than the limit, or a header that claims so."""

    code = "video_too_long"
    title = "The video is too long"


class ProbeTimeout(UnreadableVideo):
    """Reading the file took more time, processor time or memory than any sound video needs."""

    code = "probe_timeout"
    title = "Probe timed out"


class ProbeFailed(PlayheadError):
    """The process that reads files could not do its work; says nothing about the file."""

    code = "probe_failed"
    title = "The file could not be examined"
    retry = "backoff"


class FfmpegMissing(PlayheadError):
    """No ffmpeg binary was found, or the one named in the settings is not there."""

    code = "ffmpeg_missing"
    title = "ffmpeg was not found"


class FfmpegFailed(PlayheadError):
    """ffmpeg ended with an error that has no better name.

    Args:
        detail: What was being done, and how ffmpeg ended.
        command: The arguments, folders of files left out.
        log_tail: ffmpeg's last lines, at most about 40.
    """

    code = "ffmpeg_failed"
    title = "ffmpeg failed"

    def __init__(self, detail: str, *, hint: str | None = None, command: str = "", log_tail: str = "") -> None:
        super().__init__(detail, hint=hint)
        self.command = command
        self.log_tail = log_tail


class InputUnreadable(FfmpegFailed):
    """ffmpeg could not read the source; trying again will not change that."""

    code = "input_unreadable"
    title = "A clip could not be read"
    fault = "caller"


class LimitReached(FfmpegFailed):
    """ffmpeg was stopped because it took more memory, processor time, output or patience than allowed."""

    code = "media_limit_reached"
    title = "Media limit reached"


class FfmpegKilled(FfmpegFailed):
    """Something outside Playhead ended ffmpeg, such as the kernel when memory ran out."""

    code = "ffmpeg_killed"
    title = "ffmpeg was killed"
    retry = "backoff"


class DiskFull(FfmpegFailed):
    """No room for what ffmpeg writes."""

    code = "disk_full"
    title = "The disk is full"
    status = 507


class VerifyFailed(PlayheadError):
    """A finished reel is not what the plan says; it is never shown to anyone."""

    code = "verify_failed"
    title = "Verification failed"


class FormatOutOfBounds(PlayheadError):
    """A picture size or frame rate that no reel can have."""

    code = "format_out_of_bounds"
    title = "Unsupported output format"
    status = 400
    fault = "caller"


class InvalidSpan(PlayheadError):
    """A clip whose start and end do not lie within its video."""

    code = "invalid_span"
    title = "Invalid span"
    status = 400
    fault = "caller"
