"""Renditions: the pictures of the source, smaller, with keyframes at the same times in each."""

import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from playhead.media.ffmpeg import find_ffmpeg
from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.movie import Movie
from playhead.media.mp4.source import FileBytes
from playhead.media.probe import Probe, probe
from playhead.media.render import ladder
from playhead.media.render.ladder import RenditionRequest, RenditionSpec, choose_renditions
from playhead.media.render.make import Maker
from playhead.media.render.renditions import rendition_facts, rendition_plan, source_hints
from playhead.media.render.stitch import FolderWorkspace, InProcess
from playhead.media.tools import MediaTools
from tests.fixtures import clips, sync

SIZE = (640, 360)


@dataclass(frozen=True)
class Made:
    """A rendition with its file."""

    spec: RenditionSpec
    path: Path
    facts: dict[str, Any]

    @property
    def movie(self) -> Movie:
        with FileBytes(self.path) as source:
            return read_movie(source)

    def keyframes_s(self) -> list[Fraction]:
        video = self.movie.video
        assert video is not None
        numbers = range(len(video.samples)) if video.samples.sync is None else video.samples.sync
        return [Fraction(video.samples.pts(number) - video.media_time, video.timescale) for number in numbers]


async def ignored(_: float) -> None:
    """Progress that nobody wants."""


async def make(path: Path, wanted: RenditionRequest, folder: Path) -> tuple[Probe, list[Made]]:
    """All renditions, as the job makes them."""
    found = await probe(path)
    try:
        with FileBytes(path) as source:
            movie = read_movie(source)
    except Mp4Unreadable:
        movie = None
    made = []
    for spec in choose_renditions(found, wanted):
        plan = rendition_plan(found, source_hints(movie, found), spec, "vid")
        out = folder / spec.file_name
        maker = Maker(FolderWorkspace(folder, out, {"vid": path}), InProcess(), MediaTools(threads=1))
        missing = await maker.prepare(spec.name, plan, {"vid": str(path)})
        await maker.render_all("render", maker.batches(spec.name, missing, ""), ignored)
        await maker.merge(spec.name)
        facts = rendition_facts(out, spec, plan.frames, await maker.verify(spec.name, out, compare=False))
        made.append(Made(spec, out, facts))
    return found, made


async def test_rungs_have_their_keyframes_at_the_same_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every two seconds whatever is shown, across the seams of spans too; every frame is there and in its place."""
    monkeypatch.setattr(ladder, "SPAN_S", 2)
    path = clips.make_clip(tmp_path, size=SIZE, seconds=5, fps=29.97, mark=9)

    found, made = await make(path, RenditionRequest(heights=(360, 180)), tmp_path)

    assert [(one.spec.width, one.spec.height) for one in made] == [(640, 360), (320, 180)]
    for one in made:
        frames = sync.read_frames(one.path, {9: SIZE})
        assert [frame.number for frame in frames] == list(range(150))
        assert one.keyframes_s() == [Fraction(60 * number * 1001, 30000) for number in range(3)]
        assert one.movie.faststart
        assert one.movie.audio is None
        assert one.facts["fps"] == 29.97
        assert one.facts["duration_s"] == pytest.approx(found.duration_s, abs=0.02)
        assert one.facts["codec_string"].startswith("avc1.64")
    assert made[1].path.stat().st_size < made[0].path.stat().st_size


async def test_a_cut_in_the_picture_makes_no_keyframe(tmp_path: Path) -> None:
    """Half a second of one picture, then another: an encoder left to itself begins anew there."""
    path = tmp_path / "cuts.mp4"
    scenes = "testsrc2=s=320x180:r=30:d=0.5[a];mandelbrot=s=320x180:r=30,trim=duration=2[b];[a][b]concat=n=2"
    subprocess.run([find_ffmpeg().binary, "-v", "error", "-f", "lavfi", "-i", scenes, path], check=True)
    _, (made,) = await make(path, RenditionRequest(heights=(180,)), tmp_path)

    assert made.keyframes_s() == [0, 2]


async def test_a_rung_of_a_file_that_no_browser_streams_has_its_own_sound(tmp_path: Path) -> None:
    """Opus beside VP9 becomes AAC beside H.264, in time to a frame."""
    path = clips.make_clip(tmp_path, codec="vp9", size=(160, 90), seconds=3, mark=5)

    _, (made,) = await make(path, RenditionRequest(), tmp_path)

    assert (made.spec.name, made.spec.has_audio) == ("90p", True)
    flashes = sync.flashes(sync.read_frames(made.path, {5: (160, 90)}))
    beeps = sync.read_beeps(made.path)
    assert len(flashes) == len(beeps) == 3
    assert [abs(flash - beep) < 0.04 for flash, beep in zip(flashes, beeps, strict=True)] == [True] * 3


async def test_a_download_is_one_small_file_with_sound(tmp_path: Path) -> None:
    """H.264 and AAC; its beeps are on their frames although the sound began late."""
    path = clips.make_clip(tmp_path, size=SIZE, seconds=3, mark=6, audio_delay_s=0.2)

    found, (made,) = await make(path, RenditionRequest(ladder=False, download=180), tmp_path)

    assert made.spec.name == "download-180p"
    assert made.path.stat().st_size < path.stat().st_size
    again = await probe(made.path)
    assert (again.video.codec, again.audio.codec if again.audio else None) == ("h264", "aac")
    assert again.duration_s == pytest.approx(found.duration_s, abs=0.05)
    flashes = sync.flashes(sync.read_frames(made.path, {6: SIZE}))
    assert [abs(f - b) < 0.04 for f, b in zip(flashes, sync.read_beeps(made.path), strict=True)] == [True] * 3


async def test_an_upright_video_stays_upright(tmp_path: Path) -> None:
    """Rotation is applied to the pixels; the rendition is named by its columns."""
    path = clips.make_clip(tmp_path, size=SIZE, seconds=1, rotate=90)

    _, (made,) = await make(path, RenditionRequest(heights=(180,)), tmp_path)

    found = await probe(made.path)
    assert (found.video.width, found.video.height, found.video.rotation) == (180, 320, 0)


async def test_pictures_of_high_dynamic_range_become_ordinary_ones(tmp_path: Path) -> None:
    """PQ is brought to BT.709, which every screen shows."""
    path = tmp_path / "pq.mp4"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=30:d=0.5", "-c:v", "libx265", "-pix_fmt", "yuv420p10le"]
    tags = ["-x265-params", "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc", "-tag:v", "hvc1"]
    subprocess.run([find_ffmpeg().binary, "-v", "error", *picture, *tags, path], check=True)

    source, (made,) = await make(path, RenditionRequest(), tmp_path)

    again = await probe(made.path)
    assert (source.video.hdr, again.video.hdr, again.video.pix_fmt) == (True, False, "yuv420p")


async def test_av1_has_the_same_keyframes(tmp_path: Path) -> None:
    """Both encoders keep to the grid."""
    path = clips.make_clip(tmp_path, size=(160, 90), seconds=4.5, fps=15, mark=3)

    _, av1 = await make(path, RenditionRequest(codec="av1", heights=(90,)), tmp_path)
    _, h264 = await make(path, RenditionRequest(heights=(90,)), tmp_path)

    assert av1[0].keyframes_s() == h264[0].keyframes_s() == [0, 2, 4]
    assert av1[0].facts["codec_string"].startswith("av01.")
    assert len(sync.read_frames(av1[0].path, {3: (160, 90)})) == 68
