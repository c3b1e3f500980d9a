"""Errors of a stitch speak of clips as people count them."""

from pathlib import Path

import pytest

from playhead.jobs.context import JobContext
from playhead.media.errors import VerifyFailed
from playhead.reels.in_words import in_words

CLIPS = [{"clip_id": "clp_01aaa"}, {"clip_id": "clp_01bbb"}]


class Steps:
    @in_words
    async def render(self, context: JobContext, what: str) -> None:
        raise VerifyFailed(f"{what} clip clp_01bbb of video vid_01ccc: it ends after clip clp_01aaa.", hint="Again.")


async def test_an_error_of_a_step_names_clips_by_number(tmp_path: Path) -> None:
    """Whatever it says else stays."""
    context = JobContext(job_id="job_1", work=tmp_path, args={"clips": CLIPS})

    with pytest.raises(VerifyFailed) as raised:
        await Steps().render(context, "Rendering")

    assert raised.value.detail == "Rendering clip 2: it ends after clip 1."
    assert raised.value.hint == "Again."
