"""A result that was paid is kept: over broken connections, gateways that time out, a full disk, and deletions."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from playhead.generate.downloading import Limits
from playhead.generate.errors import (
    GenerationFailed,
    ProviderThrottled,
    ProviderUnavailable,
    RequestRefused,
    RequestUnknown,
    ResultExpired,
    ResultNotReady,
    ResultRefused,
)
from playhead.generate.provider import Status
from playhead.kit.clock import utc_now
from playhead.storage import keys
from playhead.storage.errors import StoreFull
from playhead.storage.store import Store
from tests.contract.generate.test_submitted_once import provider_of
from tests.fixtures.generating import PRICE, Generating, succeeded
from tests.fixtures.patience import PATIENCE_S


async def _clip(lab: Generating) -> tuple[str, str]:
    """A project with one clip that has no video yet."""
    clips = [{"prompt": {"text": "a boat", "provider": "local"}}]
    made = await lab.site.ann.client.post("/api/v1/projects", json={"title": "x", "clips": clips})
    assert made.status_code == 201, made.text
    return made.json()["id"], made.json()["clips"][0]["id"]


async def test_a_result_becomes_the_video_of_its_clip(fetching: Generating) -> None:
    """Over three connections: a gateway timeout, one that breaks off, and one that goes on where it broke."""
    provider, store = provider_of(fetching), fetching.site.get(Store)
    project, clip = await _clip(fetching)
    whole, opened = provider.content, []

    def misbehave(start: int) -> None:
        opened.append(start)
        if len(opened) == 1:
            raise ResultNotReady("504")

    original = provider._bytes

    async def bytes_of(start: int) -> Any:
        if len(opened) == 2:
            yield whole[start:1000]
            raise ConnectionError("broken off")
        async for chunk in original(start):
            yield chunk

    provider.opened, provider._bytes = misbehave, bytes_of  # type: ignore[method-assign]
    write, fails = store.write_file, [StoreFull("No room is left in the store.")]

    async def full_at_first(*args: Any) -> Any:
        if fails:
            raise fails.pop()
        return await write(*args)

    store.write_file = full_at_first  # type: ignore[method-assign, assignment]
    generation = await fetching.request(clip_id=clip)
    result = await fetching.attempt(generation)

    assert (opened, fails) == ([0, 0, 1000], [])
    row = await fetching.row(generation)
    assert (row.state, row.actual_micros, row.progress) == ("succeeded", PRICE, 1.0)
    assert b"".join([chunk async for chunk in store.read(keys.original(result["video_id"]))]) == whole
    shown = (await fetching.site.ann.client.get(f"/api/v1/projects/{project}")).json()
    assert (shown["clips"][0]["video_id"], shown["status"]) == (row.video_id, "ready")


async def test_a_take_outlives_its_clip(lab: Generating) -> None:
    project, clip = await _clip(lab)
    generation = await lab.request(clip_id=clip)
    deleted = await lab.site.ann.client.delete(f"/api/v1/projects/{project}")
    assert deleted.status_code == 204, deleted.text
    await lab.attempt(generation)

    row = await lab.row(generation)
    assert (await lab.site.ann.client.get(f"/api/v1/videos/{row.video_id}")).status_code == 200


async def test_what_is_no_video_is_refused_with_its_first_words(fetching: Generating) -> None:
    """It is charged all the same."""
    provider_of(fetching).content = b"<html>Dear diary, nothing was generated today.</html>"
    generation = await fetching.request()
    with pytest.raises(ResultRefused):
        await fetching.attempt(generation)

    row = await fetching.row(generation)
    assert (row.state, row.error_code, row.actual_micros) == ("failed", "result_refused", PRICE)
    assert "Dear diary" in (row.error_message or "")


async def test_a_result_beyond_the_limit_is_refused(fetching: Generating, tmp_path: Path) -> None:
    """Whether its length is known beforehand or not; not a byte more is kept."""
    provider = provider_of(fetching)
    fetching.downloading._limits = Limits(most_bytes=1000, life=timedelta(seconds=20), retries_s=(0.01,))
    generation = await fetching.request()
    with pytest.raises(ResultRefused, match=r"at most 1.0 kB are kept|at most 1,000 B"):
        await fetching.attempt(generation)

    assert provider.downloads == [0]
    assert (await fetching.row(generation)).actual_micros == PRICE


async def test_an_expired_url_is_asked_for_again(fetching: Generating) -> None:
    """Some providers give fresh ones; a result that stays away is its own error, and charged."""
    provider = provider_of(fetching)

    def gone(_start: int) -> None:
        raise ResultExpired("404")

    provider.opened = gone
    generation = await fetching.request()
    with pytest.raises(ResultExpired):
        await fetching.attempt(generation)

    row = await fetching.row(generation)
    assert (row.state, row.error_code, row.actual_micros) == ("failed", "result_expired", PRICE)
    assert (len(provider.downloads), provider.polls) == (4, 4)


async def test_a_result_that_was_paid_is_fetched_again_on_request(fetching: Generating) -> None:
    """Such as from a host that has been allowed since; once it is a video, there is nothing to fetch."""
    provider, client = provider_of(fetching), fetching.site.ann.client

    def foreign(_start: int) -> None:
        raise ResultRefused("It is on a host that is not allowed.")

    provider.opened = foreign
    generation = await fetching.request()
    with pytest.raises(ResultRefused):
        await fetching.attempt(generation)
    provider.opened = lambda _start: None

    asked = await client.post(f"/api/v1/generations/{generation}/fetch")
    await fetching.attempt(generation)
    twice = await client.post(f"/api/v1/generations/{generation}/fetch")

    row = await fetching.row(generation)
    assert (asked.status_code, asked.json()["state"], asked.json()["error"]) == (200, "running", None)
    assert (row.state, row.actual_micros, len(provider.accepted)) == ("succeeded", PRICE, 1)
    assert (twice.status_code, twice.json()["code"]) == (409, "no_result_to_fetch")


@pytest.mark.parametrize(
    ("status", "state", "side", "actual"),
    [
        (Status(state="failed", error=GenerationFailed("Out of memory."), cost_micros=0), "failed", "provider", 0),
        (Status(state="failed", error=GenerationFailed("Out of memory.")), "failed", "provider", None),
        (
            Status(state="refused", error=RequestRefused("Flagged.", of_output=True), cost_micros=7),
            "refused",
            "refused",
            7,
        ),
        (Status(state="canceled", words="aborted", cost_micros=0), "failed", "provider", 0),
    ],
)
async def test_an_end_without_a_result_says_whose_fault_and_what_it_cost(
    lab: Generating, status: Status, state: str, side: str, actual: int | None
) -> None:
    """A cost that the provider does not say stays unknown, with its reservation."""
    provider_of(lab).statuses = [status]
    generation = await lab.request()
    with pytest.raises((GenerationFailed, RequestRefused)):
        await lab.attempt(generation)

    row = await lab.row(generation)
    assert (row.state, row.error_side, row.actual_micros) == (state, side, actual)
    assert row.reserved_micros == (PRICE if actual is None else 0)


async def test_a_request_past_its_deadline_is_stopped(lab: Generating) -> None:
    """Time in the provider's queue does not count; a result that came all the same does."""
    provider, ahead = provider_of(lab), timedelta(0)
    lab.records.clock = lambda: utc_now() + ahead

    async def polled_again() -> None:
        polls = provider.polls
        async with asyncio.timeout(PATIENCE_S):
            while provider.polls < polls + 2:
                await asyncio.sleep(0.005)

    provider.statuses = [Status(state="queued", words="THROTTLED")]
    generation = await lab.request()
    attempt = asyncio.create_task(lab.attempt(generation))
    await polled_again()
    ahead = timedelta(hours=1)
    await polled_again()
    assert ((await lab.row(generation)).provider_words, provider.canceled) == ("THROTTLED", [])

    provider.statuses = [Status(state="running", words="a new word")]
    await polled_again()
    ahead = timedelta(hours=2)
    async with asyncio.timeout(PATIENCE_S):
        while not provider.canceled:
            await asyncio.sleep(0.005)
    provider.statuses = [succeeded()]
    await attempt

    assert (await lab.row(generation)).state == "succeeded"


