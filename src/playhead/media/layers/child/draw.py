"""Drawing of everything that a piece needs besides its videos: stills, words as they change, and the watermark."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from playhead.media.edit.facts import read_facts
from playhead.media.edit.model import Watermark
from playhead.media.edit.segments import Shown, VideoEffects
from playhead.media.layers.child.stills import ImageBroken, mark_of, still_of
from playhead.media.layers.child.words import words_of
from playhead.media.text.faces import faces_in


def main(request: bytes) -> int:
    """Draw what a request asks for into its folder; print the names of the files and where they go."""
    wanted = json.loads(request)
    try:
        found = _draw(wanted, read_facts(VideoEffects, wanted["effects"]))
    except ImageBroken as error:
        found = {"broken": error.image_id}
    print(json.dumps(found))  # noqa: T201
    return 0


def _draw(wanted: dict[str, Any], effects: VideoEffects) -> dict[str, Any]:
    folder, size = Path(wanted["folder"]), (int(wanted["width"]), int(wanted["height"]))
    images: dict[str, int] = wanted["images"]
    faces = faces_in(None if wanted["fonts"] is None else Path(wanted["fonts"]))
    found: dict[str, Any] = {}
    stills: list[tuple[str, Shown | None]] = [("shown", effects.shown), ("before", effects.before)]
    for name, shown in stills:
        if shown is not None and shown.still:
            still_of(shown, images, size, wanted["background"], faces).save(folder / f"{name}.png", compress_level=1)
            found[name] = f"{name}.png"
    marks = [layer.content for layer in effects.layers if isinstance(layer.content, Watermark)]
    for mark in marks[:1]:
        image, x, y = mark_of(mark, images, size)
        image.save(folder / "mark.png", compress_level=1)
        found["mark"] = {"file": "mark.png", "x": x, "y": y}
    words = [layer for layer in effects.layers if not isinstance(layer.content, Watermark)]
    drawn = words_of(words, int(wanted["frames"]), Fraction(wanted["fps"]), size, faces)
    if drawn is not None:
        found["words"] = drawn.save(folder, Fraction(wanted["fps"]))
    return found
