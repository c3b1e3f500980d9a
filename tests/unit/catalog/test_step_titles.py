"""What people read of the steps of making renditions, also of those that earlier versions recorded."""

import pytest

from playhead.catalog.renditions import _step_title


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("plan", "Choose the sizes"),
        ("encode", "Encode all sizes"),
        ("360p span 1", "Encode 360p, part 1"),
        ("720pav1 span 12", "Encode 720p AV1, part 12"),
        ("download-480p sound", "Encode the audio of 480p download"),
        ("360p clip0-video0", "Encode 360p, part 1"),
        ("download-480p clip0-audio", "Encode the audio of 480p download"),
        ("join 1080p", "Join 1080p"),
    ],
)
def test_a_step_is_named_after_the_quality_as_players_name_it(name: str, title: str) -> None:
    assert _step_title(name) == title
