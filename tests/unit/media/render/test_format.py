"""The format of a reel: asked for, or the one in which the most can be copied, or what most of the time has."""

from dataclasses import replace
from fractions import Fraction

import pytest

from playhead.media.errors import FormatOutOfBounds
from playhead.media.mp4.movie import BT709, Colour
from playhead.media.probe import AudioStream, Probe, VideoStream
from playhead.media.render.format import ReelSettings, resolve, snap_rate
from playhead.media.render.plan import AudioFormat
from playhead.media.render.survey import Survey, survey_probe
from tests.fixtures.movies import Sound, a_movie, avc_entry, surveyed

NTSC = Fraction(30000, 1001)
AS_IT_IS = ReelSettings()


def seen(
    size: tuple[int, int],
    duration_s: float = 5.0,
    fps: Fraction = Fraction(30),
    audio: AudioStream | None = None,
    codec: str = "vp9",
) -> Survey:
    """A clip that can only be encoded."""
    video = VideoStream(codec, *size, 0, fps, None, "yuv420p", hdr=False)
    return survey_probe(Probe("webm", duration_s, 1, video, audio))


def mp4(
    size: tuple[int, int] = (1280, 720),
    seconds: int = 5,
    rate: Fraction = Fraction(30),
    colour: Colour | None = None,
    sound: Sound | None = None,
) -> Survey:
    """A clip that can be copied."""
    frames = round(seconds * rate)
    return surveyed(a_movie(frames=frames, rate=rate, entry=avc_entry(size, colour=colour), sound=sound))


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


@pytest.mark.parametrize(
    ("surveys", "size", "fps"),
    [
        # The class with the most seconds, not the most clips, and not the size that most of the time has.
        ([mp4(seconds=7), mp4((640, 360), seconds=3), mp4((640, 360), seconds=3)], (1280, 720), Fraction(30)),
        ([mp4(rate=Fraction(24), seconds=6), seen((1920, 1080), 8), mp4(seconds=2)], (1280, 720), Fraction(24)),
        # A rate that nobody would choose, but in which all is copied.
        ([mp4(rate=Fraction(16)), mp4(rate=Fraction(16))], (1280, 720), Fraction(16)),
        # 4K that is copied stays 4K.
        ([mp4((3840, 2160)), mp4((3840, 2160)), mp4()], (3840, 2160), Fraction(30)),
        # A short clip decides neither about the size nor about the orientation.
        ([mp4((320, 180), seconds=2), seen((1920, 1080), 20, Fraction(25))], (1920, 1080), Fraction(25)),
        ([mp4((720, 1280), seconds=9), seen((1920, 1080), 10)], (1920, 1080), Fraction(30)),
        # Too large to be had.
        ([mp4((4200, 2000))], (1920, 914), Fraction(30)),
    ],
)
def test_the_format_is_the_one_in_which_the_most_is_copied(
    surveys: list[Survey], size: tuple[int, int], fps: Fraction
) -> None:
    """Of what is left open: size, rate and colour."""
    form = resolve(surveys, AS_IT_IS)

    assert ((form.width, form.height), form.fps) == (size, fps)


def test_the_colour_is_that_of_the_copied_clips() -> None:
    """BT.601 of small pictures, full range too; BT.709 where nothing is copied."""
    full = replace(BT709, full_range=True)

    assert resolve([mp4((640, 360))], AS_IT_IS).colour == Colour(6, 6, 6)
    assert resolve([mp4(colour=full), mp4(colour=full), mp4()], AS_IT_IS).colour == full
    assert resolve([seen((640, 360))], AS_IT_IS).colour == BT709


def test_a_short_clip_decides_about_the_colour_if_all_else_fits() -> None:
    """Nothing is lost by it: the others are encoded in any case."""
    clips = [mp4((1920, 1080), seconds=2, colour=Colour(6, 6, 6)), seen((1920, 1080), 20)]

    assert resolve(clips, AS_IT_IS).colour == Colour(6, 6, 6)


def test_what_is_asked_for_limits_the_choice() -> None:
    """A size, a rate or a codec; of one side alone the copied class still gives the other."""
    clips = [mp4(), mp4(), mp4((640, 480), seconds=12), mp4(rate=Fraction(25), seconds=12)]

    assert resolve(clips, ReelSettings(width=640)).height == 480
    assert resolve(clips, ReelSettings(fps=25)).fps == 25
    assert (resolve(clips, ReelSettings(width=640, height=360)).width) == 640
    assert resolve(clips, ReelSettings(codec="av1")).codec == "av1"


