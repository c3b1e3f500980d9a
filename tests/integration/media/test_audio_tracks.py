"""Of several audio tracks all parts of Playhead take the same one: the one with sound that the file means."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from playhead.media.audio_tracks import streaming_order
from playhead.media.hls.folder import write_folder
from playhead.media.probe import probe
from playhead.media.render.files import FileClip, open_clip, survey_files
from playhead.media.render.format import ReelSettings
from playhead.media.render.stitch import Stitched, StitchOptions, stitch_files
from tests.fixtures.audio import Tone, heard_hz, make_tracks, pitches, run_ffmpeg
from tests.fixtures.mp4_surgery import poke


class Case(NamedTuple):
    """A file, which of its tracks is played, and what is heard of it.

    Attributes:
        streamed_hz: Where HLS takes another track; None where the file is not an MP4.
    """

    make: Callable[[Path], Path]
    track: int
    hz: int
    streamed_hz: int | None
    copied: bool = True


SILENT_FIRST = Tone(0, title="Mic"), Tone(600, language="deu", title="Game"), Tone(700)


def unread_first(folder: Path) -> Path:
    """The first audio track is described as no version that we know does."""
    path = make_tracks(folder, "unread.mp4", Tone(0), Tone(600))
    path.write_bytes(poke(path.read_bytes(), "moov/trak:1/mdia/minf/stbl/stsd", 24, 7, width="H"))
    return path


CASES = {
    "a silent first one in an MP4": Case(lambda folder: make_tracks(folder, "a.mp4", *SILENT_FIRST), 2, 600, 600),
    "a silent first one in fragments": Case(
        lambda folder: make_tracks(folder, "f.mp4", *SILENT_FIRST, more=("-movflags", "frag_keyframe+empty_moov")),
        2, 600, 600,
    ),
    "a silent first one in Matroska": Case(
        lambda folder: make_tracks(folder, "a.mkv", *SILENT_FIRST), 2, 600, None, copied=False
    ),
    "a silent first one in a transport stream": Case(
        lambda folder: make_tracks(folder, "a.ts", *SILENT_FIRST), 2, 600, None, copied=False
    ),
    "a silent first one of uncompressed sound": Case(
        lambda folder: make_tracks(folder, "silent.mov", Tone(0, "pcm_s16le"), Tone(600)), 2, 600, 600
    ),
    "a first one that players do not take": Case(
        lambda folder: make_tracks(folder, "pcm.mov", Tone(500, "pcm_s16le"), Tone(600)), 1, 500, 600, copied=False
    ),
    "a default that is not the first": Case(
        lambda folder: make_tracks(folder, "d.mp4", Tone(500, flags="0"), Tone(600, flags="default")), 2, 600, 600
    ),
    "a commentary in front": Case(
        lambda folder: make_tracks(folder, "c.mkv", Tone(500, flags="comment"), Tone(600, flags="0")),
        2, 600, None, copied=False,
    ),
    "a first one that the index does not describe": Case(unread_first, 2, 600, 600),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tracks")


@pytest.fixture(scope="module")
def files(folder: Path) -> dict[str, Path]:
    return {name: case.make(folder) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def reel(files: dict[str, Path], folder: Path) -> Stitched:
    """All files, one behind the other."""
    clips = [FileClip(path) for path in files.values()]
    options = StitchOptions(jobs=2, threads=1)
    return asyncio.run(stitch_files(clips, ReelSettings(), folder / "reel.mp4", options))


@pytest.fixture(scope="module")
def heard(reel: Stitched) -> list[int]:
    """The pitch of each clip in the reel."""
    return pitches(reel.path)


@pytest.mark.parametrize("name", CASES)
async def test_probe_survey_stream_and_stitch_agree(
    name: str, files: dict[str, Path], reel: Stitched, heard: list[int], tmp_path: Path
) -> None:
    case, path, place = CASES[name], files[name], list(CASES).index(name)

    found = await probe(path)
    [clip] = await survey_files([FileClip(path)])

    assert found.audio is not None
    assert (found.audio.track, clip.survey.tracks.audio) == (case.track, case.track)
    planned = reel.plan.clips[place]
    assert planned.audio is not None
    assert (planned.tracks.audio, planned.audio.kind) == (case.track, "copy" if case.copied else "encode")
    assert heard[place] == case.hz
    if case.streamed_hz is not None:
        write_folder(path, tmp_path / "hls", audio=streaming_order(found))
        assert heard_hz(tmp_path / "hls/index.m3u8") == case.streamed_hz


async def test_an_examination_says_what_each_track_is(files: dict[str, Path]) -> None:
    found = await probe(files["a silent first one in Matroska"])

    facts = [(one.track, one.title, one.language, one.default, one.silent) for one in found.audio_tracks]
    assert facts == [(1, "Mic", "", True, True), (2, "Game", "deu", False, False), (3, "", "", False, False)]
    assert found.remarks == ("3 audio tracks; number 2 (Game, German, mono) is played: the first is silent.",)


async def test_the_index_and_libav_see_the_same_of_uncompressed_sound(files: dict[str, Path]) -> None:
    """The times are the index's, the name of the codec is libav's."""
    path = files["a first one that players do not take"]
    found, opened = await probe(path), await open_clip(path)

    assert opened.probe == found
    facts = [(one.codec, one.sample_rate, one.channels) for one in found.audio_tracks]
    assert facts == [("pcm_s16le", 48_000, 1), ("aac", 48_000, 1)]
    assert all(one.end_s == pytest.approx(found.duration_s, abs=0.05) for one in found.audio_tracks)


async def test_purposes_are_read(files: dict[str, Path]) -> None:
    found = await probe(files["a commentary in front"])

    assert [one.purpose for one in found.audio_tracks] == ["commentary", ""]
    assert "the first is commentary" in found.remarks[-1]


async def test_sound_that_comes_late_is_heard(tmp_path: Path) -> None:
    """A voice in the middle of a long recording; a track of noise below -70 dBFS is silent all the same."""
    late = "aevalsrc=if(between(t\\,60\\,66)\\,0.3*sin(2*PI*500*t)\\,0):s=8000:d=120"
    noise = "anoisesrc=a=0.0001:r=8000:d=120"
    path = tmp_path / "late.mkv"
    sounds = ["-f", "lavfi", "-i", noise, "-f", "lavfi", "-i", late]
    pictures = ["-f", "lavfi", "-i", "color=s=64x36:r=1:d=120"]
    run_ffmpeg(*pictures, *sounds, "-map", "0", "-map", "1", "-map", "2", "-c:a", "pcm_s16le", str(path))

    found = await probe(path)

    assert [one.silent for one in found.audio_tracks] == [True, False]


async def test_a_track_that_cannot_be_decoded_is_not_offered(files: dict[str, Path], tmp_path: Path) -> None:
    """Its packets are rubbish; the other one is played."""
    data = files["a default that is not the first"].read_bytes()
    movie = (await open_clip(files["a default that is not the first"])).movie
    assert movie is not None
    broken = bytearray(data)
    second = movie.audio_tracks[1].samples
    for offset, size in zip(second.offsets, second.sizes, strict=True):
        broken[offset : offset + size] = b"\xff" * size
    path = tmp_path / "broken.mp4"
    path.write_bytes(broken)

    found = await probe(path)

    assert [one.track for one in found.audio_tracks] == [1]
    assert found.audio == found.audio_tracks[0]
