"""``playhead serve``: API, web interface and one worker."""

import os
from pathlib import Path
from typing import Annotated

import typer

from playhead.cli.terminal import Terminal


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on. [env: PLAYHEAD_HOST]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one. [env: PLAYHEAD_PORT]")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder. [env: PLAYHEAD_DATA]")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Server processes on the same port. [env: PLAYHEAD_WORKERS; default: 1]"),
    ] = None,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Start no worker; `playhead worker` runs one elsewhere.")
    ] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
    listener: Annotated[int | None, typer.Option(hidden=True)] = None,
    channel: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Serve the API and the web interface, with one worker.

    Ctrl-C shuts down cleanly.

    \b
    Examples:
      playhead serve
      playhead serve --port 9000 --data ./video-data
      playhead serve --no-worker          with workers on other hosts
      playhead serve --workers 4          with four server processes
    """
    from playhead.observe.plain_structlog import import_structlog

    import_structlog()
    from playhead.app.loading import load, note_service_links
    from playhead.app.serve import serve as run
    from playhead.app.serve import serve_beside
    from playhead.observe.log import configure_logging

    terminal: Terminal = context.obj
    settings = load(host=host, port=port, data=data, workers=workers)
    os.umask(0o077)  # files in the data folder are private to their owner
    configure_logging(level=settings.log_level.upper(), style=settings.log_format)
    note_service_links(os.environ)
    if parent is not None and listener is not None and channel is not None:
        serve_beside(settings, parent=parent, listener=listener, channel=channel, with_worker=not no_worker)
        return
    run(settings, with_worker=not no_worker, announce=terminal.say)
