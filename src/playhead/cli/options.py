"""Options and arguments that several commands share, so that they read the same everywhere."""

from typing import Annotated

import typer

from playhead.cli.parsers import length_s

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="Maximum number of entries.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Skip the confirmation.")]
Wait = Annotated[bool, typer.Option("--wait", help="Follow the job until it ends.")]
Search = Annotated[str | None, typer.Option(help="Words in the title.")]
Ttl = Annotated[
    int | None, typer.Option("--ttl", parser=length_s, metavar="LENGTH", help="Lifetime, such as 30m or 4h.")
]
RenditionName = Annotated[
    str | None,
    typer.Option("--rendition", metavar="NAME", help="A rendition instead of the original, such as 720p."),
]
VideoId = Annotated[str, typer.Argument(metavar="VIDEO", help="Video id, vid_...")]
OfVideo = Annotated[str | None, typer.Option("--video", metavar="VIDEO", help="Only this video.")]
