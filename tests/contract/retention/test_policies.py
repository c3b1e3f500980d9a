"""``/retention/policies``: who may set which, one for each scope."""

from typing import Any

from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.kit.ids import new_id
from playhead.live.tables import ChannelRow
from tests.fixtures.site import Member, Site

POLICIES = "/api/v1/retention/policies"


async def add(member: Member, **body: Any) -> Any:
    return await member.client.post(POLICIES, json=body)


async def channel(site: Site, owner: Member) -> str:
    now = utc_now()
    row = ChannelRow(
        id=new_id("chn"),
        owner_id=owner.user.id,
        name="Harbour",
        url=f"https://live.example.org/{new_id('chn')}",
        platform="url",
        qualities=["best"],
        filters={},
        schedule=[],
        live_state="unknown",
        created_at=now,
        updated_at=now,
    )
    async with site.get(Database).write() as session:
        session.add(row)
    return row.id


async def test_there_is_one_policy_for_each_scope(site: Site) -> None:
    """Listed from wide to narrow, each with its scope in words; a second for the same videos is 409."""
    chn = await channel(site, site.bob)
    for body in ({"channel_id": chn, "max_count": 5}, {"origin": "recording", "max_age_s": 86_400}, {"max_count": 9}):
        assert (await add(site.ann, **body)).status_code == 201

    found = (await site.ann.client.get(POLICIES)).json()["items"]

    assert [one["applies_to"] for one in found] == ["all videos", "recordings", "the channel “Harbour”"]
    again = await add(site.ann, origin="recording")
    assert (again.status_code, again.json()["code"]) == (409, "policy_exists")
    both = await add(site.ann, origin="recording", channel_id=chn)
    assert (both.status_code, both.json()["code"]) == (400, "policy_scope_invalid")
    assert (await add(site.ann, origin="reel", max_count=0)).status_code == 422


async def test_a_policy_of_a_channel_is_its_owners(site: Site) -> None:
    """All others are an admin's; a stranger's channel and its policy are not found."""
    mine, theirs = await channel(site, site.bob), await channel(site, site.ann)
    made = await add(site.bob, channel_id=mine, max_count=5)
    foreign = (await add(site.ann, channel_id=theirs)).json()["id"]
    everything = (await add(site.ann, max_count=9)).json()["id"]

    assert made.status_code == 201
    assert (await add(site.bob, max_count=1)).status_code == 403
    assert (await add(site.bob, channel_id=theirs)).status_code == 404
    assert [one["id"] for one in (await site.bob.client.get(POLICIES)).json()["items"]] == [made.json()["id"]]
    for policy, status in ((foreign, 404), (everything, 403), (new_id("pol"), 404), ("nonsense", 404)):
        assert (await site.bob.client.patch(f"{POLICIES}/{policy}", json={"max_count": 1})).status_code == status
        assert (await site.bob.client.delete(f"{POLICIES}/{policy}")).status_code == status
    for path in ("", "/plan", "/runs", "/history"):
        assert (await site.bob.client.get(f"/api/v1/retention{path}")).status_code == 403


async def test_a_change_names_what_it_changes(site: Site) -> None:
    """What is left out stays, null removes a limit, and another version is 412."""
    made = (await add(site.ann, max_age_s=86_400, max_count=5)).json()
    path, client = f"{POLICIES}/{made['id']}", site.ann.client

    changed = await client.patch(path, json={"max_count": None}, headers={"if-match": '"1"'})
    late = await client.patch(path, json={"enabled": False}, headers={"if-match": '"1"'})

    assert (changed.json()["max_age_s"], changed.json()["max_count"]) == (86_400, None)
    assert (changed.headers["etag"], late.status_code) == ('"2"', 412)
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(POLICIES)).json()["items"] == []
