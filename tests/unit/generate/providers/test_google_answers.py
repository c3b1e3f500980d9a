"""What Google's interactions say."""

from typing import Any

import pytest

from playhead.generate.errors import (
    GenerationFailed,
    InputRejected,
    ModelRetired,
    OutOfCredit,
    ProviderKeyRefused,
    RequestRefused,
)
from playhead.generate.providers.google_answers import interaction_status, rejection, retry_delay_s


def completed(*content: dict[str, Any], video_tokens: int = 0) -> dict[str, Any]:
    steps = [{"type": "user_input", "content": [{"type": "text", "text": "a fox"}]}]
    if content:
        steps.append({"type": "model_output", "content": list(content)})
    counted = [{"modality": "text", "tokens": 12}, {"modality": "video", "tokens": video_tokens}]
    return {"id": "i1", "status": "completed", "steps": steps, "usage": {"output_tokens_by_modality": counted}}


@pytest.mark.parametrize(
    ("status", "state"),
    [("queued", "queued"), ("in_progress", "running"), ("idle", "running"), ("cancelled", "canceled")],
)
def test_states_are_read_and_an_unknown_one_is_running(status: str, state: str) -> None:
    assert interaction_status({"status": status}).state == state


def test_a_video_is_found_by_uri_or_inline() -> None:
    by_uri = interaction_status(completed({"type": "video", "uri": "https://g.test/v1beta/files/f"}, video_tokens=9))
    inline = interaction_status(completed({"type": "video", "data": "AAAA", "mime_type": "video/mp4"}, video_tokens=9))

    assert (by_uri.state, by_uri.results) == ("succeeded", ("https://g.test/v1beta/files/f",))
    assert inline.results == ("data:video/mp4;base64,AAAA",)


def test_text_alone_without_video_tokens_is_a_refusal_in_googles_words() -> None:
    status = interaction_status(completed({"type": "text", "text": "I cannot make this."}))

    assert (status.state, status.cost_micros) == ("refused", None)
    assert isinstance(status.error, RequestRefused)
    assert "I cannot make this." in status.error.detail


def test_video_tokens_without_a_video_fail_loudly() -> None:
    status = interaction_status(completed({"type": "text", "text": "Here it is."}, video_tokens=57920))

    assert status.state == "failed"
    assert isinstance(status.error, GenerationFailed)
    assert "charged" in status.error.detail


def test_completed_without_any_output_is_not_a_verdict() -> None:
    assert interaction_status({"status": "completed", "steps": []}).state == "running"


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        ("failed", "INTERNAL", GenerationFailed),
        ("incomplete", "", GenerationFailed),
        ("budget_exceeded", "", OutOfCredit),
        ("failed", "PROHIBITED_CONTENT", RequestRefused),
    ],
)
def test_an_end_without_a_video_says_why(status: str, code: str, error: type[Exception]) -> None:
    assert type(interaction_status({"status": status, "errors": [{"code": code, "message": "no"}]}).error) is error


@pytest.mark.parametrize(
    ("status", "said", "error"),
    [
        (400, {"message": "Invalid duration", "status": "INVALID_ARGUMENT"}, InputRejected),
        (400, {"message": "blocked", "status": "SAFETY"}, RequestRefused),
        (400, {"message": "API key not valid", "details": [{"reason": "API_KEY_INVALID"}]}, ProviderKeyRefused),
        (403, {"message": "denied", "status": "PERMISSION_DENIED"}, ProviderKeyRefused),
        (404, {"message": "models/veo-3 is not found"}, ModelRetired),
        (400, {"message": "Model gemini-omni-1.0 is no longer available"}, ModelRetired),
        (500, {"message": "internal"}, None),
    ],
)
def test_a_rejected_submit_says_why(status: int, said: dict[str, Any], error: type[Exception] | None) -> None:
    for body in ({"error": said}, [{"error": said}]):
        found = rejection(status, body)
        assert (found if found is None else type(found)) is error


def test_the_wait_of_a_429_is_in_its_body() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]

    assert retry_delay_s({"error": {"code": 429, "details": details}}) == 34.0
    assert retry_delay_s({"error": {"code": 429}}) is None
