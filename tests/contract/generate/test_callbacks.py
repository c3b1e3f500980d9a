"""Callbacks: a hint to poll now, harmless otherwise, and the last chance of a request whose answer was lost."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from playhead.access.signed import Signer
from playhead.db.database import Database
from playhead.generate.callbacks import Callbacks
from playhead.generate.errors import OutcomeUnknown
from playhead.generate.inputs import CALLBACK
from playhead.generate.provider import Abilities, Provider, Status
from playhead.jobs.client import Jobs
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from tests.contract.generate.test_submitted_once import die, provider_of
from tests.fixtures.generating import Died, Generating, succeeded
from tests.fixtures.patience import PATIENCE_S

MB = 1_000_000


@pytest.fixture(autouse=True)
def _receiving(lab: Generating) -> None:
    """The route asks the provider in memory."""

    async def open_provider(_name: str) -> Provider:
        return lab.provider

    get = lab.site.get
    lab.site.services.add(
        Callbacks,
        lambda: Callbacks(get(Database), get(Jobs), get(Signer), open_provider, deadline=timedelta(minutes=1)),
    )


async def call(
    lab: Generating, generation: str, body: bytes = b"run-0", *, token: str | None = None, path: str = "memory"
) -> httpx2.Response:
    """Call back, with our token if none is given."""
    expires = int((utc_now() + timedelta(hours=1)).timestamp())
    token = lab.site.get(Signer).token(CALLBACK, generation, expires) if token is None else token
    url = f"/api/v1/webhooks/{path}"
    return await lab.site.anonymous.post(url, params={"generation": generation, "token": token}, content=body)


async def _lost(lab: Generating) -> str:
    """A request that arrived, and whose answer did not."""
    provider = provider_of(lab)
    provider.after = die
    generation = await lab.request()
    with pytest.raises(Died):
        await lab.attempt(generation)
    provider.after = lambda: None
    return generation


async def test_a_forged_one_is_refused_and_changes_nothing(lab: Generating) -> None:
    """By our token, without its body being read, or by the provider's signature."""
    generation = await _lost(lab)
    before = (await lab.row(generation)).updated_at
    other = lab.site.get(Signer).token(CALLBACK, new_id("gen"), int(utc_now().timestamp()) + 60)
    late = lab.site.get(Signer).token(CALLBACK, generation, int(utc_now().timestamp()) - 1)
    for token in ("", "1.k1.x", other, late):
        refused = await call(lab, generation, b"x" * (9 * MB), token=token)
        assert (refused.status_code, refused.json()["code"]) == (401, "callback_invalid")
    assert (await call(lab, generation, b"forged")).status_code == 401

    row = await lab.row(generation)
    assert (row.external_id, row.woken_at, row.updated_at) == (None, None, before)


async def test_late_repeated_and_foreign_ones_are_accepted_and_harmless(lab: Generating) -> None:
    """So no provider sends them again: of a generation that is gone or has ended, or that another provider runs."""
    generation = await lab.request()
    await lab.attempt(generation)
    before = await lab.row(generation)
    for gone, path in ((new_id("gen"), "memory"), (generation, "memory"), (generation, "memory"), (generation, "fal")):
        assert (await call(lab, gone, path=path)).status_code == 204
    assert (await call(lab, generation, b"run-77")).status_code == 204

    after = await lab.row(generation)
    assert (after.state, after.external_id, after.version, after.woken_at) == (
        "succeeded",
        "run-0",
        before.version,
        None,
    )


async def test_nothing_redirects_and_bodies_of_ten_megabytes_pass(lab: Generating) -> None:
    generation = await _lost(lab)

    assert (await call(lab, generation, path="memory/")).status_code == 204
    assert (await call(lab, generation, b" " * (10 * MB))).status_code == 204
    assert (await call(lab, generation, b" " * (11 * MB))).status_code == 413


async def test_one_revives_a_request_that_nobody_knew_of(lab: Generating) -> None:
    """It was unknown, or even given up: it is paid, so it runs on, once, with the reference of the callback."""
    provider_of(lab).abilities = Abilities(callbacks=True)
    generation = await _lost(lab)
    with pytest.raises(OutcomeUnknown):
        await lab.attempt(generation)
    old_job = (await lab.row(generation)).job_id
    for _ in range(2):
        assert (await call(lab, generation)).status_code == 204

    row = await lab.row(generation)
    assert (row.state, row.external_id, row.error_code) == ("running", "run-0", None)
    assert row.job_id != old_job
    await lab.attempt(generation)
    assert (await lab.row(generation)).state == "succeeded"
    assert len(provider_of(lab).accepted) == 1


async def test_one_hurries_the_next_poll(lab: Generating) -> None:
    """Which would otherwise come in an hour."""
    provider = provider_of(lab)
    lab.waiting._patience = lab.patience.__class__(
        deadline=timedelta(hours=9), first_s=0, least_s=3600, most_s=3600, turn_s=0
    )
    provider.statuses = [Status(state="running")]
    generation = await lab.request()
    attempt = asyncio.create_task(lab.attempt(generation))
    async with asyncio.timeout(PATIENCE_S):
        while not provider.polls:
            await asyncio.sleep(0.005)
        provider.statuses = [succeeded()]
        await call(lab, generation)
        await attempt

    assert ((await lab.row(generation)).state, provider.polls) == ("succeeded", 2)


async def test_one_carries_the_state_of_a_provider_that_cannot_be_polled(lab: Generating) -> None:
    provider = provider_of(lab)
    provider.abilities = Abilities(callbacks=True, polling=False, idempotent=True)
    generation = await lab.request()
    attempt = asyncio.create_task(lab.attempt(generation))
    async with asyncio.timeout(PATIENCE_S):
        while (await lab.row(generation)).state != "running":
            await asyncio.sleep(0.005)
        provider.told = Status(state="running", words="processing", progress=0.5)
        await call(lab, generation)
        while (await lab.row(generation)).progress != 0.5:
            await asyncio.sleep(0.005)
        provider.told = succeeded()
        await call(lab, generation)
        await attempt

    row = await lab.row(generation)
    assert (row.state, provider.polls) == ("succeeded", 0)
    assert row.callback_status is None  # it may hold the whole clip


async def test_a_late_report_of_the_start_does_not_replace_the_end(lab: Generating) -> None:
    """As of a start that was sent again after the end had arrived."""
    provider = provider_of(lab)
    provider.abilities = Abilities(callbacks=True, polling=False)
    generation = await _lost(lab)
    for provider.told in (succeeded(), Status(state="running")):
        assert (await call(lab, generation)).status_code == 204

    await lab.attempt(generation)
    assert (await lab.row(generation)).state == "succeeded"
