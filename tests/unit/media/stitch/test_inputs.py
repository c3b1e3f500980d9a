"""How ffmpeg is given a source."""

from pathlib import Path

import pytest

from playhead.media.stitch.inputs import input_of
from playhead.media.stitch.tracks import SourceTracks


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
