"""Detection in real processes, with a fake Twitch."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

from playhead.live.fakes.platform import Twitch
from playhead.live.fakes.twitch import settings_for
from tests.fixtures.fake_twitch import fake_twitch, until
from tests.fixtures.server import Server, running_server
from tests.fixtures.tiers import thorough


@thorough
async def test_a_killed_worker_leaves_detection_to_the_next(tmp_path: Path) -> None:
    """A new connection serves the conduit's shard, and the next event comes by it; the doctor finds all well."""
    async with fake_twitch("alice") as twitch:
        settings = {**settings_for(twitch.url, twitch), "twitch_poll_interval": "3600", "twitch_detection": "conduit"}
        server_context = running_server(tmp_path, **settings)
        server = await asyncio.to_thread(server_context.__enter__)
        try:
            await _follow(server, twitch)
        finally:
            await asyncio.to_thread(server_context.__exit__, None, None, None)


async def _follow(server: Server, twitch: Twitch) -> None:
    channel = await asyncio.to_thread(
        server.post, "/api/v1/channels", {"url": "https://www.twitch.tv/alice", "auto_record": False}
    )
    await until(lambda: _shard(twitch) == "enabled" and len(twitch.subscriptions) == 4)
    first = set(twitch.sessions)
    os.kill(await _detecting(server), signal.SIGKILL)
    await until(lambda: not first & set(twitch.sessions))
    await until(lambda: _shard(twitch) == "enabled")
    await twitch.go_live("alice", stream_id="s1", title="Hello")
    found: list[dict[str, Any]] = []

    async def is_seen() -> bool:
        found[:] = (await asyncio.to_thread(server.get, f"/api/v1/channels/{channel['id']}/broadcasts"))["items"]
        return bool(found) and found[0]["title"] is not None

    await until(is_seen)
    doctor = await asyncio.to_thread(server.get, "/api/v1/live/doctor")
    verdicts = {one["name"]: one["verdict"] for one in doctor["findings"]}

    assert [(each["title"], each["detected_by"]) for each in found] == [("Hello", "conduit")]
    names = ("detection", "application", "subscriptions", "conduit", "websocket", "last_event")
    assert {verdicts[name] for name in names} == {"ok"}
    assert len(twitch.conduits) == 1
    assert len(twitch.subscriptions) == 4


async def _detecting(server: Server) -> int:
    """The process that runs the job."""
    found: list[int] = []

    async def runs() -> bool:
        workers = (await asyncio.to_thread(server.get, "/api/v1/workers"))["items"]
        found[:] = [one["pid"] for one in workers if any(job["kind"] == "detect" for job in one["jobs"])]
        return bool(found)

    await until(runs)
    return found[0]


def _shard(twitch: Twitch) -> str:
    return next((str(each["shards"]["0"]["status"]) for each in twitch.conduits.values() if each["shards"]), "missing")
