"""The list of commands, one line each, and the options that all of them take."""

import sys
from typing import Annotated

import typer

from playhead import __version__
from playhead.cli.coercion import read_without_pydantic
from playhead.cli.lazy import Entry, LazyGroup
from playhead.cli.terminal import Terminal

COMMANDS = (
    Entry("serve", "playhead.cli.serve:serve", "Serve the API and the web interface, with one worker."),
    Entry("worker", "playhead.cli.worker:worker", "Run one more worker, here or on another host."),
    Entry("workers", "playhead.cli.workers:workers", "List the workers, and why jobs wait."),
    Entry("demo", "playhead.cli.demo:demo", "Try Playhead with sample clips."),
    Entry("upload", "playhead.cli.upload:upload", "Upload video files."),
    Entry("uploads", "playhead.cli.uploads:app", "List and delete unfinished uploads."),
    Entry("videos", "playhead.cli.videos:app", "Manage the videos of the library."),
    Entry("captions", "playhead.cli.captions:app", "List, add, download and transcribe captions."),
    Entry("collections", "playhead.cli.collections:app", "File videos into collections."),
    Entry("tags", "playhead.cli.tags:tags", "List the tags of your videos."),
    Entry(
        "comments",
        "playhead.cli.comments:comments",
        "List, write and resolve comments on a video.",
    ),
    Entry("images", "playhead.cli.images:app", "List, add and remove still images for reels and generations."),
    Entry("trash", "playhead.cli.trash:app", "List, restore and empty the trash."),
    Entry("projects", "playhead.cli.projects:app", "Create projects and arrange their clips."),
    Entry("templates", "playhead.cli.templates:app", "Save projects as templates, and make projects from them."),
    Entry("campaigns", "playhead.cli.campaigns:app", "Make projects from CSV rows, generate and stitch them."),
    Entry("generate", "playhead.cli.generate:generate", "Generate the clips of a project from their prompts."),
    Entry("generations", "playhead.cli.generations:app", "List generations, cancel them, and try them again."),
    Entry("stitch", "playhead.cli.stitch:stitch", "Stitch a project into a reel."),
    Entry("channels", "playhead.cli.channels:app", "Add channels, and record them."),
    Entry("record", "playhead.cli.record:record", "Record a URL once, from now on."),
    Entry("recordings", "playhead.cli.recordings:app", "List, stop, fill, repair and delete recordings."),
    Entry("jobs", "playhead.cli.jobs:app", "List, watch, cancel and retry jobs."),
    Entry("webhooks", "playhead.cli.webhooks:app", "Send events to other programs and to people."),
    Entry("providers", "playhead.cli.providers:app", "Set up who generates clips from prompts."),
    Entry("spending", "playhead.cli.spending:spending", "Show what generations cost: yours, for an admin all."),
    Entry("transfers", "playhead.cli.transfers:app", "List and end transfers of media to viewers."),
    Entry("system", "playhead.cli.system:system", "Show health, storage, workers and changed settings."),
    Entry("storage", "playhead.cli.storage:storage", "Show what takes room, and what frees the most."),
    Entry("watch-folders", "playhead.cli.watch_folders:app", "List and scan folders whose files become videos."),
    Entry("doctor", "playhead.cli.doctor:app", "Examine what Playhead depends on."),
    Entry("url", "playhead.cli.url:url", "Print a signed URL that plays without signing in."),
    Entry("retention", "playhead.cli.retention:app", "Decide which videos stay; see what goes, and what went."),
    Entry("users", "playhead.cli.users:app", "Manage users, on the server's own host."),
    Entry("keys", "playhead.cli.keys:app", "Manage API keys, on the server's own host."),
    Entry("config", "playhead.cli.config:app", "Show the settings in effect."),
    Entry("version", "playhead.cli.version:version", "Show the versions of Playhead, Python and ffmpeg."),
    Entry("media", "playhead.cli.media:app", "Inspect, stitch and convert video files on this machine."),
)
"""A domain's commands are one module and one line here."""


class Playhead(LazyGroup):
    """The program."""

    entries = COMMANDS


read_without_pydantic()
app = typer.Typer(
    cls=Playhead,
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
        str | None, typer.Option(help="Server address. [env: PLAYHEAD_URL] [default: http://127.0.0.1:8000]")
    ] = None,
    key_file: Annotated[
        str | None, typer.Option(metavar="FILE", help="File with the API key. [env: PLAYHEAD_API_KEY]")
    ] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print results and errors only.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show a traceback with each error.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Disable colours. [env: NO_COLOR]")] = False,
    no_input: Annotated[bool, typer.Option("--no-input", help="Fail instead of prompting.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version.")
    ] = False,
) -> None:
    """A self-hosted video backend: uploads, stitched reels, fast and safe playback.

    \b
    Examples:
      playhead demo                                  try it with sample clips
      playhead serve                                 API, web interface and one worker
      playhead upload holiday.mp4 --wait
      playhead projects create "Trip" --clip VIDEO:0-4 --clip VIDEO
      playhead stitch PROJECT --wait

    Results go to stdout, messages to stderr. Most commands take --json.
    """
    _ = show_version
    terminal: Terminal = context.obj
    terminal.url, terminal.key_file = url, key_file
    terminal.quiet, terminal.verbose = quiet, verbose
    terminal.color, terminal.ask = not no_color, not no_input
