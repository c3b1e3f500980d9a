"""``playhead videos share`` and the like: links by which others see a video, and their end."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, Yes
from playhead.cli.spans import length_s
from playhead.cli.terminal import Terminal

links = typer.Typer(no_args_is_help=True, help="End signed links to a video, or make one for a program outside.")

_NEAR = {"computer": "the server's own computer", "network": "the server's own network"}

VideoId = Annotated[str, typer.Argument(metavar="VIDEO", help="Its id, vid_...")]
ShareId = Annotated[str, typer.Argument(metavar="SHARE", help="Its id, shr_...")]


def share(
    context: typer.Context,
    video_id: VideoId,
    expires: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="How long it is good for, such as 7d; else until it is ended.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from the first line of stdin; else it has none.")
    ] = False,
    download: Annotated[bool, typer.Option("--download", help="Whoever has it may also save the file.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a share link. Prints it; whoever has it can watch the video.

    \b
    Examples:
      playhead videos share VIDEO
      playhead videos share VIDEO --expires 7d --download
      pass show screening | playhead videos share VIDEO --password-stdin
      playhead videos share VIDEO --json | jq -r .embed_url
    """
    from playhead.cli.client import connect
    from playhead.cli.users import read_password

    terminal: Terminal = context.obj
    wish: dict[str, Any] = {"allow_download": download, "expires_at": _moment(expires)}
    if password_stdin:
        wish["password"] = read_password(terminal, from_stdin=True)
    with connect(terminal) as api:
        made = api.send("POST", f"/videos/{video_id}/shares", json=wish)
        reach = api.get("/sharing")["reach"]
    if reach in _NEAR:
        terminal.say(f"Only {_NEAR[reach]} can open this link. Set public_url on the server.")
    terminal.json(made) if as_json else terminal.data(made["url"])


def shares(context: typer.Context, video_id: VideoId, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the share links of a video, newest first, with those that have ended.

    \b
    Examples:
      playhead videos shares VIDEO
      playhead videos shares VIDEO --json | jq -r '.[] | select(.revoked_at == null).url'
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items(f"/videos/{video_id}/shares", limit=limit)
    if as_json:
        terminal.json(found)
        return
    rows = [[each["id"], each["url"], _state(each), _extras(each), str(each["views"])] for each in found]
    terminal.table(["id", "link", "state", "with", "views"], rows, empty="No share links.")


def unshare(context: typer.Context, share_id: ShareId) -> None:
    """End a share link for good, with every link that was made for its viewers.

    \b
    Examples:
      playhead videos unshare shr_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        api.send("DELETE", f"/shares/{share_id}")
    terminal.say(f"Ended {share_id}")


@links.command("revoke")
def revoke_links(
    context: typer.Context,
    video_id: VideoId,
    with_shares: Annotated[bool, typer.Option("--shares", help="The share links, too; else they go on.")] = False,
    yes: Yes = False,
) -> None:
    """End all signed links to a video that exist.

    \b
    Examples:
      playhead videos links revoke VIDEO
      playhead videos links revoke VIDEO --shares --yes

    Players that are signed in, and pages of share links, ask for new ones and go on.
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        title = api.get(f"/videos/{video_id}")["title"]
        if not terminal.confirm(f"End all links to {title} ({video_id})?", yes=yes):
            raise typer.Exit(1)
        api.send("POST", f"/videos/{video_id}/playback/revoke", json={"shares": with_shares})
    terminal.say(f"Ended all links to {video_id}")


@links.command("asset")
def make_asset_link(
    context: typer.Context,
    video_id: VideoId,
    ttl: Annotated[
        str | None, typer.Option(metavar="LENGTH", help="How long it is good for, 1m to 24h; 15m by default.")
    ] = None,
    rendition: Annotated[
        str | None, typer.Option(metavar="NAME", help="A rendition in place of the original, such as 720p.")
    ] = None,
    poster: Annotated[bool, typer.Option("--poster", help="The poster in place of the video.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a URL by which a program outside, such as a model provider's, can fetch one file.

    \b
    Examples:
      playhead videos links asset VIDEO
      playhead videos links asset VIDEO --rendition download-720p --ttl 1h
    """
    from playhead.cli.client import connect

    terminal: Terminal = context.obj
    wish: dict[str, Any] = {"kind": "poster" if poster else "file", "rendition": rendition}
    if ttl is not None:
        wish["ttl_s"] = _seconds(ttl, "--ttl")
    with connect(terminal) as api:
        made = api.send("POST", f"/videos/{video_id}/asset-token", json=wish)
    terminal.json(made) if as_json else terminal.data(made["url"])


def _moment(length: str | None) -> str | None:
    """So long from now, as the API takes it."""
    if length is None:
        return None
    try:
        return (datetime.now(UTC) + timedelta(seconds=_seconds(length, "--expires"))).isoformat()
    except OverflowError as error:
        raise typer.BadParameter(f"{length} is too long.", param_hint="--expires") from error


def _seconds(length: str, option: str) -> int:
    try:
        return length_s(length)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def _state(shared: dict[str, Any]) -> str:
    if shared["revoked_at"]:
        return "ended"
    if not shared["expires_at"]:
        return "good"
    over = datetime.fromisoformat(shared["expires_at"]) <= datetime.now(UTC)
    return "expired" if over else f"until {shared['expires_at']}"


def _extras(shared: dict[str, Any]) -> str | None:
    words = [word for word, name in (("password", "has_password"), ("download", "allow_download")) if shared[name]]
    return ", ".join(words) or None
