"""Errors of a file that has no stream."""

from playhead.errors import PlayheadError


class NotStreamable(PlayheadError):
    """A file that cannot be cut into segments without encoding; it still plays as a file.

    The sentence continues the name of a video: "its video is VP8".
    """

    code = "hls_not_available"
    title = "This video has no stream"
    status = 400
    fault = "caller"
