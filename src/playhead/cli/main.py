"""The ``playhead`` command: global options, exit codes, and errors as one clear line.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.
"""

import sys
from collections.abc import Sequence
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
    upload,
    url,
    users,
    version,
    videos,
    worker,
)
from playhead.cli.terminal import Terminal
from playhead.errors import PlayheadError

FAILED, USAGE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help: half the time to the first line, and it survives a pipe
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line; gives its exit code."""
    terminal = Terminal()
    try:
        app(globals_first(arguments), prog_name="playhead", obj=terminal)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except PlayheadError as error:
        terminal.fail(error)
        _trace(terminal)
        return int(getattr(error, "exit_code", FAILED))
    except Exception as error:
        terminal.warn(f"{terminal.red('Error:')} {type(error).__name__}: {error}")
        if not terminal.verbose:
            terminal.warn("This is a fault in Playhead. Run it again with --verbose to see where.")
        _trace(terminal)
        return FAILED
    return 0


def globals_first(arguments: Sequence[str]) -> list[str]:
    """Move the global options to the front, so that they may stand anywhere before a ``--``."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in _FLAGS or word.startswith(tuple(f"{name}=" for name in _VALUES)):
            first.append(word)
        elif word in _VALUES:
            first += [word, *(value for value in [next(words, None)] if value is not None)]
        else:
            rest.append(word)
    return first + rest


_FLAGS = frozenset({"-q", "--quiet", "-v", "--verbose", "--no-color", "--no-input"})
_VALUES = ("--url", "--key-file")


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"playhead {__version__}\n")
        raise typer.Exit


def _trace(terminal: Terminal) -> None:
    if terminal.verbose:
        import traceback

        terminal.warn(traceback.format_exc())


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
app.command("demo", short_help="See it work, with sample clips.")(demo.demo)
app.command("upload")(upload.upload)
app.add_typer(videos.app, name="videos")
app.add_typer(projects.app, name="projects")
app.command("stitch")(stitch.stitch)
app.add_typer(jobs.app, name="jobs")
app.command("url")(url.url)
app.add_typer(users.app, name="users")
app.add_typer(keys.app, name="keys")
app.add_typer(config.app, name="config")
app.command("version")(version.version)
