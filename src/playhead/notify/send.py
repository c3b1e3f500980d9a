"""One attempt at a delivery over HTTP: a signed POST, and what came back."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from playhead import __version__
from playhead.api.outgoing import Outgoing
from playhead.kit.clock import Clock
from playhead.kit.retry_after import read_retry_after
from playhead.kit.standard_webhooks import signed_headers
from playhead.kit.text import shorten
from playhead.kit.urls import UrlRefused

if TYPE_CHECKING:
    import httpx2

TIMEOUT_S: Final = 20.0
"""From the look-up of the host to the head of the response and its first bytes."""

KEPT_BYTES: Final = 1024
KEPT_HEADERS: Final = 20
KEPT_VALUE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How an attempt went. ``error`` is a sentence for people; None for one that was accepted.

    Attributes:
        gone: The endpoint does not exist any more (410): nothing more is sent to it.
        headers: The first ones of the response.
        body: The first bytes of the response, as text.
    """

    status: int | None = None
    error: str | None = None
    duration_s: float = 0.0
    headers: dict[str, str] | None = None
    body: str | None = None
    retry_after: timedelta | None = None
    gone: bool = False


async def send(
    outgoing: Outgoing, url: str, *, message_id: str, body: str, secrets: Sequence[str], clock: Clock
) -> Outcome:
    """Send a webhook once. Never raises what an endpoint can cause.

    Args:
        secrets: Each that is valid; the message is signed by all of them.
    """
    import httpx2

    now, began = clock(), time.monotonic()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Playhead/{__version__} (+webhooks)",
        "Accept-Encoding": "identity",  # the first bytes are kept as they come
        **signed_headers(secrets, message_id, now, body),
    }
    try:
        # A connection of its own: attempts at an endpoint are rare, and one that hangs must not hold up others.
        async with (
            asyncio.timeout(TIMEOUT_S),
            outgoing.client(timeout_s=TIMEOUT_S) as client,
            client.stream("POST", url, content=body.encode(), headers=headers) as response,
        ):
            return await _read(response, began, now)
    except (TimeoutError, httpx2.TimeoutException):
        error = f"It did not respond within {TIMEOUT_S:g} s."
    except UrlRefused as refused:
        error = str(refused)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as failed:
        error = f"The connection failed: {shorten(str(failed) or type(failed).__name__, 300)}."
    return Outcome(error=error, duration_s=_since(began))


async def _read(response: "httpx2.Response", began: float, now: datetime) -> Outcome:
    first = b""
    async for chunk in response.aiter_raw():
        first = (first + chunk)[:KEPT_BYTES]
        if len(first) == KEPT_BYTES:
            break
    status, phrase = response.status_code, response.reason_phrase
    return Outcome(
        status=status,
        error=None if response.is_success else _refusal(status, phrase),
        duration_s=_since(began),
        headers={name: shorten(value, KEPT_VALUE) for name, value in list(response.headers.items())[:KEPT_HEADERS]},
        body=first.decode(errors="replace").replace("\0", "\ufffd"),
        retry_after=read_retry_after(response.headers.get("retry-after"), now),
        gone=status == 410,
    )


def _refusal(status: int, phrase: str) -> str:
    answered = f"It responded with {status} {phrase}".rstrip()
    if 300 <= status < 400:
        return f"{answered}. Redirects are not followed: enter the URL that it leads to."
    return f"{answered}."


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
