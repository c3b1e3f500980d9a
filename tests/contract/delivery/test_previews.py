"""Projects played before they are stitched: one playlist over spans of several videos."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx2
import pytest

from tests.contract.delivery.test_hls import all_pieces, get, uris
from tests.fixtures.clips import make_clip
from tests.fixtures.site import Member, Site
from tests.fixtures.stored_clips import store_clip, store_rung


async def project_of(site: Site, *clips: dict[str, Any]) -> dict[str, Any]:
    """A project of Ann's."""
    answer = await site.ann.client.post("/api/v1/projects", json={"title": "Trip", "clips": list(clips)})
    assert answer.status_code == 201, answer.text
    project: dict[str, Any] = answer.json()
    return project


async def preview(member: Member, project: dict[str, Any]) -> httpx2.Response:
    """Ask for a preview."""
    return await member.client.post(f"/api/v1/projects/{project['id']}/preview")


@pytest.fixture
async def videos(site: Site, clips: Path) -> list[str]:
    """One with sound, one of another size without."""
    loud = make_clip(clips, seconds=4, size=(160, 90), gop=60, name="loud.mp4")
    silent = make_clip(clips, seconds=3, size=(96, 54), gop=60, audio=False, mark=2, name="silent.mp4")
    return [await store_clip(site, loud, duration_s=4.0), await store_clip(site, silent, duration_s=3.0, audio=False)]


async def test_a_preview_plays_every_clip_in_order(site: Site, videos: list[str]) -> None:
    project = await project_of(
        site,
        {"video_id": videos[0], "start_s": 0.5, "end_s": 2.0},
        {"video_id": videos[1], "start_s": 1.0, "end_s": None},
        {"video_id": videos[0], "start_s": 3.0, "end_s": 4.0},
    )

    answer = await preview(site.ann, project)
    made = answer.json()
    pieces = await all_pieces(site, made["url"])

    assert answer.headers["cache-control"] == "no-store"
    assert made["version"] == project["version"]
    assert made["duration_s"] == pytest.approx(4.5, abs=0.02)
    assert made["problems"] == []
    for track in ("video", "audio"):
        text = pieces[f"reel-1-{track}.m3u8"].text
        assert text.count("#EXT-X-DISCONTINUITY") == 2
        told = [float(each) for each in re.findall(r"#EXTINF:([\d.]+)", text)]
        assert told == pytest.approx([1.5, 2.0, 1.0], abs=0.01)
        names = re.findall(r"\.\./(vid_\w+)/((?:cut|last)-\d+-\d+)-original-\w+-0\.m4s", text)
        assert names == [
            (videos[0], "cut-500000-2000000"),
            (videos[1], "cut-1000000-3000000"),
            (videos[0], "last-3000000-4000000"),
        ]


async def test_segments_of_a_clip_have_the_same_urls_in_the_next_version(site: Site, videos: list[str]) -> None:
    """So a browser has them already when a clip elsewhere in the reel was changed."""
    clip = {"video_id": videos[0], "start_s": 0.5, "end_s": 2.0}
    project = await project_of(site, clip, {"video_id": videos[1], "start_s": 1.0, "end_s": 2.0})

    async def segments(project: dict[str, Any]) -> set[str]:
        made = (await preview(site.ann, project)).json()
        index = await get(site, made["url"])
        lists = [urljoin(made["url"], uri) for uri in uris(index.text)]
        return {uri for each in lists for uri in uris((await get(site, each)).text) if videos[0] in uri}

    before = await segments(project)
    changed = await site.ann.client.put(
        f"/api/v1/projects/{project['id']}/clips",
        json=[clip, {"video_id": videos[1], "start_s": 0.0, "end_s": 2.0}],
        headers={"if-match": '"1"'},
    )

    assert await segments(changed.json()) == before
    assert len(before) == 4