async def test_polls_that_fail_end_nothing(lab: Generating) -> None:
    """An outage, a limit, a request that is not listed yet, even a mistake of an adapter: it is asked again."""
    provider = provider_of(lab)
    provider.statuses = [
        ProviderUnavailable("502"),
        ProviderThrottled("Too many requests.", retry_after_s=0.02),
        *[RequestUnknown("404")] * 4,
        KeyError("status"),
        Status(state="running", words="processing", progress=0.25),
        succeeded(),
    ]
    generation = await lab.request()
    await lab.attempt(generation)

    row = await lab.row(generation)
    assert (row.state, row.provider_words, provider.polls) == ("succeeded", "processing", 9)


async def test_a_request_that_its_provider_has_lost_fails_at_an_unknown_cost(lab: Generating) -> None:
    ahead = timedelta(0)
    lab.records.clock = lambda: utc_now() + ahead
    provider_of(lab).statuses = [RequestUnknown("404")]
    generation = await lab.request()
    attempt = asyncio.create_task(lab.attempt(generation))
    async with asyncio.timeout(PATIENCE_S):
        while provider_of(lab).polls < 4:
            await asyncio.sleep(0.005)
        ahead = timedelta(minutes=2)
        with pytest.raises(RequestUnknown):
            await attempt

    row = await lab.row(generation)
    assert (row.state, row.error_code, row.actual_micros) == ("failed", "provider_lost_request", None)
