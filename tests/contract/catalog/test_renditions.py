"""Renditions: whose they are, what may be asked for, one job for one wish."""

from typing import Any

import pytest
from sqlalchemy import func, select

from playhead.catalog.artifacts import record_artifact
from playhead.catalog.rendition_requests import AutoRenditions, Mode
from playhead.catalog.renditions import RENDITIONS
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.jobs import transitions
from playhead.jobs.client import Jobs
from playhead.jobs.kinds import JobKinds
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.storage import keys
from playhead.storage.store import Store
from tests.fixtures.site import Site, probe_of


async def once(data: bytes) -> Any:
    yield data


async def made(site: Site, video: str, name: str = "240p", kind: str = "rendition") -> None:
    """Put a rendition there, as the job does."""
    written = await site.get(Store).write(keys.artifact(video, f"{name}.mp4"), once(b"x" * 100))
    facts = {"width": 426, "height": 240, "fps": 30.0, "codec": "h264", "codec_string": "avc1.64001e"}
    facts |= {"bitrate": 200, "duration_s": 4.0, "has_audio": kind == "download"}
    async with site.get(Database).write() as session:
        await record_artifact(
            session, video, name, kind=kind, sha256=written.sha256, size_bytes=written.size_bytes, facts=facts
        )


async def end(site: Site, job_id: str, *, well: bool = True) -> None:
    """Let a job have run."""
    async with site.get(Database).write() as session:
        job = await session.get(JobRow, job_id)
        assert job is not None
        if well:
            kind = site.get(JobKinds).get(RENDITIONS)
            assert await transitions.succeed(session, job.id, job.run, kind, {"made": []}, now=utc_now()) is not None
        else:
            job.state = "failed"


async def ask(site: Site, video: str, status: int = 202, **wish: Any) -> dict[str, Any]:
    answer = await site.ann.client.post(f"/api/v1/videos/{video}/renditions", json=wish)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def listed(site: Site, video: str) -> list[dict[str, Any]]:
    answer = await site.ann.client.get(f"/api/v1/videos/{video}/renditions")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_stranger_sees_and_makes_no_renditions(site: Site) -> None:
    """401 without a key, 404 with another's."""
    video = await site.ready_video()
    await made(site, video)
    for client, status in ((site.anonymous, 401), (site.bob.client, 404)):
        path = f"/api/v1/videos/{video}/renditions"
        assert (await client.get(path)).status_code == status
        assert (await client.post(path, json={"heights": [240]})).status_code == status
        assert (await client.delete(f"{path}/240p")).status_code == status

    assert [item["name"] for item in await listed(site, video)] == ["240p"]


async def test_one_wish_is_one_job(site: Site) -> None:
    """Asked twice while it waits, and again after it is done; the second and the third time nothing is started."""
    video = await site.ready_video()
    path = f"/api/v1/videos/{video}/renditions"

    first = await site.ann.client.post(path, json={"heights": [240, 360]})
    again = await site.ann.client.post(path, json={"heights": [360, 240, 1080]})
    await end(site, first.json()["id"])
    after = await site.ann.client.post(path, json={"heights": [240, 360]})

    assert [answer.status_code for answer in (first, again, after)] == [202, 202, 200]
    assert first.headers["location"] == f"/api/v1/jobs/{first.json()['id']}"
    assert first.json()["id"] == again.json()["id"] == after.json()["id"]
    assert (first.json()["kind"], first.json()["state"]) == ("renditions", "queued")


