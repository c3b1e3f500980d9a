"""The ladder: never larger than the source, the same keyframes in every rendition, few bits for small pictures."""

from fractions import Fraction
from typing import Any

import pytest

from playhead.media.probe import AudioStream, Probe, VideoStream
from playhead.media.render.ladder import RenditionRequest, RenditionSpec, TooSmall, choose_renditions, frames_of, spans

NTSC = Fraction(30000, 1001)
USUAL = RenditionRequest()


def source(
    size: tuple[int, int] = (1920, 1080),
    *,
    container: str = "mp4",
    codec: str = "h264",
    fps: Fraction = Fraction(30),
    audio: str | None = "aac",
    duration_s: float = 60.0,
    megabytes: float = 100,
    pix_fmt: str = "yuv420p",
) -> Probe:
    video = VideoStream(codec, *size, 0, fps, None, pix_fmt, hdr=False)
    sound = None if audio is None else AudioStream(audio, 48_000, 2)
    return Probe(container, duration_s, int(megabytes * 1e6), video, sound)


def names(probe: Probe, wanted: RenditionRequest = USUAL) -> list[str]:
    return [spec.name for spec in choose_renditions(probe, wanted)]


@pytest.mark.parametrize(
    ("options", "wanted", "expected"),
    [
        ({}, USUAL, ["720p", "480p", "360p"]),
        ({"codec": "hevc"}, USUAL, ["1080p", "720p", "480p", "360p"]),
        ({"container": "webm", "codec": "vp9"}, USUAL, ["1080p", "720p", "480p", "360p"]),
        ({"pix_fmt": "yuv420p10le"}, USUAL, ["1080p", "720p", "480p", "360p"]),
        ({"size": (3840, 2160)}, USUAL, ["1080p", "720p", "480p", "360p"]),
        ({"size": (1080, 1920)}, USUAL, ["720p", "480p", "360p"]),
        ({"size": (854, 480)}, USUAL, ["360p"]),
        ({"size": (640, 400)}, USUAL, ["360p"]),
        ({"size": (320, 180)}, USUAL, []),
        ({"size": (320, 180), "codec": "hevc"}, USUAL, ["180p"]),
        ({"size": (320, 181), "codec": "hevc"}, USUAL, ["180p"]),
        ({"size": (1280, 720)}, RenditionRequest(codec="av1"), ["720pav1", "480pav1", "360pav1"]),
        ({}, RenditionRequest(heights=(240, 1080, 2160)), ["1080p", "240p"]),
        ({}, RenditionRequest(ladder=False, download=720), ["download-720p"]),
        ({"size": (640, 360)}, RenditionRequest(ladder=False, download=720), ["download-360p"]),
        ({"size": (1280, 720)}, RenditionRequest(download=480), ["480p", "360p", "download-480p"]),
    ],
    ids=str,
)
def test_a_video_gets_the_rungs_that_fit_it(
    options: dict[str, Any], wanted: RenditionRequest, expected: list[str]
) -> None:
    """Its own size is left out where browsers play the original anyway."""
    assert names(source(**options), wanted) == expected


@pytest.mark.parametrize("heights", [(720,), (88,), (361,), (4320,)])
def test_a_rung_that_cannot_be_is_refused(heights: tuple[int, ...]) -> None:
    """Larger than the source, too small or too large for any, or odd."""
    with pytest.raises(TooSmall):
        choose_renditions(source((640, 360)), RenditionRequest(heights=heights))


@pytest.mark.parametrize(
    ("size", "side", "expected"),
    [
        ((1920, 1080), 720, (1280, 720)),
        ((1080, 1920), 720, (720, 1280)),
        ((1920, 800), 480, (1152, 480)),
        ((1000, 1000), 360, (360, 360)),
        ((1366, 768), 360, (640, 360)),
    ],
)
def test_the_shape_stays(size: tuple[int, int], side: int, expected: tuple[int, int]) -> None:
    """By the short side, upright or wide, always even."""
    (spec,) = choose_renditions(source(size), RenditionRequest(heights=(side,)))

    assert (spec.width, spec.height) == expected


