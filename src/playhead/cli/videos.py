"""``playhead videos``: the library."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.activity import activity
from playhead.cli.keeping import keep, unkeep
from playhead.cli.marking import poster, tag, watched
from playhead.cli.options import AsJson, Limit, Search, VideoId, Yes
from playhead.cli.parsers import time_s
from playhead.cli.renditions import renditions
from playhead.cli.server import connect
from playhead.cli.shares import links, share, shares, unshare
from playhead.cli.technical import technical_fields
from playhead.cli.terminal import Terminal, safe
from playhead.errors import InvalidInput
from playhead.kit.names import channels_name, codec_name, language_name, video_format_name
from playhead.kit.units import format_bytes, format_duration

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="Manage the videos of the library.")
app.command("renditions")(renditions)
app.command("share")(share)
app.command("shares")(shares)
app.command("unshare")(unshare)
app.add_typer(links, name="links")
app.command("activity")(activity)
app.command("keep")(keep)
app.command("unkeep")(unkeep)
app.command("tag")(tag)
app.command("watched")(watched)
app.command("poster")(poster)


@app.command("list")
def list_videos(
    context: typer.Context,
    search: Search = None,
    state: Annotated[str | None, typer.Option(help="preparing, ready or errored.")] = None,
    origin: Annotated[str | None, typer.Option(help="upload or reel.")] = None,
    sort: Annotated[
        str | None,
        typer.Option(
            help="created_at, title, duration_s, size_bytes, height, video_codec, origin, state or watched_at; a "
            "leading - reverses the order."
        ),
    ] = None,
    collection: Annotated[
        str | None, typer.Option(metavar="COLLECTION", help="Only those in a collection, col_... or its name.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only those with a tag; may be repeated.")] = None,
    watched: Annotated[str | None, typer.Option(help="watched, begun or unwatched, by you.")] = None,
    owner: Annotated[str | None, typer.Option(help="For admins: all, or a user id, usr_...")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List videos, newest first.

    \b
    Examples:
      playhead videos list
      playhead videos list --search beach --sort -size_bytes
      playhead videos list --collection "Harbour trip" --tag boat
      playhead videos list --state errored --json | jq -r '.[].id'
    """
    from playhead.cli.collections import find_collection

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        inside = find_collection(api, collection)["id"] if collection else None
        filters = {"collection_id": inside, "tag": tag or None, "watched": watched, "owner": owner}
        videos = api.items("/videos", limit=limit, search=search, state=state, origin=origin, sort=sort, **filters)
    columns = ["id", "title", "state", "duration", "format", "size", "created"]
    terminal.items(videos, columns, _row, as_json=as_json, empty="No videos.")


@app.command("show")
def show_video(context: typer.Context, video_id: VideoId, as_json: AsJson = False) -> None:
    """Show the details of a video.

    \b
    Examples:
      playhead videos show vid_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead videos show vid_01k3q9h2v7e8t9m5x0c4d6f8ga --json | jq .duration_s
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        video = api.get(f"/videos/{video_id}")
        facts = api.get(f"/videos/{video_id}/technical") if video["state"] == "ready" else None
    if as_json:
        terminal.json({**video, "technical": facts})
        return
    error = video["error"] or {}
    terminal.fields(
        [
            ("id", video["id"]),
            ("title", video["title"]),
            ("state", video["state"]),
            ("error", " ".join(filter(None, (error.get("message"), error.get("hint")))) or None),
            ("origin", video["origin"]),
            ("duration", _duration(video)),
            ("format", _format(video)),
            ("codecs", _codecs(video)),
            *(technical_fields(facts) if facts else ()),
            *(("remark", remark) for remark in video["remarks"]),
            ("size", _size(video)),
            ("file", video["filename"]),
            ("sha256", video["sha256"]),
            ("project", video["project_id"]),
            ("job", video["job_id"]),
            ("kept", "yes" if video["keep"] else None),
            ("tags", ", ".join(video["tags"]) or None),
            ("watched", _watched(video)),
            ("created", video["created_at"]),
        ]
    )


@app.command("rename")
def rename_video(
    context: typer.Context,
    video_id: VideoId,
    title: Annotated[str, typer.Argument(metavar="TITLE")],
    as_json: AsJson = False,
) -> None:
    """Rename a video.

    \b
    Examples:
      playhead videos rename vid_01k3q9h2v7e8t9m5x0c4d6f8ga "The beach, take two"
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        video = api.send("PATCH", f"/videos/{video_id}", json={"title": title})
    if as_json:
        terminal.json(video)
    else:
        terminal.say(f"{video['id']} is now {safe(video['title'])}")


