"""Files that are trimmed, delayed or joined by their index alone, stitched by copy and by encoding."""

import subprocess
from pathlib import Path

import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.render.files import FileClip
from playhead.media.render.format import ReelSettings
from playhead.media.render.stitch import StitchOptions, stitch_files
from tests.fixtures.clips import make_clip
from tests.fixtures.edits import EditRow, init_and_fragments, moved, with_edits
from tests.fixtures.sync import flashes, read_beeps, read_frames

SIZE = (160, 90)
SETTINGS = {"copied": ReelSettings(), "encoded": ReelSettings(width=128, height=72)}

HALF_PACKET_S = 512 / 48_000 + 0.004

LEAD, SECOND, PRIMING, HEARD = 1024, 15_360, 1024, 48_000
"""Where the first frame and the sound of a clip begin, and how long a second is, in ticks of their tracks."""

Row = tuple[str, list[EditRow], list[EditRow], list[int], list[float], list[float]]

EDITED: list[Row] = [
    # name, edits of pictures and of sound, frames, flashes, beeps; others would be at 0.5 s of each second
    ("cut", [(2000, LEAD + SECOND)], [(2000, PRIMING + HEARD)], [*range(30, 90)], [0.5, 1.5], [0.5, 1.5]),
    ("cut on a beep", [(1500, LEAD)], [(1500, PRIMING)], [*range(45)], [0.5], [0.5]),
    ("sound cut", [(3000, LEAD)], [(1400, PRIMING)], [*range(90)], [0.5, 1.5, 2.5], [0.5]),
    ("pictures late", [(500, -1), (2000, LEAD)], [(2400, PRIMING)], [0] * 15 + [*range(60)], [1, 2], [0.5, 1.5]),
    ("sound late", [(2500, LEAD)], [(500, -1), (1400, PRIMING + HEARD)], [*range(75)], [0.5, 1.5], [1]),
    ("a piece cut out", [(1000, LEAD), (1000, LEAD + 2 * SECOND)], [(2000, PRIMING)],
     [*range(30), *range(60, 90)], [0.5, 1.5], [0.5, 1.5]),
]  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_clip(tmp_path_factory.mktemp("plain"), seconds=3, size=SIZE, gop=15).read_bytes()


@pytest.mark.parametrize("way", SETTINGS)
@pytest.mark.parametrize("row", EDITED, ids=[row[0] for row in EDITED])
async def test_a_reel_has_what_an_edit_list_shows_and_nothing_else(
    tmp_path: Path, plain: bytes, row: Row, way: str
) -> None:
    _, video, audio, numbers, seen, heard = row
    (tmp_path / "clip.mp4").write_bytes(with_edits(plain, video=video, audio=audio))

    done = await stitch_files(
        [FileClip(tmp_path / "clip.mp4")], SETTINGS[way], tmp_path / "reel.mp4", StitchOptions(threads=1)
    )

    frames = read_frames(done.path, {1: SIZE})
    assert [frame.number for frame in frames] == numbers
    assert [round(at, 2) for at in flashes(frames)] == seen
    assert read_beeps(done.path) == pytest.approx(heard, abs=HALF_PACKET_S)


def in_fragments(clip: Path, flags: str = "+delay_moov") -> Path:
    out = clip.with_name("fragments.mp4")
    flags += "+frag_keyframe+default_base_moof"
    command = [find_ffmpeg().binary, "-v", "error", "-i", clip, "-c", "copy", "-movflags", flags, out]
    subprocess.run([*map(str, command)], check=True)
    return out


@pytest.mark.parametrize("by_s", [0, 5000])
@pytest.mark.parametrize("way", SETTINGS)
async def test_two_recordings_behind_one_header_are_whole_and_in_order(tmp_path: Path, by_s: int, way: str) -> None:
    """Whether the clock begins again or jumps on."""
    fragmented = in_fragments(make_clip(tmp_path, seconds=1, size=SIZE, gop=15, audio=False))
    init, fragments = init_and_fragments(fragmented.read_bytes())
    fragmented.write_bytes(init + fragments + moved(fragments, {1: by_s}))

    done = await stitch_files([FileClip(fragmented)], SETTINGS[way], tmp_path / "reel.mp4", StitchOptions(threads=1))

    assert [frame.number for frame in read_frames(done.path, {1: SIZE})] == [*range(30), *range(30)]


@pytest.mark.parametrize("start_s", [0.0, 0.7])
@pytest.mark.parametrize("way", SETTINGS)
async def test_fragments_that_are_shown_before_they_are_decoded_stay_in_sync(
    tmp_path: Path, way: str, start_s: float
) -> None:
    """Libav presents the pictures of CMAF late by their reordering, the sound not."""
    fragmented = in_fragments(make_clip(tmp_path, seconds=2, size=SIZE, gop=15), "+delay_moov+negative_cts_offsets")

    done = await stitch_files(
        [FileClip(fragmented, start_s)], SETTINGS[way], tmp_path / "reel.mp4", StitchOptions(threads=1)
    )

    frames = read_frames(done.path, {1: SIZE})
    assert [frame.number for frame in frames] == list(range(round(start_s * 30), 60))
    assert read_beeps(done.path) == pytest.approx(flashes(frames), abs=HALF_PACKET_S)
