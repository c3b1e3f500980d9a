"""``playhead version``."""

from typing import Annotated

import typer

from playhead import __version__
from playhead.cli.terminal import Terminal


def version(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Show the versions of Playhead, Python and ffmpeg.

    \b
    Examples:
      playhead version
      playhead version --json
    """
    import platform
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    terminal: Terminal = context.obj
    try:
        ffmpeg = installed("imageio-ffmpeg")
    except PackageNotFoundError:
        ffmpeg = None
    facts = {"playhead": __version__, "python": platform.python_version(), "imageio-ffmpeg": ffmpeg}
    if as_json:
        terminal.json(facts)
    else:
        terminal.fields(list(facts.items()))
