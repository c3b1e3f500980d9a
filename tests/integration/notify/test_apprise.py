"""Messages through the real Apprise, in the process that a worker starts for each."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from playhead.notify.apprise_child import without_secrets
from playhead.notify.apprise_send import send_by_apprise
from playhead.notify.messages import Message
from playhead.notify.send import Outcome
from tests.fixtures.receiver import Receiver, running_receiver

MESSAGE = Message("Recorded: Ebb", "1:23:45, no gaps.\nhttps://v.example.org/videos/vid_1")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


async def sent(url: str, *, allow_private: bool = True) -> Outcome:
    return await send_by_apprise(url, MESSAGE, allow_private=allow_private)


async def test_a_message_arrives_with_its_title_and_its_link(receiver: Receiver) -> None:
    outcome = await sent(receiver.url.replace("http://", "json://"))

    assert outcome.error is None
    body = json.loads(receiver.received[0].body)
    assert (body["title"], body["message"]) == (MESSAGE.title, MESSAGE.body)


async def test_a_private_address_is_refused_when_it_is_connected_to(receiver: Receiver) -> None:
    """Whatever name it was given by: Apprise's own client is stopped at the connection."""
    outcome = await sent(receiver.url.replace("http://127.0.0.1", "json://localhost"), allow_private=False)

    assert outcome.error is not None
    assert "which is not a public address" in outcome.error
    assert receiver.received == []


async def test_a_service_that_refuses_is_named_without_its_secrets(receiver: Receiver) -> None:
    receiver.answers[:] = [401]
    outcome = await sent(receiver.url.replace("http://", "json://harbour:sesame4711@"))

    assert outcome.error is not None
    assert "sesame4711" not in outcome.error


async def test_a_url_that_apprise_does_not_know_is_said_so() -> None:
    outcome = await sent("harbour://x")

    assert outcome.error == "Apprise does not know this URL. Its documentation lists the form of each service."


async def test_a_key_in_a_file_of_the_server_is_not_read(tmp_path: Path) -> None:
    """A service of Google's wants a file; any user may name any file."""
    key = tmp_path / "service.json"
    key.write_text('{"project_id": "x"}')
    outcome = await sent(f"fcm://project/device/?keyfile={key}", allow_private=False)

    assert outcome.error == "It would use a file of the server."


def test_no_piece_of_a_url_is_in_an_error() -> None:
    said = without_secrets(
        "Failed to send to 4174216298: JHMHI8qBe7bk2Zw refused", "discord://4174216298/JHMHI8qBe7bk2Zw"
    )
    assert said == "Failed to send to …: … refused"
