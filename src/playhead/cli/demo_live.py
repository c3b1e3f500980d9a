"""The live part of the demo: a channel of the built-in source goes live, is recorded, and becomes a video."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError
from playhead.kit.units import format_bytes, format_duration

if TYPE_CHECKING:
    from playhead.cli.client import Api

LOGIN: Final = "playhead_demo"
TITLE: Final = "A live test card"
WITHIN_S: Final = 90.0
RECORDED_S: Final = 3.0
"""How much is recorded before the check ends the broadcast."""


@dataclass(frozen=True, slots=True)
class FakeTwitch:
    """The fake Twitch in a process of its own."""

    url: str

    def post(self, what: str, **facts: Any) -> None:
        """Have something happen."""
        import httpx2

        httpx2.post(f"{self.url}/fake/{what}", json=facts, timeout=10, trust_env=False).raise_for_status()

    def is_subscribed(self) -> bool:
        """Whether Playhead gets its events."""
        import httpx2

        answer = httpx2.get(f"{self.url}/fake/state", timeout=10, trust_env=False)
        found: list[str] = answer.json()["subscriptions"]
        return sum(one.startswith(("stream.", "channel.")) and one.endswith(" enabled") for one in found) >= 3


@contextmanager
def fake_twitch(folder: Path) -> Iterator[FakeTwitch]:
    """Start the fake Twitch with the live source, and point the settings of this process's children at it."""
    command = [sys.executable, "-m", "playhead.live.fakes.twitch", "--port", "0", "--user", LOGIN]
    process = subprocess.Popen(
        [*command, "--source", str(folder / "source")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.strip().removeprefix("export ").partition("=")
            os.environ[name] = value
            if name == "PLAYHEAD_TWITCH_SOURCE_URL":
                break
        else:
            raise _wrong("The fake Twitch did not start.")
        os.environ |= {"PLAYHEAD_TWITCH_DETECTION": "conduit", "PLAYHEAD_LIVE_GRACE": "1"}
        yield FakeTwitch(os.environ["PLAYHEAD_TWITCH_ID_URL"])
    finally:
        process.terminate()
        process.wait()


def go_live(terminal: Terminal, api: "Api", twitch: FakeTwitch) -> dict[str, Any]:
    """Add the channel, let it go live, and wait until its recording receives; the recording."""
    api.send("POST", "/channels", json={"url": f"https://www.twitch.tv/{LOGIN}", "name": "Demo channel"})
    _wait("Twitch's events", twitch.is_subscribed)
    twitch.post("live", login=LOGIN, title=TITLE, category="Test cards")
    recording = _recording(api, lambda one: one["size_bytes"] > 0)
    terminal.say(f"A channel is live and is being recorded: {recording['title']}")
    return recording


def check_live(terminal: Terminal, api: "Api", twitch: FakeTwitch, recording: dict[str, Any]) -> dict[str, Any]:
    """Watch the recording while it grows, end the broadcast, and check the video; the video.

    Raises:
        PlayheadError: with what is wrong.
    """
    _recording(api, lambda one: one["duration_s"] >= RECORDED_S)
    _check_playlist(api.send("POST", f"/recordings/{recording['id']}/playback", json={})["url"])
    twitch.post("update", login=LOGIN, title="The second chapter", category="Test cards")
    twitch.post("offline", login=LOGIN)
    found = _recording(api, lambda one: one["state"] in ("ready", "errored"))
    if found["state"] != "ready":
        raise _wrong(f"The recording is {found['state']}.")
    _wait("the video", lambda: api.get(f"/videos/{found['video_id']}")["state"] == "ready")
    video: dict[str, Any] = api.get(f"/videos/{found['video_id']}")
    if video["duration_s"] < RECORDED_S or found["gaps"]:
        raise _wrong(f"The video lasts {video['duration_s']:.1f} s and has {len(found['gaps'])} gaps.")
    length, size = format_duration(video["duration_s"]), format_bytes(video["size_bytes"])
    terminal.say(f"The broadcast ended and is a video: {length}, {size}")
    return video


def _check_playlist(url: str) -> None:
    import httpx2

    answer = httpx2.get(url, timeout=30, trust_env=False, follow_redirects=True)
    if answer.status_code != 200 or "#EXTINF" not in answer.text:
        raise _wrong(f"The playlist of the recording is answered with {answer.status_code}.")


def _recording(api: "Api", holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The only recording, once a condition holds."""
    found: list[dict[str, Any]] = []

    def look() -> bool:
        found[:] = api.get("/recordings")["items"]
        return bool(found) and (holds(found[0]) or found[0]["state"] == "errored")

    _wait("the recording", look)
    return found[0]


def _wait(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        if time.monotonic() > deadline:
            raise _wrong(f"The demo waited {WITHIN_S:.0f} s for {what}.")
        time.sleep(0.2)


def _wrong(detail: str) -> PlayheadError:
    return PlayheadError(detail, code="live_demo_wrong", title="The live demo is wrong")