@app.command("audio")
def audio_tracks(
    context: typer.Context,
    video_id: VideoId,
    track: Annotated[int | None, typer.Argument(metavar="[TRACK]", help="Number of the track to play.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the audio tracks of a video, or choose the one to play, stream and stitch.

    \b
    Examples:
      playhead videos audio vid_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead videos audio vid_01k3q9h2v7e8t9m5x0c4d6f8ga 2
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        path = f"/videos/{video_id}"
        video = api.get(path) if track is None else api.send("PATCH", path, json={"audio_track": track})
    terminal.items(
        video["audio_tracks"],
        ["track", "language", "title", "format", "notes"],
        lambda each: _audio_row(each, played=each["track"] == video["audio_track"]),
        as_json=as_json,
        empty="No audio tracks.",
    )


@app.command("thumbnail")
def save_thumbnail(
    context: typer.Context,
    video_id: VideoId,
    out: Annotated[Path, typer.Option("--out", "-o", help="JPEG to write.")],
    at: Annotated[
        float | None,
        typer.Option(parser=time_s, metavar="TIME", help="Time, such as 12.5 or 1:04. [default: the poster]"),
    ] = None,
    width: Annotated[int | None, typer.Option(metavar="PIXELS", help="Width, together with --at.")] = None,
) -> None:
    """Save the poster or a thumbnail of a video.

    \b
    Examples:
      playhead videos thumbnail vid_01k3q9h2v7e8t9m5x0c4d6f8ga -o poster.jpg
      playhead videos thumbnail vid_01k3q9h2v7e8t9m5x0c4d6f8ga --at 1:04 --width 1280 -o moment.jpg
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        answer = api.request(
            "GET", f"/videos/{video_id}/thumbnail", params={"t": at, "w": width}, follow_redirects=True
        )
    try:
        out.write_bytes(answer.content)
    except OSError as error:
        raise InvalidInput(f"{out} cannot be written: {error.strerror}.") from error
    terminal.say(f"Wrote {out}")


@app.command("samples")
def add_samples(context: typer.Context, as_json: AsJson = False) -> None:
    """Add three short sample clips to the library.

    \b
    Examples:
      playhead videos samples
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        job = api.send("POST", "/videos/samples")
    if as_json:
        terminal.json(job)
    else:
        terminal.say(f"Creating sample clips: {job['id']}")


@app.command("delete")
def delete_videos(
    context: typer.Context,
    video_ids: Annotated[list[str], typer.Argument(metavar="VIDEO", help="Video ids, vid_...")],
    force: Annotated[
        bool,
        typer.Option("--force", help="Delete videos in use, too; their clips stay, without a video."),
    ] = False,
    trash: Annotated[bool, typer.Option("--trash", help="Move them to the trash; they can be restored.")] = False,
    yes: Yes = False,
) -> None:
    """Delete videos and their files, after a confirmation.

    \b
    Examples:
      playhead videos delete vid_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead videos delete --trash vid_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead videos list --state errored --json | jq -r '.[].id' | xargs playhead videos delete --yes
    """
    from playhead.cli.deleting import refuse_in_use, summary

    terminal: Terminal = context.obj
    with connect(terminal) as api:
        if len(video_ids) == 1:
            api.get(f"/videos/{video_ids[0]}")  # the deletion of a single missing video is an error
        preview = api.send("POST", "/videos/deletions/preview", json={"ids": video_ids})
        if not force:
            refuse_in_use(preview)
        question = f"Move {summary(preview)} to the trash?" if trash else f"Permanently delete {summary(preview)}?"
        if not terminal.confirm(question, yes=yes):
            raise typer.Exit(1)
        deleted = [_delete(terminal, api, video_id, force=force, trash=trash) for video_id in dict.fromkeys(video_ids)]
    if not all(deleted):
        raise typer.Exit(1)


def _delete(terminal: Terminal, api: "Api", video_id: str, *, force: bool, trash: bool) -> bool:
    """Delete one video; as in ``rm``, a missing one is reported and the others are deleted."""
    from playhead.cli.client import Refused

    try:
        options = {"force": "true" if force else None, "trash": "true" if trash else None}
        api.send("DELETE", f"/videos/{video_id}", params=options)
    except Refused as error:
        if error.response_status != 404:
            raise
        terminal.fail(error)
        return False
    terminal.say(f"Moved {video_id} to the trash" if trash else f"Deleted {video_id}")
    return True


def _audio_row(track: dict[str, Any], *, played: bool) -> list[Any]:
    form = f"{codec_name(track['codec'])}, {channels_name(track['channels'])}, {track['sample_rate']} Hz"
    notes = ["played" if played else "", "silent" if track["silent"] else "", track["purpose"].replace("_", " ")]
    return [track["track"], language_name(track["language"]), track["title"], form, ", ".join(filter(None, notes))]


def _row(video: dict[str, Any]) -> list[object]:
    facts = [_duration(video), _format(video), _size(video)]
    return [video["id"], video["title"], video["state"], *facts, video["created_at"]]


def _watched(video: dict[str, Any]) -> str | None:
    mark = video["watch"]
    if mark is None:
        return None
    return f"to {format_duration(mark['position_s'])}" if mark["position_s"] else "yes" if mark["watched"] else None


def _duration(video: dict[str, Any]) -> str | None:
    return format_duration(video["duration_s"]) if video["duration_s"] is not None else None


def _size(video: dict[str, Any]) -> str | None:
    return format_bytes(video["size_bytes"]) if video["size_bytes"] is not None else None


def _format(video: dict[str, Any]) -> str | None:
    return video_format_name(video["width"], video["height"], video["fps"]) if video["width"] is not None else None


def _codecs(video: dict[str, Any]) -> str | None:
    return " + ".join(codec_name(codec) for codec in (video["video_codec"], video["audio_codec"]) if codec) or None
