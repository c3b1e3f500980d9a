"""``GET /projects/{id}/plan``: what a stitch would do, from the indexes of real files."""

import hashlib
import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest

from playhead.catalog.admission import probe_facts
from playhead.catalog.indexes import Indexes
from playhead.catalog.tables import RenderRow
from playhead.db.database import Database
from playhead.jobs.tables import JobRow
from playhead.kit.clock import utc_now
from playhead.reels.plans import Plans
from playhead.storage import keys
from playhead.storage.store import Store
from tests.contract.reels.test_projects import make_project
from tests.fixtures.clips import make_clip
from tests.fixtures.site import Site


async def stored(site: Site, path: Path) -> str:
    """Put a file into the library as a worker does."""
    from playhead.media.probe import probe

    found = (await probe(path)).to_dict()
    data = path.read_bytes()
    facts = probe_facts(found) | {"size_bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    video_id = await site.ready_video(**facts)
    copy = path.with_name(f"{video_id}.copy")
    shutil.copy(path, copy)
    await site.get(Store).write_file(keys.original(video_id), copy)
    return video_id


async def plan(site: Site, project: dict[str, Any]) -> Any:
    """Ask for the plan."""
    return await site.ann.client.get(f"/api/v1/projects/{project['id']}/plan")


async def test_the_plan_tells_what_is_copied_and_what_is_encoded(site: Site, tmp_path: Path) -> None:
    """Whole clips of one kind are copied, a trim costs the GOPs that it cuts, another size is encoded."""
    like = await stored(site, make_clip(tmp_path, seconds=3, size=(160, 90), gop=30, name="like.mp4"))
    other = await stored(site, make_clip(tmp_path, seconds=1, size=(90, 160), name="other.mp4"))
    clips: list[dict[str, Any]] = [{"video_id": like}, {"video_id": like, "start_s": 0.5}, {"video_id": other}]
    project = await make_project(site, *clips)
    answer = await plan(site, project)

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["version"], found["duration_s"]) == (1, pytest.approx(6.5, abs=0.05))
    assert found["format"] == {
        **{"width": 160, "height": 90, "fps": 30.0},
        **{"codec": "h264", "timing": "constant", "sound": "copy"},
    }
    assert [clip["action"] for clip in found["clips"]] == ["copy", "boundary", "encode"]
    assert [clip["encoded_s"] for clip in found["clips"]] == [0, pytest.approx(0.5, abs=0.05), pytest.approx(1.0)]
    assert found["encoded_s"] == pytest.approx(1.5, abs=0.05)
    assert "90×160" in found["clips"][2]["reason"]
    assert found["summary"]
    assert found["estimate_s"] > 0
    assert [clip["clip_id"] for clip in found["clips"]] == [clip["id"] for clip in project["clips"]]


async def test_a_crossfade_of_whole_clips_shortens_the_reel_and_encodes_about_itself(
    site: Site, tmp_path: Path
) -> None:
    """The clip before it is as long as it is shown alone, also where nothing else is done to it."""
    like = await stored(site, make_clip(tmp_path, seconds=6, size=(160, 90), gop=30, name="like.mp4"))
    crossfade = {"video_id": like, "transition_in": {"kind": "crossfade", "duration_s": 1}}
    project = await make_project(site, {"video_id": like}, crossfade)

    found = (await plan(site, project)).json()

    assert (project["duration_s"], found["duration_s"]) == (11, pytest.approx(11, abs=0.05))
    assert found["encoded_s"] <= 2.1
    spans = [span for clip in found["clips"] for span in clip["spans"]]
    assert [span["end_s"] for span in spans][-1] == pytest.approx(11, abs=0.05)
    assert all(one["end_s"] == after["start_s"] for one, after in itertools.pairwise(spans))


async def test_the_estimate_learns_from_the_latest_stitches(site: Site, tmp_path: Path) -> None:
    """A wide range before any; then what they took, of which what is rendered already is no part."""
    video = await stored(site, make_clip(tmp_path, seconds=1, size=(160, 90), name="like.mp4"))
    project = await make_project(site, {"video_id": video}, settings={"codec": "av1"})
    before = (await plan(site, project)).json()
    assert before["estimate_high_s"] > 2 * before["estimate_low_s"]

    other = await make_project(site, {"video_id": video})
    job_id = (await site.ann.client.post(f"/api/v1/projects/{other['id']}/stitch")).json()["id"]
    async with site.get(Database).write() as session:
        job = await session.get_one(JobRow, job_id)
        job.state, job.finished_at = "succeeded", utc_now()
        job.args = job.args | {"measured": {"av1": [1.0, 50.0], "rest": [1.0, 2.0]}}
    slow = (await plan(site, project)).json()
    assert slow["estimate_s"] == slow["estimate_low_s"] == slow["estimate_high_s"] > 5 * before["estimate_s"]

    [known] = site.get(Plans)._known.values()
    async with site.get(Database).write() as session:
        now = utc_now()
        session.add_all(RenderRow(digest=digest, size_bytes=1, created_at=now, used_at=now) for digest in known.pieces)
    rendered = (await plan(site, project)).json()
    assert rendered["estimate_s"] == pytest.approx(2 * known.work.rest_s, abs=0.01)


async def test_the_settings_decide_too(site: Site, tmp_path: Path) -> None:
    video = await stored(site, make_clip(tmp_path, seconds=1, size=(160, 90), name="like.mp4"))
    project = await make_project(site, {"video_id": video}, settings={"codec": "av1", "sound": "encode"})
    found = (await plan(site, project)).json()

    assert (found["format"]["codec"], found["format"]["sound"]) == ("av1", "encode")
    assert found["clips"][0]["action"] == "encode"


async def test_an_edit_that_is_undone_finds_its_plan_again(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No index is read for it, and it tells the present version and clips."""
    video = await stored(site, make_clip(tmp_path, seconds=1, size=(160, 90), name="like.mp4"))
    project = await make_project(site, {"video_id": video})
    before = (await plan(site, project)).json()
    url = f"/api/v1/projects/{project['id']}/clips"
    clips = [{"video_id": video}, {"video_id": video}]
    await site.ann.client.put(url, json=clips, headers={"if-match": '"1"'})
    again = (await site.ann.client.put(url, json=clips[:1], headers={"if-match": '"2"'})).json()

    async def never(self: Indexes, key: str, sha256: str, size_bytes: int) -> None:
        raise AssertionError("an index was read")

    monkeypatch.setattr(Indexes, "movie", never)
    found = (await plan(site, project)).json()

    assert found["version"] == 3
    assert [clip["clip_id"] for clip in found["clips"]] == [clip["id"] for clip in again["clips"]]
    assert found | {"version": 1, "clips": before["clips"]} == before


@pytest.mark.parametrize(
    ("facts", "status", "code"), [(None, 400, "project_empty"), ({"state": "preparing"}, 409, "clips_not_ready")]
)
async def test_what_cannot_be_stitched_has_no_plan(
    site: Site, facts: dict[str, Any] | None, status: int, code: str
) -> None:
    clips = [] if facts is None else [{"video_id": await site.ready_video(**facts)}]
    answer = await plan(site, await make_project(site, *clips))

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_video_whose_bytes_are_gone_is_named(site: Site) -> None:
    answer = await plan(site, await make_project(site, {"video_id": await site.ready_video()}))

    assert (answer.status_code, answer.json()["code"]) == (409, "clip_video_gone")
