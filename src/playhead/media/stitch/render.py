"""Do one task of a stitch plan."""

from pathlib import Path

from playhead.media.ffmpeg import Ffmpeg
from playhead.media.progress import Progress
from playhead.media.stitch.picture import render_picture
from playhead.media.stitch.plan import StitchPlan
from playhead.media.stitch.sound import render_sound
from playhead.media.stitch.tasks import RenderTask


async def render(
    task: RenderTask,
    plan: StitchPlan,
    source: Path,
    out: Path,
    *,
    progress: Progress | None = None,
    threads: int = 0,
    ffmpeg: Ffmpeg | None = None,
) -> None:
    """Make the file of a task from its clip's source; ``track``, which has no one source, is for `render_track`.

    Args:
        threads: Of the decoder, the filters and the encoder each; 0 lets ffmpeg choose.

    Raises:
        FfmpegFailed: or the subclass that says why. What it left of *out* is no use.
    """
    if task.kind == "track":
        raise ValueError("The track of a whole reel is made by render_track, from its clips' samples")
    make = render_picture if task.kind == "picture" else render_sound
    await make(task, plan, source, out, progress=progress, threads=threads, ffmpeg=ffmpeg)
