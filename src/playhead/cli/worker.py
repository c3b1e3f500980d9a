"""``playhead worker``: one more worker, here or on another host."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer


def worker(
    data: Annotated[Path | None, typer.Option(help="Data folder. [env: PLAYHEAD_DATA]")] = None,
    slots: Annotated[
        int | None, typer.Option(min=1, max=64, help="Media jobs at once. [env: PLAYHEAD_MEDIA_SLOTS]")
    ] = None,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run one more worker, here or on another host.

    On SIGTERM or Ctrl-C it hands its running jobs to another worker and ends.

    \b
    Examples:
      playhead worker
      PLAYHEAD_DATABASE=postgresql://... PLAYHEAD_STORE=s3://... playhead worker --slots 4
    """
    from playhead.observe.plain_structlog import import_structlog

    import_structlog()
    from playhead.app.loading import load, note_service_links
    from playhead.app.worker import work
    from playhead.observe.log import configure_logging

    settings = load(data=data, media_slots=slots)
    os.umask(0o077)  # files in the data folder are private to their owner
    configure_logging(level=settings.log_level.upper(), style=settings.log_format)
    note_service_links(os.environ)
    asyncio.run(work(settings, parent=parent))
