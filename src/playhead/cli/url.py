"""``playhead url``: a signed URL that plays without signing in."""

from typing import Annotated, Literal

import typer

from playhead.cli.options import AsJson, RenditionName, Ttl, VideoId
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

Kind = Literal["file", "hls", "poster", "thumbnail", "storyboard", "preview"]


def url(
    context: typer.Context,
    video_id: VideoId,
    kind: Annotated[
        Kind, typer.Option(help="The file, its HLS playlist, or an image; a thumbnail URL takes &t= and &w=.")
    ] = "file",
    rendition: RenditionName = None,
    ttl: Ttl = None,
    download: Annotated[bool, typer.Option("--download", help="Browsers save the file instead of playing it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a signed URL that plays without signing in.

    \b
    Examples:
      playhead url VIDEO
      curl -o reel.mp4 "$(playhead url VIDEO --ttl 10m)"
      playhead url VIDEO --kind poster --json | jq -r .expires_at
      mpv "$(playhead url RECORDING)"

    curl, players and browsers can open it until it expires. The URL of a recording plays it while it grows; one that is
    created afterwards plays its video.
    """
    terminal: Terminal = context.obj
    path, wanted = _request(video_id, kind, rendition, ttl, download=download)
    with connect(terminal) as api:
        playback = api.send("POST", path, json=wanted)
    terminal.json(playback) if as_json else terminal.data(playback["url"])


def _request(
    video_id: str, kind: Kind, rendition: str | None, ttl: int | None, *, download: bool
) -> tuple[str, dict[str, object] | None]:
    """Path and body of the request for a URL."""
    if video_id.startswith("rec_"):
        return f"/recordings/{video_id}/playback", None
    wanted: dict[str, object] = {"kind": kind, "download": download}
    if rendition is not None:
        wanted["rendition"] = rendition
    if ttl is not None:
        wanted["ttl_s"] = ttl
    return f"/videos/{video_id}/playback", wanted
