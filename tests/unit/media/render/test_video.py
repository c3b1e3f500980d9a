"""How ffmpeg is told what a piece of picture is."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from playhead.media.mp4.movie import BT709, Colour
from playhead.media.render.encoders import video_encoder
from playhead.media.render.inputs import seek_to
from playhead.media.render.plan import ClipPlan, ReelFormat, SourceTracks, VideoPiece
from playhead.media.render.video import decoding_of
from tests.fixtures.stitch_plans import clip_plan, piece, reel_format

BT601 = Colour(6, 6, 6)


def video_filters(clip: ClipPlan, part: VideoPiece, form: ReelFormat, at_s: float) -> tuple[str, str]:
    """Both graphs."""
    decoding = decoding_of(clip, part, form, Path("source.mp4"))
    return decoding.alike(form, at_s), decoding.timed


@pytest.mark.parametrize(
    ("start_s", "seek"),
    [
        (0.0, (0.0, ())),
        (-0.5, (0.0, ())),
        (1e-9, (0.0, ())),
        (1.23456789, (1.234568, ("-noaccurate_seek", "-ss", "1.234568"))),
    ],
)
def test_what_is_asked_for_by_the_microsecond_counts_as_0(start_s: float, seek: tuple[float, tuple[str, ...]]) -> None:
    assert seek_to(start_s) == seek


def test_the_rest_of_a_microsecond_is_cut_by_the_filters() -> None:
    form = reel_format()
    part = piece(form, 10, 1.23456789)

    alike, timed = video_filters(clip_plan(form, (part,)), part, form, 0.00000089)

    base = decoding_of(clip_plan(form, (part,)), part, form, Path("source.mp4")).base
    assert base == Fraction(338, 30)
    assert f"setpts='round(PTS-{0.00000089 - float(base):.9f}/TB)'," in alike
    assert timed == "fps=30/1,tpad=stop_mode=clone:stop=-1,setpts=PTS-338,fps=30/1:start_time=0"


@pytest.mark.parametrize(
    ("tagged", "height", "action", "taken"),
    [
        (BT709, 1080, "encode", None),
        (Colour(), 1080, "encode", 1),
        (Colour(), 720, "encode", 1),
        (Colour(), 576, "encode", 6),
        (Colour(), 0, "encode", None),
        (Colour(), 576, "boundary", 1),
        (BT601, 576, "boundary", 1),
    ],
)
def test_what_a_source_does_not_say_about_its_colours_is_told(
    tagged: Colour, height: int, action: str, taken: int | None
) -> None:
    """Where it is told, by its own tags; beside a copied body it is what the reel is."""
    form = reel_format()
    part = piece(form, 10)

    filters, _ = video_filters(clip_plan(form, (part,), colour=tagged, height=height, action=action), part, form, 0.0)

    assert ("in_color_matrix" in filters) is (taken is not None)
    assert taken is None or f"in_color_matrix={taken}:out_color_matrix=1:" in filters


def test_a_pixel_aspect_that_changes_is_followed_from_its_place_on() -> None:
    """The scaler knows the one of the first frame alone."""
    form = reel_format()
    part = piece(form, 10, 1.0)
    tracks = SourceTracks(aspects=((0.0, 1.0), (2.0, 4 / 3)))

    filters, _ = video_filters(clip_plan(form, (part,), tracks=tracks), part, form, 1.0)

    assert "(iw/ih*if(lt(t,11.999600),1.000000,1.333333))" in filters
    assert filters.count(":eval=frame") == 2


def test_an_unspecified_reel_is_converted_to_what_its_size_stands_for() -> None:
    form = reel_format(colour=Colour())
    part = piece(form, 10)

    assert "out_color_matrix=6:" in video_filters(clip_plan(form, (part,)), part, form, 0.0)[0]


def test_hdr_is_mapped_before_the_bars_are_added() -> None:
    form = reel_format(colour=BT601)
    part = piece(form, 10)

    filters, _ = video_filters(clip_plan(form, (part,), hdr=True), part, form, 0.0)

    assert (
        filters.index("scale=")
        < filters.index("tonemap=")
        < filters.index("zscale=t=6:m=6:r=tv")
        < filters.index("pad=160")
    )


def filters_of(*, alpha: bool = False, **clip: Any) -> str:
    form = reel_format(background="#ff8000")
    part = piece(form, 10)
    tracks = SourceTracks(alpha=alpha)
    return video_filters(clip_plan(form, (part,), height=1080, tracks=tracks, **clip), part, form, 0.0)[0]


@pytest.mark.parametrize("colour", [BT709, BT601, Colour(), Colour(9, 14, 9), Colour(1, 1, 0)])
def test_a_clip_without_a_trait_has_no_filter_for_it(colour: Colour) -> None:
    """The usual path costs what it did."""
    filters = filters_of(colour=colour)

    assert filters.count("setparams") == 1
    assert "zscale" not in filters
    assert "format=gbrap" not in filters


@pytest.mark.parametrize(
    ("colour", "names"),
    [
        (Colour(2, 16, 2), "setparams=color_primaries=9:color_trc=16:colorspace=9:range=tv,scale="),
        (Colour(2, 18, 2, full_range=True), "setparams=color_primaries=9:color_trc=18:colorspace=9:range=pc,scale="),
        (Colour(12, 16, 9), "setparams=color_primaries=12:color_trc=16:colorspace=9:range=tv,scale="),
        (Colour(9, 16, 14), "setparams=color_primaries=9:color_trc=16:colorspace=14:range=tv,zscale=m=9,scale="),
        (Colour(9, 16, 10), "setparams=color_primaries=9:color_trc=16:colorspace=9:range=tv,scale="),
        (Colour(9, 16, 0), "setparams=color_primaries=9:color_trc=16:colorspace=9,scale="),
    ],
)
def test_the_colours_of_hdr_are_named_before_any_filter_needs_them(colour: Colour, names: str) -> None:
    assert names in filters_of(colour=colour, hdr=True)


def test_a_matrix_that_scaling_cannot_read_is_brought_to_one_that_it_can() -> None:
    assert "colorspace=8:range=tv,zscale=m=1,scale=" in filters_of(colour=Colour(1, 1, 8))
    assert "colorspace=1:range=tv,scale=" in filters_of(colour=Colour(1, 1, 15))


def test_hdr_whose_colours_only_ffmpeg_knows_is_left_to_it() -> None:
    """As of a probe that an older version made."""
    assert filters_of(colour=Colour(), hdr=True).count("setparams") == 1


@pytest.mark.parametrize("hdr", [False, True])
def test_transparent_pictures_are_laid_on_the_background_before_they_are_scaled(*, hdr: bool) -> None:
    filters = filters_of(colour=Colour(9, 16, 9) if hdr else BT709, hdr=hdr, alpha=True)

    laid = filters.index("premultiply=inplace=1,lutrgb=a=negval,colorchannelmixer=ra=1.000000:ga=0.501961:ba=0.000000")
    assert filters.index("format=gbrap") < laid < filters.index("scale=w=")
    assert ("format=gbrapf32le" in filters) is hdr


@pytest.mark.parametrize(("fps", "every"), [(30, "60"), (Fraction(30000, 1001), "60"), (1, "2"), (60, "120")])
def test_keyframes_are_at_most_two_seconds_apart(fps: Fraction | int, every: str) -> None:
    arguments = video_encoder(reel_format(fps=fps), 1)

    assert arguments[arguments.index("-g") + 1] == every


@pytest.mark.parametrize(("full", "name"), [(False, "tv"), (True, "pc")])
def test_the_range_is_told_to_filters_and_encoder(*, full: bool, name: str) -> None:
    form = reel_format(colour=Colour(1, 1, 1, full_range=full))
    part = piece(form, 10)

    assert f"range={name}" in video_filters(clip_plan(form, (part,)), part, form, 0.0)[0].rpartition(",")[2]
    arguments = video_encoder(form, 1)
    assert arguments[arguments.index("-color_range") + 1] == name
