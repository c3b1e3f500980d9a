"""Errors of detection."""

from playhead.errors import PlayheadError, Unavailable


class EventRefused(PlayheadError):
    """An EventSub message that Twitch did not sign with our secret, or one that is too old."""

    code = "eventsub_message_refused"
    title = "EventSub message refused"
    status = 403
    fault = "caller"


class TwitchUnavailable(Unavailable):
    """Twitch does not answer, or answers with an error of its own."""

    code = "twitch_unavailable"
    title = "Twitch does not answer"


class TwitchRefused(PlayheadError):
    """Twitch refused a request: its credentials or its content are wrong.

    Args:
        answer: HTTP status of Twitch's answer.
    """

    code = "twitch_refused"
    title = "Twitch refused a request"
    status = 502
    fault = "us"

    def __init__(self, detail: str, *, answer: int, hint: str | None = None) -> None:
        super().__init__(detail, hint=hint)
        self.answer = answer
