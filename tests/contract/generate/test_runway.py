"""What is special about Runway, against a fake Runway over HTTP."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from playhead.generate.errors import InputRejected, ProviderThrottled, RequestRefused
from playhead.generate.provider import Input, Submission
from playhead.generate.providers.runway import LIMIT_S, RunwayProvider
from tests.fixtures.adapters import ended
from tests.fixtures.fake_providers import Fake


@pytest.fixture
async def provider(fake: Fake) -> AsyncIterator[RunwayProvider]:
    made = RunwayProvider(
        "runway",
        base_url=f"{fake.url}/runway",
        key="key",
        client_factory=lambda: httpx2.AsyncClient(trust_env=False),
    )
    yield made
    await made.close()


def submission(*inputs: Input) -> Submission:
    return Submission(generation_id="gen_1", model="gen4.5", prompt="a fox", parameters={"duration": 5}, inputs=inputs)


async def test_a_throttled_task_waits_without_a_verdict(fake: Fake, provider: RunwayProvider) -> None:
    fake.script(steps=["THROTTLED"])
    status = await provider.poll(await provider.submit(submission()))

    assert (status.state, status.words, status.retry_after_s) == ("queued", "THROTTLED", 5.0)


@pytest.mark.parametrize(
    ("script", "state", "cost_micros"),
    [
        ({}, "succeeded", 500_000),
        ({"steps": ["running", "failed"]}, "failed", 0),
        ({"steps": ["running", "failed"], "charge_failures": True}, "failed", 500_000),
    ],
)
async def test_a_task_says_what_it_cost_and_whether_that_was_refunded(
    fake: Fake, provider: RunwayProvider, script: dict[str, object], state: str, cost_micros: int
) -> None:
    fake.script(**script)
    status = await ended(provider, await provider.submit(submission()))

    assert (status.state, status.cost_micros) == (state, cost_micros)


async def test_a_429_without_a_time_is_the_limit_of_a_day(fake: Fake, provider: RunwayProvider) -> None:
    fake.script(submit="429")

    with pytest.raises(ProviderThrottled) as refused:
        await provider.submit(submission())

    assert refused.value.retry_after_s == LIMIT_S


async def test_an_input_that_breaks_the_rules_is_the_callers_fault(fake: Fake, provider: RunwayProvider) -> None:
    by_address = Input("promptImage", f"{fake.url}/results/none/a.png", "image/png", 10)
    status = await ended(provider, await provider.submit(submission(by_address)))

    assert isinstance(status.error, InputRejected)
    assert fake.requests(method="POST")[0]["path"] == "/runway/v1/image_to_video"


async def test_moderation_of_the_output_is_told_from_that_of_the_input(fake: Fake, provider: RunwayProvider) -> None:
    fake.script(steps=["running", "failed"], error="SAFETY.INPUT.TEXT: not allowed")
    of_input = (await ended(provider, await provider.submit(submission()))).error
    fake.script(steps=["running", "refused"])
    of_output = (await ended(provider, await provider.submit(submission()))).error

    assert isinstance(of_input, RequestRefused)
    assert isinstance(of_output, RequestRefused)
    assert (of_input.of_output, of_output.of_output) == (False, True)


async def test_each_poll_gives_fresh_urls(provider: RunwayProvider) -> None:
    reference = await provider.submit(submission())
    first = await ended(provider, reference)

    assert first.results != (await provider.poll(reference)).results


async def test_a_task_that_has_ended_is_not_deleted(fake: Fake, provider: RunwayProvider) -> None:
    done = await provider.submit(submission())
    await ended(provider, done)
    await provider.cancel(done)
    fake.script(steps=["running"])
    running = await provider.submit(submission())
    await provider.cancel(running)

    assert (await provider.poll(running)).state == "canceled"
    assert [each["path"] for each in fake.requests(method="DELETE")] == [f"/runway/v1/tasks/{running.id}"]
