"""The body of a webhook: ``{"type", "timestamp", "data"}``, under 20 kB."""

import json
from datetime import datetime
from typing import Any, Final

from playhead.kit.clock import rfc3339

LONGEST: Final = 20_000
"""Bytes, all ASCII; receivers of Standard Webhooks may refuse more."""


def body_facts(event_type: str, at: datetime, subject_id: str | None, data: dict[str, Any]) -> dict[str, Any]:
    """The body of an event: its data begin with the ``id`` of what it is about."""
    return {"type": event_type, "timestamp": rfc3339(at), "data": {"id": subject_id, **data}}


def body_of(event_type: str, at: datetime, subject_id: str | None, data: dict[str, Any]) -> str:
    """Write the body of an event as it is sent and signed; of one that is too long, only what it is about."""
    body = _written(body_facts(event_type, at, subject_id, data))
    return body if len(body) < LONGEST else _written(body_facts(event_type, at, subject_id, {"truncated": True}))


def _written(facts: dict[str, Any]) -> str:
    return json.dumps(facts, separators=(",", ":"))
