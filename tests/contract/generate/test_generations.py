"""``/projects/{id}/generate`` and ``/generations``: each prompt once, every take kept, and what it costs."""

from typing import Any

import pytest

from tests.fixtures.site import Site
from tests.fixtures.takes import API, end, generated, know_generate, prompt, prompted, seen
from tests.fixtures.tiers import thorough

PRICED = {"provider": "replicate", "model": "google/veo-3.1", "parameters": {"duration": 4, "audio": False}}


@pytest.fixture
def database_kind() -> str:
    """One kind: what locks is tried on both in ``test_takes``."""
    return "sqlite"


@pytest.fixture(autouse=True)
def replicate_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a provider with prices available; nothing is sent to it."""
    monkeypatch.setenv("REPLICATE_API_TOKEN", "r8_test")


async def post(site: Site, path: str, body: Any = None) -> Any:
    """Ann asks."""
    return await site.ann.client.post(f"{API}{path}", json=body)


async def project_of(site: Site, project: dict[str, Any]) -> dict[str, Any]:
    """The project as it stands."""
    found: dict[str, Any] = await seen(site, f"/projects/{project['id']}")
    return found


async def test_strangers_see_nothing(site: Site) -> None:
    """401 without a credential, 404 for another user, and nothing in lists."""
    project = await prompted(site, prompt("Waves"))
    (take,) = await generated(site, project)
    requests: list[tuple[str, str, Any]] = [
        ("POST", f"/projects/{project['id']}/generate", {}),
        ("POST", f"/projects/{project['id']}/estimate", {}),
        ("POST", f"/projects/{project['id']}/prompts", {"text": "Rocks"}),
        ("GET", f"/generations/{take['id']}", None),
        ("POST", f"/generations/{take['id']}/cancel", None),
        ("POST", f"/generations/{take['id']}/retry", None),
        ("POST", f"/generations/{take['id']}/resolve", {"action": "give_up"}),
        ("POST", f"/generations/{take['id']}/use", None),
        ("POST", "/generations", {"prompt": {"text": "Rocks"}, "clip_id": project["clips"][0]["id"]}),
    ]
    for method, path, body in requests:
        anonymous = await site.anonymous.request(method, API + path, json=body)
        other = await site.bob.client.request(method, API + path, json=body)
        assert (anonymous.status_code, other.status_code) == (401, 404), (path, other.text)
    assert (await site.bob.client.get(f"{API}/generations")).json()["items"] == []


async def test_every_prompt_is_requested_once(site: Site) -> None:
    """Those without a video; asked again while takes are under way nothing more is made."""
    video = await site.ready_video()
    project = await prompted(site, prompt("Waves"), {"video_id": video} | prompt("Rocks"), prompt("Sand"))

    first = await generated(site, project)
    second = await generated(site, project)
    named = await generated(site, project, clip_ids=[project["clips"][0]["id"]])
    more = await generated(site, project, clip_ids=[project["clips"][0]["id"]], again=True)
    now = await project_of(site, project)

    assert [take["clip_id"] for take in first] == [project["clips"][at]["id"] for at in (0, 2)]
    assert {(take["state"], take["provider"], take["model"]) for take in first} == {("queued", "local", "titles")}
    assert second == []
    assert [take["id"] for take in named] == [first[0]["id"]]
    assert (more[0]["parent_id"], more[0]["relation"]) == (first[0]["id"], "reroll")
    assert now["status"] == "generating"
    assert [clip["problem"] and clip["problem"]["code"] for clip in now["clips"]] == ["generating", None, "generating"]
    assert [take["id"] for take in now["clips"][0]["takes"]] == [more[0]["id"], first[0]["id"]]
    assert now["version"] == project["version"]


async def test_takes_become_clips_and_the_person_picks(site: Site) -> None:
    """The first take is the clip's at once; a later one when it is used, which is the next version."""
    project = await prompted(site, prompt("Waves"))
    (first,) = await generated(site, project)
    video = await end(site, first["id"])
    ready = await project_of(site, project)
    (second,) = await generated(site, project, clip_ids=[ready["clips"][0]["id"]])
    other = await end(site, second["id"])
    offered = await project_of(site, project)

    used = await post(site, f"/generations/{second['id']}/use")

    assert (ready["status"], ready["clips"][0]["video_id"]) == ("ready", video)
    assert (offered["clips"][0]["video_id"], offered["version"]) == (video, ready["version"])
    assert [take["video_id"] for take in offered["clips"][0]["takes"]] == [other, video]
    assert used.status_code == 200, used.text
    assert (used.json()["clips"][0]["video_id"], used.json()["version"]) == (other, ready["version"] + 1)
    assert used.headers["etag"] == f'"{used.json()["version"]}"'


