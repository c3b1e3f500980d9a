"""How ffmpeg's words become progress and errors."""

import signal
import subprocess
import sys

import pytest

from playhead.media.children import Limits
from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegKilled, InputUnreadable, LimitReached
from playhead.media.ffmpeg import failure, summary
from playhead.media.progress import Progress, out_time_s, scaled


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("out_time_us=1500000\n", 1.5),
        ("out_time_us=N/A\n", None),
        ("out_time_us=-21333\n", 0.0),
        ("out_time_ms=1500000\n", None),
        ("progress=end\n", None),
        ("", None),
    ],
)
def test_progress_is_read_in_microseconds(line: str, seconds: float | None) -> None:
    """``out_time_ms`` lies about its unit and is ignored."""
    assert out_time_s(line) == seconds


async def test_a_piece_is_mapped_onto_its_part_of_the_whole() -> None:
    """Half of a piece that is the second quarter is three eighths."""
    told: list[float] = []

    async def progress(fraction: float) -> None:
        told.append(fraction)

    piece: Progress | None = scaled(progress, 0.25, 0.5)
    assert piece is not None
    await piece(0.5)

    assert told == [0.375]
    assert scaled(None, 0, 1) is None


@pytest.mark.parametrize(
    ("code", "log", "kind", "retry", "fault"),
    [
        (228, "av_interleaved_write_frame(): No space left on device", DiskFull, "never", "us"),
        (183, "Error opening input: Invalid data found when processing input", InputUnreadable, "never", "caller"),
        (244, "Error while opening encoder: Cannot allocate memory", LimitReached, "never", "us"),
        (-signal.SIGXFSZ, "", LimitReached, "never", "us"),
        (-signal.SIGXCPU, "", LimitReached, "never", "us"),
        (-signal.SIGKILL, "", FfmpegKilled, "backoff", "us"),
        (-signal.SIGSEGV, "", FfmpegKilled, "backoff", "us"),
        (1, "Something new", FfmpegFailed, "never", "us"),
    ],
)
def test_each_way_to_fail_has_a_name(code: int, log: str, kind: type[FfmpegFailed], retry: str, fault: str) -> None:
    """And says whose fault it was and whether trying again can help."""
    error = failure("Rendering clip c", code, [log] if log else [])

    assert type(error) is kind
    assert (error.retry, error.fault) == (retry, fault)
    assert error.detail.startswith("Rendering clip c: ")


def test_a_kill_after_all_processor_time_is_the_limits_doing() -> None:
    """The kernel uses the same signal when memory runs out; the time spent tells the two apart."""
    error = failure("x", -signal.SIGKILL, [], limits=Limits(cpu_s=10), elapsed_s=30)

    assert isinstance(error, LimitReached)


def test_folders_are_kept_out_of_the_summary() -> None:
    """The names of files help; where they lie is nobody's business."""
    assert summary(["/opt/ffmpeg", "-i", "file:/srv/data/vid_1.mp4", "/srv/work/part.mp4"]) == (
        "ffmpeg -i file:vid_1.mp4 part.mp4"
    )


def test_nothing_heavy_is_imported_with_the_media_modules() -> None:
    """libav, Pillow and numpy live in child processes only."""
    modules = "ffmpeg probe stills.poster stitch.planner stitch.render stitch.merge stitch.verify samples"
    imports = ", ".join(f"playhead.media.{name}" for name in modules.split())
    program = f"import sys, {imports}; print({{'av', 'PIL', 'numpy', 'imageio_ffmpeg'}} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"
