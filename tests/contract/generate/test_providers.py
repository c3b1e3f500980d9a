"""The port of providers, kept by each adapter over HTTP against a fake server that speaks its protocol."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playhead.generate.errors import (
    CallbackInvalid,
    GenerationFailed,
    InputRejected,
    ModelRetired,
    OutcomeUnknown,
    OutOfCredit,
    ProviderError,
    ProviderKeyRefused,
    ProviderThrottled,
    ProviderUnavailable,
    RequestRefused,
    RequestUnknown,
    ResultExpired,
    ResultNotReady,
    ResultRefused,
)
from playhead.generate.provider import Input, Provider, Reference, Status
from tests.fixtures.adapters import ADAPTERS, KEY, Adapter, ended, fetched
from tests.fixtures.fake_providers import Fake
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.ports import free_port
from tests.fixtures.receiver import running_receiver
from tests.fixtures.tiers import sample, thorough

shared = pytest.mark.parametrize("adapter", sample(ADAPTERS, each=len(ADAPTERS)), indirect=True, ids=str)
"""For what adapters share: the first one in both tiers, the others in the thorough one."""


@pytest.fixture(params=ADAPTERS, ids=str)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    found: Adapter = request.param
    return found


@pytest.fixture
async def provider(adapter: Adapter, fake: Fake) -> AsyncIterator[Provider]:
    opened = adapter.open(fake)
    yield opened
    await opened.close()


async def finished(provider: Provider, adapter: Adapter, **changes: Any) -> tuple[Reference, Status]:
    """Submit, and poll to the end."""
    reference = await provider.submit(adapter.submission(**changes))
    return reference, await ended(provider, reference)


async def test_a_request_runs_once_and_gives_its_clip(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    """Its reference survives JSON, and the whole clip is there from any byte on."""
    reference, status = await finished(provider, adapter)
    again = Reference.from_dict(reference.to_dict())

    assert (status.state, status.error) == ("succeeded", None)
    whole = await fetched(provider, again, status.results[0])
    assert whole[4:8] == b"ftyp"
    assert await fetched(provider, again, status.results[0], start=1000) == whole[1000:]
    assert await fetched(provider, again, status.results[0], start=len(whole)) == b""
    assert [each["prompt"] for each in fake.charges()] == ["A lighthouse, 7"]


@pytest.mark.parametrize(
    "how",
    sample(["drop_after_accept", "drop_before_accept", "500_after_accept", "500_before_accept"], each=4),
)
async def test_a_submit_without_an_answer_has_an_unknown_outcome(
    fake: Fake, adapter: Adapter, provider: Provider, how: str
) -> None:
    """It is sent once, and what arrived is found again or made once."""
    fake.script(submit=[how, "ok"])
    submission, since = adapter.submission(), datetime.now(UTC)

    with pytest.raises(OutcomeUnknown):
        await provider.submit(submission)
    arrived = how.endswith("after_accept")
    assert len(fake.runs()) == arrived
    if provider.abilities.lookup:
        await provider.submit(adapter.submission(prompt="Another lighthouse, 7"))
        found = await provider.find(submission, since=since)
        assert len(found) == arrived
        assert [(await ended(provider, each)).state for each in found] == ["succeeded"] * arrived
    if provider.abilities.idempotent:
        await ended(provider, await provider.submit(submission))
        assert len(fake.charges()) == 1


async def test_a_server_that_is_not_there_made_nothing(fake: Fake, adapter: Adapter) -> None:
    provider = adapter.open(fake, url=f"http://127.0.0.1:{free_port()}")

    with pytest.raises(ProviderUnavailable):
        await provider.submit(adapter.submission())
    assert not (await provider.test()).works
    await provider.close()


@pytest.mark.parametrize("where", ["header", "body", pytest.param("date", marks=thorough)])
async def test_a_limit_says_how_long_to_wait(fake: Fake, adapter: Adapter, provider: Provider, where: str) -> None:
    fake.script(submit=f"429:{where}:7")

    with pytest.raises(ProviderThrottled) as raised:
        await provider.submit(adapter.submission())
    assert raised.value.retry_after_s == pytest.approx(7, abs=0 if where != "date" else 7)
    assert fake.runs() == []


REFUSALS = [
    ("402:Insufficient credit", OutOfCredit),
    ("410", ModelRetired),
    ("404:The model was not found", ModelRetired),
    ("422:prompt: too long", InputRejected),
    ("400:The prompt was flagged by moderation", RequestRefused),
]


@pytest.mark.parametrize(("submit", "expected"), REFUSALS, ids=[submit for submit, _ in REFUSALS])
async def test_a_refusal_is_an_error_of_its_kind(
    fake: Fake, adapter: Adapter, provider: Provider, submit: str, expected: type[ProviderError]
) -> None:
    """With the provider's words; nothing was made."""
    fake.script(submit=submit)

    with pytest.raises(expected) as raised:
        await provider.submit(adapter.submission())
    assert submit.partition(":")[2] in raised.value.detail
    assert fake.runs() == []


