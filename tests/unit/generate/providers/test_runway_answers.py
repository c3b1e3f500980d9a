"""What Runway's tasks say, and the requests that it takes."""

from typing import Any

import pytest

from playhead.generate.errors import GenerationFailed, InputRejected, RequestRefused
from playhead.generate.provider import Input, Submission
from playhead.generate.providers.runway_answers import endpoint_of, failure, request_of, task_status

IMAGE = "https://playhead.example/a/1.png"


def submission(*inputs: Input, **parameters: Any) -> Submission:
    return Submission(generation_id="gen_1", model="gen4.5", prompt="a fox", parameters=parameters, inputs=inputs)


def image(parameter: str) -> Input:
    return Input(parameter, IMAGE, "image/png", 10)


@pytest.mark.parametrize(
    ("task", "state", "progress"),
    [
        ({"status": "PENDING"}, "queued", None),
        ({"status": "THROTTLED"}, "queued", None),
        ({"status": "RUNNING", "progress": 0.25}, "running", 0.25),
        ({"status": "DREAMING"}, "running", None),
    ],
)
def test_a_throttled_task_waits_and_an_unknown_state_runs(
    task: dict[str, Any], state: str, progress: float | None
) -> None:
    status = task_status({**task, "estimatedCost": {"credits": 60}}, usd_per_credit=0.01)

    assert (status.state, status.progress, status.retry_after_s, status.cost_micros) == (state, progress, 5.0, None)


@pytest.mark.parametrize(("credits_spent", "micros"), [(60, 600_000), (0, 0), (None, None)])
def test_a_refund_is_nothing_and_silence_is_unknown(credits_spent: int | None, micros: int | None) -> None:
    cost = {} if credits_spent is None else {"cost": {"credits": credits_spent}}
    status = task_status({"status": "SUCCEEDED", "output": [IMAGE], **cost}, usd_per_credit=0.01)

    assert (status.state, status.cost_micros, status.results) == ("succeeded", micros, (IMAGE,))


@pytest.mark.parametrize(
    ("code", "error", "of_output"),
    [
        ("SAFETY.INPUT.TEXT", RequestRefused, False),
        ("SAFETY.OUTPUT.THIRD_PARTY", RequestRefused, True),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", RequestRefused, False),
        ("INTERNAL.BAD_OUTPUT.CODE01", GenerationFailed, None),
        ("INTERNAL", GenerationFailed, None),
        ("", GenerationFailed, None),
        ("ASSET.INVALID", InputRejected, None),
    ],
)
def test_a_failure_code_says_whose_fault_it_is(code: str, error: type[Exception], of_output: bool | None) -> None:
    found = failure("words", code)

    assert type(found) is error
    assert getattr(found, "of_output", None) == of_output


def test_a_bad_output_asks_for_another_seed() -> None:
    assert "seed" in (failure("words", "INTERNAL.BAD_OUTPUT.CODE01").hint or "")


def test_the_inputs_choose_the_endpoint() -> None:
    video = Input("videoUri", "https://playhead.example/a/1.mp4", "video/mp4", 10)

    assert endpoint_of(submission()) == "text_to_video"
    assert endpoint_of(submission(image("promptImage"))) == "image_to_video"
    assert endpoint_of(submission(image("promptImage.last"))) == "image_to_video"
    assert endpoint_of(submission(video, image("references"))) == "video_to_video"


def test_inputs_are_spelled_as_runway_spells_them() -> None:
    one = request_of(submission(image("promptImage"), duration=5, ratio="1280:720"))
    frames = request_of(submission(image("promptImage"), image("promptImage.last")))
    listed = request_of(submission(image("references"), image("referenceVideos")))

    assert one == {
        **{"model": "gen4.5", "promptText": "a fox", "duration": 5, "ratio": "1280:720"},
        "promptImage": IMAGE,
    }
    assert frames["promptImage"] == [{"uri": IMAGE, "position": "first"}, {"uri": IMAGE, "position": "last"}]
    assert listed["references"] == [{"uri": IMAGE}]
    assert listed["referenceVideos"] == [{"type": "video", "uri": IMAGE}]
