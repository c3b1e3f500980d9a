"""What a prediction of Replicate or cog says."""

from typing import Any

import pytest

from playhead.errors import PlayheadError
from playhead.generate.errors import DeadlinePassed, GenerationFailed, InputRejected, RequestRefused
from playhead.generate.provider import Input, Submission
from playhead.generate.providers.predictions import failure_of, input_of, status_of


def test_files_are_parameters() -> None:
    """A parameter with several of them has a list."""
    names = {"image": [1], "references": [2, 3]}
    files = tuple(Input(name, f"https://a/{n}", "image/png", 1) for name, numbers in names.items() for n in numbers)
    submission = Submission(generation_id="gen_1", model="", prompt="A dog", parameters={"seed": 3}, inputs=files)

    assert input_of(submission) == {
        "prompt": "A dog",
        "seed": 3,
        "image": "https://a/1",
        "references": ["https://a/2", "https://a/3"],
    }


@pytest.mark.parametrize(
    ("prediction", "state", "cost"),
    [
        ({"status": "starting"}, "running", None),
        ({"status": "pondering"}, "running", None),
        ({}, "running", None),
        ({"status": "aborted"}, "canceled", 0),
        ({"status": "canceled"}, "canceled", None),
        ({"status": "failed"}, "failed", None),
    ],
)
def test_states(prediction: dict[str, Any], state: str, cost: int | None) -> None:
    """What is not known is running; what never began cost nothing."""
    status = status_of(prediction)

    assert (status.state, status.cost_micros, status.words) == (state, cost, prediction.get("status", ""))


def test_one_that_ended_at_its_deadline_failed() -> None:
    times = {"deadline": "2026-11-30T10:00:00Z", "completed_at": "2026-11-30T10:00:00.5Z"}

    status = status_of({"status": "canceled", **times})
    assert (status.state, type(status.error)) == ("failed", DeadlinePassed)
    assert status_of({"status": "canceled", **times, "completed_at": "2026-11-30T09:59:59Z"}).state == "canceled"


def test_progress_is_the_last_bar_in_the_logs() -> None:
    logs = " 10%|#    | 1/10\r 45%|####   | 4/10 [00:01<00:02]\n"

    assert status_of({"status": "processing", "logs": logs}).progress == 0.45
    assert status_of({"status": "processing", "logs": "50% done"}).progress is None


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("https://a/x.mp4", ("https://a/x.mp4",)),
        (["https://a/x.png", "https://a/x.mp4?t=1"], ("https://a/x.mp4?t=1", "https://a/x.png")),
        ({"seed": 3, "video": "data:video/mp4;base64,AAAA"}, ("data:video/mp4;base64,AAAA",)),
        ("file:///etc/passwd", ()),
        (None, ()),
    ],
)
def test_results_are_urls_with_the_video_first(output: Any, expected: tuple[str, ...]) -> None:
    assert status_of({"status": "succeeded", "output": output}).results == expected


@pytest.mark.parametrize(
    ("words", "expected", "of_output"),
    [
        ("The input or output was flagged as sensitive. (E005)", RequestRefused, True),
        ("NSFW content detected in the prompt", RequestRefused, False),
        ("Generated video may contain copyrighted material", RequestRefused, True),
        ("E006: Failed to fetch the input", InputRejected, None),
        ("Input validation error: duration", InputRejected, None),
        ("E1001 out of memory", InputRejected, None),
        ("E1000 unknown error", GenerationFailed, None),
        ("Service is temporarily unavailable. (E004)", GenerationFailed, None),
        (None, GenerationFailed, None),
    ],
)
def test_failures_by_fault(words: str | None, expected: type[PlayheadError], of_output: bool | None) -> None:
    error = failure_of(words)

    assert (type(error), getattr(error, "of_output", None)) == (expected, of_output)
    assert (words or "did not say why") in error.detail
