"""Dry run, run, holds and history, on each kind of database."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from playhead.catalog.tables import VideoRow
from playhead.catalog.trash import RETENTION
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.delivery.transfers.registry import Transfers, Viewer
from playhead.delivery.watching import Watching
from playhead.jobs.client import Jobs
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.tables import RecordingRow
from playhead.outbox.tables import EventRow
from playhead.retention.library import Library
from playhead.retention.runs import Runs
from tests.contract.retention.conftest import CarryOut
from tests.fixtures.site import Site

RETENTION_API = "/api/v1/retention"


async def aged(site: Site, title: str, days: float, **facts: Any) -> str:
    return await site.stored_video(title=title, created_at=utc_now() - timedelta(days=days), **facts)


async def policy(site: Site, **body: Any) -> None:
    assert (await site.ann.client.post(f"{RETENTION_API}/policies", json=body)).status_code == 201


async def plan(site: Site) -> dict[str, Any]:
    answer = await site.ann.client.get(f"{RETENTION_API}/plan")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def titles(site: Site) -> set[str]:
    return {video["title"] for video in (await site.ann.client.get("/api/v1/videos")).json()["items"]}


def recording(site: Site, video_id: str | None, state: str, **facts: Any) -> RecordingRow:
    now = utc_now()
    given = {"bytes_per_s": 0.0, "size_bytes": 0, "duration_s": 0.0, **facts}
    return RecordingRow(
        id=new_id("rec"),
        owner_id=site.ann.user.id,
        title="A broadcast",
        source={"platform": "url", "url": "https://live.example.org/1"},
        state=state,
        video_id=video_id,
        gaps=[],
        started_at=now,
        updated_at=now,
        **given,
    )


async def test_a_run_does_what_the_plan_said(site: Site, carry_out: CarryOut) -> None:
    """To the trash, with reason, audit and event; what is young stays, also another user's; all of it can be undone."""
    old, _, _ = await aged(site, "Old", 9), await aged(site, "New", 1), await aged(site, "Newer", 0, owner=site.bob)
    await policy(site, max_age_s=7 * 86_400)

    found = await plan(site)
    job = await carry_out((await site.ann.client.post(f"{RETENTION_API}/run")).json()["id"])

    assert [(one["title"], one["rule"]) for one in found["remove"]] == [("Old", "age")]
    assert found["remove"][0]["reason"] == "older than 7 days, the limit for all videos"
    assert (found["remove_bytes"], found["videos"], found["needs_force"]) == (1000, 3, False)
    assert job.state == "succeeded"
    assert await titles(site) == {"New"}
    history = (await site.ann.client.get(f"{RETENTION_API}/history")).json()["items"]
    assert [(one["title"], one["action"], one["actor"], one["can_restore"]) for one in history] == [
        ("Old", "trashed", RETENTION, True)
    ]
    assert (history[0]["reason"], history[0]["size_bytes"]) == (found["remove"][0]["reason"], 1000)
    [run] = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]
    assert (run["state"], run["removed"], run["removed_bytes"], run["cause"]) == ("done", 1, 1000, "requested")
    async with site.get(Database).read() as session:
        events = list(await session.scalars(select(EventRow).where(EventRow.type == "video.trashed")))
    assert [event.subject_id for event in events] == [old]
    restored = (await site.ann.client.post(f"/api/v1/trash/{old}/restore")).json()
    assert restored["keep"] is True  # else the next run would take it again
    assert (await plan(site))["remove"] == []


async def test_each_hold_keeps_a_video_and_says_why(site: Site, carry_out: CarryOut) -> None:
    """Kept, in a project, shared, watched, being finalised, worked on: none of them goes, whatever the policy."""
    videos = {
        name: await aged(site, name, 9)
        for name in ("kept", "in_project", "shared", "watched", "recording", "busy", "none", "trimmed")
    }
    client = site.ann.client
    await client.patch(f"/api/v1/videos/{videos['kept']}", json={"keep": True})
    await client.post("/api/v1/projects", json={"title": "Trip", "clips": [{"video_id": videos["in_project"]}]})
    await client.post(f"/api/v1/videos/{videos['shared']}/shares", json={})
    ended = (await client.post(f"/api/v1/videos/{videos['none']}/shares", json={})).json()["id"]
    await client.delete(f"/api/v1/shares/{ended}")
    site.get(Transfers).begin(Viewer("link"), video_id=videos["watched"], kind="file", status=200, expected_bytes=9)
    site.get(Transfers).begin(Viewer("link"), video_id=videos["none"], kind="poster", status=200, expected_bytes=9)
    await site.get(Watching).write()
    async with site.get(Database).write() as session:
        session.add(recording(site, videos["recording"], "finalising"))
        session.add(recording(site, videos["none"], "ready"))
        await site.get(Jobs).record(
            session, kind="renditions", owner_id=site.ann.user.id, title="x", args={}, video_id=videos["busy"]
        )
    for _ in range(4):
        await site.stored_video(title="young")
    await policy(site, max_age_s=7 * 86_400)

    found = await plan(site)
    await carry_out((await client.post(f"{RETENTION_API}/run")).json()["id"])

    held = {one["title"]: [hold["name"] for hold in one["holds"]] for one in found["held"]}
    assert held == {name: [name] for name in ("kept", "in_project", "shared", "watched", "recording", "busy")}
    assert {one["title"] for one in found["remove"]} == {"none", "trimmed"}
    assert await titles(site) == {*held, "young"}


