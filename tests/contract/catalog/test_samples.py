"""Sample clips for an empty library."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from playhead.catalog.samples import CLIPS, SAMPLES
from playhead.db.database import Database
from playhead.jobs.context import JobContext
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from tests.fixtures.site import Member, Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Any database does."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _no_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    async def make(folder: Path, *, names: Sequence[str], ffmpeg: object) -> list[Path]:
        for name in names:
            (folder / name).write_bytes(name.encode())
        return [folder / name for name in names]

    monkeypatch.setattr("playhead.media.samples.make_samples", make)


async def titles(member: Member) -> list[str]:
    answer = await member.client.get("/api/v1/videos", params={"sort": "title"})
    return [video["title"] for video in answer.json()["items"]]


async def wanted(site: Site) -> dict[str, Any]:
    answer = await site.ann.client.post("/api/v1/videos/samples")
    assert answer.status_code == 202
    job: dict[str, Any] = answer.json()
    return job


async def test_a_run_that_is_repeated_makes_each_clip_once(site: Site, tmp_path: Path) -> None:
    """What a crash cut off is done again under the ids that were written down at the start."""
    recorded: dict[str, Any] = {}

    async def remember(name: str, function: Callable[[], Awaitable[Any]], *, retry: bool) -> Any:
        if name == "reserve ids" and name in recorded:
            return recorded[name]
        recorded[name] = await function()
        return recorded[name]

    job = await wanted(site)
    kind = site.get(JobKinds).get(SAMPLES)
    context = JobContext(job_id=job["id"], work=tmp_path, run_step=remember)
    args = {"owner_id": site.ann.user.id}
    result = await kind.run(context, args)
    assert await kind.run(context, args) == result

    assert await titles(site.ann) == sorted(Path(name).stem for name in CLIPS)
    assert await titles(site.bob) == []


async def test_samples_are_asked_for_once_at_a_time_and_again_when_they_were_made(site: Site) -> None:
    """Somebody who deleted them wants them back."""
    job, same = await wanted(site), await wanted(site)
    assert (job["kind"], job["state"], job["id"]) == (SAMPLES, "queued", same["id"])

    async with site.get(Database).write() as session:
        row = await session.get_one(JobRow, job["id"])
        row.state = "succeeded"
        await site.get(JobKinds).get(SAMPLES).on_succeeded(session, row, {})

    assert (await wanted(site))["id"] != job["id"]
