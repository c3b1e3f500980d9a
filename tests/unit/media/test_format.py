"""The format of a reel: asked for, or what most of the time has."""

from fractions import Fraction

import pytest

from playhead.media.errors import FormatOutOfBounds
from playhead.media.format import ReelFormat, resolve_format, snap_rate
from playhead.media.probe import Probe, VideoStream

NTSC = Fraction(30000, 1001)


def a_probe(size: tuple[int, int], duration_s: float = 5.0, fps: Fraction = Fraction(30)) -> Probe:
    return Probe("mp4", duration_s, 1, VideoStream("h264", *size, 0, fps, None, "yuv420p", False), None)


@pytest.mark.parametrize(
    ("measured", "customary"),
    [
        (Fraction(24), Fraction(24)),
        (Fraction(2997, 125), Fraction(24000, 1001)),
        (Fraction(2997, 100), NTSC),
        (Fraction(30), Fraction(30)),
        (Fraction(287, 10), Fraction(30)),
        (Fraction(26), Fraction(25)),
        (Fraction(15), Fraction(30)),
        (Fraction(120), Fraction(60)),
        (Fraction(5994, 100), Fraction(60000, 1001)),
        (Fraction(0), Fraction(30)),
    ],
)
def test_a_measured_rate_snaps_to_a_customary_one(measured: Fraction, customary: Fraction) -> None:
    """Variable rates and containers with coarse times do not invent rates."""
    assert snap_rate(measured) == customary


def test_most_of_the_time_decides_not_most_of_the_clips() -> None:
    """Three short vertical clips do not turn a long horizontal one."""
    probes = [
        a_probe((720, 1280), 2),
        a_probe((720, 1280), 2),
        a_probe((1280, 720), 9, Fraction(25)),
        a_probe((720, 1280), 2),
    ]

    assert resolve_format(probes) == ReelFormat(1280, 720, Fraction(25))


def test_orientation_comes_before_size() -> None:
    """Two horizontal sizes together outweigh one vertical size that is the most common alone."""
    probes = [a_probe((1080, 1920), 5), a_probe((1280, 720), 4), a_probe((1920, 1080), 3)]

    assert resolve_format(probes).width == 1280


def test_an_automatic_size_is_capped_and_even() -> None:
    """4K becomes Full HD; an odd size becomes even."""
    large, odd = resolve_format([a_probe((3840, 2160))]), resolve_format([a_probe((853, 481))])
    assert (large.width, large.height) == (1920, 1080)
    assert odd.width % 2 == odd.height % 2 == 0


def test_what_is_asked_for_is_taken() -> None:
    """One side alone takes the other from the clips' shape."""
    assert resolve_format([a_probe((1920, 1080))], width=640, fps=29.97) == ReelFormat(640, 360, NTSC)
    assert resolve_format([a_probe((1920, 1080))], height=720, fps=23.976).width == 1280
    assert resolve_format([], width=100, height=50, fps=12.5, background="#FFAA00") == ReelFormat(
        100, 50, Fraction(25, 2), "#ffaa00"
    )


def test_an_empty_project_is_full_hd_at_30() -> None:
    """Something to show before the first clip."""
    assert resolve_format([]) == ReelFormat(1920, 1080, Fraction(30))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"width": 14, "height": 100}, "width must be 16 to 4096 pixels, not 14"),
        ({"width": 100, "height": 5000}, "height must be 16 to 4096 pixels, not 5000"),
        ({"width": 101, "height": 100}, "even number of pixels, not 101"),
        ({"fps": 0.5}, "1 to 60 frames a second, not 0.5"),
        ({"fps": 61}, "not 61"),
        ({"fps": float("nan")}, "frame rate"),
        ({"background": "red"}, "#1a2b3c"),
    ],
)
def test_what_no_reel_can_have_is_refused_with_the_bounds(asked: dict[str, object], words: str) -> None:
    """The sentence names the value and the bounds."""
    with pytest.raises(FormatOutOfBounds, match=words):
        resolve_format([], **asked)  # type: ignore[arg-type]


def test_a_format_survives_json() -> None:
    """The rate stays exact."""
    form = ReelFormat(640, 360, NTSC, "#123456")

    assert ReelFormat.from_dict(form.to_dict()) == form