async def test_a_changed_project_no_longer_plays_by_its_old_link(site: Site, videos: list[str]) -> None:
    project = await project_of(site, {"video_id": videos[0]})
    url = (await preview(site.ann, project)).json()["url"]
    await site.ann.client.patch(
        f"/api/v1/projects/{project['id']}", json={"title": "Another"}, headers={"if-match": '"1"'}
    )

    answer = await get(site, url)

    assert (answer.status_code, answer.json()["code"]) == (409, "preview_changed")


async def test_clips_that_cannot_be_streamed_are_named(site: Site, videos: list[str], clips: Path) -> None:
    webm = await store_clip(
        site, make_clip(clips, seconds=1, size=(160, 90), codec="vp9"), container="webm", duration_s=1.0
    )
    hevc = await store_clip(site, make_clip(clips, seconds=1, size=(160, 90), codec="hevc"), duration_s=1.0)
    project = await project_of(site, *({"video_id": video_id} for video_id in (videos[0], webm, hevc)))

    answer = await preview(site.ann, project)

    assert (answer.status_code, answer.json()["code"]) == (409, "preview_not_available")
    told = [(clip["clip_id"], clip["message"]) for clip in answer.json()["clips"]]
    assert [clip for clip, _ in told] == [clip["id"] for clip in project["clips"][1:]]
    assert "no MP4" in told[0][1]
    assert "HEVC" in told[1][1]


async def test_a_rendition_stands_in_for_a_clip_of_another_codec(site: Site, clips: Path) -> None:
    hevc = await store_clip(site, make_clip(clips, seconds=1, size=(160, 90), codec="hevc"), duration_s=1.0)
    await store_rung(site, hevc, make_clip(clips, seconds=1, size=(96, 54), name="rung.mp4"), "54p", 54)
    project = await project_of(site, {"video_id": hevc})

    pieces = await all_pieces(site, (await preview(site.ann, project)).json()["url"])

    assert {"last-0-1000000-54p-video-0.m4s", "last-0-1000000-54p-audio-0.m4s"} <= pieces.keys()


async def test_a_project_without_clips_has_no_preview(site: Site) -> None:
    answer = await preview(site.ann, await project_of(site))

    assert (answer.status_code, answer.json()["code"]) == (400, "project_empty")


async def test_a_deleted_clip_is_named(site: Site, videos: list[str]) -> None:
    project = await project_of(site, {"video_id": videos[0]}, {"video_id": videos[1]})
    url = (await preview(site.ann, project)).json()["url"]
    await site.ann.client.delete(f"/api/v1/videos/{videos[1]}?force=true")

    for answer in (await preview(site.ann, project), await get(site, url)):
        assert (answer.status_code, answer.json()["code"]) == (409, "preview_not_available")
        assert answer.json()["clips"][0]["message"] == "its video was deleted"


async def test_strangers_see_no_preview(site: Site, videos: list[str]) -> None:
    project = await project_of(site, {"video_id": videos[0]})
    url = (await preview(site.ann, project)).json()["url"]

    assert (await preview(Member(site.bob.user, site.anonymous), project)).status_code == 401
    assert (await preview(site.bob, project)).status_code == 404
    assert (await get(site, url.split("?")[0])).status_code == 403
    assert (await get(site, url.replace("reel-1.", "reel-2."))).status_code == 403


async def test_a_link_to_a_span_is_good_for_that_span_alone(site: Site, videos: list[str]) -> None:
    """What was trimmed away is not given to those who hold the preview."""
    project = await project_of(site, {"video_id": videos[0], "start_s": 1.0, "end_s": 2.0})
    made = (await preview(site.ann, project)).json()
    video_list = urljoin(made["url"], next(uri for uri in uris((await get(site, made["url"])).text) if "video" in uri))
    segment = urljoin(video_list, uris((await get(site, video_list)).text)[-1])

    assert (await get(site, segment)).status_code == 200
    for other in (segment.replace("1000000-2000000", "0-4000000"), segment.replace("last-", "cut-")):
        assert (await get(site, other)).status_code == 403
    query = segment.split("?")[1]
    assert (await get(site, f"/v/{videos[0]}/video-0.m4s?{query}")).status_code == 403
