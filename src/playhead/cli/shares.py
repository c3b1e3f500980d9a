"""``playhead videos share``, ``shares``, ``unshare`` and ``links``: access to a video for others."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, Limit, RenditionName, VideoId, Yes
from playhead.cli.parsers import length_s, lifetime
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal

links = typer.Typer(no_args_is_help=True, help="Revoke signed links to a video, or create one for an external program.")

_NEAR = {"computer": "the server's own computer", "network": "the server's own network"}

ShareId = Annotated[str, typer.Argument(metavar="SHARE", help="Share link id, shr_...")]


def share(
    context: typer.Context,
    video_id: VideoId,
    expires: Annotated[
        timedelta | None,
        typer.Option(parser=lifetime, metavar="LENGTH", help="Lifetime, such as 7d. [default: the server's, 30d]"),
    ] = None,
    until_revoked: Annotated[
        bool, typer.Option("--until-revoked", help="The link has no end until it is revoked.")
    ] = False,
    password_stdin: Annotated[
        bool,
        typer.Option("--password-stdin", help="Protect the link with a password from the first line of stdin."),
    ] = False,
    download: Annotated[bool, typer.Option("--download", help="Viewers may also download the file.")] = False,
    comments: Annotated[
        str, typer.Option(metavar="off|read|write", help="What viewers may do with the comments.")
    ] = "off",
    as_json: AsJson = False,
) -> None:
    """Create a share link, and print it.

    Anyone with the link can watch the video.

    \b
    Examples:
      playhead videos share VIDEO
      playhead videos share VIDEO --expires 7d --download
      playhead videos share VIDEO --comments write
      pass show screening | playhead videos share VIDEO --password-stdin
      playhead videos share VIDEO --json | jq -r .embed_url
    """
    from playhead.cli.users import read_password

    terminal: Terminal = context.obj
    if expires is not None and until_revoked:
        raise typer.BadParameter("the link cannot do both", param_hint="--expires / --until-revoked")
    wanted: dict[str, Any] = {"allow_download": download, "comments": comments}
    if expires is not None or until_revoked:
        wanted["expires_at"] = (datetime.now(UTC) + expires).isoformat() if expires is not None else None
    if password_stdin:
        wanted["password"] = read_password(terminal, from_stdin=True)
    with connect(terminal) as api:
        made = api.send("POST", f"/videos/{video_id}/shares", json=wanted)
        reach = api.get("/sharing")["reach"]
    if reach in _NEAR:
        terminal.say(f"Only {_NEAR[reach]} can open this link. Set public_url on the server to change that.")
    terminal.json(made) if as_json else terminal.data(made["url"])


def shares(context: typer.Context, video_id: VideoId, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List the share links of a video, newest first, revoked and expired ones included.

    \b
    Examples:
      playhead videos shares VIDEO
      playhead videos shares VIDEO --json | jq -r '.[] | select(.revoked_at == null).url'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        found = api.items(f"/videos/{video_id}/shares", limit=limit)
    columns = ["id", "link", "state", "with", "views"]
    terminal.items(found, columns, _row, as_json=as_json, empty="No share links.")


def unshare(context: typer.Context, share_id: ShareId) -> None:
    """Revoke a share link permanently, with every signed link of its viewers.

    \b
    Examples:
      playhead videos unshare shr_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        api.send("DELETE", f"/shares/{share_id}")
    terminal.say(f"Revoked {share_id}")


@links.command("revoke")
def revoke_links(
    context: typer.Context,
    video_id: VideoId,
    with_shares: Annotated[bool, typer.Option("--shares", help="Revoke the share links, too.")] = False,
    yes: Yes = False,
) -> None:
    """Revoke all existing signed links to a video.

    \b
    Examples:
      playhead videos links revoke VIDEO
      playhead videos links revoke VIDEO --shares --yes

    Signed-in players and share pages get new links and keep playing.
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        title = api.get(f"/videos/{video_id}")["title"]
        if not terminal.confirm(f"Revoke all links to {title} ({video_id})?", yes=yes):
            raise typer.Exit(1)
        api.send("POST", f"/videos/{video_id}/playback/revoke", json={"shares": with_shares})
    terminal.say(f"Revoked all links to {video_id}")


@links.command("asset")
def make_asset_link(
    context: typer.Context,
    video_id: VideoId,
    ttl: Annotated[
        int | None,
        typer.Option(parser=length_s, metavar="LENGTH", help="Lifetime, 1m to 3d. [default: 15m]"),
    ] = None,
    rendition: RenditionName = None,
    poster: Annotated[bool, typer.Option("--poster", help="The poster instead of the video.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print a URL for an external program, such as a model provider, to fetch one file.

    \b
    Examples:
      playhead videos links asset VIDEO
      playhead videos links asset VIDEO --rendition download-720p --ttl 1h
    """
    terminal: Terminal = context.obj
    wanted: dict[str, Any] = {"kind": "poster" if poster else "file", "rendition": rendition}
    if ttl is not None:
        wanted["ttl_s"] = ttl
    with connect(terminal) as api:
        made = api.send("POST", f"/videos/{video_id}/asset-token", json=wanted)
    terminal.json(made) if as_json else terminal.data(made["url"])


def _row(shared: dict[str, Any]) -> list[object]:
    return [shared["id"], shared["url"], _state(shared), _extras(shared), str(shared["views"])]


def _state(shared: dict[str, Any]) -> str:
    if shared["revoked_at"]:
        return "revoked"
    if not shared["expires_at"]:
        return "active"
    over = datetime.fromisoformat(shared["expires_at"]) <= datetime.now(UTC)
    return "expired" if over else f"until {shared['expires_at']}"


def _extras(shared: dict[str, Any]) -> str | None:
    words = [word for word, name in (("password", "has_password"), ("download", "allow_download")) if shared[name]]
    if shared["comments"] != "off":
        words.append("comments" if shared["comments"] == "write" else "comments to read")
    return ", ".join(words) or None
