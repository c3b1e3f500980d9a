"""Sending over any ASGI server: a hand-made one shows what each message carries."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from starlette.types import Message, Receive

from playhead.delivery.bodies.body import entity_of
from playhead.delivery.errors import BodyCutShort, MediaNotFound
from playhead.delivery.selection import select
from playhead.delivery.transfers.registry import Transfers
from playhead.delivery.transfers.response import MediaResponse
from playhead.delivery.transfers.sources import Sources
from playhead.observe.metrics import Metrics
from playhead.storage.errors import ObjectNotFound
from playhead.storage.store import Reading, Store
from tests.fixtures.media_site import media_file


class StreamingStore:
    """A remote store, ten bytes at a time."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content

    async def open_read(self, key: str, start: int, end: int) -> Reading:
        if self.content is None:
            raise ObjectNotFound(key)
        return TenBytes(self.content[start:end])


class TenBytes:
    """A span that was begun."""

    size_bytes = 100

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._content), 10):
            yield self._content[at : at + 10]


class Server:
    """What an ASGI server does for one response."""

    def __init__(self, *, breaks_after: int | None = None) -> None:
        self.messages: list[Message] = []
        self.breaks_after = breaks_after

    async def send(self, message: Message) -> None:
        await asyncio.sleep(0)
        if self.breaks_after is not None and len(self.messages) >= self.breaks_after:
            raise OSError
        self.messages.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def ended(self) -> bool:
        last = self.messages[-1]
        return last["type"] == "http.response.body" and not last.get("more_body", False)


async def stays() -> Message:
    """A client that waits for its bytes."""
    return cast(Message, await asyncio.Event().wait())


def leaves_after(server: Server, count: int) -> Receive:
    """A client that leaves once so many messages were sent."""

    async def receive() -> Message:
        while len(server.messages) < count:
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    return receive


CONTENT = bytes(range(100))


@dataclass
class Sent:
    """One response."""

    store: StreamingStore
    metrics: Metrics
    server: Server

    def ended(self, outcome: str) -> float | None:
        return self.metrics.registry.get_sample_value("playhead_transfers_total", {"kind": "file", "outcome": outcome})


async def respond(
    content: bytes | None = CONTENT,
    *,
    method: str = "GET",
    server: Server | None = None,
    receive: Receive = stays,
    **request: bytes,
) -> Sent:
    sent = Sent(StreamingStore(content), Metrics(), server or Server())
    row = media_file("videos/x/original")
    headers = {name.replace("_", "-").encode(): value for name, value in request.items()}
    response = MediaResponse(
        select(method, headers, entity_of(row), now=1_800_000_000),
        row,
        sources=Sources(cast(Store, sent.store)),
        transfers=Transfers(sent.metrics),
        video_id="vid_x",
        kind="file",
        headers={"Cache-Control": "private"},
    )
    scope: dict[str, Any] = {"type": "http", "method": method, "headers": []}
    await response(scope, receive, sent.server.send)
    return sent


async def test_a_store_that_only_streams_is_sent_whole() -> None:
    sent = await respond()

    assert sent.server.messages[0]["status"] == 200
    assert (b"cache-control", b"private") in sent.server.messages[0]["headers"]
    assert (sent.server.body, sent.server.ended, sent.ended("complete")) == (CONTENT, True, 1)


async def test_a_store_that_only_streams_is_asked_for_the_range() -> None:
    sent = await respond(range=b"bytes=15-44")

    assert (sent.server.messages[0]["status"], sent.server.body) == (206, CONTENT[15:45])


async def test_missing_bytes_are_told_before_anything_is_sent() -> None:
    server = Server()
    with pytest.raises(MediaNotFound):
        await respond(None, server=server)

    assert server.messages == []


async def test_head_and_not_modified_are_no_transfers() -> None:
    head = await respond(method="HEAD")
    held = await respond(if_none_match=b"*")

    assert (head.server.body, head.server.ended, head.ended("complete")) == (b"", True, None)
    assert (held.server.messages[0]["status"], held.server.body, held.server.ended) == (304, b"", True)


async def test_a_body_that_ends_too_soon_is_never_finished() -> None:
    server = Server()
    with pytest.raises(BodyCutShort):
        await respond(CONTENT[:60], server=server)

    assert not server.ended


async def test_a_client_that_leaves_ends_the_reading() -> None:
    server = Server()
    sent = await respond(server=server, receive=leaves_after(server, 4))

    assert (sent.ended("gone"), sent.ended("complete")) == (1, None)
    assert len(server.body) < 100
    assert not server.ended


async def test_a_server_that_raises_for_a_lost_client_is_understood() -> None:
    """ASGI spec version 2.4: ``send`` raises OSError after a disconnect."""
    sent = await respond(server=Server(breaks_after=4))

    assert (sent.ended("gone"), sent.ended("failed")) == (1, None)


async def test_a_canceled_response_is_closed_and_never_finished() -> None:
    server = Server()
    task = asyncio.create_task(respond(server=server))
    while len(server.messages) < 3:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not server.ended
