import json
from typing import Any

import httpx2
import pytest

from playhead.cli import follow as module
from playhead.cli.client import Api, Refused, ServerUnreachable
from playhead.cli.follow import JobFailed, follow, wait_for


def job(state: str, progress: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"id": "job_1", "state": state, "progress": progress, "step": None, "error": None, **more}


def events(*jobs: dict[str, Any], end: bool = True) -> httpx2.Response:
    lines = [f"id: {n}\nevent: job\ndata: {json.dumps(one)}\n\n" for n, one in enumerate(jobs)]
    text = ": keep-alive\n\n" + "".join(lines) + ("event: end\ndata: {}\n\n" if end else "")
    return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, text=text)


def server(states: list[Any], feeds: list[Any]) -> Api:
    """Answers `GET /jobs/job_1` and its events in turn; the last of each stays."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        left = feeds if request.url.path.endswith("/events") else states
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, Exception):
            raise given
        return given if isinstance(given, httpx2.Response) else httpx2.Response(200, json=given)

    return Api("http://test", "ph_key", transport=httpx2.MockTransport(answer))


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.001)


def test_events_are_passed_on_until_the_job_has_ended() -> None:
    api = server(
        [job("queued"), job("succeeded", 1)], [events(job("running", 0.3), job("running", 0.6), job("succeeded", 1))]
    )
    seen: list[float] = []

    assert follow(api, "job_1", lambda one: seen.append(one["progress"]))["state"] == "succeeded"

    assert seen == [0, 0.3, 0.6, 1, 1]


def test_a_job_that_has_ended_is_not_listened_to() -> None:
    assert follow(server([job("succeeded", 1)], [AssertionError("nobody listens")]), "job_1")["state"] == "succeeded"


@pytest.mark.parametrize(
    "broken",
    [
        httpx2.Response(404, json={"detail": "no events here"}),
        httpx2.Response(200, text="<html>a proxy's page</html>"),
        httpx2.Response(502, text="Bad gateway"),
    ],
    ids=["404", "not an event stream", "502"],
)
def test_without_events_it_asks_from_time_to_time(broken: httpx2.Response) -> None:
    api = server([job("running", 0.1), job("running", 0.5), job("succeeded", 1)], [broken])
    seen: list[float] = []

    follow(api, "job_1", lambda one: seen.append(one["progress"]))

    assert seen == [0.1, 0.5, 1]


def test_a_feed_that_ends_early_is_taken_up_again() -> None:
    api = server(
        [job("running", 0.1), job("running", 0.4), job("succeeded", 1)],
        [events(job("running", 0.2), end=False), httpx2.ReadError("reset"), events(job("succeeded", 1))],
    )

    assert follow(api, "job_1")["state"] == "succeeded"


def test_a_server_that_restarts_is_waited_for() -> None:
    api = server([job("running"), httpx2.ConnectError("refused"), job("succeeded", 1)], [httpx2.ReadError("reset")])

    assert follow(api, "job_1")["state"] == "succeeded"


def test_a_server_that_stays_away_ends_the_following_and_names_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)

    with pytest.raises(ServerUnreachable) as gone:
        follow(server([httpx2.ConnectError("refused")], []), "job_1")

    assert "playhead jobs watch job_1" in str(gone.value.hint)


def test_a_job_that_is_not_there_is_an_error() -> None:
    with pytest.raises(Refused, match="no such job"):
        follow(server([httpx2.Response(404, json={"detail": "There is no such job."})], []), "job_1")


def test_a_failed_job_gives_its_reason_and_hint() -> None:
    failed = job("failed", error={"code": "disk_full", "message": "The disk is full.", "hint": "Free some space."})

    with pytest.raises(JobFailed, match=r"Job job_1 failed: The disk is full\.") as error:
        wait_for(server([failed], []), "job_1")

    assert error.value.hint == "Free some space."


def test_a_canceled_job_did_not_succeed() -> None:
    with pytest.raises(JobFailed, match="was canceled"):
        wait_for(server([job("canceled")], []), "job_1")


def workers(problem: dict[str, Any] | None) -> httpx2.Response:
    return httpx2.Response(200, json={"problem": problem})


def test_a_job_that_no_worker_takes_says_why_once_for_each_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """And goes on waiting: a worker may come."""
    monkeypatch.setattr(module, "SILENCE_S", 0.0)
    waits = {"message": "No worker is running.", "reason": "No ffmpeg.", "hint": "Install it."}
    answers = [workers(waits), workers(waits), workers(waits | {"reason": "No room."}), workers(None)]
    jobs = [job("queued")] * 5 + [job("succeeded", 1)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/events"):
            return httpx2.Response(404, json={"detail": "no events"})
        if request.url.path.endswith("/workers"):
            return answers.pop(0)
        return httpx2.Response(200, json=jobs.pop(0))

    said: list[str] = []
    follow(Api("http://test", "ph_key", transport=httpx2.MockTransport(answer)), "job_1", warn=said.append)

    assert said == ["No worker is running. No ffmpeg. Install it.", "No worker is running. No room. Install it."]
    assert answers == []


def test_silence_on_the_line_is_a_reason_to_look_not_an_error() -> None:
    api = server([job("queued"), job("succeeded", 1)], [httpx2.ReadTimeout("nothing came")])

    assert follow(api, "job_1")["state"] == "succeeded"
