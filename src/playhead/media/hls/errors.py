"""Why a file has no stream."""

from playhead.errors import PlayheadError


class NotStreamable(PlayheadError):
    """The file cannot be cut into segments without encoding it; it still plays as a file.

    The sentence goes on from the name of a video: "its pictures are VP8".
    """

    code = "hls_not_available"
    title = "This video has no stream"
    status = 400
    fault = "caller"
