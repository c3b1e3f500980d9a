"""Errors of a stitch speak of clips as people count them."""

import pytest

from playhead.media.errors import VerifyFailed
from playhead.reels.in_words import in_words

CLIPS = [{"clip_id": "clp_01aaa"}, {"clip_id": "clp_01bbb"}]


def test_an_error_of_a_step_names_clips_by_number() -> None:
    """Whatever it says else stays."""
    with pytest.raises(VerifyFailed) as raised, in_words(CLIPS):
        raise VerifyFailed("Rendering clip clp_01bbb of video vid_01ccc: it ends after clip clp_01aaa.", hint="Again.")

    assert raised.value.detail == "Rendering clip 2: it ends after clip 1."
    assert raised.value.hint == "Again."
