"""The push capture around an ffmpeg that misbehaves: a fake one, which does what a test says."""

import sys
from dataclasses import replace
from pathlib import Path

from playhead.kit.ids import new_id
from playhead.live.capture.capture import Opened
from playhead.live.capture.command import CaptureOptions
from playhead.live.capture.ffmpeg import FfmpegCapture
from playhead.live.parts import PartManifest, parts_in
from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.growing import captured
from tests.fixtures.hls_origin import film_segments


def failing_ffmpeg(folder: Path, written: Path, complaint: str) -> Path:
    """A fake ffmpeg that writes a part and then fails; it writes nothing the second time."""
    program = folder / "ffmpeg"
    program.write_text(
        f"""#!{sys.executable}
import sys
from pathlib import Path
part = Path(next(word for word in sys.argv if word.startswith("file:")).removeprefix("file:"))
again = Path(__file__).with_suffix(".ran")
part.write_bytes(b"" if again.exists() else Path({str(written)!r}).read_bytes())
again.touch()
print({complaint!r}, file=sys.stderr)
sys.exit(1)
"""
    )
    program.chmod(0o755)
    return program


async def test_what_was_received_is_not_written_over_for_sound_that_fails_late(tmp_path: Path) -> None:
    """Another form of the sound is tried only while there is nothing."""
    part = captured(film_segments(tmp_path, seconds=2).source, tmp_path / "part.mp4")
    program = failing_ffmpeg(tmp_path, part, "[mp4 @ 0x1] [error] Malformed AAC bitstream detected")
    opened = Opened(kind="push", url="srt://127.0.0.1:9")
    ffmpeg = replace(find_ffmpeg(), binary=program)
    folder = tmp_path / "parts"
    folder.mkdir()
    capture = FfmpegCapture(opened, ffmpeg, CaptureOptions(audio="copy"), allow_private=True)
    ended = await capture.run(folder, PartManifest(capture_id=new_id("cap")))

    assert ended.why == "failed"
    assert [each.path.read_bytes() for each in parts_in(folder)] == [part.read_bytes()]
