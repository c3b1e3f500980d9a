"""``/templates``: saved from projects and documents, filled, and owned."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.site import Site, open_site


@pytest.fixture
async def site(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Site]:
    """Nothing here depends on the kind of database."""
    async with open_site(tmp_path, sqlite_url) as opened:
        yield opened


DOCUMENT: dict[str, Any] = {
    "title": "{{product}} ad",
    "settings": {"width": 1280, "height": 720, "fps": 30},
    "clips": [
        {"prompt": {"text": "A {{colour}} {{product}}", "parameters": {"duration": "{{seconds}}"}}},
        {"prompt": {"text": "Buy it now"}},
    ],
    "fields": [
        {"name": "seconds", "type": "number", "default": 2, "minimum": 1, "maximum": 15},
        {"name": "colour", "type": "choice", "choices": ["red", "blue"], "default": "red"},
    ],
}


async def post(site: Site, path: str, body: dict[str, Any], *, status: int = 201) -> dict[str, Any]:
    """One POST of Ann's."""
    answer = await site.ann.client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def make_template(site: Site, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """A template of Ann's."""
    return await post(site, "/templates", {"title": "Ads", "document": document or DOCUMENT})


async def test_a_project_is_saved_as_a_template_and_made_again(site: Site) -> None:
    """Prompts keep what they say and lose their takes; clips of videos keep their spans; fields are found."""
    video = await site.ready_video(duration_s=4.0)
    clips = [
        {"video_id": video, "start_s": 1, "end_s": 3},
        {"prompt": {"text": "A {{animal}} runs", "model": "titles", "parameters": {"duration": 3}}},
    ]
    project = await post(site, "/projects", {"title": "Zoo", "settings": {"fps": 25}, "clips": clips})

    template = await post(site, "/templates", {"title": "Animals", "project_id": project["id"]})
    made = await post(site, f"/templates/{template['id']}/projects", {"fields": {"animal": "fox"}, "title": "Foxes"})

    assert [field["name"] for field in template["fields"]] == ["animal"]
    [again] = made["items"]
    assert (again["title"], again["settings"]["fps"]) == ("Foxes", 25)
    assert [(clip["video_id"], clip["start_s"], clip["end_s"]) for clip in again["clips"]] == [
        (video, 1, 3),
        (None, 0, None),
    ]
    assert again["clips"][1]["prompt"]["text"] == "A fox runs"
    assert again["clips"][1]["prompt"]["parameters"] == {"duration": 3}


async def test_one_edit_goes_out_in_several_aspect_ratios(site: Site) -> None:
    """A project for each, with its size, and prompts that ask for that aspect."""
    template = await make_template(site)

    made = await post(
        site,
        f"/templates/{template['id']}/projects",
        {"fields": {"product": "Kite"}, "aspects": ["16:9", "9:16", "1:1"]},
    )

    found = [
        (
            project["title"],
            (project["settings"]["width"], project["settings"]["height"]),
            {clip["prompt"]["parameters"]["aspect"] for clip in project["clips"]},
        )
        for project in made["items"]
    ]
    assert found == [
        ("Kite ad 16:9", (1280, 720), {"16:9"}),
        ("Kite ad 9:16", (720, 1280), {"9:16"}),
        ("Kite ad 1:1", (720, 720), {"1:1"}),
    ]


async def test_a_wrong_field_is_named_and_nothing_is_made(site: Site) -> None:
    """400 with the field; a template that could make nothing is refused when it is saved."""
    template = await make_template(site)
    path = f"/templates/{template['id']}/projects"

    missing = await post(site, path, {"fields": {}}, status=400)
    unknown = await post(site, path, {"fields": {"product": "Kite", "size": 3}}, status=400)
    broken = await post(
        site, "/templates", {"title": "x", "document": {"title": "x", "clips": [{"prompt": {}}]}}, status=400
    )

    assert (missing["code"], missing["field"]) == ("field_invalid", "product")
    assert (unknown["code"], unknown["field"]) == ("field_invalid", "size")
    assert broken["code"] == "template_invalid"
    assert (await site.ann.client.get("/api/v1/projects")).json()["items"] == []


async def test_projects_that_cannot_be_generated_are_not_made(site: Site) -> None:
    """In all aspects or in none: a repeated request would make and pay the first ones again."""
    clip = {"prompt": {"text": "A kite", "provider": "fal", "model": "fal-ai/veo3.1"}}
    template = await make_template(site, {"title": "Ad", "clips": [clip]})
    path = f"/templates/{template['id']}/projects"

    refused = await post(site, path, {"aspects": ["16:9", "9:16"], "generate": True}, status=409)

    assert refused["code"] == "provider_not_configured"
    assert (await site.ann.client.get("/api/v1/projects")).json()["items"] == []


async def test_a_template_changes_under_its_version_and_is_removed(site: Site) -> None:
    """A stale If-Match is 412; what was made stays."""
    template = await make_template(site)
    path = f"/api/v1/templates/{template['id']}"
    await post(site, f"/templates/{template['id']}/projects", {"fields": {"product": "Kite"}})

    changed = await site.ann.client.patch(path, json={"title": "Better ads"}, headers={"if-match": '"1"'})
    stale = await site.ann.client.patch(path, json={"title": "Worse ads"}, headers={"if-match": '"1"'})
    removed = await site.ann.client.delete(path)

    assert (changed.json()["title"], changed.headers["etag"]) == ("Better ads", '"2"')
    assert (stale.status_code, removed.status_code) == (412, 204)
    assert (await site.ann.client.get(path)).status_code == 404
    assert len((await site.ann.client.get("/api/v1/projects")).json()["items"]) == 1


async def test_a_stranger_sees_no_template_and_no_campaign(site: Site) -> None:
    """404 on every route, and not in lists."""
    template = await make_template(site)
    campaign = await post(site, "/campaigns", {"title": "Spring"})
    rows: dict[str, Any] = {"rows": [{"product": "Kite"}]}
    requests: list[tuple[str, str, Any]] = [
        ("GET", f"/templates/{template['id']}", None),
        ("PATCH", f"/templates/{template['id']}", {"title": "x"}),
        ("DELETE", f"/templates/{template['id']}", None),
        ("POST", f"/templates/{template['id']}/projects", {"fields": {"product": "Kite"}}),
        ("POST", f"/templates/{template['id']}/rows", rows),
        ("POST", f"/templates/{template['id']}/campaign", {"title": "x", **rows}),
        ("GET", f"/campaigns/{campaign['id']}", None),
        ("PATCH", f"/campaigns/{campaign['id']}", {"title": "x"}),
        ("DELETE", f"/campaigns/{campaign['id']}", None),
        ("POST", f"/campaigns/{campaign['id']}/projects", {"project_ids": ["prj_1"]}),
        ("DELETE", f"/campaigns/{campaign['id']}/projects/prj_1", None),
        ("POST", f"/campaigns/{campaign['id']}/estimate", None),
        ("POST", f"/campaigns/{campaign['id']}/generate", None),
        ("POST", f"/campaigns/{campaign['id']}/stitch", None),
        ("GET", f"/campaigns/{campaign['id']}/reels", None),
    ]
    for method, path, body in requests:
        answer = await site.bob.client.request(method, f"/api/v1{path}", json=body)
        assert answer.status_code == 404, (method, path, answer.text)
    for name in ("templates", "campaigns"):
        assert (await site.bob.client.get(f"/api/v1/{name}")).json()["items"] == []


async def test_a_template_keeps_effects_and_fills_their_texts(site: Site) -> None:
    """Titles, cards and captions have fields as prompts have; the reel's own effects come along."""
    video = await site.ready_video(duration_s=4.0)
    title = {"text": "{{product}} for {{name}}", "end_s": 1}
    clips = [
        {"video_id": video, "speed": 2, "titles": [title]},
        {"card": {"text": "Bye, {{name}}"}, "end_s": 2, "transition_in": {"kind": "dip", "duration_s": 0.5}},
    ]
    captions = {"mode": "burned", "cues": [{"start_s": 0, "end_s": 1, "text": "{{name}}!"}]}
    project = await post(site, "/projects", {"title": "Card", "clips": clips, "captions": captions})

    template = await post(site, "/templates", {"title": "Cards", "project_id": project["id"]})
    values = {"product": "Tea", "name": "Ann"}
    [made] = (await post(site, f"/templates/{template['id']}/projects", {"fields": values}))["items"]
    again = (await site.ann.client.get(f"/api/v1/projects/{made['id']}")).json()

    assert [clip["speed"] for clip in again["clips"]] == [2, 1]
    assert again["clips"][0]["titles"][0]["text"] == "Tea for Ann"
    assert again["clips"][1]["card"]["text"] == "Bye, Ann"
    assert again["clips"][1]["transition_in"]["kind"] == "dip"
    assert (again["captions"]["mode"], again["captions"]["cues"][0]["text"]) == ("burned", "Ann!")