@pytest.mark.parametrize(
    ("fps", "kept", "gop"),
    [
        (Fraction(24), Fraction(24), 48),
        (Fraction(25, 2), Fraction(25, 2), 25),
        (NTSC, NTSC, 60),
        (Fraction(60), Fraction(60), 120),
        (Fraction(120), Fraction(60), 120),
        (Fraction(1, 36000), Fraction(30), 60),
        (Fraction(15360), Fraction(60), 120),
        (Fraction(2437, 100), Fraction(24), 48),
    ],
)
def test_all_rungs_share_rate_and_keyframes(fps: Fraction, kept: Fraction, gop: int) -> None:
    """The rate of the source where it is a steady one; two seconds from keyframe to keyframe."""
    specs = choose_renditions(source(fps=fps), USUAL)

    assert {(spec.fps, spec.gop_frames) for spec in specs} == {(kept, gop)}


@pytest.mark.parametrize(
    ("fps", "frames", "expected"),
    [
        (Fraction(30), 30, [(0, 30)]),
        (Fraction(30), 1800, [(0, 1800)]),
        (Fraction(30), 1830, [(0, 1830)]),
        (Fraction(30), 1860, [(0, 1800), (1800, 1860)]),
        (Fraction(30), 4000, [(0, 1800), (1800, 3600), (3600, 4000)]),
        (NTSC, 4000, [(0, 1800), (1800, 3600), (3600, 4000)]),
        (Fraction(1), 200, [(0, 60), (60, 120), (120, 180), (180, 200)]),
    ],
)
def test_spans_begin_on_keyframes(fps: Fraction, frames: int, expected: list[tuple[int, int]]) -> None:
    """About a minute each, no frame lost; what is shorter than one GOP goes with the span before it."""
    (spec,) = choose_renditions(source(fps=fps), RenditionRequest(heights=(360,)))

    assert list(spans(spec, frames)) == expected
    assert all(start % spec.gop_frames == 0 for start, _ in expected)


def test_frames_fill_the_length() -> None:
    """To the nearest one; at least one."""
    assert frames_of(source(duration_s=10.0), NTSC) == 300
    assert frames_of(source(duration_s=0.001), NTSC) == 1


def test_bits_fall_with_the_size_and_the_codec() -> None:
    """More for many frames, fewer for AV1, never more than the source has."""
    rich = choose_renditions(source(codec="hevc"), USUAL)
    fast = choose_renditions(source(codec="hevc", fps=Fraction(60)), USUAL)
    av1 = choose_renditions(source(codec="hevc"), RenditionRequest(codec="av1"))
    poor = choose_renditions(source(codec="hevc", megabytes=6), USUAL)

    caps = [spec.max_bitrate for spec in rich]
    assert caps == pytest.approx([5_500_000, 2_800_000, 1_300_000, 750_000], rel=0.01)
    assert all(more.max_bitrate > less.max_bitrate for more, less in zip(fast, rich, strict=True))
    assert all(less.max_bitrate < more.max_bitrate for less, more in zip(av1, rich, strict=True))
    assert {spec.max_bitrate for spec in poor[:3]} == {800_000}


@pytest.mark.parametrize(
    ("options", "wanted", "sound"),
    [
        ({}, USUAL, False),
        ({"container": "mov"}, USUAL, False),
        ({"container": "webm", "codec": "vp9", "audio": "opus"}, USUAL, True),
        ({"audio": "ac3"}, USUAL, True),
        ({"container": "mkv"}, USUAL, True),
        ({"audio": None}, USUAL, False),
        ({}, RenditionRequest(ladder=False, download=720), True),
        ({"audio": None}, RenditionRequest(ladder=False, download=720), False),
    ],
    ids=str,
)
def test_a_rung_is_silent_where_players_take_the_sound_of_the_original(
    options: dict[str, Any], wanted: RenditionRequest, sound: bool
) -> None:
    """AAC in an MP4 goes beside any pictures; a download always has its own."""
    assert {spec.has_audio for spec in choose_renditions(source(**options), wanted)} == {sound}


def test_a_rung_and_a_wish_survive_json() -> None:
    """As steps of a job record them."""
    (spec,) = choose_renditions(source(fps=NTSC), RenditionRequest(heights=(360,)))
    wish = RenditionRequest("av1", (720, 360), 720)

    assert RenditionSpec.from_dict(spec.to_dict()) == spec
    assert RenditionRequest.from_dict(wish.to_dict()) == wish
