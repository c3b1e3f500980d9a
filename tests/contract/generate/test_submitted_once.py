"""A generation is charged once, wherever the process that submits it dies."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from playhead.generate import waiting
from playhead.generate.errors import (
    InputRejected,
    OutcomeUnknown,
    ProviderError,
    ProviderThrottled,
    ProviderUnavailable,
)
from playhead.generate.provider import Abilities, Status
from playhead.kit.clock import utc_now
from tests.fixtures.generating import PRICE, Died, Generating, MemoryProvider, succeeded
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.tiers import thorough


def die(*_: Any) -> None:
    raise Died


async def die_later(*_: Any, **__: Any) -> Any:
    raise Died


def provider_of(lab: Generating) -> MemoryProvider:
    assert isinstance(lab.provider, MemoryProvider)
    return lab.provider


def _before_intent(lab: Generating) -> Callable[[], None]:
    lab.records.intend = die_later  # type: ignore[method-assign]
    return lambda: delattr(lab.records, "intend")


def _before_sent(lab: Generating) -> Callable[[], None]:
    lab.records.mark_sent = die_later  # type: ignore[method-assign]
    return lambda: delattr(lab.records, "mark_sent")


def _before_arrival(lab: Generating) -> Callable[[], None]:
    provider = provider_of(lab)
    provider.before = die
    return lambda: setattr(provider, "before", lambda: None)


def _after_arrival(lab: Generating) -> Callable[[], None]:
    provider = provider_of(lab)
    provider.after = die
    return lambda: setattr(provider, "after", lambda: None)


def _before_first_poll(lab: Generating) -> Callable[[], None]:
    lab.waiting.until_final = die_later  # type: ignore[method-assign]
    return lambda: delattr(lab.waiting, "until_final")


def _before_the_end(lab: Generating) -> Callable[[], None]:
    lab.endings.succeeded = die_later  # type: ignore[method-assign]
    return lambda: delattr(lab.endings, "succeeded")


POINTS = (_before_intent, _before_sent, _before_arrival, _after_arrival, _before_first_poll, _before_the_end)


@pytest.mark.parametrize(
    "abilities",
    [
        pytest.param(Abilities(lookup=True), id="lookup"),
        pytest.param(Abilities(idempotent=True), id="idempotent", marks=thorough),
    ],
)
async def test_one_charge_wherever_the_worker_dies(lab: Generating, abilities: Abilities) -> None:
    """The next attempt goes on from the row, and a request whose answer was lost is found or sent as the same one."""
    provider, prompts = provider_of(lab), []
    provider.abilities = abilities
    for die_at in POINTS:
        prompts.append(die_at.__name__)
        generation = await lab.request(prompts[-1])
        heal = die_at(lab)
        with pytest.raises(Died):
            await lab.attempt(generation)
        heal()
        result = await lab.attempt(generation)

        row = await lab.row(generation)
        assert (row.state, row.actual_micros, result["video_id"]) == ("succeeded", PRICE, row.video_id), prompts[-1]
    assert [each.prompt for each in provider.accepted.values()] == prompts
    video = (await lab.site.ann.client.get(f"/api/v1/videos/{row.video_id}")).json()
    assert (video["state"], video["origin"], video["title"]) == ("ready", "generation", prompts[-1])


async def test_without_a_list_nothing_is_submitted_again_by_itself(lab: Generating) -> None:
    """The generation is unknown and keeps its reservation; a person decides."""
    provider = provider_of(lab)
    provider.abilities, provider.after = Abilities(), die
    generation = await lab.request()
    with pytest.raises(Died):
        await lab.attempt(generation)
    provider.after = lambda: None
    with pytest.raises(OutcomeUnknown, match="may run and be charged"):
        await lab.attempt(generation)

    row = await lab.row(generation)
    assert (row.state, row.reserved_micros, row.actual_micros) == ("unknown", PRICE, None)
    assert len(provider.accepted) == 1


async def test_two_equal_prompts_whose_answers_were_lost_get_a_request_each(lab: Generating) -> None:
    """One that was found for the first is not found again for the second, which never arrived."""
    provider = provider_of(lab)
    first, second = await lab.request(), await lab.request()
    provider.after = die
    with pytest.raises(Died):
        await lab.attempt(first)
    provider.before, provider.after = die, lambda: None
    with pytest.raises(Died):
        await lab.attempt(second)
    provider.before = lambda: None
    await lab.attempt(second)
    await lab.attempt(first)

    rows = [await lab.row(each) for each in (first, second)]
    assert {row.external_id for row in rows} == set(provider.accepted) == {"run-0", "run-1"}
    assert [row.state for row in rows] == ["succeeded", "succeeded"]


async def test_an_answer_that_another_one_has_claimed_is_looked_for(lab: Generating) -> None:
    """The second finds the first's request while that waits for its answer; the first takes the second's place."""
    provider = provider_of(lab)
    first, second = await lab.request(), await lab.request()
    provider.before = die
    with pytest.raises(Died):
        await lab.attempt(second)
    provider.before = lambda: None
    confirm, claimed = lab.records.confirm, list[str]()

    async def late(row: Any, reference: Any, deadline_at: Any) -> bool:
        if row.id == first and not claimed:
            claimed.append(second)
            await lab.attempt(second)
        return await confirm(row, reference, deadline_at)

    lab.records.confirm = late  # type: ignore[method-assign]
    await lab.attempt(first)

    assert len(provider.accepted) == 2
    assert {(await lab.row(each)).external_id for each in (first, second)} == {"run-0", "run-1"}


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ProviderThrottled("6 a minute are allowed.", retry_after_s=0.02), "6 a minute are allowed."),
        (ProviderUnavailable("No connection."), "No connection."),
    ],
)
async def test_what_made_nothing_is_tried_again(lab: Generating, error: Exception, message: str) -> None:
    """Also a limit of the provider, for as long as it says; the words are in the row meanwhile."""
    provider, tries, said = provider_of(lab), [], []

    def refuse() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise error

    pause = lab.submitting._pause

    async def paused(*args: Any) -> None:
        await pause(*args)
        said.append((await lab.row(generation)).provider_words)

    lab.submitting._pause = paused  # type: ignore[method-assign, assignment]
    provider.before = refuse
    generation = await lab.request()
    await lab.attempt(generation)

    assert (await lab.row(generation)).state == "succeeded"
    assert (len(tries), len(provider.accepted), said) == (3, 1, [message, message])


async def test_a_provider_that_cannot_be_reached_by_the_deadline_costs_nothing(lab: Generating) -> None:
    provider = provider_of(lab)
    generation = await lab.request()

    def refuse() -> None:
        raise ProviderUnavailable("No connection.")

    provider.before = refuse
    lab.submitting._pace = lab.submitting._pace.__class__(
        deadline=timedelta(seconds=0.05), grace=timedelta(0), looks_s=(0.01,), retries_s=(0.01,)
    )
    with pytest.raises(ProviderError, match="could not be reached"):
        await lab.attempt(generation)

    row = await lab.row(generation)
    assert (row.state, row.error_code, row.error_side) == ("failed", "provider_unavailable", "provider")
    assert (row.reserved_micros, row.actual_micros) == (0, 0)


async def test_a_rejected_request_gives_its_reservation_back(lab: Generating) -> None:
    def reject() -> None:
        raise InputRejected("duration: must be 4, 6 or 8.", hint="Choose one of them.")

    provider_of(lab).before = reject
    generation = await lab.request()
    with pytest.raises(InputRejected):
        await lab.attempt(generation)

    row = await lab.row(generation)
    assert (row.state, row.error_message, row.error_side) == ("failed", "duration: must be 4, 6 or 8.", "caller")
    assert (row.reserved_micros, row.actual_micros) == (0, 0)


async def test_one_that_is_canceled_before_it_was_sent_costs_nothing(lab: Generating) -> None:
    generation = await lab.request()
    await lab.cancel(generation)
    await lab.attempt(generation)

    row = await lab.row(generation)
    assert (row.state, row.actual_micros, len(provider_of(lab).accepted)) == ("canceled", 0, 0)


async def test_a_canceled_request_whose_answer_was_lost_is_found_and_stopped(lab: Generating) -> None:
    """What it cost is what the provider says at last."""
    provider = provider_of(lab)
    provider.after = die
    generation = await lab.request()
    with pytest.raises(Died):
        await lab.attempt(generation)
    await lab.cancel(generation)
    provider.statuses = [Status(state="running"), Status(state="canceled", cost_micros=10)]
    await lab.settle(generation)

    row = await lab.row(generation)
    assert (row.state, row.actual_micros, provider.canceled) == ("canceled", 10, ["run-0"])


async def test_a_cancel_that_comes_too_late_keeps_what_was_paid(lab: Generating) -> None:
    provider = provider_of(lab)
    provider.after = die
    generation = await lab.request()
    with pytest.raises(Died):
        await lab.attempt(generation)
    await lab.cancel(generation)
    await lab.settle(generation)

    row = await lab.row(generation)
    assert (row.state, row.actual_micros, row.video_id is not None) == ("succeeded", PRICE, True)


async def test_the_sweep_takes_up_what_nobody_waits_for(lab: Generating) -> None:
    """A lost job is recorded again; an unknown request that its provider knows now runs again."""
    provider = provider_of(lab)
    orphan, unknown = await lab.request("an orphan"), await lab.request("a ghost")
    provider.after = die
    with pytest.raises(Died):
        await lab.attempt(unknown)
    past = utc_now() - timedelta(minutes=20)
    await lab.change(orphan, job_id=None, updated_at=past)
    await lab.change(unknown, state="unknown", updated_at=past)

    assert await lab.lost.sweep() == 2
    assert (await lab.job_of(orphan)).state == "queued"
    row = await lab.row(unknown)
    assert (row.state, row.external_id, (await lab.job_of(unknown)).state) == ("running", "run-0", "queued")
    assert await lab.lost.sweep() == 0


async def test_two_sweeps_at_once_record_one_job(lab: Generating) -> None:
    """Each worker sweeps: what another one has taken up meanwhile is left alone."""
    orphan = await lab.request()
    await lab.change(orphan, job_id=None, updated_at=utc_now() - timedelta(minutes=20))
    find = lab.lost._find

    async def find_late(*conditions: Any) -> Any:
        found = await find(*conditions)
        lab.lost._find = find  # type: ignore[method-assign]
        await lab.lost.sweep()
        return found

    lab.lost._find = find_late  # type: ignore[method-assign]
    await lab.lost.sweep()

    jobs = (await lab.site.ann.client.get("/api/v1/jobs")).json()["items"]
    assert [job["id"] for job in jobs if job["state"] == "queued"].count((await lab.job_of(orphan)).id) == 1
    assert len(jobs) == 2


async def test_a_refusal_that_comes_late_takes_back_no_later_submit(lab: Generating) -> None:
    """As by a worker that stood still while another one sent the request again."""
    generation = await lab.request()
    await lab.records.intend(await lab.row(generation), {}, utc_now())
    late, current = await lab.row(generation), await lab.row(generation)
    await lab.records.mark_sent(late)
    await lab.change(generation, submit_state="intent")
    await lab.records.mark_sent(current)

    assert not await lab.records.unsend(late)
    assert (await lab.row(generation)).submit_state == "sent"
    assert await lab.records.unsend(current)


async def test_a_canceled_request_that_was_refused_meanwhile_costs_nothing(lab: Generating) -> None:
    """Also at a provider without a list: its refusal was written down."""
    provider_of(lab).abilities = Abilities(cancel=True)
    generation = await lab.request()
    await lab.change(generation, state="canceled", submit_state="intent", sent_at=utc_now(), finished_at=utc_now())
    await lab.settle(generation)

    row = await lab.row(generation)
    assert (row.state, row.actual_micros, row.reserved_micros) == ("canceled", 0, 0)


async def test_what_runs_on_although_it_was_canceled_is_kept(lab: Generating, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that does not stop it charges it: it is waited for until its deadline."""
    monkeypatch.setattr(waiting, "FINAL_WORD", timedelta(0))
    provider = provider_of(lab)
    provider.after = die
    generation = await lab.request()
    with pytest.raises(Died):
        await lab.attempt(generation)
    await lab.cancel(generation)
    await lab.submitting.find(await lab.row(generation))
    provider.statuses = [Status(state="running"), Status(state="running"), succeeded()]
    await lab.settle(generation)

    row = await lab.row(generation)
    assert (row.state, row.actual_micros, row.video_id is not None) == ("succeeded", PRICE, True)


