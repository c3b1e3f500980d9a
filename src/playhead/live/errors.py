"""Errors of live."""

from playhead.errors import NotFound


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


class NotLiveYet(NotFound):
    """A recording without a picture, such as one whose source has not sent a keyframe yet."""

    code = "live_not_yet"
    title = "Nothing to play yet"

    def __init__(self, recording_id: str) -> None:
        super().__init__(
            f"Recording {recording_id} has nothing to play yet.", hint="Try again once its source sends video."
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}


class LiveEnded(NotFound):
    """A recording whose parts have become a video, or are gone."""

    code = "live_ended"
    title = "This recording has ended"

    def __init__(self, recording_id: str) -> None:
        super().__init__(
            f"Recording {recording_id} is no longer live.", hint="Ask for a new playback URL: it leads to the video."
        )