async def test_a_clip_that_comes_back_has_its_takes(site: Site) -> None:
    """As after undo: the id that takes were made for is the clip's again."""
    project = await prompted(site, prompt("Waves"))
    clip = project["clips"][0]["id"]
    (take,) = await generated(site, project)
    clips = f"{API}/projects/{project['id']}/clips"
    await site.ann.client.put(clips, headers={"if-match": '"1"'}, json=[])

    again = [{"id": clip, "prompt": {"text": "Low waves"}}]
    back = await site.ann.client.put(clips, headers={"if-match": '"2"'}, json=again)

    assert back.json()["clips"][0]["id"] == clip
    assert [each["id"] for each in back.json()["clips"][0]["takes"]] == [take["id"]]


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        pytest.param("failed", "failed", "its latest take failed", marks=thorough),
        ("refused", "failed", "the provider refused its latest take"),
        pytest.param("unknown", "failed", "nobody knows yet whether its latest take was submitted", marks=thorough),
    ],
)
async def test_a_take_that_ended_badly_fails_its_project(site: Site, state: str, status: str, words: str) -> None:
    """With the provider's words, and whose fault it was."""
    project = await prompted(site, prompt("Waves"))
    (take,) = await generated(site, project)
    error = {"error_code": "refused", "error_message": "Blocked: violence", "error_side": "refused"}
    await end(site, take["id"], state, **error)

    now = await project_of(site, project)
    listed = (await seen(site, "/projects"))["items"][0]

    assert (now["status"], listed["status"]) == (status, status)
    assert now["clips"][0]["problem"] == {"code": "not_generated", "message": words}
    assert now["clips"][0]["takes"][0]["error"] == {
        "code": "refused",
        "message": "Blocked: violence",
        "hint": None,
        "side": "refused",
    }


async def test_a_retry_is_another_take_of_the_same_request(site: Site) -> None:
    """Once for two quick clicks; a refused output gets another seed."""
    project = await prompted(site, prompt("Waves", parameters={"seed": 7}))
    (take,) = await generated(site, project)
    early = await post(site, f"/generations/{take['id']}/retry")
    await end(site, take["id"], "refused", error_code="refused")

    first, second = [await post(site, f"/generations/{take['id']}/retry") for _ in range(2)]

    assert (early.status_code, early.json()["code"]) == (409, "generation_not_failed")
    assert (first.status_code, first.json()["id"]) == (202, second.json()["id"])
    again = first.json()
    assert (again["parent_id"], again["relation"], again["prompt"]) == (take["id"], "reroll", "Waves")
    assert (take["parameters"]["seed"], again["parameters"].get("seed")) == (7, None)
    assert again["clip_id"] == take["clip_id"]


async def test_an_unknown_outcome_waits_for_a_person(site: Site) -> None:
    """Nothing is submitted again by itself, not by a bulk request either; submitted again it reserves once more."""
    project = await prompted(site, prompt("Waves", **PRICED))
    (take,) = await generated(site, project)
    await end(site, take["id"], "unknown")
    bulk = await post(site, f"/projects/{project['id']}/generate", {})
    cancel = await post(site, f"/generations/{take['id']}/cancel")

    again = await post(site, f"/generations/{take['id']}/resolve", {"action": "resubmit"})
    twice = await post(site, f"/generations/{take['id']}/resolve", {"action": "resubmit"})

    assert (bulk.json()["items"], bulk.json()["skipped"][0]["code"]) == ([], "take_unknown")
    assert cancel.json()["code"] == "generation_unknown"
    assert (again.status_code, again.json()["state"], again.json()["id"]) == (200, "queued", take["id"])
    assert again.json()["cost"]["reserved"] == 2 * take["cost"]["reserved"]
    assert again.json()["job_id"] != take["job_id"]
    assert twice.json()["code"] == "generation_not_unknown"


@thorough
async def test_giving_up_keeps_the_reservation(site: Site) -> None:
    """It failed, nobody knows what it cost, and it can be tried again."""
    project = await prompted(site, prompt("Waves", **PRICED))
    (take,) = await generated(site, project)
    await end(site, take["id"], "unknown")

    given_up = (await post(site, f"/generations/{take['id']}/resolve", {"action": "give_up"})).json()
    retried = await post(site, f"/generations/{take['id']}/retry")

    assert (given_up["state"], given_up["error"]["code"]) == ("failed", "given_up")
    assert (given_up["cost"]["actual"], given_up["cost"]["reserved"]) == (None, 0.8)
    assert retried.status_code == 202
    assert (await project_of(site, project))["cost"]["unknown"] == 1