async def test_the_answer_to_a_submit_that_is_canceled_meanwhile_is_waited_for(lab: Generating) -> None:
    """Also of a provider without a list: a stopping worker writes it down, and the request is stopped there."""
    provider = provider_of(lab)
    provider.abilities = Abilities(cancel=True)
    generation = await lab.request()
    confirm = lab.records.confirm

    async def canceled_before(*args: Any) -> bool:
        await lab.cancel(generation)
        await confirm(*args)
        raise Died

    lab.records.confirm = canceled_before  # type: ignore[method-assign, assignment]
    provider.statuses = [Status(state="canceled", cost_micros=0)]
    with pytest.raises(Died):
        await lab.attempt(generation)
    await lab.settle(generation)

    row = await lab.row(generation)
    assert (row.state, row.external_id, row.actual_micros) == ("canceled", "run-0", 0)
    assert provider.canceled[-1] == "run-0"


async def test_a_worker_that_stops_waits_for_the_answer_to_its_submit(lab: Generating) -> None:
    """So a restart on purpose has nothing to look for."""
    provider = provider_of(lab)
    provider.abilities = Abilities()
    provider.answers.clear()
    generation = await lab.request()
    attempt = asyncio.create_task(lab.attempt(generation))
    async with asyncio.timeout(PATIENCE_S):
        while not provider.accepted:
            await asyncio.sleep(0.005)
    attempt.cancel()
    await asyncio.sleep(0)
    provider.answers.set()
    with pytest.raises(asyncio.CancelledError):
        await attempt

    assert (await lab.row(generation)).external_id == "run-0"
