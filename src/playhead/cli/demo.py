"""``playhead demo``: a reel of sample clips, one of prompts, and a live channel that is recorded, all temporary."""

import os
import secrets
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes, format_duration

if TYPE_CHECKING:
    from playhead.access.access import Access
    from playhead.cli.client import Api
    from playhead.cli.demo_live import FakeTwitch

EMAIL = "demo@example.org"
TITLE = "Demo reel"


@dataclass(frozen=True, slots=True)
class Reel:
    """The result of the demo."""

    project: dict[str, Any]
    video: dict[str, Any]
    signed_url: str


def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="Check the reel, then stop.")] = False,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; a free one if it is taken.")] = 8000,
) -> None:
    """Try Playhead with sample clips.

    They are uploaded, stitched into a reel, and served until Ctrl-C. Prompts become clips by the local provider, and a
    channel of a built-in live source is recorded meanwhile.

    \b
    Examples:
      playhead demo
      playhead demo --once

    Everything is in a temporary folder that is removed at the end; your settings and data stay untouched.
    """
    from playhead.cli.demo_live import fake_twitch
    from playhead.cli.demo_server import running

    terminal: Terminal = context.obj
    with tempfile.TemporaryDirectory(prefix="playhead-demo-", ignore_cleanup_errors=True) as name, _terminable():
        folder = Path(name)
        _isolate(folder)
        password = secrets.token_urlsafe(9)
        key = _first_admin(password)
        with fake_twitch(folder) as twitch, running(folder, host=host, port=port, key=key) as server:
            terminal.say(f"Playhead is running at {server.url}")
            recording = _go_live(terminal, server.url, key, twitch)
            reel = _make_reel(terminal, server.url, key, folder)
            generated = _generate(terminal, server.url, key)
            if once:
                _check(terminal, reel, folder)
                _check_live(terminal, server.url, key, twitch, recording)
            else:
                _show(terminal, server.url, reel, generated, recording, password)
                with suppress(KeyboardInterrupt):
                    server.wait()
                terminal.say("\nStopping")
    if once:
        terminal.say("OK: the reel is complete and seekable, the recording too, and the server stopped cleanly.")


def _isolate(folder: Path) -> None:
    """Keep the settings and the data of the user out of this run."""
    kept = {"PLAYHEAD_FFMPEG", "PLAYHEAD_SKIP_UI"}
    for name in [name for name in os.environ if name.startswith("PLAYHEAD_") and name not in kept]:
        del os.environ[name]
    config = folder / "playhead.toml"
    config.write_text('disk_headroom = "64MB"\n')  # some temporary folders are small
    os.environ |= {"PLAYHEAD_CONFIG": str(config), "PLAYHEAD_DATA": str(folder / "data")}


def _first_admin(password: str) -> str:
    from playhead.cli.data_folder import with_access

    async def work(access: "Access") -> str:
        user = await access.users.add(None, email=EMAIL, password=password, role="admin", name="Demo")
        return (await access.keys.create(None, user_id=user.id, name="demo")).key

    return with_access(work)


def _go_live(terminal: Terminal, url: str, key: str, twitch: "FakeTwitch") -> dict[str, Any]:
    from playhead.cli.client import Api
    from playhead.cli.demo_live import go_live

    with Api(url, key) as api:
        return go_live(terminal, api, twitch)


def _generate(terminal: Terminal, url: str, key: str) -> dict[str, Any]:
    from playhead.cli.client import Api
    from playhead.cli.demo_generate import make_generated

    with Api(url, key) as api:
        return make_generated(terminal, api)


def _make_reel(terminal: Terminal, url: str, key: str, folder: Path) -> Reel:
    from playhead.cli.client import Api
    from playhead.cli.stitch import wait_with_bar

    with Api(url, key) as api:
        clips = _upload_samples(terminal, api, folder)
        project = api.send("POST", "/projects", json={"title": TITLE, "clips": clips})
        job = api.send("POST", f"/projects/{project['id']}/stitch", json={})
        terminal.say(f"Stitching {len(clips)} clips")
        wait_with_bar(terminal, api, job["id"], "Stitching")
        project = api.get(f"/projects/{project['id']}")
        video = api.get(f"/videos/{project['reel']['video_id']}")
        playback = api.send("POST", f"/videos/{video['id']}/playback", json={"kind": "file"})
    terminal.say(f"The reel is ready: {format_duration(video['duration_s'])}, {format_bytes(video['size_bytes'])}")
    return Reel(project, video, playback["url"])


def _upload_samples(terminal: Terminal, api: "Api", folder: Path) -> list[dict[str, Any]]:
    """Create and upload the sample clips, and return the clips of a project, every other one trimmed."""
    import asyncio

    from playhead.cli.unfinished import Unfinished
    from playhead.cli.upload import upload_file, wait_until_ready
    from playhead.media.samples import make_samples

    terminal.say("Creating sample clips with ffmpeg")
    samples = folder / "samples"
    samples.mkdir()
    files = asyncio.run(make_samples(samples))
    kept = Unfinished(folder / "uploads")
    sent = [upload_file(terminal, api, file, title=file.stem, wait=False, unfinished=kept) for file in files]
    videos = [wait_until_ready(terminal, api, video["id"]) for video in sent]
    return [_clip(video, trimmed=number % 2 == 0) for number, video in enumerate(videos)]


def _clip(video: dict[str, Any], *, trimmed: bool) -> dict[str, Any]:
    if not trimmed:
        return {"video_id": video["id"]}
    length = video["duration_s"]
    return {"video_id": video["id"], "start_s": round(length * 0.1, 2), "end_s": round(length * 0.8, 2)}


def _show(
    terminal: Terminal,
    url: str,
    reel: Reel,
    generated: dict[str, Any],
    recording: dict[str, Any],
    password: str,
) -> None:
    terminal.say("")
    terminal.fields(
        [
            ("Open", f"{url}/projects/{reel.project['id']}"),
            ("Prompts", f"{url}/projects/{generated['id']}"),
            ("Live", f"{url}/live/recordings/{recording['id']}"),
            ("Sign in", f"{EMAIL}  with  {password}"),
            ("Play", reel.signed_url),
        ]
    )
    terminal.say("\nThe last URL plays without signing in, in curl and players, too. Ctrl-C stops the demo.")


def _check(terminal: Terminal, reel: Reel, folder: Path) -> None:
    from playhead.cli.demo_check import check_reel

    terminal.data(reel.signed_url)
    check_reel(reel.signed_url, reel.video, reel.project["duration_s"], folder / "reel.mp4")


def _check_live(terminal: Terminal, url: str, key: str, twitch: "FakeTwitch", recording: dict[str, Any]) -> None:
    from playhead.cli.client import Api
    from playhead.cli.demo_live import check_live

    with Api(url, key) as api:
        check_live(terminal, api, twitch, recording)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM end the demo as Ctrl-C does: the server stops and the folder is removed."""

    from playhead.app.signals import stop_signals

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    # SIGINT as well: a shell that starts the demo in the background ignores it.
    before = {number: signal.signal(number, stop) for number in stop_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