@thorough
async def test_a_canceled_take_ends_its_job(site: Site) -> None:
    """Once; a second time it has ended."""
    project = await prompted(site, prompt("Waves"))
    (take,) = await generated(site, project)

    first, second = [await post(site, f"/generations/{take['id']}/cancel") for _ in range(2)]

    assert (first.status_code, second.json()["code"]) == (200, "generation_ended")
    assert (await seen(site, f"/jobs/{take['job_id']}"))["state"] == "canceled"


async def test_estimates_add_up_and_nothing_is_made(site: Site) -> None:
    """By clip with its model; what nobody knows is counted apart, and a clip with a problem says so."""
    project = await prompted(
        site,
        prompt("Waves", **PRICED),
        prompt("Rocks"),
        prompt("Sand", provider="replicate", model="google/veo-9"),
        prompt("Foam", provider="fal", model="fal-ai/veo3.1"),
    )

    answer = (await post(site, f"/projects/{project['id']}/estimate")).json()

    assert [item["amount"] for item in answer["items"][:2]] == [0.8, 0.0]
    assert [item["problem"] and item["problem"]["code"] for item in answer["items"]] == [
        None,
        None,
        "model_unknown",
        "provider_not_configured",
    ]
    assert answer["estimated"] == {"currency": "USD", "amount": 0.8, "unknown": 0}
    assert (await seen(site, "/generations"))["items"] == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"max_cost": 1.5}, "cost_above_limit"),
        pytest.param({"clip_ids": ["clp_" + "0" * 26]}, "clip_not_found", marks=thorough),
    ],
)
async def test_a_request_that_is_refused_makes_nothing(site: Site, given: dict[str, Any], code: str) -> None:
    """All or nothing."""
    project = await prompted(site, prompt("Waves", **PRICED), prompt("Rocks", **PRICED))

    answer = await post(site, f"/projects/{project['id']}/generate", given)

    assert answer.json()["code"] == code, answer.text
    assert (await seen(site, "/generations"))["items"] == []
    assert (await seen(site, "/jobs"))["items"] == []


async def test_prompts_that_cannot_be_meant_are_all_named(site: Site) -> None:
    """With their places; one alone has its own error."""
    project = await prompted(
        site, prompt("Waves", parameters={"duration": 99}), prompt("Rocks"), prompt("Sand", parameters={"size": 3})
    )

    everything = await post(site, f"/projects/{project['id']}/generate")
    alone = await post(site, f"/projects/{project['id']}/generate", {"clip_ids": [project["clips"][0]["id"]]})

    assert (everything.status_code, everything.json()["code"]) == (400, "prompts_invalid")
    assert [(each["position"], each["code"]) for each in everything.json()["clips"]] == [
        (1, "parameter_refused"),
        (3, "parameter_refused"),
    ]
    assert alone.json()["code"] == "parameter_refused"
    assert "1 to 15" in alone.json()["detail"]


async def test_a_prompt_may_begin_with_the_clip_before(site: Site) -> None:
    """Its take is made from that clip's, which it waits for; from its video where it has one; else it cannot be."""
    frame = [{"parameter": "image", "frame": {"of": "previous", "at": "last"}}]
    project = await prompted(site, prompt("Waves"), prompt("Rocks", inputs=frame))
    rocks = {"clip_ids": [project["clips"][1]["id"]]}

    alone = await post(site, f"/projects/{project['id']}/generate", rocks)
    waves, waiting = await generated(site, project)
    video = await end(site, waves["id"])
    (named,) = await generated(site, project, **rocks, again=True)

    assert (alone.status_code, alone.json()["code"]) == (409, "previous_not_ready")
    assert waiting["inputs"] == frame
    assert named["inputs"] == [{"parameter": "image", "frame": {"of": video, "at": "last"}}]
    for take in (waiting, named):
        assert (take["parent_id"], take["relation"]) == (waves["id"], "last_frame")


async def test_another_take_waits_for_the_clip_before_as_it_is_now(site: Site) -> None:
    """Not for the take that failed: for the one under way, also when one take alone is asked for; else its video."""
    frame = [{"parameter": "image", "frame": {"of": "previous", "at": "last"}}]
    project = await prompted(site, prompt("Waves"), prompt("Rocks", inputs=frame))
    waves, waiting = await generated(site, project)
    for take in (waves, waiting):
        await end(site, take["id"], "failed")

    again = (await post(site, f"/generations/{waves['id']}/retry")).json()
    retried = (await post(site, f"/generations/{waiting['id']}/retry")).json()
    one = {"clip_id": project["clips"][1]["id"], "prompt": {"text": "Rocks", "inputs": frame}}
    created = (await post(site, "/generations", one)).json()
    video = await end(site, again["id"])
    await end(site, retried["id"], "failed")
    named = (await post(site, f"/generations/{retried['id']}/retry")).json()

    for take in (retried, created):
        assert (take["parent_id"], take["relation"], take["inputs"]) == (again["id"], "last_frame", frame)
    assert (named["parent_id"], named["inputs"][0]["frame"]) == (retried["id"], {"of": video, "at": "last"})