def test_a_varying_rate_is_copied_only_where_it_may_vary() -> None:
    """With variable timing all of a size are one class."""
    varying = surveyed(
        a_movie(times=[*range(0, 450_000, 4500), *range(450_000, 900_000, 3000)], entry=avc_entry((640, 360)))
    )
    clips = [varying, mp4(seconds=6)]

    assert resolve(clips, AS_IT_IS).width == 1280
    assert resolve(clips, ReelSettings(timing="variable")).width == 640


def test_most_of_the_time_decides_where_nothing_is_copied() -> None:
    """Three short vertical clips do not turn a long horizontal one; orientation comes before size."""
    short = seen((720, 1280), 2)

    form = resolve([short, short, seen((1280, 720), 9, Fraction(25)), short], AS_IT_IS)
    turned = resolve([seen((1080, 1920), 5), seen((1280, 720), 4), seen((1920, 1080), 3)], AS_IT_IS)

    assert (form.width, form.height, form.fps) == (1280, 720, Fraction(25))
    assert turned.width == 1280


def test_an_automatic_size_is_capped_and_even() -> None:
    """4K becomes Full HD; an odd size becomes even."""
    large, odd = resolve([seen((3840, 2160))], AS_IT_IS), resolve([seen((853, 481))], AS_IT_IS)

    assert (large.width, large.height) == (1920, 1080)
    assert odd.width % 2 == odd.height % 2 == 0


def test_what_is_asked_for_is_taken() -> None:
    """One side alone takes the other from the clips' shape; an empty project is Full HD at 30."""
    wide = resolve([seen((1920, 1080))], ReelSettings(width=640, fps=29.97))
    asked = resolve([], ReelSettings(width=100, height=50, fps=12.5, background="#FFAA00"))
    empty = resolve([], AS_IT_IS)

    assert (wide.width, wide.height, wide.fps) == (640, 360, NTSC)
    assert (asked.width, asked.height, asked.fps, asked.background) == (100, 50, Fraction(25, 2), "#ffaa00")
    assert (empty.width, empty.height, empty.fps, empty.audio) == (1920, 1080, Fraction(30), None)


@pytest.mark.parametrize(
    ("surveys", "asked", "sound"),
    [
        ([mp4(), mp4()], AS_IT_IS, None),
        ([mp4(sound=Sound(44_100)), mp4(), mp4(sound=Sound(48_000), seconds=2)], AS_IT_IS, AudioFormat(44_100)),
        ([mp4(sound=Sound(channels=1))], AS_IT_IS, AudioFormat(channels=1)),
        ([mp4(sound=Sound(channels=1), seconds=9), mp4(sound=Sound())], AS_IT_IS, AudioFormat()),
        ([seen((640, 360), audio=AudioStream("opus", 48_000, 2))], AS_IT_IS, AudioFormat()),
        ([seen((640, 360), audio=AudioStream("mp3", 22_050, 1))], AS_IT_IS, AudioFormat(channels=1)),
        ([mp4(sound=Sound())], ReelSettings(audio="encode"), AudioFormat(mode="encode")),
        (
            [mp4(sound=Sound())],
            ReelSettings(audio="copy", loudness_lufs=-14),
            AudioFormat(mode="encode", loudness_lufs=-14),
        ),
    ],
)
def test_sound_keeps_the_most_packets_and_never_loses_a_channel(
    surveys: list[Survey], asked: ReelSettings, sound: AudioFormat | None
) -> None:
    """Mono only where all is mono; a loudness needs the whole track encoded."""
    assert resolve(surveys, asked).audio == sound


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
        ({"codec": "vp9"}, "h264, hevc, av1, not vp9"),
        ({"timing": "odd"}, "constant, variable, not odd"),
        ({"audio": "loud"}, "copy, encode, not loud"),
        ({"loudness_lufs": -4}, "-70 to -5 LUFS, not -4"),
        ({"loudness_lufs": float("nan")}, "LUFS"),
    ],
)
def test_what_no_reel_can_have_is_refused_with_the_bounds(asked: dict[str, object], words: str) -> None:
    """The sentence names the value and the bounds."""
    with pytest.raises(FormatOutOfBounds, match=words):
        resolve([], ReelSettings(**asked))  # type: ignore[arg-type]
