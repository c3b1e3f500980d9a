"""The decision which recordings a broadcast gets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from playhead.live.detect.polling import login_of
from playhead.live.filters import wants
from playhead.live.recordings import RecordingRequest
from playhead.live.schedule import is_open
from playhead.live.starts import wanted_of
from playhead.live.tables import BroadcastRow, ChannelRow


class Decision:
    """Decides by a channel's filters, schedule and qualities.

    Args:
        twitch_source_url: Setting of tests: where channels of Twitch are opened instead.
    """

    def __init__(self, twitch_source_url: str | None = None) -> None:
        self._twitch_source_url = twitch_source_url

    def __call__(self, channel: ChannelRow, row: BroadcastRow, at: datetime) -> Sequence[RecordingRequest]:
        """The recordings that a channel wants of a broadcast now."""
        if not is_open(channel.schedule, channel.time_zone, at) or _is_too_early(channel, row):
            return []
        if not wants(channel, row.title, row.category):
            return []
        every = [wanted_of(channel, row, quality, at) for quality in channel.qualities or ["best"]]
        return [replace(each, source={**each.source, **self.source_of(channel)}) for each in every]

    def source_of(self, channel: ChannelRow) -> dict[str, Any]:
        """What is opened of a channel."""
        if channel.platform == "twitch" and self._twitch_source_url:
            return {"platform": "url", "url": self._twitch_source_url.replace("{login}", login_of(channel.url))}
        return {"platform": channel.platform, "url": channel.url}


def _is_too_early(channel: ChannelRow, row: BroadcastRow) -> bool:
    """Whether filters must wait for the title, which comes some seconds after the event of a beginning."""
    has_filters = any(words for part in channel.filters.values() for words in (part or {}).values())
    return has_filters and channel.platform == "twitch" and row.title is None and row.category is None
