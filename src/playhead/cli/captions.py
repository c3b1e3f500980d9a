"""``playhead captions``: caption tracks of videos."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from playhead.cli.options import AsJson, VideoId, Wait, Yes
from playhead.cli.server import connect
from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput

if TYPE_CHECKING:
    from playhead.cli.client import Api

app = typer.Typer(no_args_is_help=True, help="List, add, download and transcribe captions.")

TrackId = Annotated[str, typer.Argument(metavar="TRACK", help="Caption track id, cpt_...")]
Language = Annotated[str | None, typer.Option(metavar="TAG", help="Language, such as en or pt-BR.")]
Label = Annotated[str | None, typer.Option(help="Name in menus. [default: the language]")]

_MAX_BYTES = 8_000_000


@app.command("list")
def list_captions(context: typer.Context, video_id: VideoId, as_json: AsJson = False) -> None:
    """List the caption tracks of a video.

    \b
    Examples:
      playhead captions list VIDEO
      playhead captions list VIDEO --json | jq -r '.[].id'
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        items = api.get(f"/videos/{video_id}/captions")["items"]
    columns = ["id", "language", "label", "kind", "captions", "default", "origin"]
    terminal.items(items, columns, _row, as_json=as_json, empty="No captions.")


@app.command("add")
def add_captions(
    context: typer.Context,
    video_id: VideoId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="SRT, WebVTT, JSON or text; - for stdin.")],
    language: Language = None,
    label: Label = None,
    kind: Annotated[
        Literal["captions", "subtitles"], typer.Option(help="Captions also tell what is heard besides speech.")
    ] = "captions",
    default: Annotated[
        bool | None, typer.Option("--default/--no-default", help="Players show it. [default: if it is the first]")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add a caption track to a video. Prints its id.

    \b
    Examples:
      playhead captions add VIDEO talk.srt --language en
      playhead captions add VIDEO untertitel.vtt --language de --kind subtitles
      whisper talk.mp4 --output_format json && playhead captions add VIDEO talk.json

    Word timings are read from the JSON of Whisper, Vosk, Deepgram and others. Plain text is spread over the video.
    """
    terminal: Terminal = context.obj
    wanted = {"text": _text_of(file), "kind": kind, "default": default}
    wanted |= {"language": language or "und", "label": label or ""}
    with connect(terminal) as api:
        track = api.send("POST", f"/videos/{video_id}/captions", json=wanted)
    terminal.json(track) if as_json else terminal.data(track["id"])


@app.command("download")
def download_captions(
    context: typer.Context,
    track_id: TrackId,
    form: Annotated[
        Literal["srt", "vtt", "json", "txt"], typer.Option("--format", help="json has the times of words.")
    ] = "srt",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="[default: stdout]")] = None,
) -> None:
    """Write a caption track to a file or to stdout.

    \b
    Examples:
      playhead captions download TRACK -o talk.srt
      playhead captions download TRACK --format txt
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        text = api.request("GET", f"/captions/{track_id}/file", params={"format": form}).text
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


@app.command("transcribe")
def transcribe(
    context: typer.Context,
    video_id: VideoId,
    engine: Annotated[
        Literal["faster-whisper", "pocketsphinx"] | None, typer.Option(help="[default: as the server is set]")
    ] = None,
    language: Language = None,
    label: Label = None,
    wait: Wait = False,
    as_json: AsJson = False,
) -> None:
    """Have the speech of a video written down as captions with the times of words.

    \b
    Examples:
      playhead captions transcribe VIDEO --wait
      playhead captions transcribe VIDEO --engine faster-whisper --language fr

    Without a language the engine finds out which is spoken, if it can.
    """
    terminal: Terminal = context.obj
    wanted = {"engine": engine, "language": language, "label": label or ""}
    with connect(terminal) as api:
        job = api.send("POST", f"/videos/{video_id}/transcribe", json=wanted)
        if wait:
            _wait(terminal, api, job["id"])
            items = api.get(f"/videos/{video_id}/captions")["items"]
            terminal.json(items[-1:]) if as_json else terminal.data(items[-1]["id"] if items else "")
        elif as_json:
            terminal.json(job)
        else:
            terminal.warn(f"Transcribing: playhead jobs watch {job['id']}")


@app.command("delete")
def delete_captions(context: typer.Context, track_id: TrackId, yes: Yes = False) -> None:
    """Delete a caption track for good.

    \b
    Examples:
      playhead captions delete TRACK
    """
    terminal: Terminal = context.obj
    with connect(terminal) as api:
        track = api.get(f"/captions/{track_id}")
        if not terminal.confirm(f"Delete “{track['label']}” with {track['cue_count']} captions?", yes=yes):
            raise typer.Exit(1)
        api.send("DELETE", f"/captions/{track_id}")


def _wait(terminal: Terminal, api: "Api", job_id: str) -> None:
    from playhead.cli.stitch import wait_with_bar

    wait_with_bar(terminal, api, job_id, "Transcribing")


def _text_of(file: Path) -> str:
    """Text of a file in UTF-8 or UTF-16.

    Raises:
        InvalidInput: it cannot be read, or is not text.
    """
    try:
        data = sys.stdin.buffer.read(_MAX_BYTES + 1) if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read: {error.strerror}.") from error
    if len(data) > _MAX_BYTES:
        raise InvalidInput(f"{file} has more than {_MAX_BYTES:,} bytes; captions never do.")
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InvalidInput(f"{file}, line {line}: this is not UTF-8.", hint="Save the file as UTF-8.") from error


def _row(item: dict[str, Any]) -> list[object]:
    names = ["id", "language", "label", "kind", "cue_count"]
    return [*(item[name] for name in names), "yes" if item["default"] else None, item["origin"]]
