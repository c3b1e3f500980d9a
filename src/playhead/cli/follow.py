"""Following a job until it ends: server-sent events, or polling where those do not arrive."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx2

from playhead.cli.client import Api, ConnectionLost, Refused, ServerUnreachable
from playhead.errors import PlayheadError

ENDED = frozenset({"succeeded", "failed", "canceled"})

POLL_S = 1.0
PATIENCE_S = 60.0
"""Longest absence of the server, as in a restart."""

SILENCE_S = 5.0
"""Silence of a job, which normally reports every second, after which the workers are checked."""

Seen = Callable[[dict[str, Any]], None]

Warn = Callable[[str], None]
"""Callback with the reason why a job waits, once per reason."""


class JobFailed(PlayheadError):
    """The job failed or was canceled."""

    code = "job_failed"
    title = "The job did not succeed"

    def __init__(self, job: dict[str, Any]) -> None:
        error = job.get("error") or {}
        detail = f"Job {job['id']} was canceled." if job["state"] == "canceled" else _failure(job, error)
        super().__init__(detail, hint=error.get("hint"))
        self.job = job


def follow(api: Api, job_id: str, seen: Seen = lambda _job: None, warn: Warn = lambda _reason: None) -> dict[str, Any]:
    """Wait until a job has ended; *seen* gets every change, and *warn* the reason when no worker can run it.

    Returns:
        The job in its final state.

    Raises:
        ServerUnreachable: the server was away for longer than ``PATIENCE_S``.
        Refused: the job does not exist, or belongs to someone else.
    """
    streaming = True
    away_since: float | None = None
    workers = _WorkerCheck(api, warn)
    while True:
        try:
            job: dict[str, Any] = api.get(f"/jobs/{job_id}")
            away_since = None
            seen(job)
            if job["state"] in ENDED:
                return job
            workers.check(job)
            if streaming and _listen(api, job_id, seen):
                continue
        except _NoEvents:
            streaming = False
        except (ServerUnreachable, ConnectionLost, httpx2.TransportError) as error:
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since > PATIENCE_S:
                raise ServerUnreachable(
                    f"The server at {api.url} has been unreachable for {PATIENCE_S:.0f} s.",
                    hint=f"The job continues when it is back: playhead jobs watch {job_id}",
                ) from error
        time.sleep(POLL_S)


def wait_for(
    api: Api, job_id: str, seen: Seen = lambda _job: None, warn: Warn = lambda _reason: None
) -> dict[str, Any]:
    """Follow a job that has to succeed.

    Raises:
        JobFailed: it failed or was canceled.
    """
    job = follow(api, job_id, seen, warn)
    if job["state"] != "succeeded":
        raise JobFailed(job)
    return job


def _listen(api: Api, job_id: str, seen: Seen) -> bool:
    """Pass events on; True when the job has ended, False when only the connection has.

    Raises:
        _NoEvents: this server, or a proxy in front of it, sends none.
    """
    try:
        for event in api.events(f"/jobs/{job_id}/events", silence_s=SILENCE_S):
            if event.event == "job":
                job = json.loads(event.data)
                seen(job)
                if job["state"] in ENDED:
                    return True
    except httpx2.ReadTimeout:
        return False
    except (httpx2.SSEError, Refused) as error:
        raise _NoEvents from error
    return False


def no_worker(problem: dict[str, Any]) -> str:
    """The reason why jobs wait (`problem` of ``GET /workers``) in one line."""
    return " ".join(filter(None, (problem["message"], problem["reason"], problem["hint"])))


class _WorkerCheck:
    """A check of the workers when a job has not changed for a while; warns once per problem."""

    def __init__(self, api: Api, warn: Warn) -> None:
        self._api, self._warn = api, warn
        self._last: tuple[Any, ...] | None = None
        self._warned: str | None = None
        self._since = time.monotonic()

    def check(self, job: dict[str, Any]) -> None:
        now, state = time.monotonic(), (job["state"], job["progress"], job["step"])
        if state != self._last:
            self._last, self._since, self._warned = state, now, None
        elif now - self._since >= SILENCE_S:
            self._since = now
            self._ask()

    def _ask(self) -> None:
        try:
            problem = self._api.get("/workers")["problem"]
        except Refused:  # an older server, or a busy one
            return
        text = no_worker(problem) if problem else None
        if text and text != self._warned:
            self._warn(text)
        self._warned = text


class _NoEvents(Exception):
    """Signal to poll instead of listening."""


def _failure(job: dict[str, Any], error: dict[str, Any]) -> str:
    reason = error.get("message") or "no reason given"
    return f"Job {job['id']} failed: {reason}"
