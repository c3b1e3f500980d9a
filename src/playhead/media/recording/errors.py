"""Errors of recordings."""

from playhead.errors import PlayheadError


class NothingRecorded(PlayheadError):
    """Parts without a single frame that can be shown."""

    code = "nothing_recorded"
    title = "Nothing was recorded"
    status = 422
    fault = "caller"
