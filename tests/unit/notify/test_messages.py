"""What is sent of an event: the body of a request, and the message for people."""

import json
from datetime import UTC, datetime
from typing import Any
from unittest.mock import create_autospec

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.catalog.events import record_errored, record_ready
from playhead.catalog.tables import VideoRow
from playhead.live.recordings import event_data
from playhead.live.tables import RecordingRow
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


def test_recordings_and_videos_say_what_the_examples_promise() -> None:
    recording = RecordingRow(
        id="rec_1", channel_id=None, title="A", state="recording", video_id=None, duration_s=1.0, size_bytes=1, gaps=[]
    )
    video = VideoRow(id="vid_1", owner_id="usr_1", title="A", origin="upload", size_bytes=1)
    session = create_autospec(AsyncSession)
    record_ready(session, video)
    record_errored(session, video)
    ready, errored = (call.args[0] for call in session.add.call_args_list)

    for name in ("started", "interrupted", "finished", "failed"):
        assert event_data(recording).keys() == EVENT_TYPES[f"recording.{name}"].data.keys()
    for event in (ready, errored):
        assert event.data.keys() == EVENT_TYPES[event.type].data.keys()


@pytest.mark.parametrize("changes", [{"gaps": "many"}, {"size_bytes": "?"}, {"duration_s": "long"}])
def test_data_of_another_shape_are_no_failure(changes: dict[str, Any]) -> None:
    assert written("recording.finished", None, **changes) == Message("recording.finished", "recording.finished")


@pytest.mark.parametrize("words", ["@everyone look", "<!channel> look", "<@U123> look"])
def test_a_visitors_comment_calls_nobody(words: str) -> None:
    """Whoever has a share link chooses the words and the name; a chat must not ring for all of its members."""
    body = written("comment.created", text=words, author="@here").body

    assert not any(mention in body for mention in ("@everyone", "<!channel", "<@U", "@here"))
    assert body.replace("\u200b", "").startswith(f"@here at 4.2 s: {words}")
