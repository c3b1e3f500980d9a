"""``playhead videos tag``, ``watched`` and ``poster``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from playhead.cli.options import AsJson, VideoId
from playhead.cli.parsers import time_s
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

VideoIds = Annotated[list[str], typer.Argument(metavar="VIDEO", help="Video ids, vid_...")]


def tag(
    context: typer.Context,
    video_ids: VideoIds,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="TAG", help="May be repeated.")] = None,
    remove: Annotated[list[str] | None, typer.Option("--remove", metavar="TAG", help="May be repeated.")] = None,
) -> None:
    """Add tags to videos, or remove them. Case does not matter.

    \b
    Examples:
      playhead videos tag vid_01k3q9h2v7e8t9m5x0c4d6f8ga --add beach --add "summer 2026"
      playhead videos tag vid_01k3q9h2v7e8t9m5x0c4d6f8ga --remove beach
    """
    if not add and not remove:
        raise InvalidInput("There is nothing to change.", hint="Give --add TAG or --remove TAG.")
    _bulk(context.obj, video_ids, add_tags=add or [], remove_tags=remove or [])


def watched(
    context: typer.Context,
    video_ids: VideoIds,
    no: Annotated[bool, typer.Option("--no", help="Mark them as not watched.")] = False,
) -> None:
    """Mark videos as watched by you, or as not.

    \b
    Examples:
      playhead videos watched vid_01k3q9h2v7e8t9m5x0c4d6f8ga
      playhead videos watched --no vid_01k3q9h2v7e8t9m5x0c4d6f8ga
    """
    _bulk(context.obj, video_ids, watched=not no)


def poster(
    context: typer.Context,
    video_id: VideoId,
    at: Annotated[
        float | None, typer.Option(parser=time_s, metavar="TIME", help="Use the frame at a time, such as 1:04.")
    ] = None,
    image: Annotated[Path | None, typer.Option(metavar="FILE", help="Use an image: PNG, JPEG, WebP or GIF.")] = None,
    auto: Annotated[bool, typer.Option("--auto", help="Go back to the automatic poster.")] = False,
    as_json: AsJson = False,
) -> None:
    """Choose the poster of a video.

    \b
    Examples:
      playhead videos poster vid_01k3q9h2v7e8t9m5x0c4d6f8ga --at 1:04
      playhead videos poster vid_01k3q9h2v7e8t9m5x0c4d6f8ga --image cover.jpg
      playhead videos poster vid_01k3q9h2v7e8t9m5x0c4d6f8ga --auto
    """
    if [at is not None, image is not None, auto].count(True) != 1:
        raise InvalidInput("Choose one poster.", hint="Give --at TIME, --image FILE or --auto.")
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        path = f"/videos/{video_id}/poster"
        if auto:
            video = api.send("DELETE", path)
        elif image is not None:
            api.get(f"/videos/{video_id}")  # before an upload that nobody would need
            made = api.request(
                "POST", "/images", params={"filename": image.name}, content=_read(image), timeout=120
            ).json()
            video = api.send("PUT", path, json={"image_id": made["id"]})
        else:
            video = api.send("PUT", path, json={"at_s": at})
    if as_json:
        terminal.json(video)
    else:
        terminal.say(f"{video['id']} has {'its automatic poster' if auto else 'a new poster'}")


def _read(image: Path) -> bytes:
    try:
        return image.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{image} cannot be read: {error.strerror}.") from error


def _bulk(terminal: Terminal, video_ids: list[str], **change: Any) -> None:
    """Change videos, a thousand at a time; those that could not be are named, and the command fails."""
    changed, failed = 0, []
    with connect(terminal) as api:
        for start in range(0, len(video_ids), 1000):
            result = api.send("POST", "/videos/bulk", json={"ids": video_ids[start : start + 1000], **change})
            changed += len(result["changed"])
            failed += result["failed"]
    for each in failed:
        terminal.fail(InvalidInput(each["detail"], hint=each["hint"]))
    terminal.say(f"Changed {changed} {'video' if changed == 1 else 'videos'}")
    if failed:
        raise typer.Exit(1)
