"""Options that several commands share, so that they read the same everywhere."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")]
Wait = Annotated[bool, typer.Option("--wait", help="Follow the job to its end.")]
