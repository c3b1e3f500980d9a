"""Errors of a stitch in the words of its project: the media layer names clips by their ids, people count them."""

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from playhead.errors import PlayheadError
from playhead.jobs.context import JobContext

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

_VIDEO = re.compile(r" of video vid_\w+")


def spoken(text: str, clips: Sequence[Mapping[str, Any]]) -> str:
    """Replace the ids of clips by their numbers, from 1: "clip clp_01k...": "clip 3"."""
    for number, clip in enumerate(clips, start=1):
        text = text.replace(clip["clip_id"], str(number))
    return _VIDEO.sub("", text)


def in_words(
    step: Callable[Concatenate[S, JobContext, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[S, JobContext, P], Coroutine[Any, Any, T]]:
    """Have what a step of a stitch raises speak of clips by number."""

    @wraps(step)
    async def run(self: S, context: JobContext, /, *args: P.args, **more: P.kwargs) -> T:
        try:
            return await step(self, context, *args, **more)
        except PlayheadError as error:
            error.detail = spoken(error.detail, context.args["clips"])
            raise

    return run
