"""Errors of recordings."""

from playhead.errors import PlayheadError


class NoFrames(PlayheadError):
    """Parts without a single frame that can be shown."""

    code = "no_frames"
    title = "No frame was recorded"
    status = 422
    fault = "caller"
