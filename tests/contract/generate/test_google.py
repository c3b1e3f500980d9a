"""What is special about Google, against a fake of its Interactions API over HTTP. It was never run against Google."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from playhead.generate.errors import (
    CallbackInvalid,
    GenerationFailed,
    InputRejected,
    ProviderThrottled,
    RequestRefused,
    RequestUnknown,
    ResultNotReady,
)
from playhead.generate.provider import Reference, Submission
from playhead.generate.providers.google import GoogleProvider, request_of
from tests.fixtures.adapters import ended
from tests.fixtures.fake_providers import Fake, google
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.receiver import Receiver, running_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as found:
        yield found


@pytest.fixture
async def provider(fake: Fake) -> AsyncIterator[GoogleProvider]:
    made = opened(fake)
    yield made
    await made.close()


def opened(fake: Fake, webhook_secret: str | None = None) -> GoogleProvider:
    return GoogleProvider(
        "google",
        base_url=f"{fake.url}/google",
        key="key",
        webhook_secret=webhook_secret,
        client_factory=lambda: httpx2.AsyncClient(trust_env=False),
    )


def submission(callback_url: str | None = None, **parameters: object) -> Submission:
    return Submission(
        generation_id="gen_1",
        model="gemini-omni-1.1-flash",
        prompt="a fox",
        parameters=parameters,
        callback_url=callback_url,
    )


def test_a_request_is_spelled_as_google_spells_it() -> None:
    body = request_of(
        submission(duration=8, aspect_ratio="9:16", task="extend", previous_interaction_id="v1_0", seed=7)
    )

    assert body == {
        "model": "gemini-omni-1.1-flash",
        "input": "a fox",
        "background": True,
        "response_format": {"type": "video", "delivery": "uri", "aspect_ratio": "9:16", "duration": "8s"},
        "labels": {"playhead": "gen_1"},
        "previous_interaction_id": "v1_0",
        "generation_config": {"seed": 7, "video_config": {"task": "extend"}},
    }


@pytest.mark.parametrize(
    ("script", "state", "error"),
    [
        ({"steps": ["running", "refused"]}, "refused", RequestRefused),
        ({"steps": ["running", "succeeded"], "result": "removed"}, "failed", GenerationFailed),
        ({"steps": ["running", "failed"], "error": "E006: cannot be fetched"}, "failed", InputRejected),
    ],
)
async def test_text_alone_is_a_refusal_and_video_tokens_without_a_video_are_a_failure(
    fake: Fake, provider: GoogleProvider, script: dict[str, object], state: str, error: type[Exception]
) -> None:
    fake.script(**script)
    status = await ended(provider, await provider.submit(submission()))

    assert (status.state, type(status.error)) == (state, error)


async def test_a_file_that_is_processed_is_waited_for(fake: Fake, provider: GoogleProvider) -> None:
    fake.settings(google_processing=1)
    reference = await provider.submit(submission())
    url = (await ended(provider, reference)).results[0]

    with pytest.raises(ResultNotReady, match="processing"):
        async with provider.open_result(reference, url):
            pass
    async with provider.open_result(reference, url, start=4) as download:
        assert (download.start, (await anext(download.chunks))[:4]) == (4, b"ftyp")

    assert "x-goog-api-key" not in fake.requests(path="/results")[-1]["headers"]


async def test_an_inline_video_is_a_result_too(fake: Fake, provider: GoogleProvider) -> None:
    fake.script(result="data_url")
    reference = await provider.submit(submission())
    url = (await ended(provider, reference)).results[0]

    async with provider.open_result(reference, url, start=4) as download:
        assert (await anext(download.chunks))[:4] == b"ftyp"


async def test_an_unknown_id_is_a_400(fake: Fake, provider: GoogleProvider) -> None:
    with pytest.raises(RequestUnknown):
        await provider.poll(Reference("v1_unknown"))


async def test_the_wait_of_a_429_is_in_the_details_of_its_body(fake: Fake, provider: GoogleProvider) -> None:
    fake.script(submit="429:body:34")

    with pytest.raises(ProviderThrottled) as refused:
        await provider.submit(submission())

    assert refused.value.retry_after_s == 34.0


async def test_callbacks_are_claimed_with_a_secret_alone(
    fake: Fake, provider: GoogleProvider, receiver: Receiver
) -> None:
    assert not provider.abilities.callbacks
    await ended(provider, await provider.submit(submission(receiver.url)))
    assert receiver.received == []

    signed = opened(fake, google.SECRET)
    reference = await signed.submit(submission(receiver.url))
    async with asyncio.timeout(PATIENCE_S):
        while not receiver.received:
            await asyncio.sleep(0.01)
    sent = receiver.received[0]
    callback = signed.verify_callback(sent.headers, sent.body.encode(), now=datetime.now(UTC))
    await signed.close()

    assert callback.reference_id == reference.id
    for body in (sent.body.replace("completed", "failed"), ""):
        with pytest.raises(CallbackInvalid):
            signed.verify_callback(sent.headers, body.encode(), now=datetime.now(UTC))
    with pytest.raises(CallbackInvalid):
        provider.verify_callback(sent.headers, sent.body.encode(), now=datetime.now(UTC))
