"""Errors of live."""

from typing import Any, ClassVar

from playhead.errors import Conflict, Fault, InvalidInput, NotFound, PlayheadError, PreconditionFailed, Retry


class ChannelNotFound(NotFound):
    """No such channel, or a stranger's."""

    code = "channel_not_found"
    title = "Channel not found"

    def __init__(self, channel_id: str) -> None:
        super().__init__(f"There is no channel {channel_id[:80]}.")


class BroadcastNotFound(NotFound):
    """No such broadcast, or of a stranger's channel."""

    code = "broadcast_not_found"
    title = "Broadcast not found"

    def __init__(self, broadcast_id: str) -> None:
        super().__init__(f"There is no broadcast {broadcast_id[:80]}.")


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


class ChannelInvalid(InvalidInput):
    """A setting of a channel that cannot be meant."""

    code = "channel_invalid"
    title = "A setting of the channel cannot be used"


class SourceUrlInvalid(InvalidInput):
    """A URL that nothing can be recorded from, or that must not be opened."""

    code = "source_url_invalid"
    title = "That URL cannot be recorded"


class ChannelExists(Conflict):
    """The user has a channel with this URL."""

    code = "channel_exists"
    title = "This channel exists already"


class ChannelRecords(Conflict):
    """A channel that is being recorded."""

    code = "channel_records"
    title = "This channel is being recorded"


class ChannelVersionMismatch(PreconditionFailed):
    """Another tab or person changed the channel; the answer carries how it stands now."""

    code = "version_mismatch"

    def __init__(self, channel_id: str, wanted: int, current: int, channel: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"Channel {channel_id} is at version {current}; this change was made on version {wanted}.",
            hint="Load the channel, then make the change again or leave it.",
            extra={"current": channel} if channel else None,
        )


class SourceError(PlayheadError):
    """A source that cannot be opened."""

    code = "source_failed"
    title = "The source cannot be opened"
    status = 502
    retry: ClassVar[Retry] = "backoff"
    fault: ClassVar[Fault] = "provider"


class NothingRecorded(PlayheadError):
    """A recording that ended without a single frame."""

    code = "nothing_recorded"
    title = "Nothing was recorded"
    status = 502
    fault: ClassVar[Fault] = "provider"


class Offline(SourceError):
    """A source that is not live."""

    code = "source_offline"
    title = "The source is not live"
    status = 409


class SourceRefused(SourceError):
    """A source that does not let us in now: it needs a login, or is for others."""

    code = "source_refused"
    title = "The source refuses access"
    status = 409


class AddressRefused(SourceRefused):
    """A source whose address we do not open, however often it is tried."""

    code = "source_address_refused"
    title = "The address of the source is not opened"
    retry = "never"
    fault = "caller"


class SiteUnknown(SourceError):
    """A page that no tool can read."""

    code = "site_unknown"
    title = "No tool can record this page"
    status = 400
    retry = "never"
    fault = "caller"


class SiteBroken(SourceError):
    """A site that a tool cannot read any more, or that fails at the moment."""

    code = "site_broken"
    title = "The page could not be read"


class ToolMissing(SourceError):
    """streamlink is not installed."""

    code = "tool_missing"
    title = "streamlink is not installed"
    status = 503
    retry = "never"
    fault = "us"
