"""How ffmpeg is given a source."""

from fractions import Fraction
from pathlib import Path

import pytest

from playhead.media.probe import Probe, VideoStream
from playhead.media.render.inputs import input_of
from playhead.media.render.plan import SourceTracks


def probed(codec: str, *, alpha: bool) -> Probe:
    video = VideoStream(codec, 160, 90, 0, Fraction(30), None, "yuv420p", hdr=False, alpha=alpha)
    return Probe("webm", 5.0, 1, video, None, zero_s=0.0)


@pytest.mark.parametrize(
    ("codec", "alpha", "options"),
    [
        ("vp9", True, ("-c:v", "libvpx-vp9")),
        ("vp8", True, ("-c:v", "libvpx")),
        ("vp9", False, ()),
        ("prores", True, ()),
    ],
)
def test_the_alpha_of_webm_takes_another_decoder(
    tmp_path: Path, codec: str, *, alpha: bool, options: tuple[str, ...]
) -> None:
    path = tmp_path / "any"
    path.write_bytes(b"any")

    (source,) = input_of(path, SourceTracks.of(probed(codec, alpha=alpha)), video=True, start_s=0.0).sources

    assert source.options == options


@pytest.mark.parametrize(
    ("rotation", "mirrored", "options"),
    [
        (0, False, ()),
        (90, False, ("-display_rotation", "-90")),
        (90, True, ("-display_rotation", "90", "-display_hflip")),
        (0, True, ("-display_hflip",)),
    ],
)
def test_what_comes_through_a_pipe_is_turned_as_its_file_was(
    rotation: int, *, mirrored: bool, options: tuple[str, ...]
) -> None:
    """ffmpeg turns counter-clockwise, and then mirrors."""
    tracks = SourceTracks(zero_s=0.0, jumps=True, video=0, rotation=rotation, mirrored=mirrored)

    arguments = input_of(Path("any"), tracks, video=True, start_s=0.0).arguments

    assert tuple(one for one in arguments if one in options) == options
    assert ("-display_hflip" in arguments, "-display_rotation" in arguments) == (mirrored, rotation != 0)
