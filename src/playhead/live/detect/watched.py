"""The channels that detection looks after, as its loops share them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from playhead.live.tables import ChannelRow


@dataclass(slots=True)
class Watched:
    """Enabled channels.

    Attributes:
        events_work: Whether every wanted subscription is enabled; polling is slow then.
        edits: How often channels were added, removed or edited: each time is a reason to ask at once.
    """

    channels: Sequence[ChannelRow] = ()
    events_work: bool = False
    edits: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def replace(self, channels: Sequence[ChannelRow]) -> None:
        """Take the channels as they are now; wakes who waits when Twitch users came or went."""
        before = self.user_ids
        self.channels = channels
        self.edits += 1
        if self.user_ids != before:
            self.changed()

    def changed(self) -> None:
        """Have the subscriptions compared now."""
        self._changed.set()

    @property
    def on_twitch(self) -> list[ChannelRow]:
        """Channels of Twitch."""
        return [channel for channel in self.channels if channel.platform == "twitch"]

    @property
    def user_ids(self) -> list[str]:
        """Twitch users with a channel, each once."""
        return sorted({channel.platform_id for channel in self.on_twitch if channel.platform_id})

    async def wait(self, timeout_s: float) -> None:
        """Wait until Twitch users change, or for *timeout_s*."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()
        self._changed.clear()
