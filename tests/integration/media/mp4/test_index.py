"""Files of real encoders: our index says what libav says."""

import shutil
import subprocess
from pathlib import Path

import av
import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.mp4.aac import SILENT_FRAMES, aac_config, aac_entry
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import BT709, Colour, Movie, Track
from playhead.media.mp4.parameter_sets import video_facts
from playhead.media.mp4.source import FileBytes
from playhead.media.mp4.write import TrackTables, faststart_header

RAW = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=1", "-f", "lavfi", "-i", "sine=d=1:r=48000"]
HD = ["-vf", "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"]
PQ = ["-vf", "setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc:range=tv"]
AAC = ["-c:a", "aac", "-ac", "2"]

RECIPES = {
    "h264.mp4": [*HD, "-c:v", "libx264", "-g", "12", *AAC],
    "full.mov": ["-vf", "setsar=4/3,format=yuvj420p", "-c:v", "libx264", *AAC, "-ar", "44100"],
    "fields.mp4": ["-c:v", "libx264", "-flags", "+ildct+ilme", "-pix_fmt", "yuv422p10le", "-c:a", "libmp3lame"],
    "hevc.mp4": [*PQ, "-c:v", "libx265", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p10le", "-tag:v", "hvc1"],
    "av1.mp4": [*HD, "-c:v", "libaom-av1", "-cpu-used", "8", "-usage", "realtime", "-pix_fmt", "yuv420p", "-an"],
    "vp9.mp4": [*HD, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"],
    "mpeg4.mov": ["-c:v", "mpeg4", "-g", "7", *AAC],
    "fragments.mp4": [
        *HD,
        "-c:v",
        "libx264",
        "-g",
        "12",
        *AAC,
        "-movflags",
        "frag_keyframe+empty_moov+default_base_moof",
    ],
}


def run(*arguments: str | Path) -> bytes:
    """Run ffmpeg; what it says goes to the test's failure."""
    command = [find_ffmpeg().binary, "-nostdin", "-v", "error", "-y", *arguments]
    done = subprocess.run([*map(str, command)], capture_output=True, timeout=60, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files by name, made when first asked for."""
    return {"": tmp_path_factory.mktemp("encoded")}


def file(made: dict[str, Path], name: str) -> Path:
    if name not in made:
        made[name] = made[""] / name
        run(*RAW, *RECIPES[name], made[name])
    return made[name]


def read(path: Path) -> Movie:
    with FileBytes(path) as source:
        return read_movie(source)


@pytest.mark.parametrize("name", RECIPES)
def test_every_sample_is_where_libav_finds_it(made: dict[str, Path], name: str) -> None:
    path = file(made, name)
    movie = read(path)
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        packets = [(packet.stream.id, packet) for packet in container.demux() if packet.size]

    assert movie.tracks
    for track in movie.tracks:
        mine = [packet for number, packet in packets if number == track.id]
        samples = track.samples
        indexes = range(len(samples))
        assert list(samples.sizes) == [packet.size for packet in mine]
        assert list(samples.offsets) == [packet.pos for packet in mine]
        assert list(samples.dts[:-1]) == [packet.dts for packet in mine]
        assert [samples.pts(index) for index in indexes] == [packet.pts for packet in mine]
        keys = [index for index, packet in enumerate(mine) if packet.is_keyframe]
        assert (list(indexes) if samples.sync is None else list(samples.sync)) == keys


@pytest.mark.parametrize("name", RECIPES)
def test_pictures_are_what_libav_decodes(made: dict[str, Path], name: str) -> None:
    path = file(made, name)
    track = read(path).video
    assert track is not None
    facts = video_facts(track.entry)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frame = next(container.decode(stream))
        context = stream.codec_context

    assert (facts.width, facts.height) == (frame.width, frame.height)
    assert facts.bit_depth == frame.format.components[0].bits
    assert facts.codec == {"libdav1d": "av1", "libvpx-vp9": "vp9"}.get(context.name, context.name)
    told = {"h264.mp4": BT709, "fragments.mp4": BT709, "hevc.mp4": Colour(9, 16, 9), "av1.mp4": BT709}
    assert facts.colour == told.get(name, facts.colour)
    assert facts.interlaced == (name == "fields.mp4")
    assert facts.pixel_aspect == ((4, 3) if name == "full.mov" else (1, 1))
    assert facts.colour.full_range == (name == "full.mov")


@pytest.mark.parametrize("rate", [48000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
def test_silent_packets_under_a_fresh_entry_are_silence(tmp_path: Path, rate: int, channels: int) -> None:
    packet = SILENT_FRAMES[channels]
    tables = TrackTables(kind="audio", timescale=rate, entry=aac_entry(rate, channels).raw, durations=[(30, 1024)])
    tables.sizes.extend([len(packet)] * 30)
    tables.chunk_offsets.append(0)
    tables.chunk_counts.append(30)
    tables.media_time, tables.duration = 1024, 29 * 1024
    path = tmp_path / "silence.mp4"
    path.write_bytes(faststart_header([tables], 30 * len(packet)) + 30 * packet)

    decoded = run("-xerror", "-i", path, "-f", "s16le", "-")

    assert decoded == bytes(2 * channels * 29 * 1024)


def tracks(path: Path) -> list[Track]:
    return read(path).tracks


def test_aac_is_told_from_other_sound(made: dict[str, Path]) -> None:
    configs = [aac_config(tracks(file(made, name))[1].entry) for name in ("h264.mp4", "full.mov", "fields.mp4")]

    assert [config and (config.object_type, config.sample_rate, config.channels, config.sbr) for config in configs] == [
        (2, 48000, 2, False),
        (2, 44100, 2, False),
        None,
    ]


def test_quicktime_sound_plays_under_its_new_entry(made: dict[str, Path], tmp_path: Path) -> None:
    """Copied into an MP4 with the ISO entry, libav decodes the same sound."""
    original = file(made, "full.mov")
    copy = tmp_path / "copy.mov"
    shutil.copy(original, copy)
    track = tracks(copy)[1]
    assert track.entry.raw[16:18] == b"\0\0"
    content = copy.read_bytes()
    media = b"".join(
        content[offset : offset + size] for offset, size in zip(track.samples.offsets, track.samples.sizes, strict=True)
    )
    tables = TrackTables(kind="audio", timescale=track.timescale, entry=track.entry.raw)
    tables.durations = [(len(track.samples), 1024)]
    tables.sizes.extend(track.samples.sizes)
    tables.chunk_offsets.append(0)
    tables.chunk_counts.append(len(track.samples))
    tables.media_time, tables.duration = 1024, track.samples.dts[-1] - 1024
    written = tmp_path / "sound.mp4"
    written.write_bytes(faststart_header([tables], len(media)) + media)

    mine, theirs = (run("-i", path, "-map", "0:a", "-f", "s16le", "-") for path in (written, original))

    assert len(theirs) > 2 * 2 * 40_000
    assert mine[: len(theirs)] == theirs


@pytest.mark.parametrize("codec", ["pcm_s16le", "pcm_s24be", "pcm_f32le", "pcm_alaw", "pcm_u8"])
def test_uncompressed_sound_is_read_in_chunks(tmp_path: Path, codec: str) -> None:
    """All of its bytes, and its time; samples of 1/48000 s would be 170 million an hour."""
    path = tmp_path / "pcm.mov"
    run(*RAW, "-c:v", "mpeg4", "-c:a", codec, "-ac", "2", path)
    raw = run("-i", path, "-map", "0:a", "-c", "copy", "-f", codec.removeprefix("pcm_"), "-")
    content, track = path.read_bytes(), tracks(path)[1]

    samples = track.samples
    assert raw == b"".join(
        content[offset : offset + size] for offset, size in zip(samples.offsets, samples.sizes, strict=True)
    )
    assert (float(track.duration), len(samples) < 100) == (1.0, True)
