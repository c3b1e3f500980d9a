"""What recorders leave behind, as a plain file that decodes to the same frames."""

import subprocess
from pathlib import Path

import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.mp4.defragment import defragment
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.source import FileBytes
from tests.fixtures.clips import make_clip

FLAGS = {
    "a fragment for each GOP": ["-movflags", "frag_keyframe+empty_moov+default_base_moof"],
    "half a second each": ["-frag_duration", "500000", "-movflags", "empty_moov+default_base_moof"],
    "with edits": ["-movflags", "frag_keyframe+empty_moov+delay_moov+default_base_moof"],
    "negative offsets": ["-frag_duration", "500000", "-movflags", "empty_moov+default_base_moof+negative_cts_offsets"],
    "offsets from the file": ["-frag_duration", "300000", "-movflags", "empty_moov"],
    "offsets from nowhere": ["-frag_duration", "300000", "-movflags", "empty_moov+omit_tfhd_offset"],
    "the first GOP in the index": ["-movflags", "frag_keyframe"],
}


def run(*arguments: str | Path) -> bytes:
    command = [find_ffmpeg().binary, "-nostdin", "-v", "error", "-y", *arguments]
    done = subprocess.run([*map(str, command)], capture_output=True, timeout=60, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of picture with B frames, and sound."""
    return make_clip(tmp_path_factory.mktemp("clip"), size=(160, 90), gop=15)


def frames(path: Path) -> list[bytes]:
    """Every frame's time, duration and checksum."""
    lines = run("-i", path, "-map", "0:v", "-f", "framemd5", "-").splitlines()
    return [line for line in lines if not line.startswith(b"#")]


def sound(path: Path) -> bytes:
    return run("-i", path, "-map", "0:a", "-f", "s16le", "-")


@pytest.mark.parametrize("name", FLAGS)
def test_frames_are_those_of_the_film_before_it_was_cut_up(clip: Path, tmp_path: Path, name: str) -> None:
    run("-i", clip, "-c", "copy", *FLAGS[name], tmp_path / "in.mp4")

    movie = defragment(tmp_path / "in.mp4", tmp_path / "out.mp4")

    assert movie.fragmented
    assert frames(tmp_path / "out.mp4") == frames(clip)
    with FileBytes(tmp_path / "out.mp4") as source:
        plain = read_movie(source)
    assert (plain.faststart, plain.fragmented, len(plain.tracks)) == (True, False, 2)


def test_sound_stays_with_its_frames(clip: Path, tmp_path: Path) -> None:
    """Where the recorder kept the edits, the sound is the same to the sample."""
    run("-i", clip, "-c", "copy", *FLAGS["with edits"], tmp_path / "in.mp4")

    defragment(tmp_path / "in.mp4", tmp_path / "out.mp4")

    assert sound(tmp_path / "out.mp4") == sound(clip)


def test_segments_of_hls_become_one_file(clip: Path, tmp_path: Path) -> None:
    run("-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "0.5", "-hls_segment_type", "fmp4", tmp_path / "list.m3u8")
    parts = [tmp_path / "init.mp4", *sorted(tmp_path.glob("list*.m4s"))]
    assert len(parts) == 5

    defragment(parts, tmp_path / "out.mp4")

    assert frames(tmp_path / "out.mp4") == frames(clip)


def test_a_recording_that_was_killed_decodes_to_its_end(clip: Path, tmp_path: Path) -> None:
    run("-i", clip, "-c", "copy", *FLAGS["half a second each"], tmp_path / "in.mp4")
    content = (tmp_path / "in.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(content[: len(content) * 2 // 3])

    defragment(tmp_path / "cut.mp4", tmp_path / "out.mp4")

    found, whole = frames(tmp_path / "out.mp4"), frames(clip)
    assert 30 <= len(found) < len(whole)
    assert found[:30] == whole[:30]
