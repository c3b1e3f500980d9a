"""Errors of live."""

from playhead.errors import NotFound, PlayheadError


class ChannelNotFound(NotFound):
    """No such channel, or a stranger's."""

    code = "channel_not_found"
    title = "Channel not found"

    def __init__(self, channel_id: str) -> None:
        super().__init__(f"There is no channel {channel_id[:80]}.")


class RecordingNotFound(NotFound):
    """No such recording, or a stranger's."""

    code = "recording_not_found"
    title = "Recording not found"

    def __init__(self, recording_id: str) -> None:
        super().__init__(f"There is no recording {recording_id[:80]}.")


class NothingRecorded(PlayheadError):
    """A recording that ended without a single frame."""

    code = "nothing_recorded"
    title = "Nothing was recorded"
    status = 502
    fault = "provider"


class SourceRefused(PlayheadError):
    """A source that does not let us in: it needs a login, or is for others."""

    code = "source_refused"
    title = "The source refuses access"
    status = 409
    fault = "provider"