async def test_prompts_are_pasted_one_a_line(site: Site) -> None:
    """Appended as clips with the same choice, and generated if that is wanted."""
    project = await prompted(site, prompt("Waves"))
    pasted = {"text": " Rocks \r\n\n\tSand\n", "parameters": {"aspect": "9:16"}, "generate": True}

    added = await post(site, f"/projects/{project['id']}/prompts", pasted)
    empty = await post(site, f"/projects/{project['id']}/prompts", {"text": "\n \n"})
    wrong = await post(site, f"/projects/{project['id']}/prompts", {"text": "x", "parameters": {"aspect": "2:1"}})

    assert added.status_code == 201, added.text
    clips = added.json()["project"]["clips"]
    assert [clip["prompt"]["text"] for clip in clips] == ["Waves", "Rocks", "Sand"]
    assert [take["parameters"]["aspect"] for take in added.json()["items"]] == ["9:16", "9:16"]
    assert added.json()["clip_ids"] == [clip["id"] for clip in clips[1:]]
    assert (empty.status_code, empty.json()["code"]) == (400, "prompts_invalid")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "parameter_refused")
    assert len((await project_of(site, project))["clips"]) == 3


async def test_files_for_a_provider_need_a_public_address(site: Site) -> None:
    """Said before anything is made, and in the estimate."""
    video = await site.ready_video()
    inputs = [{"parameter": "image", "frame": {"of": video, "at": "first"}}]
    project = await prompted(site, prompt("Waves", **PRICED, inputs=inputs))

    estimate = await post(site, f"/projects/{project['id']}/estimate")
    answer = await post(site, f"/projects/{project['id']}/generate")

    assert estimate.json()["items"][0]["problem"]["code"] == "public_url_missing"
    assert (answer.status_code, answer.json()["code"]) == (400, "public_url_missing")


async def test_a_prompt_alone_becomes_a_video_of_the_library(site: Site) -> None:
    """Without a project; and one that goes on from a take begins with its last frame."""
    know_generate(site)
    first = (await post(site, "/generations", {"prompt": {"text": "Waves"}})).json()
    video = await end(site, first["id"])
    further = {"prompt": {"text": "Rocks"}, "parent_id": first["id"], "relation": "last_frame"}

    second = (await post(site, "/generations", further)).json()
    edited = await post(site, "/generations", further | {"relation": "edit"})

    assert (first["project_id"], first["clip_id"], first["state"]) == (None, None, "queued")
    assert second["inputs"] == [{"parameter": "image", "frame": {"of": video, "at": "last"}}]
    assert (second["parent_id"], second["relation"]) == (first["id"], "last_frame")
    assert (edited.status_code, edited.json()["code"]) == (400, "input_refused")
    assert [each["id"] for each in (await seen(site, "/generations?state=succeeded"))["items"]] == [first["id"]]


async def test_another_owners_files_cannot_be_sent_out(site: Site) -> None:
    """They are as if they did not exist, and so is what does not."""
    theirs = await site.ready_video(site.bob)
    for video in (theirs, "vid_" + "0" * 26):
        inputs = [{"parameter": "image", "frame": {"of": video, "at": "first"}}]
        answer = await post(site, "/generations", {"prompt": {"text": "Waves", "inputs": inputs}})
        assert (answer.status_code, answer.json()["code"]) == (400, "input_not_found")


@thorough
async def test_a_retired_model_names_its_replacement(site: Site) -> None:
    """410, before anything is made."""
    project = await prompted(site, prompt("Waves", provider="replicate", model="openai/sora-2"))

    answer = await post(site, f"/projects/{project['id']}/generate")

    assert (answer.status_code, answer.json()["code"]) == (410, "model_retired")


async def test_deleting_a_project_drops_what_was_not_submitted(site: Site) -> None:
    """Takes that are paid stay in the library."""
    project = await prompted(site, prompt("Waves"), prompt("Rocks"))
    done, queued = await generated(site, project)
    video = await end(site, done["id"])

    await site.ann.client.delete(f"{API}/projects/{project['id']}")

    assert (await seen(site, f"/generations/{queued['id']}"))["state"] == "canceled"
    assert (await seen(site, f"/generations/{done['id']}"))["video_id"] == video
    assert (await seen(site, f"/videos/{video}"))["state"] == "ready"
