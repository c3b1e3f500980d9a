"""``playhead recordings``: what is recorded, and what was."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.recordings_finished import download_sidecars, fill_gaps
from playhead.cli.recordings_repair import repair
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes, format_duration

app = typer.Typer(no_args_is_help=True, help="List, stop, fill, repair and delete recordings.")

app.command("fill")(fill_gaps)
app.command("sidecars")(download_sidecars)
app.command("repair")(repair)

RecordingId = Annotated[str, typer.Argument(metavar="RECORDING", help="Recording id, rec_...")]


@app.command("list")
def list_recordings(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help="recording, finalising, ready or errored.")] = None,
    channel: Annotated[str | None, typer.Option(metavar="CHANNEL", help="Only of this channel.")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List recordings, newest first.

    \b
    Examples:
      playhead recordings list
      playhead recordings list --state errored --json | jq -r '.[].error.message'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/recordings", limit=limit, state=state, channel_id=channel)
    columns = ["id", "title", "state", "duration", "size", "gaps", "started"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No recordings.")


@app.command("show")
def show_recording(context: typer.Context, recording_id: RecordingId, as_json: AsJson = False) -> None:
    """Show a recording with its gaps.

    \b
    Examples:
      playhead recordings show rec_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead recordings show rec_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq .gaps
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        recording = api.get(f"/recordings/{recording_id}")
    print_recording(terminal, recording, as_json=as_json)


@app.command("stop")
def stop_recording(context: typer.Context, recording_id: RecordingId, as_json: AsJson = False) -> None:
    """Stop a recording; it becomes a video.

    \b
    Examples:
      playhead recordings stop rec_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _act(context.obj, recording_id, "stop", as_json=as_json)


@app.command("finalise")
def finalise_recording(context: typer.Context, recording_id: RecordingId, as_json: AsJson = False) -> None:
    """Make the video of an errored recording once more, from the parts that are there.

    \b
    Examples:
      playhead recordings finalise rec_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _act(context.obj, recording_id, "finalise", as_json=as_json)


@app.command("delete")
def delete_recording(
    context: typer.Context,
    recording_id: RecordingId,
    with_video: Annotated[bool, typer.Option("--with-video", help="Delete its video as well.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Delete the video although projects use it.")] = False,
    yes: Yes = False,
) -> None:
    """Delete a recording that has ended, with the parts that are left of it; its video stays unless it is named.

    \b
    Examples:
      playhead recordings delete rec_01k3q9h2v7e8t9m5x0c4d6f8ga --yes
      playhead recordings delete rec_01k3q9h2v7e8t9m5x0c4d6f8ga --with-video
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get(f"/recordings/{recording_id}")
        also = " with its video" if with_video and found["video_id"] else ""
        if not terminal.confirm(f"Delete the recording {found['title']} ({recording_id}){also}?", yes=yes):
            raise typer.Exit(1)
        params = {"with_video": with_video or None, "force": force or None}
        api.send("DELETE", f"/recordings/{recording_id}", params=params)
    terminal.say(f"Deleted {recording_id}")


def gap_words(gaps: list[dict[str, Any]]) -> str:
    """``, 2 gaps (3.5 s: source, host)``; empty without gaps."""
    if not gaps:
        return ""
    missing = sum(gap["length_s"] for gap in gaps)
    causes = ", ".join(dict.fromkeys(gap["cause"] for gap in gaps))
    return f", {len(gaps)} gap{'' if len(gaps) == 1 else 's'} ({missing:.1f} s: {causes})"


def print_recording(terminal: Terminal, recording: dict[str, Any], *, as_json: bool) -> None:
    """Show a recording."""
    if as_json:
        terminal.json(recording)
        return
    error = recording["error"] or {}
    running = recording["state"] == "recording"
    terminal.fields(
        [
            ("id", recording["id"]),
            ("title", recording["title"]),
            ("state", recording["state"]),
            ("health", recording["health"] if running else None),
            ("error", " ".join(filter(None, (error.get("message"), error.get("hint")))) or None),
            ("url", recording["url"]),
            ("quality", recording["quality"]),
            ("channel", recording["channel_id"]),
            ("video", recording["video_id"]),
            ("duration", format_duration(recording["duration_s"])),
            ("size", format_bytes(recording["size_bytes"])),
            ("rate", f"{format_bytes(round(recording['bytes_per_s']))}/s" if running else None),
            ("started", recording["started_at"]),
            ("ended", recording["ended_at"]),
            ("stopped by", recording["stop_reason"]),
        ]
    )
    if recording["gaps"]:
        terminal.data("")
        rows = [[format_duration(gap["start_s"]), f"{gap['length_s']:.1f}", gap["cause"]] for gap in recording["gaps"]]
        terminal.table(["gap at", "length_s", "cause"], rows, empty="")


def _act(terminal: Terminal, recording_id: str, action: str, *, as_json: bool) -> None:
    with connect(terminal) as api:
        recording = api.send("POST", f"/recordings/{recording_id}/{action}")
    if as_json:
        terminal.json(recording)
    else:
        state = "stopping" if action == "stop" and recording["state"] == "recording" else recording["state"]
        terminal.say(f"{recording['id']} is {state}")


def _row(recording: dict[str, Any]) -> list[object]:
    facts = [recording[name] for name in ("id", "title", "state")]
    length, size = format_duration(recording["duration_s"]), format_bytes(recording["size_bytes"])
    return [*facts, length, size, len(recording["gaps"]) or None, recording["started_at"]]
