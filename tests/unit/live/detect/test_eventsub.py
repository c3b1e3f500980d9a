"""Verification of EventSub messages."""

from datetime import datetime, timedelta

import pytest

from playhead.live.detect.errors import EventRefused
from playhead.live.detect.eventsub import signature_of, verify

SECRET = "s3cRe7-0123"
BODY = b'{"challenge":"pogchamp-kappa-360noscope-vohiyo"}'
SENT_AT = "2019-11-16T10:11:12.634234626Z"
HEADERS = {
    "twitch-eventsub-message-id": "e76c6bd4-55c9-4987-8304-da1588d8988b",
    "twitch-eventsub-message-timestamp": SENT_AT,
    "twitch-eventsub-message-signature": "sha256=a36db0d8110646236102221071c74dc46579ac7b78271ce958316138df97f731",
}
NOW = datetime.fromisoformat(SENT_AT) + timedelta(seconds=2)


def test_the_signature_is_that_of_twitchs_own_tool() -> None:
    """Over id, timestamp and body as they were sent; the vector was checked against Twitch's CLI."""
    found = signature_of(SECRET, HEADERS["twitch-eventsub-message-id"], SENT_AT, BODY)

    assert found == HEADERS["twitch-eventsub-message-signature"]
    verify(SECRET, HEADERS, BODY, NOW)


@pytest.mark.parametrize(
    ("change", "body"),
    [
        ({}, BODY + b" "),
        ({"twitch-eventsub-message-id": "another"}, BODY),
        ({"twitch-eventsub-message-timestamp": "2019-11-16T10:11:12.634234Z"}, BODY),
        ({"twitch-eventsub-message-signature": ""}, BODY),
        ({"twitch-eventsub-message-signature": "sha256=å"}, BODY),
    ],
    ids=["body", "id", "timestamp in another form", "no signature", "not ASCII"],
)
def test_whatever_is_not_as_it_was_signed_is_refused(change: dict[str, str], body: bytes) -> None:
    with pytest.raises(EventRefused, match="signature"):
        verify(SECRET, HEADERS | change, body, NOW)


@pytest.mark.parametrize(("age", "is_good"), [(-6, False), (-4, True), (9.9, True), (10.1, False)])
def test_old_messages_are_refused(age: float, is_good: bool) -> None:
    """After ten minutes, by Twitch's rule; a clock that goes wrong by some minutes is borne."""
    now = datetime.fromisoformat(SENT_AT) + timedelta(minutes=age)
    if is_good:
        verify(SECRET, HEADERS, BODY, now)
        return
    with pytest.raises(EventRefused, match="ten minutes"):
        verify(SECRET, HEADERS, BODY, now)
