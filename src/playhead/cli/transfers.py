"""``playhead transfers``: media on its way to viewers."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, OfVideo
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes

app = typer.Typer(no_args_is_help=True, help="List and end transfers of media to viewers.")


@app.command("list")
def list_transfers(
    context: typer.Context,
    ended: Annotated[bool, typer.Option("--ended", help="The latest that ended instead of the active ones.")] = False,
    video: OfVideo = None,
    as_json: AsJson = False,
) -> None:
    """List transfers, newest first.

    \b
    Examples:
      playhead transfers list
      playhead transfers list --ended --json | jq -r '.[] | select(.outcome != "complete")'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.get("/transfers", state="ended" if ended else "active", video_id=video)["items"]
    columns = ["id", "video", "kind", "viewer", "client", "sent", "rate", "outcome" if ended else "began"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No transfers.")


@app.command("viewings")
def list_viewings(
    context: typer.Context,
    video: OfVideo = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List viewings, newest first.

    A viewing is all transfers of one video to one viewer.

    \b
    Examples:
      playhead transfers viewings
      playhead transfers viewings --video vid_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq -r '.[].client'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items("/transfers/viewings", limit=limit, video_id=video)
    columns = ["began", "video", "viewer", "client", "sent", "pieces", "outcome"]
    terminal.items(found, columns, _viewing, as_json=as_json, empty="No viewings.")


@app.command("end")
def end_transfer(
    context: typer.Context, transfer: Annotated[str, typer.Argument(metavar="TRANSFER", help="Transfer id, trf_...")]
) -> None:
    """End a transfer, and close its connection.

    \b
    Examples:
      playhead transfers end trf_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        api.send("DELETE", f"/transfers/{transfer}")
    terminal.say(f"Ended {transfer}.")


def _viewing(one: dict[str, Any]) -> list[object]:
    what = [one[name] for name in ("began_at", "video_id", "viewer", "client")]
    return [*what, format_bytes(one["acked_bytes"]), one["pieces"], one["outcome"] or one["state"]]


def _row(one: dict[str, Any]) -> list[object]:
    sent = f"{format_bytes(one['acked_bytes'])} of {format_bytes(one['expected_bytes'])}"
    rate = f"{format_bytes(int(one['rate_bytes_per_s']))}/s"
    last = one["outcome"] or one["began_at"]
    return [one["id"], one["video_id"], one["kind"], one["viewer"], one["client"] or "", sent, rate, last]
