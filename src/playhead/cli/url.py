"""``playhead url``: an address that plays without a sign-in."""

from enum import StrEnum
from typing import Annotated

import typer

from playhead.cli.options import AsJson
from playhead.cli.spans import length_s
from playhead.cli.terminal import Terminal


class Kind(StrEnum):
    """What the address opens."""

    FILE = "file"
    HLS = "hls"
    POSTER = "poster"
    THUMBNAIL = "thumbnail"
    STORYBOARD = "storyboard"
    PREVIEW = "preview"


def url(
    context: typer.Context,
    video_id: Annotated[str, typer.Argument(metavar="VIDEO", help="Its id, vid_...")],
    kind: Annotated[
        Kind, typer.Option(help="The video, its HLS playlist, or pictures; a thumbnail takes &t= and &w=.")
    ] = Kind.FILE,
    rendition: Annotated[
        str | None, typer.Option(metavar="NAME", help="A rendition in place of the original, such as 720p.")
    ] = None,
    ttl: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="How long it is good for, such as 30m or 4h.")
    ] = None,
    download: Annotated[bool, typer.Option("--download", help="Browsers save it in place of playing it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a signed URL that curl, a player or a browser can open.

    \b
    Examples:
      playhead url VIDEO
      curl -o reel.mp4 "$(playhead url VIDEO --ttl 10m)"
      playhead url VIDEO --kind poster --json | jq -r .expires_at

    Whoever has the URL can open it until it expires.
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    wanted: dict[str, object] = {"kind": kind.value, "download": download}
    if rendition is not None:
        wanted["rendition"] = rendition
    if ttl is not None:
        try:
            wanted["ttl_s"] = length_s(ttl)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--ttl") from error
    with connect(terminal) as api:
        playback = api.send("POST", f"/videos/{video_id}/playback", json=wanted)
    terminal.json(playback) if as_json else terminal.data(playback["url"])
