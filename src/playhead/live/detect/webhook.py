"""The webhook that Twitch posts EventSub messages to; any API process can answer it."""

import json
from collections.abc import Callable, Mapping

import structlog

from playhead.errors import InvalidInput
from playhead.kit.clock import Clock, utc_now
from playhead.live.detect.errors import EventRefused
from playhead.live.detect.eventsub import Events, verify, webhook_message
from playhead.live.detect.notes import Notes

log = structlog.get_logger(__name__)


class Webhook:
    """Receives messages.

    Args:
        secret: Gives the secret that Twitch signs with; None where Twitch is not set up.
    """

    def __init__(self, events: Events, notes: Notes, secret: Callable[[], str | None], clock: Clock = utc_now) -> None:
        self._events, self._notes, self._secret, self._clock = events, notes, secret, clock

    async def receive(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Verify and handle one message.

        Returns:
            The challenge to answer with; None for any other message.

        Raises:
            EventRefused: it is not from Twitch, or too old.
            InvalidInput: its body is not a JSON object.
            DatabaseUnavailable: Twitch shall send it again.
        """
        secret = self._secret()
        if secret is None:
            raise EventRefused("Twitch is not set up here.", hint="Set PLAYHEAD_TWITCH_CLIENT_ID and its secret.")
        verify(secret, headers, body, self._clock())
        message = webhook_message(headers, _document(body))
        if message.type == "webhook_callback_verification":
            log.info("eventsub_challenge_answered", topic=message.topic)
            await self._notes.write("challenge", {"topic": message.topic})
            return message.challenge or ""
        await self._events.handle(message, "webhook")
        return None


def _document(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidInput("The body is not a JSON object.")
    return found
