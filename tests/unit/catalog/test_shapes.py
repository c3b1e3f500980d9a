"""What the API says of a video that was probed."""

from typing import Any

import pytest

from playhead.catalog.shapes import ImageUrls, video_resource
from tests.fixtures.site import probe_of, ready_row


@pytest.mark.parametrize(
    ("probe", "remarks"),
    [
        ({**probe_of(), "remarks": ["The file is cut off."]}, ["The file is cut off."]),
        (probe_of(), []),
        ({name: fact for name, fact in probe_of().items() if name != "remarks"}, []),
        (None, []),
    ],
    ids=["some", "none", "of an older version", "not probed"],
)
def test_remarks_of_the_probe_are_passed_on(probe: dict[str, Any] | None, remarks: list[str]) -> None:
    row = ready_row("usr_1", probe=probe)

    assert video_resource(row, ImageUrls(None)).remarks == remarks
