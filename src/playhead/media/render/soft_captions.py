"""The caption track of a reel from its edit."""

from collections.abc import Mapping

from playhead.media.edit.layers import reel_cues
from playhead.media.edit.model import Edit
from playhead.media.edit.placing import place
from playhead.media.render.plan import SoftCaptions


def soft_captions(edit: Edit, lengths: Mapping[str, float]) -> SoftCaptions | None:
    """The captions that a player can hide; None where none are wanted, or nothing is said.

    Args:
        lengths: Seconds of each video, by its id.
    """
    if edit.captions.mode not in ("soft", "both"):
        return None
    cues = reel_cues(edit, place(edit, lengths))
    own = edit.captions
    return SoftCaptions(language=own.language, cues=cues, shown=own.mode == "soft") if cues else None