async def test_what_became_held_after_the_plan_stays(
    site: Site, carry_out: CarryOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each video is checked again in the transaction that takes it; one that is gone already is passed over."""
    late, gone, third = [await aged(site, name, 9) for name in ("late", "gone", "third")]
    for _ in range(4):
        await site.stored_video(title="young")
    await policy(site, max_age_s=7 * 86_400)
    job_id = (await site.ann.client.post(f"{RETENTION_API}/run")).json()["id"]
    planned = await site.get(Runs).plan()
    await site.ann.client.patch(f"/api/v1/videos/{late}", json={"keep": True})
    await site.ann.client.delete(f"/api/v1/videos/{gone}")

    async def as_it_was() -> Any:
        return planned

    monkeypatch.setattr(site.get(Runs), "plan", as_it_was)
    await carry_out(job_id)

    async with site.get(Database).read() as session:
        assert list(await session.scalars(select(VideoRow.id).where(VideoRow.trashed_at.is_not(None)))) == [third]
    [run] = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]
    assert (run["planned"], run["removed"]) == (3, 1)


async def test_a_run_goes_on_where_its_worker_died(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Between two videos, within a step: what went stays gone, counts once, and the rest follows."""
    for number in range(7):
        await aged(site, f"old {number}", 20 - number)
        await aged(site, "young", 1)
    await policy(site, max_age_s=7 * 86_400)
    monkeypatch.setattr("playhead.retention.runs.STEP", 3)
    job = await site.get(Jobs).get((await site.ann.client.post(f"{RETENTION_API}/run")).json()["id"])
    kind, recorded, hidden = site.get(JobKinds).get("retention"), dict[str, Any](), list[str]()

    async def run_step(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        if name not in recorded:
            recorded[name] = await function()
        return recorded[name]

    async def dies(_: Videos, video_id: str) -> None:
        hidden.append(video_id)
        if len(hidden) == 5:
            raise ConnectionResetError("the worker was killed")

    context = JobContext(job_id=job.id, work=tmp_path, run_step=run_step)
    with monkeypatch.context() as killing:
        killing.setattr(Videos, "hidden", dies)
        with pytest.raises(ConnectionResetError):
            await kind.run(context, job.args)
    assert len(await titles(site)) == 3  # old 5, old 6, and those that are young

    await kind.run(context, job.args)

    assert await titles(site) == {"young"}
    [run] = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]
    assert (run["planned"], run["removed"], run["removed_bytes"]) == (7, 7, 7000)
    history = (await site.ann.client.get(f"{RETENTION_API}/history")).json()["items"]
    assert sorted(one["title"] for one in history) == [f"old {number}" for number in range(7)]


async def test_more_than_half_stops_and_asks(site: Site, carry_out: CarryOut) -> None:
    """By hand it is 409, as a scheduled job it fails in words and removes nothing; with force it goes."""
    for days in (9, 8, 1):
        await aged(site, f"{days} days", days)
    await policy(site, max_age_s=7 * 86_400)
    refused = await site.ann.client.post(f"{RETENTION_API}/run", json={"force": False})
    site.get(Runs)._clock = lambda: datetime.now(UTC).replace(hour=23, minute=0)
    assert await site.get(Runs).sweep() is True
    assert await site.get(Runs).sweep() is False
    [run] = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]

    stopped = await carry_out(run["job_id"])

    assert (refused.status_code, refused.json()["code"], refused.json()["videos"]) == (409, "retention_stopped", 2)
    assert (stopped.state, stopped.error_code) == ("failed", "retention_stopped")
    assert len(await titles(site)) == 3
    [run] = (await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]
    assert (run["state"], run["cause"]) == ("stopped", "schedule")
    assert "2 of 3 videos" in run["detail"]
    site.get(Runs)._last_day = ""
    assert await site.get(Runs).sweep() is False  # another worker; one run a day

    await carry_out((await site.ann.client.post(f"{RETENTION_API}/run", json={"force": True})).json()["id"])

    assert await titles(site) == {"1 days"}


async def test_without_a_limit_no_run_is_scheduled(site: Site) -> None:
    """An idle installation gathers no jobs; a policy that is switched off is none."""
    await site.stored_video()
    site.get(Runs)._clock = lambda: datetime.now(UTC).replace(hour=23, minute=0)

    assert await site.get(Runs).sweep() is False
    await policy(site, max_count=1, enabled=False)
    assert await site.get(Runs).sweep() is False


async def test_a_second_request_gets_the_run_that_is_queued(site: Site) -> None:
    first, second = [(await site.ann.client.post(f"{RETENTION_API}/run")).json()["id"] for _ in range(2)]

    assert first == second
    assert len((await site.ann.client.get(f"{RETENTION_API}/runs")).json()["items"]) == 1


async def test_what_is_watched_is_noted_once_a_minute(site: Site) -> None:
    """As long as bytes are sent, and not for images; a viewer who left is forgotten after a while."""
    video = await site.stored_video()
    transfers, watching = site.get(Transfers), site.get(Watching)
    transfer = transfers.begin(Viewer("link"), video_id=video, kind="hls", status=200, expected_bytes=9)
    await watching.write()
    async with site.get(Database).write() as session:
        row = await session.get_one(VideoRow, video)
        noted, row.watched_at = row.watched_at, None

    await watching.write()
    async with site.get(Database).read() as session:
        again = (await session.get_one(VideoRow, video)).watched_at
        holds = await site.get(Library).holds_of(session, [video])
    transfer.end("complete")
    await watching.write()

    assert noted is not None
    assert (again, holds, transfers.seen) == (None, {}, set())
