"""What is special about fal, against a fake fal over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from playhead.generate.errors import (
    CallbackInvalid,
    GenerationFailed,
    InputRejected,
    OutcomeUnknown,
    ResultNotReady,
)
from playhead.generate.provider import Input, Reference, Submission
from playhead.generate.providers.fal import FalProvider
from tests.fixtures.adapters import ended
from tests.fixtures.fake_providers import Fake, fal
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.receiver import Received, Receiver, running_receiver

MODEL = "fal-ai/veo3.1/fast"


@pytest.fixture
async def provider(fake: Fake) -> AsyncIterator[FalProvider]:
    made = FalProvider(
        "fal",
        base_url=f"{fake.url}/fal",
        key="key",
        client_factory=lambda: httpx2.AsyncClient(trust_env=False),
        jwks_url=f"{fake.url}/fal/.well-known/jwks.json",
    )
    yield made
    await made.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as found:
        yield found


def submission(prompt: str = "a fox", *, callback_url: str | None = None, inputs: tuple[Input, ...] = ()) -> Submission:
    return Submission(
        generation_id="gen_1", model=MODEL, prompt=prompt, callback_url=callback_url, inputs=inputs, deadline_s=90
    )


async def received(receiver: Receiver, count: int) -> list[Received]:
    async with asyncio.timeout(PATIENCE_S):
        while len(receiver.received) < count:
            await asyncio.sleep(0.01)
    return receiver.received


def now() -> datetime:
    return datetime.now(UTC)


async def test_the_urls_that_fal_gives_are_used_and_the_deadline_is_sent(fake: Fake, provider: FalProvider) -> None:
    reference = await provider.submit(submission())

    assert reference.facts["status_url"] == f"{fake.url}/fal/fal-ai/veo3.1/requests/{reference.id}/status"
    assert (await ended(provider, reference)).state == "succeeded"
    assert fake.requests(method="POST", path="/fal")[0]["headers"]["x-fal-request-timeout"] == "90"


async def test_the_key_never_goes_to_urls_of_another_host(fake: Fake, provider: FalProvider) -> None:
    fake.settings(fal_foreign_urls=True)
    reference = await provider.submit(submission())

    assert {str(url).startswith(fake.url) for url in reference.facts.values()} == {True}
    assert (await ended(provider, reference)).state == "succeeded"


async def test_a_504_of_the_result_is_no_verdict(fake: Fake, provider: FalProvider) -> None:
    fake.settings(fal_result_timeouts=2)
    fake.script(steps=["succeeded"])
    reference = await provider.submit(submission())

    not_ready = 0
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                status = await provider.poll(reference)
            except ResultNotReady:
                not_ready += 1
                continue
            if status.is_final:
                break

    assert (not_ready, status.state) == (2, "succeeded")


@pytest.mark.parametrize(
    ("script", "state", "error"),
    [
        ({"steps": ["running", "failed"], "error": "body.duration: must be 5 or 10"}, "failed", InputRejected),
        ({"steps": ["running", "succeeded"], "result": "removed"}, "failed", GenerationFailed),
        ({"steps": ["running", "canceled"]}, "canceled", None),
    ],
)
async def test_what_ends_badly_may_say_so_in_the_result_alone(
    fake: Fake, provider: FalProvider, script: dict[str, object], state: str, error: type[Exception] | None
) -> None:
    fake.script(**script)
    status = await ended(provider, await provider.submit(submission()))

    assert (status.state, status.error and type(status.error), status.cost_micros) == (state, error, None)


async def test_several_files_of_one_parameter_are_a_list(fake: Fake, provider: FalProvider) -> None:
    fake.script(fetch_inputs="none")
    files = tuple(Input(name, f"https://a.test/{name}", "image/png", 1) for name in ("image_url", "image_urls"))
    twice = Input("reference", "https://a.test/2", "image/png", 1)
    await provider.submit(submission(inputs=(*files, twice, twice)))

    assert {name: value for name, value in fake.runs()[0]["input"].items() if name != "prompt"} == {
        "image_url": "https://a.test/image_url",
        "image_urls": ["https://a.test/image_urls"],
        "reference": ["https://a.test/2", "https://a.test/2"],
    }


async def test_a_model_that_is_no_path_is_not_requested(fake: Fake, provider: FalProvider) -> None:
    for model in ("../../admin", "fal-ai/veo3?x=1", "fal-ai", "//evil.test/a"):
        with pytest.raises(InputRejected):
            await provider.submit(Submission(generation_id="gen_1", model=model, prompt="a fox"))

    assert fake.requests() == []


async def test_a_callback_is_verified_and_repeats_share_its_id(
    fake: Fake, provider: FalProvider, receiver: Receiver
) -> None:
    fake.script(callback=["duplicate"])
    reference = await provider.submit(submission(callback_url=receiver.url))
    first, second = await received(receiver, 2)
    await provider.refresh_keys()

    callbacks = [provider.verify_callback(each.headers, each.body.encode(), now=now()) for each in (first, second)]

    assert {(each.reference_id, each.event_id) for each in callbacks} == {(reference.id, reference.id)}


@pytest.mark.parametrize("mode", ["forged", "replayed"])
async def test_a_forged_or_replayed_callback_is_refused(
    fake: Fake, provider: FalProvider, receiver: Receiver, mode: str
) -> None:
    fake.script(callback=[mode])
    await provider.submit(submission(callback_url=receiver.url))
    last = (await received(receiver, 1 if mode == "forged" else 2))[-1]
    await provider.refresh_keys()

    with pytest.raises(CallbackInvalid):
        provider.verify_callback(last.headers, last.body.encode(), now=now())


async def test_a_signed_callback_for_another_request_than_its_body_says_is_refused(provider: FalProvider) -> None:
    await provider.refresh_keys()
    body = b'{"request_id": "r2", "status": "OK"}'
    headers = fal.signed_headers(fal.KEYS.private, "r1", int(now().timestamp()), body)

    with pytest.raises(CallbackInvalid, match="does not name"):
        provider.verify_callback(headers, body, now=now())


@pytest.mark.parametrize(
    ("steps", "state"), [(["running", "succeeded"], "succeeded"), (["running", "refused"], "refused")]
)
async def test_a_lost_submit_is_resolved_by_its_callback_alone(
    fake: Fake, provider: FalProvider, receiver: Receiver, steps: list[str], state: str
) -> None:
    fake.script(submit="drop_after_accept", steps=steps)
    with pytest.raises(OutcomeUnknown):
        await provider.submit(submission(callback_url=receiver.url))
    sent = (await received(receiver, 1))[0]
    await provider.refresh_keys()

    callback = provider.verify_callback(sent.headers, sent.body.encode(), now=now())
    assert callback.reference is not None
    kept = Reference.from_dict(callback.reference.to_dict())
    status = await provider.poll(kept)

    assert (status.state, len(fake.charges(refunded=None))) == (state, 1)
    if state == "succeeded":
        async with provider.open_result(kept, status.results[0]) as download:
            assert b"ftyp" in b"".join([chunk async for chunk in download.chunks])[:16]
