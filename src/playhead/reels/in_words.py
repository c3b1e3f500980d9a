"""Errors of a stitch with clips named by number: the media layer names them by their ids, people count them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from playhead.errors import PlayheadError

_VIDEO = re.compile(r" of video vid_\w+")


def spoken(text: str, clips: Sequence[Mapping[str, Any]]) -> str:
    """Replace the ids of clips by their numbers, from 1: "clip clp_01k...": "clip 3"."""
    for number, clip in enumerate(clips, start=1):
        text = text.replace(clip["clip_id"], str(number))
    return _VIDEO.sub("", text)


@contextmanager
def in_words(clips: Sequence[Mapping[str, Any]]) -> Iterator[None]:
    """Name clips by number in the errors of a step."""
    try:
        yield
    except PlayheadError as error:
        error.detail = spoken(error.detail, clips)
        raise
