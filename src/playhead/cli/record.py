"""``playhead record``: a URL, once."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.recordings import gap_words, print_recording
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError
from playhead.kit.units import format_bytes, format_duration

if TYPE_CHECKING:
    from playhead.cli.client import Api

POLL_S = 1.0
LINE_EVERY_S = 10.0
ENDED = ("ready", "errored")


class RecordingFailed(PlayheadError):
    """The recording ended without a video."""

    code = "recording_failed"
    title = "The recording failed"


def record(
    context: typer.Context,
    url: Annotated[str, typer.Argument(metavar="URL", help="Page with live video, or a stream.")],
    title: Annotated[str | None, typer.Option(help="Title; by default from the URL.")] = None,
    quality: Annotated[str, typer.Option(help="best, worst, 720p60, ...")] = "best",
    captures: Annotated[int, typer.Option(min=1, max=2, help="2: record twice at a time, and join.")] = 1,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Show it until it has become a video.")] = False,
    as_json: AsJson = False,
) -> None:
    """Record a URL once, from now on.

    Prints the id of the recording.

    \b
    Examples:
      playhead record https://www.twitch.tv/name --follow
      playhead record rtmp://example.com/live/key --title "Town meeting"
      playhead recordings stop "$(playhead record srt://example.com:9000)"

    With --follow, Ctrl-C stops the recording and waits for its video; a second Ctrl-C leaves it alone.
    """
    terminal: Terminal = context.obj
    wanted = {"url": url, "title": title, "quality": quality, "captures": captures}
    with connect(terminal) as api:
        recording = api.send("POST", "/recordings", json=wanted)
        if follow:
            terminal.say(f"Recording {recording['id']}; Ctrl-C stops it.")
            recording = follow_recording(terminal, api, recording["id"])
    if as_json or follow:
        print_recording(terminal, recording, as_json=as_json)
    else:
        terminal.data(recording["id"])


def follow_recording(terminal: Terminal, api: "Api", recording_id: str) -> dict[str, Any]:
    """Show a recording until it has ended; Ctrl-C requests that once.

    Raises:
        RecordingFailed: it became no video.
    """
    view = _View(terminal)
    try:
        recording = _wait(view, api, recording_id)
    except KeyboardInterrupt:
        view.say("Stopping; Ctrl-C again leaves it to finish by itself.")
        api.send("POST", f"/recordings/{recording_id}/stop")
        recording = _wait(view, api, recording_id)
    finally:
        view.close()
    if recording["state"] == "errored":
        error = recording["error"] or {}
        raise RecordingFailed(error.get("message") or f"Recording {recording_id} failed.", hint=error.get("hint"))
    return recording


def _wait(view: "_View", api: "Api", recording_id: str) -> dict[str, Any]:
    while True:
        recording: dict[str, Any] = api.get(f"/recordings/{recording_id}")
        view.show(recording)
        if recording["state"] in ENDED:
            return recording
        time.sleep(POLL_S)


class _View:
    """One line that changes on a terminal; elsewhere a line for each change of state, and one now and then."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._status = terminal.console().status("Starting") if terminal.live else None
        if self._status is not None:
            self._status.start()
        self._last: tuple[object, ...] = ()
        self._shown_at = 0.0

    def show(self, recording: dict[str, Any]) -> None:
        if self._status is not None:
            from rich.text import Text

            self._status.update(Text(status_line(recording)))
            return
        state = (recording["state"], recording["health"], len(recording["gaps"]))
        if state != self._last or time.monotonic() - self._shown_at >= LINE_EVERY_S:
            self._terminal.say(status_line(recording))
            self._last, self._shown_at = state, time.monotonic()

    def say(self, text: str) -> None:
        self._terminal.warn(text)

    def close(self) -> None:
        if self._status is not None:
            self._status.stop()


def status_line(recording: dict[str, Any]) -> str:
    """``receiving  0:12:03  345.6 MB  3.1 MB/s, 1 gap (4.0 s: source)``."""
    running = recording["state"] == "recording"
    words = [
        recording["health"] if running else recording["state"],
        format_duration(recording["duration_s"]),
        format_bytes(recording["size_bytes"]),
    ]
    if running:
        words.append(f"{format_bytes(round(recording['bytes_per_s']))}/s")
    return "  ".join(words) + gap_words(recording["gaps"])
