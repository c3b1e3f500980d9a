"""Takes of a project as the database knows them, on each kind: made once under a lock, ranked, counted and summed."""

import asyncio
from typing import Any

from playhead.db.database import Database
from playhead.generate.holds import takes_and_their_inputs
from playhead.generate.takes import GenerationTakes
from playhead.reels.prompt_shapes import MOST_TAKES
from tests.fixtures.generations import generation_row
from tests.fixtures.site import Site
from tests.fixtures.takes import API, end, generated, prompt, prompted, seen


async def test_many_requests_at_once_make_one_take_of_each_clip(site: Site) -> None:
    """As two tabs, or a person who clicks twice."""
    project = await prompted(site, prompt("Waves"), prompt("Rocks"))

    async def ask() -> Any:
        return await site.ann.client.post(f"{API}/projects/{project['id']}/generate")

    answers = await asyncio.gather(*(ask() for _ in range(4)))

    assert {answer.status_code for answer in answers} == {202}
    assert len((await seen(site, "/generations"))["items"]) == 2


async def test_inputs_of_a_take_under_way_are_held(site: Site) -> None:
    """Whole videos and those that frames are taken from, until the take has ended."""
    whole, framed, other = [await site.ready_video() for _ in range(3)]
    inputs: list[dict[str, Any]] = [
        {"parameter": "video", "video_id": whole},
        {"parameter": "image", "frame": {"of": framed, "at": "last"}},
        {"parameter": "image", "image_id": "img_0"},
    ]
    async with site.get(Database).write() as session:
        row = generation_row(site.ann.user.id, inputs=inputs)
        session.add(row)
        held = await takes_and_their_inputs(session, [whole, framed, other])
        row.state = "failed"
        after = await takes_and_their_inputs(session, [whole, framed, other])

    assert (set(held), after) == ({whole, framed}, {})


async def test_takes_are_ranked_counted_and_summed(site: Site) -> None:
    """The newest of each clip, an active one's state before the newest's, and what all of them cost."""
    project = await prompted(site, prompt("Waves"), prompt("Rocks"))
    waves, rocks = (clip["id"] for clip in project["clips"])
    running = (await generated(site, project, clip_ids=[waves]))[0]
    for _ in range(3):
        (take,) = await generated(site, project, clip_ids=[waves], again=True)
        await end(site, take["id"], "failed")
    (done,) = await generated(site, project, clip_ids=[rocks])
    await end(site, done["id"], estimated_micros=500_000, reserved_micros=750_000)  # 0.25 of a submission before

    async with site.get(Database).read() as session:
        takes = GenerationTakes()
        states = await takes.states(session, [project["id"]])
        newest = await takes.of_project(session, project["id"], 2)
        everything = await takes.of_project(session, project["id"], MOST_TAKES)
        cost = await takes.cost_of(session, project["id"])
        nothing = await takes.cost_of(session, "prj_0")
        known = await takes.clips_with_takes(session, project["id"], [waves, "clp_0"])
        waiting = await takes.abandon(session, project["id"])

    assert states == {waves: "queued", rocks: "succeeded"}
    assert [each.id for each in newest[waves]] == [take["id"], everything[waves][1].id]
    assert [each.id for each in everything[waves]][-1] == running["id"]
    assert cost is not None
    assert (cost.actual, cost.reserved, cost.unknown) == (0.5, 0.25, 0)
    assert (nothing, known, waiting) == (None, {waves}, [running["job_id"]])
