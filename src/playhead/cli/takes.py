"""Takes for people: rows, and waiting for them to end."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from playhead.cli.money import cost_words
from playhead.kit.text import one_line, shorten

if TYPE_CHECKING:
    from playhead.cli.client import Api

ACTIVE = ("queued", "submitting", "running")
COLUMNS = ("id", "state", "done", "cost", "model", "video", "prompt")

POLL_S = 1.0
PATIENCE_S = 60.0
"""Longest absence of the server, as in a restart."""

Seen = Callable[[Sequence[dict[str, Any]]], None]


def row(take: dict[str, Any]) -> list[object]:
    """One line of a table."""
    done = 1.0 if take["state"] == "succeeded" else take["progress"]
    return [
        take["id"],
        take["state"],
        None if done is None else f"{done:.0%}",
        cost_words(take["cost"]),
        f"{take['provider']} {take['model']}",
        take["video_id"],
        shorten(one_line(take["prompt"]), 60),
    ]


def why(take: dict[str, Any]) -> str:
    """Why a take has no video, and what to do."""
    error = take["error"] or {}
    return " ".join(filter(None, (error.get("message") or take["state"], error.get("hint"))))


def wait_for_takes(api: "Api", takes: Sequence[dict[str, Any]], seen: Seen) -> list[dict[str, Any]]:
    """Wait until all takes have ended; *seen* gets them as they stand.

    Raises:
        ServerUnreachable, ConnectionLost: the server was away for longer than ``PATIENCE_S``.
    """
    from playhead.cli.client import ConnectionLost, ServerUnreachable

    found = {take["id"]: take for take in takes}
    away_since: float | None = None
    while True:
        try:
            for take_id in [key for key, take in found.items() if take["state"] in ACTIVE]:
                found[take_id] = api.get(f"/generations/{take_id}")
            away_since = None
        except (ServerUnreachable, ConnectionLost):
            away_since = away_since or time.monotonic()
            if time.monotonic() - away_since > PATIENCE_S:
                raise
        seen(list(found.values()))
        if all(take["state"] not in ACTIVE for take in found.values()):
            return list(found.values())
        time.sleep(POLL_S)
