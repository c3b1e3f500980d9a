"""What fal's queue and results say."""

from typing import Any

import pytest

from playhead.generate.errors import DeadlinePassed, GenerationFailed, InputRejected, RequestRefused
from playhead.generate.providers.fal_answers import (
    ended,
    is_verdict,
    payload_facts,
    queue_status,
    result_urls,
    status_of_facts,
    succeeded,
)

BAD_PROMPT = [{"loc": ["body", "prompt"], "msg": "flagged by a content checker", "type": "content_policy_violation"}]


@pytest.mark.parametrize(
    ("body", "state", "words"),
    [
        ({"status": "IN_QUEUE", "queue_position": 3}, "queued", "IN_QUEUE, position 3"),
        ({"status": "IN_PROGRESS"}, "running", "IN_PROGRESS"),
        ({"status": "HIBERNATING"}, "running", "HIBERNATING"),
        (
            {"status": "COMPLETED", "error": "boom", "error_type": "runner_disconnected"},
            "failed",
            "runner_disconnected",
        ),
        ({"status": "COMPLETED", "error_type": "client_cancelled"}, "canceled", "client_cancelled"),
        ({"status": "COMPLETED", "error": "Request blocked due to safety violations"}, "refused", "COMPLETED"),
    ],
)
def test_a_queue_has_no_state_for_failures_and_an_unknown_one_is_running(
    body: dict[str, Any], state: str, words: str
) -> None:
    status = queue_status(body, {})

    assert status is not None
    assert (status.state, status.words) == (state, words)


def test_an_error_type_may_be_a_header_alone() -> None:
    status = queue_status({"status": "COMPLETED"}, {"x-fal-error-type": "request_timeout"})

    assert status is not None
    assert isinstance(status.error, DeadlinePassed)


def test_a_complete_request_without_an_error_is_judged_by_its_result() -> None:
    assert queue_status({"status": "COMPLETED"}, {}) is None


@pytest.mark.parametrize(
    ("detail", "error"),
    [
        (BAD_PROMPT, RequestRefused),
        ([{"loc": ["body", "duration"], "msg": "must be 5 or 10", "type": "value_error"}], InputRejected),
        ([{"loc": ["body", "image_url"], "msg": "cannot be downloaded", "type": "file_download_error"}], InputRejected),
        ("out of memory", GenerationFailed),
    ],
)
def test_a_detail_says_whose_fault_it_is(detail: Any, error: type[Exception]) -> None:
    assert type(ended(detail).error) is error


def test_a_refused_output_is_told_apart_from_a_refused_prompt() -> None:
    of_output, of_prompt = ended("The generated video was flagged by moderation").error, ended(BAD_PROMPT).error

    assert isinstance(of_output, RequestRefused)
    assert isinstance(of_prompt, RequestRefused)
    assert (of_output.of_output, of_prompt.of_output) == (True, False)
    assert of_prompt.detail == "fal refused it: body.prompt: flagged by a content checker"


@pytest.mark.parametrize(
    "payload",
    [
        {"video": {"url": "https://v3.fal.media/a.mp4", "content_type": "application/octet-stream"}, "seed": 1},
        {"response": {"video": {"url": "https://v3.fal.media/a.mp4"}}},
        {"thumbnail": {"url": "https://v3.fal.media/a.png"}, "videos": [{"url": "https://v3.fal.media/a.mp4"}]},
        {"output": [{"url": "https://v3.fal.media/a.mp4", "content_type": "video/mp4"}]},
        {"video_url": "https://v3.fal.media/a.mp4"},
    ],
)
def test_the_video_comes_first_in_any_shape(payload: Any) -> None:
    assert result_urls(payload)[0] == "https://v3.fal.media/a.mp4"


def test_a_result_without_files_fails_loudly() -> None:
    assert isinstance(succeeded({"seed": 1}).error, GenerationFailed)


def test_only_the_model_itself_gives_a_verdict_with_a_5xx() -> None:
    written = {"detail": [{"loc": [], "msg": "x", "type": "downstream_service_error"}]}

    assert (is_verdict(written), is_verdict({"detail": "Gateway Timeout"}), is_verdict(None)) == (True, False, False)


def test_the_facts_of_a_webhook_are_short_and_hold_no_input() -> None:
    detail = [{"loc": ["body", "prompt"], "msg": "flagged", "type": "content_policy_violation", "input": "secret"}]
    facts = payload_facts({"status": "ERROR", "error": "Invalid status code: 422", "payload": {"detail": detail}})

    assert facts is not None
    assert "secret" not in str(facts)
    status = status_of_facts(facts)
    assert status is not None
    assert isinstance(status.error, RequestRefused)


@pytest.mark.parametrize(
    "said",
    [
        {"status": "OK", "payload": None, "payload_error": "not serializable"},
        {"status": "OK", "payload": {"seed": 1}},
        {"status": "MAYBE"},
    ],
)
def test_a_webhook_without_a_usable_payload_does_not_say_how_it_ended(said: dict[str, Any]) -> None:
    assert payload_facts(said) is None
