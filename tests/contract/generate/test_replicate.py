"""What is Replicate's and cog's own, over HTTP against the fake server."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from playhead.generate.errors import (
    CallbackTooLate,
    InputRejected,
    ModelRetired,
    OutcomeUnknown,
    ProviderThrottled,
    ProviderUnavailable,
)
from playhead.generate.provider import Provider
from tests.fixtures.adapters import ADAPTERS, GENERATION_ID, ended, fetched
from tests.fixtures.fake_providers import Fake
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.receiver import running_receiver

REPLICATE, COG = (next(each for each in ADAPTERS if each.name == name) for name in ("replicate", "cog"))
VERSION = "0123456789abcdef" * 4


@pytest.fixture
async def replicate(fake: Fake) -> AsyncIterator[Provider]:
    opened = REPLICATE.open(fake)
    yield opened
    await opened.close()


@pytest.fixture
async def cog(fake: Fake) -> AsyncIterator[Provider]:
    """A server that cannot be polled, as cog's own."""
    opened = replace(COG, settings=()).open(fake)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("example/video", "/models/example/video/predictions"),
        ("deployments/example/mine", "/deployments/example/mine/predictions"),
        (VERSION, "/predictions"),
        (f"example/video:{VERSION}", "/predictions"),
    ],
)
async def test_models_versions_and_deployments_have_their_own_path(
    fake: Fake, replicate: Provider, model: str, path: str
) -> None:
    """Each with the deadline, and found again by its name."""
    submission = REPLICATE.submission(model=model, deadline_s=90, parameters={"seed": 3})
    reference = await replicate.submit(submission)

    [request] = fake.requests(method="POST")
    assert request["path"] == f"/replicate/v1{path}"
    assert (request["headers"]["cancel-after"], request["headers"].get("prefer")) == ("90s", None)
    assert list(await replicate.find(submission, since=datetime.now(UTC))) == [reference]


@pytest.mark.parametrize("model", ["video", "../account", "a/b/c", "a/b?x=1", "a/b:1234", ""])
async def test_a_name_that_is_no_model_is_not_sent(fake: Fake, replicate: Provider, model: str) -> None:
    with pytest.raises(InputRejected):
        await replicate.submit(REPLICATE.submission(model=model))
    assert fake.requests() == []


async def test_a_model_that_is_gone_is_an_error_of_its_own(fake: Fake, replicate: Provider) -> None:
    fake.settings(gone=["example/video"])

    with pytest.raises(ModelRetired):
        await replicate.submit(REPLICATE.submission())


async def test_the_list_is_read_back_to_the_submit(fake: Fake, replicate: Provider) -> None:
    """Over its pages; others' requests, other inputs and other times are not taken for it."""
    fake.settings(page_size=2)
    fake.script(match="lost", submit="drop_after_accept")
    lost, since = REPLICATE.submission("lost 7"), datetime.now(UTC)
    for _ in range(2):
        with pytest.raises(OutcomeUnknown):
            await replicate.submit(lost)
    for number in range(4):
        await replicate.submit(REPLICATE.submission(f"later {number}"))

    found = await replicate.find(lost, since=since)
    assert [each.id for each in found] == [each["id"] for each in fake.runs()[:2]]
    assert len(fake.requests(method="GET")) == 3
    assert await replicate.find(replace(lost, parameters={"seed": 1}), since=since) == []
    assert await replicate.find(replace(lost, model="example/other"), since=since) == []
    assert await replicate.find(lost, since=since + timedelta(hours=1)) == []
    assert await replicate.find(lost, since=since - timedelta(hours=1)) == []


async def test_a_request_whose_input_was_removed_is_found_all_the_same(fake: Fake, replicate: Provider) -> None:
    """It is lost rather than paid twice."""
    fake.script(result="removed")
    submission = REPLICATE.submission()
    reference = await replicate.submit(submission)
    status = await ended(replicate, reference)

    assert (status.state, status.results) == ("succeeded", ())
    assert list(await replicate.find(submission, since=datetime.now(UTC))) == [reference]


async def test_a_deadline_before_the_start_costs_nothing(fake: Fake, replicate: Provider) -> None:
    fake.script(steps=["queued"])
    fake.settings(seconds_per_second=0.01)
    reference = await replicate.submit(REPLICATE.submission(deadline_s=10))
    status = await ended(replicate, reference)

    assert (status.state, status.words, status.cost_micros) == ("failed", "aborted", 0)
    assert fake.charges() == []


async def test_the_secret_of_callbacks_is_asked_for_once(fake: Fake, replicate: Provider) -> None:
    with pytest.raises(CallbackTooLate):
        replicate.verify_callback({}, b"{}", now=datetime.now(UTC))
    await replicate.refresh_keys()
    await replicate.refresh_keys()

    assert len(fake.requests(path="/webhooks/default/secret")) == 1


async def test_callbacks_alone_tell_what_a_cog_server_does(fake: Fake, cog: Provider) -> None:
    """They carry the state; its output may be in a data URL."""
    fake.script(result="data_url")
    with running_receiver() as receiver:
        reference = await cog.submit(COG.submission(callback_url=receiver.url))
        with pytest.raises(ProviderUnavailable):
            await cog.poll(reference)
        async with asyncio.timeout(PATIENCE_S):
            while len(receiver.received) < 2:
                await asyncio.sleep(0.02)
        bodies = [each.body.encode() for each in receiver.received]
    said = [cog.verify_callback({}, body, now=datetime.now(UTC)) for body in bodies]
    statuses = {each.status.state: each.status for each in said if each and each.status}

    assert not cog.abilities.polling
    assert {each.reference_id for each in said if each} == {reference.id} == {GENERATION_ID}
    assert set(statuses) == {"running", "succeeded"}
    [url] = statuses["succeeded"].results
    assert url.startswith("data:video/mp4;base64,")
    whole = await fetched(cog, reference, url)
    assert await fetched(cog, reference, url, start=100) == whole[100:]


async def test_a_cog_server_that_is_busy_asks_to_wait(fake: Fake, cog: Provider) -> None:
    fake.script(submit="409:Already running a prediction")

    with pytest.raises(ProviderThrottled):
        await cog.submit(COG.submission())