async def test_a_request_sent_twice_with_one_key_is_one_job(site: Site) -> None:
    """The second answer is the first one."""
    video = await site.ready_video()
    headers = {"Idempotency-Key": new_id("job")}
    answers = [
        await site.ann.client.post(f"/api/v1/videos/{video}/renditions", json={"heights": [240]}, headers=headers)
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["location"] == answers[0].headers["location"]


async def test_what_is_being_made_is_listed_and_stands_in_the_way_of_others(site: Site) -> None:
    """With what is planned; a different wish waits for the end of this one."""
    video = await site.ready_video()
    await made(site, video, "240p")
    job = await ask(site, video, heights=[240, 360], download=240)

    items = {item["name"]: item for item in await listed(site, video)}
    refused = await ask(site, video, 409, heights=[180])
    deletion = await site.ann.client.delete(f"/api/v1/videos/{video}/renditions/240p")

    assert {name: item["state"] for name, item in items.items()} == {
        "240p": "ready",
        "360p": "making",
        "download-240p": "making",
    }
    assert (items["360p"]["width"], items["360p"]["height"], items["360p"]["job_id"]) == (640, 360, job["id"])
    assert (items["360p"]["has_audio"], items["download-240p"]["has_audio"]) == (False, True)
    assert items["240p"]["size_bytes"] == 100
    assert (refused["code"], refused["job_id"]) == ("renditions_running", job["id"])
    assert deletion.status_code == 409


async def test_what_could_not_be_made_is_listed_until_it_is(site: Site) -> None:
    """With the job that says why; it can be asked for again."""
    video = await site.ready_video()
    job = await ask(site, video, heights=[360])
    await end(site, job["id"], well=False)

    assert [(item["state"], item["job_id"]) for item in await listed(site, video)] == [("failed", job["id"])]
    assert (await ask(site, video, heights=[360]))["id"] != job["id"]


REFUSED: list[tuple[dict[str, Any], dict[str, Any], int, str]] = [
    ({"state": "preparing"}, {"heights": [240]}, 409, "video_not_ready"),
    ({"state": "errored"}, {}, 409, "video_not_ready"),
    ({}, {"heights": [720]}, 400, "rendition_too_large"),
    ({}, {"heights": [241]}, 400, "rendition_too_large"),
    ({}, {"heights": [0]}, 400, "rendition_too_large"),
    ({}, {"heights": list(range(90, 110))}, 422, "malformed_request"),
    ({}, {"download": -2}, 400, "rendition_too_large"),
    ({}, {}, 409, "no_rendition_needed"),
    ({}, {"codec": "hevc"}, 422, "malformed_request"),
    ({}, {"height": 240}, 422, "malformed_request"),
]


async def test_what_cannot_be_made_is_refused_in_words(site: Site) -> None:
    """And no job is recorded."""
    for facts, wish, status, code in REFUSED:
        problem = await ask(site, await site.ready_video(**facts), status, **wish)
        assert (problem["code"], bool(problem["detail"])) == (code, True), wish

    async with site.get(Database).read() as session:
        assert await session.scalar(select(func.count()).select_from(JobRow)) == 0


async def test_a_deleted_rendition_is_gone_and_can_be_made_again(site: Site) -> None:
    """Row and bytes; the original and what is no rendition stay."""
    video = await site.ready_video()
    await made(site, video, "240p")
    await made(site, video, "storyboard", kind="storyboard")
    job = await ask(site, video, heights=[240])
    await end(site, job["id"])
    path = f"/api/v1/videos/{video}/renditions"

    assert (await site.ann.client.delete(f"{path}/240p")).status_code == 204
    assert (await site.ann.client.delete(f"{path}/240p")).status_code == 404
    assert (await site.ann.client.delete(f"{path}/storyboard")).status_code == 404
    assert [found.key async for found in site.get(Store).list(keys.video_prefix(video))] == [
        keys.artifact(video, "storyboard.mp4")
    ]
    assert await listed(site, video) == []
    assert (await ask(site, video, heights=[240]))["id"] != job["id"]


MKV = {"container": "mkv"}
HEVC = {"video": {"codec": "hevc", "width": 3840, "height": 2160}}


@pytest.mark.parametrize(
    ("mode", "facts", "wanted"),
    [
        ("auto", {}, None),
        ("auto", {"container": "webm", "video": {"codec": "vp9"}, "audio": {"codec": "opus"}}, None),
        ("auto", {"audio": {"codec": "ac3"}}, ([360], "360p")),
        ("auto", MKV, ([360], "360p")),
        ("auto", {"container": "avi"}, ([360], None)),
        ("auto", {"video": {"pix_fmt": "yuv420p10le"}}, ([360], None)),
        ("auto", HEVC, ([1080], None)),
        ("all", {"video": {"codec": "hevc"}}, (None, None)),
        ("all", {}, None),
        ("off", HEVC, None),
    ],
    ids=str,
)
async def test_a_new_video_that_does_not_play_gets_a_rendition(
    site: Site, mode: Mode, facts: dict[str, Any], wanted: tuple[list[int] | None, str | None] | None
) -> None:
    """In the transaction that makes it ready; what can be copied is not encoded."""
    video = await site.ready_video()
    async with site.get(Database).write() as session:
        row = await session.get(VideoRow, video)
        assert row is not None
        assert row.probe is not None
        row.probe = {
            name: {**value, **facts.get(name, {})} if isinstance(value, dict) else facts.get(name, value)
            for name, value in row.probe.items()
        }
        await AutoRenditions(site.get(Database), site.get(Jobs), mode).request(session, row)

    async with site.get(Database).read() as session:
        found = list(await session.scalars(select(JobRow).where(JobRow.video_id == video)))
    assert [(job.kind, job.args["wanted"]["heights"], job.args.get("copy")) for job in found] == (
        [(RENDITIONS, *wanted)] if wanted else []
    )


async def test_videos_from_before_get_their_rendition_by_and_by(site: Site) -> None:
    """Each once, also where it failed: a person can ask again. The video says how it stands."""
    plays, avi = (
        await site.ready_video(),
        await site.ready_video(container="avi", probe=probe_of() | {"container": "avi"}),
    )
    renditions = AutoRenditions(site.get(Database), site.get(Jobs), "auto")

    async def state(video: str) -> tuple[str, str | None]:
        found = (await site.ann.client.get(f"/api/v1/videos/{video}")).json()
        return found["playable"], found["playable_rendition"]

    assert (await state(plays), await state(avi)) == (("original", None), ("no", None))
    assert await renditions.sweep() == 1
    assert await state(avi) == ("preparing", None)
    async with site.get(Database).read() as session:
        (job,) = await session.scalars(select(JobRow).where(JobRow.kind == RENDITIONS))
    await end(site, job.id, well=False)
    assert await AutoRenditions(site.get(Database), site.get(Jobs), "auto").sweep() == 0
    assert await state(avi) == ("no", None)
    await made(site, avi, "360p")
    assert await state(avi) == ("no", None), "it is silent, and the video is not"
    await made(site, avi, "download-360p", "download")
    assert await state(avi) == ("rendition", "download-360p")


async def test_videos_that_cannot_have_a_rendition_do_not_stand_before_others(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their rows say that they do not play, their probes that they do."""
    monkeypatch.setattr("playhead.catalog.rendition_requests._AT_ONCE", 2)
    await site.ready_video(container="avi", probe=probe_of() | {"container": "avi"})
    for _ in range(2):
        await site.ready_video(container="avi", probe=probe_of())
    renditions = AutoRenditions(site.get(Database), site.get(Jobs), "auto")

    assert [await renditions.sweep() for _ in range(3)] == [0, 1, 0]


@pytest.mark.parametrize(("name", "kind"), [("240p", "rendition"), ("download-240p", "download")])
async def test_a_rendition_is_played_by_a_link_of_its_own(site: Site, name: str, kind: str) -> None:
    """Its bytes, its own name when it is saved; no link is good for another file."""
    video = await site.ready_video()
    await made(site, video, name, kind)
    path = f"/api/v1/videos/{video}/playback"

    link = (await site.ann.client.post(path, json={"rendition": name, "download": True})).json()["path"]
    answer = await site.anonymous.get(link)
    original = (await site.ann.client.post(path, json={"kind": "file", "download": True})).json()["path"]

    assert link.startswith(f"/v/{video}/rendition-{name}.mp4?")
    assert (answer.status_code, answer.content) == (200, b"x" * 100)
    assert answer.headers["content-type"] == "video/mp4"
    assert f"A clip {name}.mp4" in answer.headers["content-disposition"]
    for forged in (
        link.replace(f"-{name}.", "-360p."),
        link.replace(f"rendition-{name}.mp4", "original.mp4"),
        original.replace("original.mp4", f"rendition-{name}.mp4"),
    ):
        assert (await site.anonymous.get(forged)).status_code == 403
    assert (await site.bob.client.post(path, json={"rendition": name})).status_code == 404


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"rendition": "360p"}, 404),
        ({"rendition": "../original"}, 404),
        ({"rendition": "storyboard"}, 404),
        ({"rendition": "240p", "kind": "poster"}, 400),
    ],
    ids=str,
)
async def test_what_is_no_rendition_has_no_link(site: Site, wish: dict[str, str], status: int) -> None:
    """Neither what was never made nor what is something else."""
    video = await site.ready_video()
    await made(site, video)
    await made(site, video, "storyboard", kind="storyboard")

    assert (await site.ann.client.post(f"/api/v1/videos/{video}/playback", json=wish)).status_code == status
