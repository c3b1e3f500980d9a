"""Why ffmpeg failed, from how it ended and what it said: real logs of the bundled ffmpeg, made with broken inputs."""

import signal
from pathlib import Path

import pytest

from playhead.media.children import Limits
from playhead.media.errors import DiskFull, FfmpegFailed, FfmpegKilled, InputUnreadable, LimitReached
from playhead.media.failure import failure, summary

LOGS = Path(__file__).parents[2] / "fixtures" / "ffmpeg_logs"
OTHER = "ffmpeg ended with code 234"
SOURCE = "the source cannot be read"


@pytest.mark.parametrize(
    ("log", "kind", "words", "line"),
    [
        ("unknown-filter", FfmpegFailed, OTHER, "AVFilterGraph: No option name near '3'"),
        (
            "unknown-filter-option",
            FfmpegFailed,
            OTHER,
            "Error applying option 'wrong' to filter 'scale': Option not found",
        ),
        (
            "crop-too-large",
            FfmpegFailed,
            OTHER,
            "crop: Invalid too big or non positive size for width '9000' or height '9000'",
        ),
        (
            "size-change",
            FfmpegFailed,
            OTHER,
            "crop: Invalid too big or non positive size for width '300' or height '170'",
        ),
        ("no-matrix", FfmpegFailed, OTHER, "zscale: code 3074: no path between colorspaces"),
        (
            "wrong-matrix",
            FfmpegFailed,
            OTHER,
            "Impossible to convert between the formats supported by the filter 'graph -1 input from stream 0:0' and "
            "the filter 'auto_scale_0'",
        ),
        ("channel-layout", FfmpegFailed, OTHER, "pan: Invalid channel layout '9.1'"),
        ("unknown-encoder", FfmpegFailed, OTHER, "Unknown encoder 'libnosuch'"),
        ("unknown-encoder-option", FfmpegFailed, OTHER, "Unrecognized option 'nosuchopt'."),
        ("unknown-preset", FfmpegFailed, OTHER, "libx264: invalid preset 'nosuch'"),
        ("odd-size", FfmpegFailed, OTHER, "libx264: width not divisible by 2 (161x91)"),
        (
            "sample-rate",
            FfmpegFailed,
            OTHER,
            "libmp3lame: Specified sample rate 12345 is not supported by the libmp3lame encoder",
        ),
        (
            "bitstream-filter",
            FfmpegFailed,
            OTHER,
            "hevc_mp4toannexb: Codec 'h264' (27) is not supported by the bitstream filter 'hevc_mp4toannexb'. "
            "Supported codecs are: hevc (172) ",
        ),
        (
            "disk-full",
            DiskFull,
            "no space is left on the disk",
            "Error writing trailer: No space left on device",
        ),
        (
            "disk-full-while-encoding",
            DiskFull,
            "no space is left on the disk",
            "Could not write header (incorrect codec parameters ?): No space left on device",
        ),
        (
            "out-of-memory",
            LimitReached,
            "ffmpeg needed more memory or room than it may take",
            "Error while filtering: Cannot allocate memory",
        ),
        ("missing-stream", InputUnreadable, SOURCE, "Stream map '' matches no streams."),
        (
            "missing-stream-in-graph",
            InputUnreadable,
            SOURCE,
            "Stream specifier ':v:2' in filtergraph description [0:v:2]scale=16:16[v] matches no streams.",
        ),
        ("missing-decoder", InputUnreadable, SOURCE, "Decoding requested, but no decoder found for: none"),
        ("cut-off", InputUnreadable, SOURCE, "moov atom not found"),
        (
            "no-video",
            InputUnreadable,
            SOURCE,
            "Error opening input: Invalid data found when processing input",
        ),
        (
            "nothing-decoded",
            InputUnreadable,
            SOURCE,
            "No filtered frames for output stream, trying to initialize anyway.",
        ),
        ("no-frames", InputUnreadable, SOURCE, "Cannot determine format of input 0:0 after EOF"),
        (
            "undecodable",
            InputUnreadable,
            SOURCE,
            "h264: Decoding error: Invalid data found when processing input",
        ),
        ("no-protocol", InputUnreadable, SOURCE, "file: Protocol 'file' not on whitelist 'fd'!"),
        (
            "too-many-pixels",
            InputUnreadable,
            SOURCE,
            "IMGUTILS: Picture size 160x90 exceeds specified max pixel count 100, see the documentation if you wish to "
            "increase it",
        ),
    ],
)
def test_the_line_that_explains_is_quoted(log: str, kind: type[FfmpegFailed], words: str, line: str) -> None:
    """Not the last one, which says that a thread ended; the whole log is kept beside it."""
    lines = (LOGS / f"{log}.log").read_text().splitlines()

    error = failure("Rendering clip c", 234, lines)

    assert type(error) is kind
    assert error.detail == f"Rendering clip c: {words}: {line}"
    assert error.log_tail.splitlines() == lines


def test_a_damaged_frame_before_another_failure_is_not_its_reason() -> None:
    """The source was read on over it; what failed is the encoder."""
    damage = [
        "[h264 @ 0x5] [error] Error splitting the input into NAL units.",
        "[vist#0:0/h264 @ 0x5] [dec:h264 @ 0x6] [error] Decoding error: Invalid data found when processing input",
    ]
    lines = (LOGS / "odd-size.log").read_text().splitlines()

    error = failure("x", 187, [*damage, *lines])

    assert type(error) is FfmpegFailed
    assert error.detail.endswith("libx264: width not divisible by 2 (161x91)")


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
