"""Following a job to its end: server-sent events, and plain questions where those do not come through."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx2

from playhead.cli.client import Api, LineLost, NoServer, Refused
from playhead.errors import PlayheadError

ENDED = frozenset({"succeeded", "failed", "canceled"})

POLL_S = 1.0
PATIENCE_S = 60.0
"""How long a server may be away, as in a restart, before the follower gives up."""

SILENCE_S = 5.0
"""A running job says something each second; after so long without news, the workers are looked at."""

Seen = Callable[[dict[str, Any]], None]

Warn = Callable[[str], None]
"""Told why a job waits, once for each reason."""


class JobFailed(PlayheadError):
    """The job that was waited for did not succeed."""

    code = "job_failed"
    title = "The job did not succeed"

    def __init__(self, job: dict[str, Any]) -> None:
        error = job.get("error") or {}
        detail = f"Job {job['id']} was canceled." if job["state"] == "canceled" else _failure(job, error)
        super().__init__(detail, hint=error.get("hint"))
        self.job = job


def follow(api: Api, job_id: str, seen: Seen = lambda _job: None, warn: Warn = lambda _reason: None) -> dict[str, Any]:
    """Wait until a job has ended, telling *seen* of every change, and *warn* when no worker can take it.

    Returns:
        The job in its last state, whichever that is.

    Raises:
        NoServer: the server was away for longer than ``PATIENCE_S``.
        Refused: the job is not there, or not yours.
    """
    streaming = True
    away_since: float | None = None
    waiting = _Waiting(api, warn)
    while True:
        try:
            job: dict[str, Any] = api.get(f"/jobs/{job_id}")
            away_since = None
            seen(job)
            if job["state"] in ENDED:
                return job
            waiting.look(job)
            if streaming and _listen(api, job_id, seen):
                continue
        except _NoEvents:
            streaming = False
        except (NoServer, LineLost, httpx2.TransportError) as error:
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since > PATIENCE_S:
                raise NoServer(
                    f"No Playhead has answered at {api.url} for {PATIENCE_S:.0f} s.",
                    hint=f"The job goes on when it is back: playhead jobs watch {job_id}",
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
    """Pass events on; True when the job has ended, False when only the line has.

    Raises:
        _NoEvents: this server, or a proxy before it, gives none.
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
    """Say why jobs wait (`problem` of ``GET /workers``) in one line."""
    return " ".join(filter(None, (problem["message"], problem["reason"], problem["hint"])))


class _Waiting:
    """Looks at the workers when a job has not changed for a while, and warns once of what is wrong with them."""

    def __init__(self, api: Api, warn: Warn) -> None:
        self._api, self._warn = api, warn
        self._last: tuple[Any, ...] | None = None
        self._warned: str | None = None
        self._since = time.monotonic()

    def look(self, job: dict[str, Any]) -> None:
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
    """Ask from time to time in place of listening."""


def _failure(job: dict[str, Any], error: dict[str, Any]) -> str:
    said = error.get("message") or "it does not say why"
    return f"Job {job['id']} failed: {said}"
