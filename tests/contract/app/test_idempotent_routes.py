"""Every request that creates something creates it once under one ``Idempotency-Key``, whenever its server dies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest

from playhead.access.access import Access
from playhead.db.database import Database
from playhead.db.unit import Unit, current_unit
from playhead.delivery.shares.shares import Shares
from playhead.errors import Unavailable
from playhead.jobs.client import Jobs
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.live.recordings import RecordingRequest, Recordings
from playhead.live.tables import RecordingRow
from tests.contract.catalog.test_tus import PART, TUS
from tests.fixtures.images import gradient, stored
from tests.fixtures.site import Member, Site, open_site
from tests.fixtures.takes import end, generated, prompt, prompted

ONCE = {"Idempotency-Key": "once"}
PUBLIC = {
    "/api/v1/setup",
    "/api/v1/shared/{token}/comments",  # a visitor's repetition within a minute is the same comment
}


class Case(NamedTuple):
    """A creating request; *makes* lists what there is of its kind."""

    path: str
    body: dict[str, Any]
    makes: str
    shows_secret: bool = False


async def _errored(site: Site) -> str:
    return await site.ready_video(state="errored", origin="upload")


async def _failed_job(site: Site) -> str:
    video_id = await site.ready_video(state="errored")
    async with site.get(Database).write() as session:
        job = await site.get(Jobs).record(
            session, kind="ingest", owner_id=site.ann.user.id, title="x", args={"video_id": video_id}, video_id=video_id
        )
        job.state = "failed"
    return job.id


async def _project(site: Site) -> str:
    video_id = await site.ready_video()
    clips = [{"video_id": video_id, "start_s": 0, "end_s": 1}]
    made = await site.ann.client.post("/api/v1/projects", json={"title": "x", "clips": clips})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def _prompted(site: Site) -> str:
    return str((await prompted(site, prompt("Waves")))["id"])


async def _failed_take(site: Site) -> str:
    (take,) = await generated(site, await prompted(site, prompt("Waves")))
    await end(site, take["id"], "failed")
    return str(take["id"])


async def _large(site: Site) -> str:
    return await site.ready_video(width=1920, height=1080)


async def _errored_recording(site: Site) -> str:
    row = await site.get(Recordings).start(
        RecordingRequest(owner_id=site.ann.user.id, title="x", source={"platform": "url", "url": "srt://192.0.2.1:9"})
    )
    async with site.get(Database).write() as session:
        (await session.get_one(RecordingRow, row.id)).state = "errored"
    return row.id


async def _repairable(site: Site) -> str:
    """A recording with a gap, and the video that fills it."""
    recording_id, own, other = await _errored_recording(site), await site.ready_video(), await site.ready_video()
    async with site.get(Database).write() as session:
        row = await session.get_one(RecordingRow, recording_id)
        row.state, row.gaps = "ready", [{"start_s": 1.0, "length_s": 1.0, "cause": "host"}]
        row.video_id = own
    return f"{recording_id} {other}"


async def _nothing(_: Site) -> str:
    return ""


async def _webhook(site: Site) -> str:
    made = await site.ann.client.post("/api/v1/webhooks", json={"url": "https://1.1.1.1/"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


TEMPLATE = {"title": "x", "clips": [{"prompt": {"text": "A {{thing}}"}}]}


async def _template(site: Site) -> str:
    made = await site.ann.client.post("/api/v1/templates", json={"title": "x", "document": TEMPLATE})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def _campaign(site: Site) -> str:
    project = await _project(site)
    made = await site.ann.client.post("/api/v1/campaigns", json={"title": "x", "project_ids": [project]})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


CASES: dict[str, tuple[Callable[[Site], Awaitable[str]], Callable[[str], Case]]] = {
    "/api/v1/videos": (_nothing, lambda _: Case("/videos", {"content": b"0123"}, "/videos")),
    "/api/v1/images": (_nothing, lambda _: Case("/images", {"content": stored(gradient(), "PNG")}, "/images")),
    "/api/v1/uploads": (
        _nothing,
        lambda _: Case("/uploads", {"headers": PART | {"Upload-Length": "9"}, "content": b"0123"}, "/uploads"),
    ),
    "/api/v1/projects": (_nothing, lambda _: Case("/projects", {"json": {"title": "x"}}, "/projects")),
    "/api/v1/users": (
        _nothing,
        lambda _: Case("/users", {"json": {"email": "eve@example.org", "password": "correct horse"}}, "/users"),
    ),
    "/api/v1/keys": (_nothing, lambda _: Case("/keys", {"json": {"name": "x"}}, "/keys", True)),
    "/api/v1/videos/{video_id}/shares": (
        _large,
        lambda made: Case(f"/videos/{made}/shares", {"json": {}}, f"/videos/{made}/shares", True),
    ),
    "/api/v1/videos/{video_id}/comments": (
        _large,
        lambda made: Case(f"/videos/{made}/comments", {"json": {"text": "x", "at_s": 0}}, f"/videos/{made}/comments"),
    ),
    "/api/v1/videos/{video_id}/retry": (_errored, lambda made: Case(f"/videos/{made}/retry", {}, "/jobs")),
    "/api/v1/videos/{video_id}/renditions": (
        _large,
        lambda made: Case(f"/videos/{made}/renditions", {"json": {"heights": [180]}}, "/jobs"),
    ),
    "/api/v1/videos/{video_id}/transcribe": (
        _large,
        lambda made: Case(f"/videos/{made}/transcribe", {"json": {"engine": "pocketsphinx"}}, "/jobs"),
    ),
    "/api/v1/videos/{video_id}/captions": (
        _large,
        lambda made: Case(f"/videos/{made}/captions", {"json": {"text": "Hello"}}, f"/videos/{made}/captions"),
    ),
    "/api/v1/videos/samples": (_nothing, lambda _: Case("/videos/samples", {}, "/jobs")),
    "/api/v1/retention/policies": (
        _nothing,
        lambda _: Case("/retention/policies", {"json": {"max_count": 5}}, "/retention/policies"),
    ),
    "/api/v1/retention/run": (_nothing, lambda _: Case("/retention/run", {}, "/jobs")),
    "/api/v1/projects/{project_id}/stitch": (_project, lambda made: Case(f"/projects/{made}/stitch", {}, "/jobs")),
    "/api/v1/projects/{project_id}/duplicate": (
        _project,
        lambda made: Case(f"/projects/{made}/duplicate", {}, "/projects"),
    ),
    "/api/v1/projects/{project_id}/preview-render": (
        _project,
        lambda made: Case(f"/projects/{made}/preview-render", {"json": {"start_s": 0, "end_s": 1}}, "/jobs"),
    ),
    "/api/v1/projects/{project_id}/generate": (
        _prompted,
        lambda made: Case(f"/projects/{made}/generate", {"json": {}}, "/generations"),
    ),
    "/api/v1/projects/{project_id}/prompts": (
        _prompted,
        lambda made: Case(
            f"/projects/{made}/prompts",
            {"json": {"text": "Rocks", "generate": True}},
            f"/generations?project_id={made}",
        ),
    ),
    "/api/v1/generations": (
        _nothing,
        lambda _: Case("/generations", {"json": {"prompt": {"text": "Waves"}}}, "/generations"),
    ),
    "/api/v1/generations/{generation_id}/retry": (
        _failed_take,
        lambda made: Case(f"/generations/{made}/retry", {}, "/generations"),
    ),
    "/api/v1/channels": (
        _nothing,
        lambda _: Case("/channels", {"json": {"url": "https://www.twitch.tv/x"}}, "/channels"),
    ),
    "/api/v1/recordings": (
        _nothing,
        lambda _: Case("/recordings", {"json": {"url": "https://www.twitch.tv/x"}}, "/recordings"),
    ),
    "/api/v1/recordings/{recording_id}/finalise": (
        _errored_recording,
        lambda made: Case(f"/recordings/{made}/finalise", {}, "/jobs"),
    ),
    "/api/v1/recordings/{recording_id}/repair": (
        _repairable,
        lambda made: Case(
            f"/recordings/{made.partition(' ')[0]}/repair", {"json": {"video_id": made.partition(" ")[2]}}, "/jobs"
        ),
    ),
    "/api/v1/templates": (
        _nothing,
        lambda _: Case("/templates", {"json": {"title": "x", "document": TEMPLATE}}, "/templates"),
    ),
    "/api/v1/templates/{template_id}/projects": (
        _template,
        lambda made: Case(f"/templates/{made}/projects", {"json": {"fields": {"thing": "x"}}}, "/projects"),
    ),
    "/api/v1/templates/{template_id}/campaign": (
        _template,
        lambda made: Case(
            f"/templates/{made}/campaign", {"json": {"title": "x", "rows": [{"thing": "x"}]}}, "/campaigns"
        ),
    ),
    "/api/v1/campaigns": (_nothing, lambda _: Case("/campaigns", {"json": {"title": "x"}}, "/campaigns")),
    "/api/v1/campaigns/{campaign_id}/generate": (
        _campaign,
        lambda made: Case(f"/campaigns/{made}/generate", {}, "/jobs"),
    ),
    "/api/v1/campaigns/{campaign_id}/stitch": (
        _campaign,
        lambda made: Case(f"/campaigns/{made}/stitch", {}, "/jobs"),
    ),
    "/api/v1/webhooks": (
        _nothing,
        lambda _: Case("/webhooks", {"json": {"url": "https://1.1.1.1/"}}, "/webhooks", True),
    ),
    "/api/v1/webhooks/{webhook_id}/test": (
        _webhook,
        lambda made: Case(f"/webhooks/{made}/test", {}, f"/webhooks/{made}/deliveries"),
    ),
    "/api/v1/collections": (_nothing, lambda _: Case("/collections", {"json": {"name": "x"}}, "/collections")),
    "/api/v1/searches": (
        _nothing,
        lambda _: Case("/searches", {"json": {"name": "x", "query": {"tag": "y"}}}, "/searches"),
    ),
    "/api/v1/watch-folders/scan": (_nothing, lambda _: Case("/watch-folders/scan", {}, "/jobs")),
    "/api/v1/jobs/{job_id}/retry": (_failed_job, lambda made: Case(f"/jobs/{made}/retry", {}, "/jobs")),
}


async def prepare(site: Site, route: str) -> tuple[Case, Member, set[str]]:
    """A case, somebody who may ask for it, and what there is before."""
    async with site.get(Database).write() as session:
        from playhead.access.tables import UserRow

        user = await session.get(UserRow, site.ann.user.id)
        assert user is not None
        user.role = "admin"
    made = await site.get(Access).keys.create(None, user_id=site.ann.user.id, name="admin")
    site.ann.client.headers["Authorization"] = f"Bearer {made.key}"
    before, case = CASES[route]
    found = case(await before(site))
    return found, site.ann, await ids(site.ann, found)


async def ids(member: Member, case: Case) -> set[str]:
    """What there is of the kind that a case makes."""
    return {item["id"] for item in (await member.client.get(f"/api/v1{case.makes}")).json()["items"]}


async def post(member: Member, case: Case, key: str = "once") -> httpx2.Response:
    """Ask, under one key."""
    headers = {"Idempotency-Key": key} | case.body.get("headers", {})
    return await member.client.post(f"/api/v1{case.path}", **case.body | {"headers": headers})


def test_every_creating_request_is_tried_here(site: Site) -> None:
    """Those that answer 201 or 202, but for the public ones."""
    creating = {
        path
        for path, operations in site.app.openapi()["paths"].items()
        if "post" in operations and {"201", "202"} & set(operations["post"]["responses"])
    }

    assert creating - PUBLIC == set(CASES)


@pytest.mark.parametrize("route", CASES)
async def test_it_creates_once_when_its_server_dies_before_it_answers(
    site: Site, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    """What is made and its answer are one transaction: asked again there is one thing, and the answer names it."""
    case, member, before = await prepare(site, route)
    with monkeypatch.context() as dying:
        dying.setattr(Unit, "commit", _commits_and_dies)
        died = await post(member, case)
        assert died.status_code == 503, died.text

    again, third = await post(member, case), await post(member, case)

    assert len(await ids(member, case) - before) == (0 if route == "/api/v1/jobs/{job_id}/retry" else 1)
    if case.shows_secret:
        assert again.json()["code"] == "idempotency_secret"
        return
    assert again.status_code in (201, 202), again.text
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.content, again.headers.get("location")) == (third.content, third.headers.get("location"))


@pytest.mark.parametrize("route", ["/api/v1/videos", "/api/v1/uploads", "/api/v1/projects/{project_id}/stitch"])
async def test_what_died_before_its_commit_runs_again_in_seconds(
    site: Site, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    """409 with the time to come back while its lease lasts, then it runs; nothing was made before."""
    case, member, before = await prepare(site, route)
    with monkeypatch.context() as dying:
        dying.setattr(Unit, "commit", _dies)
        died = await post(member, case)
        assert died.status_code == 503, died.text
    assert await ids(member, case) == before

    refused = await post(member, case)
    site.get(Access).idempotency._clock = lambda: utc_now() + timedelta(seconds=7)
    made = await post(member, case)

    assert (refused.status_code, refused.headers["retry-after"]) == (409, "2")
    assert made.status_code in (201, 202)
    assert len(await ids(member, case) - before) == 1


@pytest.mark.parametrize("route", [route for route, (_, case) in CASES.items() if case("").makes == "/jobs"])
async def test_jobs_reach_the_engine_after_the_commit(site: Site, route: str) -> None:
    """Else a worker could look for a row that is not there yet."""
    seen: list[bool] = []
    case, member, _ = await prepare(site, route)
    enqueue = site.get(Jobs)._engine.enqueue

    async def watched(job: JobRow, queue: Any) -> None:
        seen.append(current_unit() is None)
        async with site.get(Database).read() as session:
            seen.append(await session.get(JobRow, job.id) is not None)
        await enqueue(job, queue)

    site.get(Jobs)._engine.enqueue = watched  # type: ignore[method-assign]

    assert (await post(member, case)).status_code == 202
    assert seen == [True, True]


async def test_many_at_once_need_one_connection_each(tmp_path: Path, database_url: str) -> None:
    """More than there are connections; one that held its own and waited for another would wait for ever."""
    async with open_site(tmp_path, database_url) as site:
        for route in ("/api/v1/videos", "/api/v1/uploads", "/api/v1/projects"):
            case, member, before = await prepare(site, route)

            answers = await asyncio.gather(*(post(member, case, f"key {number}") for number in range(24)))

            assert {answer.status_code for answer in answers} == {201}
            assert len(await ids(member, case) - before) == len(answers)


async def test_links_end_once_others_can_see_that_they_did(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of them is forgotten after the commit: before it, it would be read again as it was."""
    committed: list[bool] = []
    video_id = await site.ready_video()

    async def forget() -> None:
        committed.append(current_unit() is None)

    monkeypatch.setattr(site.get(Shares), "_forget_links", forget)
    path = f"/api/v1/videos/{video_id}/playback/revoke"
    answers = [await site.ann.client.post(path, headers=ONCE) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert committed == [True]


@pytest.mark.parametrize(
    "other",
    [
        {"Upload-Length": "8"},
        {"Upload-Metadata": "filename dHVlc2RheS5tcDQ="},
        {"Upload-Concat": "partial"},
    ],
)
async def test_another_upload_under_the_same_key_is_refused(site: Site, other: dict[str, str]) -> None:
    """Its headers say what it is."""
    first = TUS | ONCE | {"Upload-Length": "9"}
    made = await site.ann.client.post("/api/v1/uploads", headers=first)

    refused = await site.ann.client.post("/api/v1/uploads", headers=first | other)

    assert (made.status_code, refused.status_code) == (201, 422)
    assert refused.json()["code"] == "idempotency_key_reused"


async def _commits_and_dies(unit: Unit) -> None:
    unit.is_open = False
    await unit._stack.aclose()
    raise Unavailable("It died.")


async def _dies(unit: Unit) -> None:
    await unit.roll_back()
    raise Unavailable("It died.")
