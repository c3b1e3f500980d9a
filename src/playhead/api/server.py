"""What a server process knows of itself besides its settings."""

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Server:
    """How a server process was started.

    Args:
        media_origins: Origins of a remote store's presigned URLs (``https://bucket.example.com``).
        with_worker: This server keeps a worker, without which it is not ready.
    """

    media_origins: tuple[str, ...] = ()
    with_worker: bool = True


class Stopping(asyncio.Event):
    """Set when the server begins to stop: endless responses, such as live feeds, end at once."""
