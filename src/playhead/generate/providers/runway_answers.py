"""What Runway's tasks say and what its requests hold, read and built without I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from playhead.errors import PlayheadError
from playhead.generate.errors import GenerationFailed, InputRejected, RequestRefused
from playhead.generate.provider import MICROS, Input, RunState, Status, Submission

POLL_S = 5.0
"""Runway asks for at least this between two polls of a task."""
MAX_WORDS = 600

_STATES: dict[str, RunState] = {
    "PENDING": "queued",
    "THROTTLED": "queued",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "CANCELLED": "canceled",
}
_VIDEO_INPUTS = ("videoUri", "promptVideo")
_LISTS: dict[str, dict[str, str]] = {"references": {}, "referenceVideos": {"type": "video"}}
"""Parameters that are lists of ``{"uri"}``, and what each entry says besides."""


def endpoint_of(submission: Submission) -> str:
    """Which of the endpoints takes this request: the inputs decide."""
    names = {each.parameter.partition(".")[0] for each in submission.inputs} | set(submission.parameters)
    if names & set(_VIDEO_INPUTS):
        return "video_to_video"
    return "image_to_video" if "promptImage" in names else "text_to_video"


def request_of(submission: Submission) -> dict[str, Any]:
    """The body of a request.

    An input is spelled as Runway spells its parameter; ``promptImage.first`` and ``promptImage.last`` are frames of
    the list that ``promptImage`` may be.
    """
    body = {"model": submission.model, **submission.parameters, **_inputs(submission.inputs)}
    return {**body, "promptText": submission.prompt} if submission.prompt else body


def task_status(task: Mapping[str, Any], *, usd_per_credit: float) -> Status:
    """Read a task; it says the cost only once it has ended, 0 where it was refunded."""
    words = str(task.get("status") or "")
    state = _STATES.get(words, "running")
    if state in ("queued", "running"):
        progress = task.get("progress") if words == "RUNNING" else None
        return Status(state=state, words=words, progress=_number(progress), retry_after_s=POLL_S)
    cost = cost_micros(task, usd_per_credit=usd_per_credit)
    if state == "failed":
        error = failure(str(task.get("failure") or "no reason given"), str(task.get("failureCode") or ""))
        ended: RunState = "refused" if isinstance(error, RequestRefused) else "failed"
        return Status(state=ended, words=words, cost_micros=cost, error=error)
    results = tuple(str(url) for url in task.get("output") or ()) if state == "succeeded" else ()
    return Status(state=state, words=words, cost_micros=cost, results=results)


def cost_micros(task: Mapping[str, Any], *, usd_per_credit: float) -> int | None:
    """What a task cost; None where it does not say."""
    cost = task.get("cost")
    spent = _number(cost.get("credits")) if isinstance(cost, Mapping) else None
    return None if spent is None else round(spent * usd_per_credit * MICROS)


def failure(said: str, code: str) -> PlayheadError:
    """The error of a failed task, by its ``failureCode``; the code's third part is only a guess by Runway."""
    said = said[:MAX_WORDS]
    if code.startswith("SAFETY.OUTPUT"):
        return RequestRefused(f"Runway refused the result: {said}", of_output=True)
    if "SAFETY" in code:
        return RequestRefused(f"Runway refused the request: {said}", of_output=False)
    if code.startswith("ASSET"):
        return InputRejected(f"Runway cannot use the input file: {said}")
    if code.startswith("INTERNAL.BAD_OUTPUT"):
        return GenerationFailed(f"Runway made no usable video: {said}", hint="Use another seed or change the input.")
    return GenerationFailed(f"Runway failed: {said}", hint="Generate it again later.")


def _inputs(inputs: Sequence[Input]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    framed = any(each.parameter.startswith("promptImage.") for each in inputs)
    for each in inputs:
        name, _, position = each.parameter.partition(".")
        if name == "promptImage" and framed:
            body.setdefault(name, []).append({"uri": each.url, "position": position or "first"})
        elif name in _LISTS:
            body.setdefault(name, []).append({**_LISTS[name], "uri": each.url})
        else:
            body[each.parameter] = each.url
    return body


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
