"""The commands that Typer reads: all but ``playhead media``, whose start must cost next to nothing."""

import sys
from typing import Annotated

import typer

from playhead import __version__
from playhead.cli import (
    config,
    demo,
    jobs,
    keys,
    projects,
    serve,
    stitch,
    system,
    transfers,
    upload,
    uploads,
    url,
    users,
    version,
    videos,
    worker,
    workers,
)
from playhead.cli.media import ABOUT, run_media
from playhead.cli.terminal import Terminal

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: half the time to the first line, and it survives a pipe
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"playhead {__version__}\n")
        raise typer.Exit


@app.callback()
def playhead(
    context: typer.Context,
    url: Annotated[
        str | None, typer.Option(help="The server to ask. [env: PLAYHEAD_URL] [default: http://127.0.0.1:8000]")
    ] = None,
    key_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="File that holds the API key. [env: PLAYHEAD_API_KEY]")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say only what was asked for, and errors.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show where an error came from.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colour. [env: NO_COLOR]")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Never ask; fail in place of it.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """A self-hosted video backend: uploads, stitched reels, fast and safe playback.

    \b
    Examples:
      playhead demo                                  see it work, with sample clips
      playhead serve                                 API, UI and one worker
      playhead upload holiday.mp4 --wait
      playhead projects create "Trip" --clip VIDEO:0-4 --clip VIDEO
      playhead stitch PROJECT --wait

    Data goes to stdout, everything else to stderr. Most commands take --json.
    """
    _ = show_version
    terminal: Terminal = context.obj
    terminal.url, terminal.key_file = url, key_file
    terminal.quiet, terminal.verbose = quiet, verbose
    terminal.color, terminal.ask = not no_color, not no_input


app.command("serve")(serve.serve)
app.command("worker", short_help="Run one more worker, here or on another host.")(worker.worker)
app.command("workers")(workers.workers)
app.command("demo", short_help="See it work, with sample clips.")(demo.demo)
app.command("upload")(upload.upload)
app.add_typer(uploads.app, name="uploads")
app.add_typer(videos.app, name="videos")
app.add_typer(projects.app, name="projects")
app.command("stitch")(stitch.stitch)
app.add_typer(jobs.app, name="jobs")
app.add_typer(transfers.app, name="transfers")
app.command("system")(system.system)
app.command("url")(url.url)
app.add_typer(users.app, name="users")
app.add_typer(keys.app, name="keys")
app.add_typer(config.app, name="config")
app.command("version")(version.version)


@app.command(
    "media",
    short_help=ABOUT,
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def media(context: typer.Context) -> None:
    """Reached only when options that Typer alone knows come first; see `playhead.cli.main`."""
    run_media(context.args, context.obj)
