"""``playhead videos renditions``: encoded versions of a video."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from playhead.cli.options import AsJson, VideoId, Wait
from playhead.cli.parsers import line_counts
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.kit.names import codec_name, size_name
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.cli.client import Api


def renditions(
    context: typer.Context,
    video_id: VideoId,
    make: Annotated[
        bool, typer.Option("--make", help="Create the smaller ones among 1080, 720, 480 and 360 lines.")
    ] = False,
    codec: Annotated[Literal["h264", "av1"], typer.Option(help="Codec of the renditions for players.")] = "h264",
    heights: Annotated[
        Sequence[int] | None,
        typer.Option(parser=line_counts, metavar="LINES,LINES", help="Create these instead of the usual ones."),
    ] = None,
    download: Annotated[
        int | None, typer.Option(metavar="LINES", help="Create one file with audio for download, at most this high.")
    ] = None,
    delete: Annotated[str | None, typer.Option(metavar="NAME", help="Delete one rendition, such as 720p.")] = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """List, create or delete renditions: a video in other sizes, for players and for download.

    \b
    Examples:
      playhead videos renditions VIDEO
      playhead videos renditions VIDEO --make --wait
      playhead videos renditions VIDEO --heights 720,360 --codec av1
      playhead videos renditions VIDEO --download 720 --wait
      curl -o small.mp4 "$(playhead url VIDEO --rendition download-720p)"
      playhead videos renditions VIDEO --delete 360p
    """
    terminal: Terminal = context.obj
    wanted: dict[str, Any] = {"codec": codec, "heights": heights, "download": download, "ladder": make or None}
    with connect(terminal) as api:
        if delete is not None:
            api.send("DELETE", f"/videos/{video_id}/renditions/{delete}")
        elif make or heights is not None or download is not None:
            _make(terminal, api, video_id, wanted, wait=wait)
        items = api.get(f"/videos/{video_id}/renditions")["items"]
    columns = ["name", "state", "format", "bitrate", "size"]
    terminal.items(items, columns, _row, as_json=as_json, empty="No renditions.")


def _make(terminal: Terminal, api: "Api", video_id: str, wanted: dict[str, Any], *, wait: bool) -> None:
    from playhead.cli.stitch import wait_with_bar

    job = api.send("POST", f"/videos/{video_id}/renditions", json=wanted)
    if wait:
        wait_with_bar(terminal, api, job["id"], "Creating renditions")
    elif job["state"] in ("queued", "running"):
        terminal.warn(f"Creating renditions: playhead jobs watch {job['id']}")


def _row(item: dict[str, Any]) -> list[object]:
    return [item["name"], item["state"], _format(item), _bits(item), _size(item)]


def _format(item: dict[str, Any]) -> str:
    size = size_name(item["width"], item["height"])
    return f"{size}, {codec_name(item['codec'])}{' + audio' if item['has_audio'] else ''}"


def _bits(item: dict[str, Any]) -> str | None:
    return f"{item['bitrate'] / 1000:.0f} kb/s" if item["bitrate"] is not None else None


def _size(item: dict[str, Any]) -> str | None:
    return format_bytes(item["size_bytes"]) if item["size_bytes"] is not None else None
