"""``playhead upload``: files into the library, resumable."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from playhead.cli.server import connect
from playhead.cli.terminal import Terminal, safe
from playhead.errors import InvalidInput, NotFound, PlayheadError
from playhead.kit.units import format_bytes

if TYPE_CHECKING:
    from playhead.cli.client import Api
    from playhead.cli.unfinished import Source, Unfinished


class VideoErrored(PlayheadError):
    """The file was uploaded, but is not a usable video."""

    code = "video_errored"
    title = "The video is not usable"
    fault = "caller"


def upload(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Video files.")],
    title: Annotated[str | None, typer.Option(help="Title of the video. [default: the name of the file]")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the video is ready.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the videos as JSON.")] = False,
) -> None:
    """Upload video files.

    Prints the id of each new video.

    \b
    Examples:
      playhead upload holiday.mp4
      playhead upload *.mp4 --wait
      playhead upload talk.mov --title "The talk" --json

    After an interruption, the same command resumes the upload.
    """
    terminal: Terminal = context.obj
    if title is not None and len(files) > 1:
        raise typer.BadParameter("a title needs a single file", param_hint="--title")
    videos: list[dict[str, Any]] = []
    with connect(terminal) as api:
        for file in files:
            try:
                video = upload_file(terminal, api, file, title=title, wait=wait)
            except PlayheadError as error:
                if not _only_this_file(error):
                    raise
                terminal.fail(error)
                continue
            videos.append({"file": str(file), **video})
            if not as_json:
                terminal.data(video["id"])
    if as_json:
        terminal.json(videos)
    if len(videos) < len(files):
        raise typer.Exit(1)


def upload_file(
    terminal: Terminal,
    api: "Api",
    file: Path,
    *,
    title: str | None,
    wait: bool,
    unfinished: "Unfinished | None" = None,
) -> dict[str, Any]:
    """Upload one file with a progress bar, and return the video; with *wait*, once it is ready.

    Args:
        unfinished: Where to note how to resume; the user's state folder by default.

    Raises:
        NotFound, InvalidInput: there is no such file, or it is empty.
        VideoErrored: the video is not usable; known only with *wait*.
        UploadInterrupted: the connection broke; the same call resumes the upload.
    """
    from playhead.cli import progress, tus
    from playhead.cli.unfinished import Unfinished, file_name

    source, name = source_of(file), file_name(file)
    terminal.say(f"Uploading {safe(name)} ({format_bytes(source.size_bytes)})")
    kept = unfinished or Unfinished()
    try:
        with progress.transfer(terminal, name, source.size_bytes) as done:
            video_id = tus.upload(api, source, title=title, unfinished=kept, done=done)
    except KeyboardInterrupt:
        terminal.warn("Stopped. Run the same command again to resume.")
        raise
    if wait:
        return wait_until_ready(terminal, api, video_id)
    video: dict[str, Any] = api.get(f"/videos/{video_id}")
    return video


def source_of(file: Path) -> "Source":
    """Check a file before anything is sent.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it is a folder, empty, or not readable.
    """
    from playhead.cli.unfinished import Source

    try:
        if file.is_dir():
            raise InvalidInput(f"{file} is a folder.", hint="Name the files in it.")
        source = Source.of(file)
        with file.open("rb"):
            pass
    except FileNotFoundError as error:
        raise NotFound(f"There is no file {file}.") from error
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    if source.size_bytes == 0:
        raise InvalidInput(f"{file} is empty (0 bytes).")
    return source


def wait_until_ready(terminal: Terminal, api: "Api", video_id: str) -> dict[str, Any]:
    """Wait until a video is ready.

    Raises:
        VideoErrored: it is not usable; the reason is the server's.
    """
    from playhead.cli import progress
    from playhead.cli.follow import POLL_S, follow

    video: dict[str, Any] = api.get(f"/videos/{video_id}")
    with progress.job(terminal, f"Preparing {video['title']}") as on_progress:
        while video["state"] == "preparing":
            if video.get("job_id"):
                follow(api, video["job_id"], lambda job: on_progress(job["progress"], job["step"]), terminal.warn)
            else:
                time.sleep(POLL_S)
            video = api.get(f"/videos/{video_id}")
    if video["state"] == "errored":
        error = video.get("error") or {}
        raise VideoErrored(f"{video['title']} ({video_id}): {error.get('message')}", hint=error.get("hint"))
    return video


def _only_this_file(error: PlayheadError) -> bool:
    from playhead.cli.client import Refused, ServerUnreachable

    if isinstance(error, Refused):
        return error.response_status not in (401, 403, 429, 507)
    return not isinstance(error, ServerUnreachable)
