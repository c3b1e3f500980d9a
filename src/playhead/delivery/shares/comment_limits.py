"""Limits on how many comments visitors of share links write. Counted per process, in memory."""

import time
from functools import cached_property
from typing import TYPE_CHECKING

from playhead.errors import TooManyRequests

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.strategies import MovingWindowRateLimiter

PER_ADDRESS = "10/minute"
"""Comments from one address through one link: a person writes fewer, a program more."""

PER_SHARE = "300/hour"
"""Comments through one link, from all addresses."""


class CommentLimits:
    """Refusal of comments that come faster than people write."""

    def take(self, share_id: str, address: str) -> None:
        """Count a comment.

        Raises:
            TooManyRequests: 10 a minute from this address, or 300 an hour through this link.
        """
        per_address, per_share = self._items
        for item, keys in ((per_address, (share_id, address)), (per_share, (share_id,))):
            if not self._limiter.hit(item, *keys):
                reset = self._limiter.get_window_stats(item, *keys).reset_time
                wait_s = max(1, round(reset - time.time() + 0.5))
                raise TooManyRequests(
                    f"{item.amount} comments came within a short time. The next is possible in {wait_s} s.",
                    retry_after_s=wait_s,
                )

    @cached_property
    def _items(self) -> "tuple[RateLimitItem, RateLimitItem]":
        from limits import parse  # 120 ms to import: with the first comment, not with the process

        return parse(PER_ADDRESS), parse(PER_SHARE)

    @cached_property
    def _limiter(self) -> "MovingWindowRateLimiter":
        from limits.storage import MemoryStorage
        from limits.strategies import MovingWindowRateLimiter

        return MovingWindowRateLimiter(MemoryStorage())
