"""Which parts of a recording become its video."""

from pathlib import Path

from playhead.live.finalise import without_ads
from playhead.live.parts import Part, PartManifest


def part(name: str, *, lane: int = 0, ad: bool = False) -> Part:
    return Part(PartManifest(capture_id=name, lane=lane, ad=ad), Path(name))


def test_ads_are_left_out_and_named_as_the_cause_of_the_gap() -> None:
    """Of each lane for itself."""
    parts = [part("a"), part("b", ad=True), part("c", lane=1), part("d", ad=True), part("e"), part("f")]

    kept = without_ads(parts)

    assert [(one.manifest.capture_id, one.manifest.cause) for one in kept] == [
        ("a", None),
        ("c", None),
        ("e", "ad"),
        ("f", None),
    ]


def test_a_recording_of_nothing_else_is_kept() -> None:
    parts = [part("a", ad=True)]

    assert without_ads(parts) == parts
