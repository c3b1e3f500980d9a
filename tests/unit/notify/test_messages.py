"""What is sent of an event: the body of a request, and the message for people."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from playhead.notify.envelope import LONGEST, body_of
from playhead.notify.messages import Message, message_of
from playhead.outbox.types import EVENT_TYPES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def written(name: str, address: str | None = "https://v.example.org", **changes: Any) -> Message:
    event = EVENT_TYPES[name]
    return message_of(name, {"id": event.id, **event.data, **changes}, address=address)


def test_a_body_has_the_fields_of_standard_webhooks() -> None:
    body = json.loads(body_of("video.ready", NOW, "vid_1", {"title": "Ebb ~ é 🌊"}))
    assert body == {
        "type": "video.ready",
        "timestamp": "2026-03-01T12:00:00.000Z",
        "data": {"id": "vid_1", "title": "Ebb ~ é 🌊"},
    }


def test_a_body_that_is_too_long_says_what_it_is_about() -> None:
    body = body_of("video.ready", NOW, "vid_1", {"title": "é" * LONGEST})
    assert json.loads(body)["data"] == {"id": "vid_1", "truncated": True}


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_every_type_has_a_message_with_a_title_a_sentence_and_a_link(name: str) -> None:
    message = written(name)
    assert message.title != name
    sentence, _, link = message.body.rpartition("\n")
    assert link.startswith("https://v.example.org/")
    assert sentence


def test_a_finished_recording_in_words() -> None:
    message = written("recording.finished")
    assert message.title == "Recorded: Morning tide"
    assert message.body == (
        "1:23:45, 2.1 GB. 1 gap, 3.2 s missing.\nhttps://v.example.org/videos/vid_01k3q9h2v7e8t9m5x0c4d6f8ga"
    )


@pytest.mark.parametrize("changes", [{"gaps": "many"}, {"size_bytes": "?"}, {"duration_s": "long"}])
def test_data_of_another_shape_are_no_failure(changes: dict[str, Any]) -> None:
    assert written("recording.finished", None, **changes) == Message("recording.finished", "recording.finished")
