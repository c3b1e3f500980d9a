"""What follows a recording, what is missing of it, what locks it: the index and libav read and refuse alike."""

import subprocess
from pathlib import Path

import pytest

from playhead.media.errors import EncryptedVideo, TruncatedVideo
from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.probe import probe
from playhead.media.render.files import FileClip, open_clip
from playhead.media.render.format import ReelSettings
from playhead.media.render.stitch import StitchOptions, stitch_files
from playhead.media.stills.make import Shape
from playhead.media.stills.poster import make_poster
from tests.fixtures.clips import make_clip
from tests.fixtures.sync import read_frames

SIZE = (160, 90)
FRAGMENTS = ("-movflags", "+frag_keyframe+empty_moov+default_base_moof")
CENC = ("-encryption_scheme", "cenc-aes-ctr", "-encryption_key", "0" * 32, "-encryption_kid", "1" * 32)
LIVE = ("-f", "webm", "-live", "1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whole")


def made(folder: Path, name: str, *options: str, mark: int = 1, seconds: float = 1) -> bytes:
    """A clip of one or two seconds, copied into another shape."""
    suffix = name.rpartition(".")[2]
    codec = {"webm": "vp9", "avi": "mpeg4"}.get(suffix, "h264")
    native = {"webm": "webm", "avi": "avi"}.get(suffix, "mp4")
    clip = make_clip(
        folder, seconds=seconds, size=SIZE, fps=20, gop=10, codec=codec, mark=mark, name=f"of-{name}.{native}"
    )
    out = folder / name
    command = [str(find_ffmpeg().binary), "-v", "error", "-y", "-i", str(clip), "-c", "copy", *options, str(out)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return out.read_bytes()


async def stitched(path: Path) -> list[int | None]:
    """The marks of the frames of a reel of this file alone."""
    out = path.with_name("reel.mp4")
    await stitch_files([FileClip(path)], ReelSettings(), out, StitchOptions(force=True))
    return [frame.mark for frame in read_frames(out, {1: SIZE, 2: SIZE})]


@pytest.mark.parametrize("options", [(), ("-movflags", "+faststart"), FRAGMENTS], ids=["last", "first", "fragments"])
async def test_text_behind_a_video_changes_nothing(folder: Path, options: tuple[str, ...]) -> None:
    """As some camera apps leave there; until now it "ended in the middle"."""
    path = folder / "text.mp4"
    path.write_bytes(made(folder, "plain.mp4", *options) + b"Recorded by a camera app, model 12, firmware 3.4.5")

    indexed, decoded = (await open_clip(path)).probe, await probe(path)
    await make_poster(path, folder / "poster.jpg", Shape(decoded.duration_s))

    assert indexed.remarks == decoded.remarks == ()
    assert indexed.duration_s == decoded.duration_s
    assert await stitched(path) == [1] * 20


@pytest.mark.parametrize(
    ("name", "options"),
    [("one.mp4", ()), ("one.mp4", FRAGMENTS), ("one.webm", LIVE), ("one.avi", ()), ("one.flv", ())],
    ids=["mp4", "fragments", "webm", "avi", "flv"],
)
async def test_of_two_recordings_in_a_file_the_first_is_read(folder: Path, name: str, options: tuple[str, ...]) -> None:
    """``cat a b``: by every reader, and the probe says that there is more; the second may be cut off."""
    first, second = made(folder, name, *options), made(folder, f"other-{name}", *options, mark=2, seconds=2)
    path = folder / f"two-{name}"
    path.write_bytes(first + second[:-2000])

    found = await probe(path)
    await make_poster(path, folder / "poster.jpg", Shape(found.duration_s))

    assert found.duration_s == pytest.approx(1, abs=0.11)  # fragments begin with the delay of the B-frames
    assert len(found.remarks) == 1
    assert f"there is a second one of {(len(second) - 2000) / 1000:.1f} kB, which is not read" in found.remarks[0]
    assert set(await stitched(path)) == {1}


@pytest.mark.parametrize("torn", ["media", "index"])
async def test_what_a_killed_recorder_left_is_read(folder: Path, torn: str) -> None:
    """Up to the last whole frame; torn in its first fragment, there is nothing to read."""
    data, path = made(folder, "fragments.mp4", *FRAGMENTS, seconds=2), folder / "killed.mp4"
    last = data.rindex(b"moof")
    path.write_bytes(data[: data.index(b"mdat", last) + 500] if torn == "media" else data[: last + 60])
    (folder / "begun.mp4").write_bytes(data[: data.index(b"moof") + 60])

    indexed, decoded = (await open_clip(path)).probe, await probe(path)

    assert indexed.duration_s == decoded.duration_s
    assert 1.4 < decoded.duration_s < 1.9
    assert [remark.partition(":")[0] for remark in decoded.remarks] == [
        "The file is cut off, as after a crash of the recorder"
    ]
    assert set(await stitched(path)) == {1}
    with pytest.raises(TruncatedVideo):
        await probe(folder / "begun.mp4")


async def test_a_transport_stream_may_begin_and_end_within_a_packet(folder: Path) -> None:
    """As captured from a network; so short that no keyframe follows the first."""
    data, path = made(folder, "one.ts", "-bsf:v", "h264_mp4toannexb"), folder / "torn.ts"
    path.write_bytes(bytes(range(100)) + data[: data.index(b"G", len(data) // 3) + 50])

    found = await probe(path)
    await make_poster(path, folder / "torn.jpg", Shape(found.duration_s))

    assert found.container == "mpegts"
    assert (folder / "torn.jpg").stat().st_size > 500
    assert set(await stitched(path)) == {1}


@pytest.mark.parametrize("options", [CENC, (*FRAGMENTS, *CENC)], ids=["plain", "fragments"])
async def test_an_encrypted_video_is_called_so(folder: Path, options: tuple[str, ...]) -> None:
    """Not damaged: copying it again would not help."""
    made(folder, "locked.mp4", *options)

    for read in (probe, open_clip):
        with pytest.raises(EncryptedVideo, match=r"is encrypted \(Common Encryption, cenc\): Playhead cannot"):
            await read(folder / "locked.mp4")