async def test_a_key_is_tested_and_never_shown(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    assert (await provider.test()).works
    if not adapter.keyed:
        return
    refused = adapter.open(fake, key="bad-secret")

    with pytest.raises(ProviderKeyRefused) as raised:
        await refused.submit(adapter.submission())
    tested = await refused.test()
    assert not tested.works
    assert "bad-secret" not in f"{raised.value} {raised.value.hint} {tested}"
    await refused.close()


async def test_a_request_that_is_canceled_ends(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    """An unknown state is running; to cancel twice is fine."""
    fake.script(steps=["pondering"])
    reference = await provider.submit(adapter.submission())

    assert (await provider.poll(reference)).state in ("queued", "running")
    await provider.cancel(reference)
    assert (await ended(provider, reference)).state == "canceled"
    await provider.cancel(reference)


@pytest.mark.parametrize(
    ("state", "words", "expected", "error"),
    [
        ("failed", "The model crashed.", "failed", GenerationFailed),
        ("refused", "The output was flagged as sensitive.", "refused", RequestRefused),
    ],
)
async def test_a_run_that_fails_says_why(
    fake: Fake,
    adapter: Adapter,
    provider: Provider,
    state: str,
    words: str,
    expected: str,
    error: type[ProviderError],
) -> None:
    fake.script(steps=["running", state], error=words)
    _, status = await finished(provider, adapter)

    assert status.state == expected
    assert isinstance(status.error, error)
    assert words.rstrip(".") in status.error.detail
    assert [each["refunded"] for each in fake.charges(refunded=None)] == [True]


async def test_an_input_is_fetched_by_the_strictest_rules(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    """An address without a host name is refused, as the caller's fault."""
    image = Input("image", f"{fake.url}/picture.png", "image/png", 1000)

    with pytest.raises(InputRejected):
        _, status = await finished(provider, adapter, inputs=(image,))
        raise status.error or AssertionError(status)
    assert fake.charges() == []


async def test_a_request_that_is_not_known_is_an_error(adapter: Adapter, provider: Provider, fake: Fake) -> None:
    reference, _ = await finished(provider, adapter)
    fake.reset()
    adapter.open(fake)  # its settings again

    with pytest.raises(RequestUnknown):
        await provider.poll(reference)


async def test_a_result_behind_a_gateway_that_fails_is_fetched_later(
    fake: Fake, adapter: Adapter, provider: Provider
) -> None:
    fake.script(result="gateway_timeout:2")
    reference, status = await finished(provider, adapter)

    for _ in range(2):
        with pytest.raises(ResultNotReady):
            await fetched(provider, reference, status.results[0])
    assert (await fetched(provider, reference, status.results[0]))[4:8] == b"ftyp"


@shared
async def test_a_download_that_breaks_off_is_resumed(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    fake.script(result="cut:3000")
    reference, status = await finished(provider, adapter)
    got = b""

    with pytest.raises(ResultNotReady):
        async with provider.open_result(reference, status.results[0]) as download:
            async for chunk in download.chunks:
                got += chunk
    assert len(got) == 3000
    got += await fetched(provider, reference, status.results[0], start=len(got))
    assert (got[4:8], len(got)) == (b"ftyp", download.size_bytes)


@shared
@pytest.mark.parametrize(("result", "expected"), [("redirect_loopback", ResultRefused), ("expired", ResultExpired)])
async def test_a_result_that_is_elsewhere_or_gone_is_refused(
    fake: Fake, adapter: Adapter, provider: Provider, result: str, expected: type[ProviderError]
) -> None:
    fake.script(result=result)
    reference, status = await finished(provider, adapter)

    with pytest.raises(expected):
        await fetched(provider, reference, status.results[0])
    assert fake.trapped() == 0


@shared
async def test_a_redirect_is_followed_without_the_key(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    fake.script(result="redirect")
    reference, status = await finished(provider, adapter)

    assert (await fetched(provider, reference, status.results[0]))[4:8] == b"ftyp"
    [moved] = fake.requests(path="/results/moved")
    assert "authorization" not in moved["headers"]


@shared
@pytest.mark.parametrize(("result", "size"), [("huge", 100 << 30), ("endless", None)])
async def test_a_huge_result_is_not_read_ahead(
    fake: Fake, adapter: Adapter, provider: Provider, result: str, size: int | None
) -> None:
    """Whoever reads it sets the limit."""
    fake.script(result=result)
    reference, status = await finished(provider, adapter)

    async with provider.open_result(reference, status.results[0]) as download:
        assert download.size_bytes == size
        assert len(await anext(aiter(download.chunks))) <= 1 << 20


async def test_a_callback_names_its_request(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    """Repeats share an id; what is old, altered or unsigned is refused."""
    if not provider.abilities.callbacks:
        return
    fake.script(callback="duplicate")
    now = datetime.now(UTC)
    await provider.refresh_keys()
    with running_receiver() as receiver:
        reference = await provider.submit(adapter.submission(callback_url=receiver.url))
        await ended(provider, reference)
        async with asyncio.timeout(PATIENCE_S):
            while len(receiver.received) < 2 or len(receiver.received) % 2:
                await asyncio.sleep(0.02)
        headers, body = receiver.received[-1].headers, receiver.received[-1].body.encode()
        events = [provider.verify_callback(each.headers, each.body.encode(), now=now) for each in receiver.received]

    assert {each.reference_id for each in events if each} == {reference.id}
    ids = [each.event_id for each in events if each]
    assert len(ids) == 2 * len(set(ids))
    with pytest.raises(CallbackInvalid):
        provider.verify_callback(headers, b"no prediction", now=now)
    if adapter.signed:
        for late in (now + timedelta(minutes=10), now - timedelta(minutes=10)):
            with pytest.raises(CallbackInvalid):
                provider.verify_callback(headers, body, now=late)
        for changed in ({**headers}, {}):
            with pytest.raises(CallbackInvalid):
                provider.verify_callback(changed, body + b" ", now=now)


async def test_a_forged_or_replayed_callback_is_refused(fake: Fake, adapter: Adapter, provider: Provider) -> None:
    if not provider.abilities.callbacks or not adapter.signed:
        return
    fake.script(callback=["forged", "replayed"])
    await provider.refresh_keys()
    with running_receiver() as receiver:
        await ended(provider, await provider.submit(adapter.submission(callback_url=receiver.url)))
        async with asyncio.timeout(PATIENCE_S):
            while not any(each["mode"] == "replayed" for each in fake.callbacks()) or len(receiver.received) < 3:
                await asyncio.sleep(0.02)
        received = list(receiver.received)

    verified, refused = 0, 0
    for each in received:
        try:
            verified += provider.verify_callback(each.headers, each.body.encode(), now=datetime.now(UTC)) is not None
        except CallbackInvalid:
            refused += 1
    assert verified
    assert refused >= 2
    assert KEY not in "".join(f"{each.headers}{each.body}" for each in received)
