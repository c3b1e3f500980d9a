"""``playhead storage``: what takes room, and what frees the most."""

from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.units import format_bytes

KINDS = {"render_cache": "render cache"}
CAUSES = {
    "never_played": ("videos that nobody played", "playhead videos delete"),
    "old_reels": ("reels that newer ones replaced", "playhead videos delete"),
    "unwatched_renditions": ("renditions of videos that nobody played", "playhead videos renditions VIDEO --delete"),
    "trash": ("videos in the trash", "playhead trash empty"),
}
"""What each means, and the command that frees it."""


def storage(
    context: typer.Context,
    mine: Annotated[bool, typer.Option("--mine", help="Of your own videos alone, for an admin.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what takes room, and what frees the most.

    For admins everything, else your own videos.

    \b
    Examples:
      playhead storage
      playhead storage --json | jq '.causes[0].videos[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        report = api.get("/storage", mine="true" if mine else None)
    if as_json:
        terminal.json(report)
        return
    rows = [_use(use) for use in report["uses"]]
    total = ["total", "", format_bytes(report["size_bytes"])]
    terminal.table(["kind", "files", "size"], [*rows, total] if rows else [], empty="Nothing is stored yet.")
    if report["owners"]:
        terminal.data("")
        terminal.table(["owner", "videos", "size"], [_owner(owner) for owner in report["owners"]], empty="")
    if report["causes"]:
        terminal.data("")
        terminal.table(["frees", "what", "how"], [_cause(cause) for cause in report["causes"]], empty="")


def _use(use: dict[str, Any]) -> list[object]:
    return [KINDS.get(use["kind"], use["kind"]), use["count"], format_bytes(use["size_bytes"])]


def _owner(owner: dict[str, Any]) -> list[object]:
    return [owner["email"], owner["videos"], format_bytes(owner["size_bytes"])]


def _cause(cause: dict[str, Any]) -> list[object]:
    what, how = CAUSES[cause["name"]]
    if cause["count"] == 1:
        what = what.replace("videos", "video", 1) if what.startswith("videos") else what.replace("s ", " ", 1)
    return [format_bytes(cause["size_bytes"]), f"{cause['count']} {what}", how]
