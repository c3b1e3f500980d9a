"""Words over frames as a list of pictures, each with the number of frames that it is shown for.

All pictures have the size of one box around everything that appears, so that one overlay shows them all. A picture is
drawn once, however often it is shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image

from playhead.media.edit.model import Title
from playhead.media.edit.segments import CaptionLayer, Layer
from playhead.media.layers.motion import Pose, pose_at
from playhead.media.text.draw import Layer as Drawing
from playhead.media.text.draw import draw_caption, draw_title, spoken_spans
from playhead.media.text.faces import Faces


class _Placed(NamedTuple):
    """A drawing as a frame has it."""

    layer: int
    word: int | None
    pose: Pose


@dataclass(frozen=True, slots=True)
class Words:
    """Pictures of a piece.

    Attributes:
        box: Of all pictures in the frame: left, top, width, height.
        runs: What is shown, and for how many frames.
        drawings: By layer and word.
    """

    box: tuple[int, int, int, int]
    runs: Sequence[tuple[tuple[_Placed, ...], int]]
    drawings: dict[tuple[int, int | None], Drawing]

    def save(self, folder: Path, fps: Fraction) -> dict[str, Any]:
        """Write the pictures and a list of them for ffmpeg; where they go."""
        names: dict[tuple[_Placed, ...], str] = {}
        lines = ["ffconcat version 1.0"]
        for placed, frames in self.runs:
            if placed not in names:
                names[placed] = f"words{len(names)}.png"
                self._still(placed).save(folder / names[placed], compress_level=1)
            # Without the rate times would be rounded to a 25th of a second.
            rate = f"option framerate {fps.numerator}/{fps.denominator}"
            lines += [f"file {names[placed]}", rate, f"duration {float(frames / fps):.6f}"]
        (folder / "words.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
        return {"file": "words.txt", "x": self.box[0], "y": self.box[1]}

    def _still(self, placed: Sequence[_Placed]) -> Image.Image:
        left, top, width, height = self.box
        canvas = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        for one in placed:
            drawing = self.drawings[one.layer, one.word]
            whole = Image.new("RGBA", canvas.size, (0, 0, 0, 0))
            whole.paste(_faded(drawing.image, one.pose.opacity), _moved(drawing, one.pose, left, top))
            canvas.alpha_composite(whole)
        return canvas


def words_of(layers: Sequence[Layer], frames: int, fps: Fraction, size: tuple[int, int], faces: Faces) -> Words | None:
    """All words over a piece of some frames; None where there are none."""
    drawings: dict[tuple[int, int | None], Drawing] = {}
    timelines: list[dict[int, _Placed]] = []
    for number, layer in enumerate(layers):
        shown: dict[int, _Placed] = {}
        for frame, word, pose in _frames(layer, frames, fps):
            if (number, word) not in drawings:
                drawing = _drawn(layer.content, word, size, faces)
                if drawing is None:
                    break
                drawings[number, word] = drawing
            shown[frame] = _Placed(number, word, pose)
        timelines.append(shown)
    if not drawings:
        return None
    states = (tuple(shown[frame] for shown in timelines if frame in shown) for frame in range(frames))
    runs = [(placed, sum(1 for _ in same)) for placed, same in groupby(states)]
    return Words(_box(runs, drawings, size), runs, drawings)


def _frames(layer: Layer, frames: int, fps: Fraction) -> Iterator[tuple[int, int | None, Pose]]:
    """Frames of a piece that a layer is seen in, with the word that is spoken and how the layer stands."""
    first, end = round(layer.start_s * fps), round(layer.end_s * fps)
    words = _spoken(layer.content, first, end, fps) if isinstance(layer.content, CaptionLayer) else {}
    for frame in range(max(0, first), min(frames, end)):
        yield frame, words.get(frame), pose_at(layer.content, frame - first, end - first, fps)


def _spoken(caption: CaptionLayer, first: int, end: int, fps: Fraction) -> dict[int, int]:
    """The word that is spoken, by frame."""
    found: dict[int, int] = {}
    for start_s, end_s, word in spoken_spans(caption.cue):
        if word is not None:
            span = range(first + round(start_s * fps), min(end, first + round(end_s * fps)))
            found |= dict.fromkeys(span, word)
    return found


def _drawn(content: Any, word: int | None, size: tuple[int, int], faces: Faces) -> Drawing | None:
    if isinstance(content, CaptionLayer):
        return draw_caption(content.cue, word, content.style, *size, faces)
    return draw_title(content, *size, faces) if isinstance(content, Title) else None


def _box(
    runs: Sequence[tuple[tuple[_Placed, ...], int]],
    drawings: dict[tuple[int, int | None], Drawing],
    size: tuple[int, int],
) -> tuple[int, int, int, int]:
    """An even box around all that appears, within the frame."""
    boxes = []
    for placed in {one for state, _ in runs for one in state}:
        drawing = drawings[placed.layer, placed.word]
        x, y = _moved(drawing, placed.pose, 0, 0)
        boxes.append((x, y, x + drawing.image.width, y + drawing.image.height))
    left, top = max(0, min(box[0] for box in boxes)) // 2 * 2, max(0, min(box[1] for box in boxes)) // 2 * 2
    right, bottom = min(size[0], max(box[2] for box in boxes)), min(size[1], max(box[3] for box in boxes))
    return left, top, max(2, (right - left + 1) // 2 * 2), max(2, (bottom - top + 1) // 2 * 2)


def _moved(drawing: Drawing, pose: Pose, left: int, top: int) -> tuple[int, int]:
    # Even, as the colour is subsampled: half a pixel of it would shimmer.
    across, down = round(pose.across * drawing.image.width / 2) * 2, round(pose.down * drawing.image.height / 2) * 2
    return drawing.x + across - left, drawing.y + down - top


def _faded(image: Image.Image, opacity: float) -> Image.Image:
    if opacity >= 1:
        return image
    faded = image.copy()
    faded.putalpha(image.getchannel("A").point([round(value * opacity) for value in range(256)]))
    return faded
