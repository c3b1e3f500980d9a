"""``playhead videos renditions``: other encodings of a video."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from playhead.cli.options import AsJson, Wait
from playhead.cli.terminal import Terminal
from playhead.kit.names import codec_name, size_name
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.cli.client import Api


def renditions(
    context: typer.Context,
    video_id: Annotated[str, typer.Argument(metavar="VIDEO", help="Its id, vid_...")],
    make: Annotated[
        bool, typer.Option("--make", help="Have those made that are smaller: 1080, 720, 480 and 360 lines.")
    ] = False,
    codec: Annotated[Literal["h264", "av1"], typer.Option(help="Of what is made for players.")] = "h264",
    heights: Annotated[
        str | None, typer.Option(metavar="LINES,LINES", help="Make these in place of the usual ones.")
    ] = None,
    download: Annotated[
        int | None, typer.Option(metavar="LINES", help="Make one file with sound, of at most so many lines.")
    ] = None,
    delete: Annotated[str | None, typer.Option(metavar="NAME", help="Delete one, such as 720p.")] = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """List, make or delete renditions: a video in other sizes, for players and for download.

    \b
    Examples:
      playhead videos renditions VIDEO
      playhead videos renditions VIDEO --make --wait
      playhead videos renditions VIDEO --heights 720,360 --codec av1
      playhead videos renditions VIDEO --download 720 --wait
      curl -o small.mp4 "$(playhead url VIDEO --rendition download-720p)"
      playhead videos renditions VIDEO --delete 360p
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    wish: dict[str, Any] = {"codec": codec, "heights": _lines(heights), "download": download, "ladder": make or None}
    with connect(terminal) as api:
        if delete is not None:
            api.send("DELETE", f"/videos/{video_id}/renditions/{delete}")
        elif make or heights is not None or download is not None:
            _make(terminal, api, video_id, wish, wait=wait)
        items = api.get(f"/videos/{video_id}/renditions")["items"]
    if as_json:
        terminal.json(items)
    else:
        rows = [[item["name"], item["state"], _picture(item), _bits(item), _size(item)] for item in items]
        terminal.table(["name", "state", "picture", "bitrate", "size"], rows, empty="No renditions.")


def _make(terminal: Terminal, api: "Api", video_id: str, wish: dict[str, Any], *, wait: bool) -> None:
    from playhead.cli.stitch import wait_with_bar

    job = api.send("POST", f"/videos/{video_id}/renditions", json=wish)
    if wait:
        wait_with_bar(terminal, api, job["id"], "Making renditions")
    elif job["state"] in ("queued", "running"):
        terminal.warn(f"They are being made: playhead jobs watch {job['id']}")


def _lines(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(f"{text} is not a list of numbers such as 720,360.", param_hint="--heights") from error


def _picture(item: dict[str, Any]) -> str:
    size = size_name(item["width"], item["height"])
    return f"{size}, {codec_name(item['codec'])}{' + sound' if item['has_audio'] else ''}"


def _bits(item: dict[str, Any]) -> str | None:
    return f"{item['bitrate'] / 1000:.0f} kb/s" if item["bitrate"] is not None else None


def _size(item: dict[str, Any]) -> str | None:
    return format_bytes(item["size_bytes"]) if item["size_bytes"] is not None else None
