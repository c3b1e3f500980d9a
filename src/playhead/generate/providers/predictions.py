"""The prediction object of Replicate and of servers that cog builds: what it asks for, and what it says."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from playhead.errors import PlayheadError
from playhead.generate.errors import DeadlinePassed, GenerationFailed, InputRejected, RequestRefused
from playhead.generate.provider import RunState, Status, Submission
from playhead.generate.providers.answers import clean
from playhead.generate.providers.refusals import moderated, refused_output

STATES: Final[Mapping[str, RunState]] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "canceled",
    "aborted": "canceled",
}
"""Final ones; every other word is running, those that come to exist as well."""

VIDEOS = (".mp4", ".mov", ".webm", ".mkv", ".m4v")

_REJECTED = re.compile(r"\bE006\b|\bE1001\b|^(ValueError: )?Input validation error", re.IGNORECASE)
"""An input that could not be fetched or used, one that does not fit into memory, and parameters that are not valid."""

EITHER: Final = "Generate it again, as another try may pass, or change the prompt or the input file."
"""What to do where the words leave it open whether the input or the output was refused."""

_INPUT = re.compile(r"\binput or output\b", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3})%\|")


def input_of(submission: Submission) -> dict[str, Any]:
    """The input of a prediction: prompt, parameters, and files by their URLs; a list where a parameter has several."""
    files: dict[str, list[str]] = {}
    for each in submission.inputs:
        files.setdefault(each.parameter, []).append(each.url)
    given = {name: urls[0] if len(urls) == 1 else urls for name, urls in files.items()}
    return {"prompt": submission.prompt, **submission.parameters, **given}


def status_of(prediction: Mapping[str, Any]) -> Status:
    """What a prediction says."""
    word = str(prediction.get("status") or "")
    state: RunState = STATES.get(word, "running")
    if state == "running":
        return Status(state=state, words=word, progress=_progress(prediction))
    if state == "succeeded":
        return Status(state=state, words=word, results=results_of(prediction))
    nothing = 0 if word == "aborted" else None  # it never began
    if state == "canceled" and not _deadline_passed(prediction):
        return Status(state=state, words=word, cost_micros=nothing)
    if state == "canceled":
        error = DeadlinePassed("The provider ended it at the deadline that was set for it.")
        return Status(state="failed", words=word, cost_micros=nothing, error=error)
    failure = failure_of(prediction.get("error"))
    return Status(state="refused" if isinstance(failure, RequestRefused) else "failed", words=word, error=failure)


def results_of(prediction: Mapping[str, Any]) -> tuple[str, ...]:
    """URLs of the outputs, videos first; none where the provider has removed them."""
    found = [url for url in _strings(prediction.get("output")) if url.startswith(("https:", "http:", "data:"))]
    return tuple(sorted(found, key=lambda url: not _is_video(url)))


def failure_of(error: Any) -> PlayheadError:
    """The error of a prediction that failed, in the model's words."""
    words = clean(str(error or "The model failed and did not say why."), None)
    if moderated(words):
        return RequestRefused(words, of_output=refused_output(words), hint=EITHER if _INPUT.search(words) else None)
    if _REJECTED.search(words):
        return InputRejected(words, hint="Change the parameters or the input file, then generate it again.")
    return GenerationFailed(words)


def _strings(output: Any) -> Iterator[str]:
    if isinstance(output, str):
        yield output
    elif isinstance(output, list | dict):
        for each in output.values() if isinstance(output, dict) else output:
            yield from _strings(each)


def _is_video(url: str) -> bool:
    return url.startswith("data:video/") or urlsplit(url).path.lower().endswith(VIDEOS)


def _progress(prediction: Mapping[str, Any]) -> float | None:
    """The last bar in the logs, as tqdm draws it."""
    found = _PERCENT.findall(str(prediction.get("logs") or "")[-2000:])
    return min(int(found[-1]), 100) / 100 if found else None


def _deadline_passed(prediction: Mapping[str, Any]) -> bool:
    deadline, completed = (time_of(prediction.get(name)) for name in ("deadline", "completed_at"))
    return deadline is not None and completed is not None and completed >= deadline


def time_of(said: Any) -> datetime | None:
    """A time in a prediction; None where there is none with a zone."""
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
