"""How titles come and go: opacity and place by frame."""

from fractions import Fraction
from typing import NamedTuple

from playhead.media.edit.model import Motion, Title, Watermark
from playhead.media.edit.segments import CaptionLayer

MOTION_S = Fraction(2, 5)
"""How long a title takes to come or to go; at most a third of the time that it is shown for."""

_SLIDE = 0.5
"""How far a title slides, as a share of its height."""


class Pose(NamedTuple):
    """How a drawing stands in a frame.

    Attributes:
        across, down: Distance from its place, as shares of its own width and height.
    """

    opacity: float = 1.0
    across: float = 0.0
    down: float = 0.0


def pose_at(content: Title | CaptionLayer | Watermark, frame: int, frames: int, fps: Fraction) -> Pose:
    """Pose in one of the frames that a layer is shown for; captions and watermarks stand still.

    Frame k of the n in which it comes is k + 0.5 over n of the way; it goes as it came, backwards.
    """
    if not isinstance(content, Title):
        return Pose()
    moving = max(1, min(round(MOTION_S * fps), frames // 3))
    entered = _eased(content.enter, frame, moving)
    left = _eased(content.exit, frames - 1 - frame, moving)
    share = min(entered, left)
    slides = (content.enter == "slide" and entered < 1) or (content.exit == "slide" and left < 1)
    return Pose(round(share, 4), 0.0, round((1 - share) * _SLIDE, 4) if slides else 0.0)


def _eased(motion: Motion, frame: int, frames: int) -> float:
    return 1.0 if motion == "none" or frame >= frames else (frame + 0.5) / frames
