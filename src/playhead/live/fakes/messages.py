"""The form of EventSub messages."""

import time
from datetime import UTC, datetime
from typing import Any

from playhead.live.detect.eventsub import signature_of


def now() -> str:
    """The time as Twitch writes it, with nanoseconds."""
    at = time.time_ns()
    return f"{datetime.fromtimestamp(at // 10**9, UTC):%Y-%m-%dT%H:%M:%S}.{at % 10**9:09d}Z"


def broadcaster(user_id: str, login: str) -> dict[str, Any]:
    """The fields that name a streamer."""
    return {
        "broadcaster_user_id": user_id,
        "broadcaster_user_login": login,
        "broadcaster_user_name": login.capitalize(),
    }


def session_facts(session_id: str, keepalive_s: float, status: str, reconnect_url: str | None) -> dict[str, Any]:
    """The session in messages of a WebSocket."""
    return {
        "id": session_id,
        "status": status,
        "keepalive_timeout_seconds": None if reconnect_url else round(keepalive_s),
        "reconnect_url": reconnect_url,
        "connected_at": now(),
    }


def signed_headers(
    secret: str, message_id: str, timestamp: str, body: bytes, type_: str, subscription: dict[str, Any], retry: int
) -> dict[str, str]:
    """The headers of a message to a webhook."""
    prefix = "Twitch-Eventsub"
    return {
        "Content-Type": "application/json",
        f"{prefix}-Message-Id": message_id,
        f"{prefix}-Message-Retry": str(retry),
        f"{prefix}-Message-Type": type_,
        f"{prefix}-Message-Signature": signature_of(secret, message_id, timestamp, body),
        f"{prefix}-Message-Timestamp": timestamp,
        f"{prefix}-Subscription-Type": subscription["type"],
        f"{prefix}-Subscription-Version": subscription["version"],
    }
