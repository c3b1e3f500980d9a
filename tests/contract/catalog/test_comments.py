"""Comments at a time of a video: written, answered, resolved and deleted by those who may, and by nobody else."""

from typing import Any

import httpx2

from playhead.kit.ids import new_id
from tests.fixtures.site import Member, Site


async def comment(member: Member, video: str, text: str = "Nice", **wanted: Any) -> dict[str, Any]:
    """Write one."""
    wanted = {"at_s": 1.0, **wanted} if "parent_id" not in wanted else wanted
    answer = await member.client.post(f"/api/v1/videos/{video}/comments", json={"text": text, **wanted})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def listed(client: httpx2.AsyncClient, video: str, **query: Any) -> list[dict[str, Any]]:
    """The comments that a client sees."""
    answer = await client.get(f"/api/v1/videos/{video}/comments", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def test_comments_are_listed_in_the_order_of_the_video_with_their_replies(site: Site) -> None:
    """Also page by page; the count of those that are open stands with the video."""
    video = await site.ready_video()
    late = await comment(site.ann, video, "  Too\tlong\r\nhere ", at_s=3, end_s=3.5)
    early = await comment(site.ann, video, "Start later", at_s=0.5)
    reply = await comment(site.ann, video, "Done", parent_id=early["id"])
    resolved = await site.ann.client.patch(f"/api/v1/comments/{early['id']}", json={"resolved": True})
    first = (await site.ann.client.get(f"/api/v1/videos/{video}/comments", params={"limit": 1})).json()
    rest = await listed(site.ann.client, video, limit=1, cursor=first["next_cursor"])
    found = (await site.ann.client.get("/api/v1/videos")).json()["items"][0]

    assert (late["text"], late["author"], late["author_kind"], late["is_mine"]) == (
        "Too long\nhere",
        "ann",
        "owner",
        True,
    )
    assert (reply["parent_id"], reply["at_s"]) == (early["id"], None)
    assert [one["id"] for one in [*first["items"], *rest]] == [early["id"], late["id"]]
    assert [one["id"] for one in first["items"][0]["replies"]] == [reply["id"]]
    assert (resolved.json()["resolved_by"], resolved.json()["replies"][0]["text"]) == ("ann", "Done")
    assert [one["id"] for one in await listed(site.ann.client, video, state="open")] == [late["id"]]
    assert (found["id"], found["open_comments"]) == (video, 1)


async def test_strangers_find_neither_the_comments_nor_the_video(site: Site) -> None:
    video = await site.ready_video()
    made = await comment(site.ann, video)
    path = f"/api/v1/comments/{made['id']}"
    answers = [
        await site.bob.client.get(f"/api/v1/videos/{video}/comments"),
        await site.bob.client.post(f"/api/v1/videos/{video}/comments", json={"text": "Hi", "at_s": 0}),
        await site.bob.client.patch(path, json={"text": "Changed"}),
        await site.bob.client.delete(path),
        await site.ann.client.delete(f"/api/v1/comments/{new_id('cmt')}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert [one["text"] for one in await listed(site.ann.client, video)] == ["Nice"]


async def test_an_admin_resolves_and_deletes_but_changes_no_words_of_others(site: Site) -> None:
    """A comment is deleted with its replies, and those of a video with it."""
    video = await site.ready_video()
    made = await comment(site.ann, video)
    await comment(site.ann, video, "Yes", parent_id=made["id"])
    await site.make_admin(site.bob)
    path = f"/api/v1/comments/{made['id']}"
    refused = await site.bob.client.patch(path, json={"text": "Ugly"})
    reply = await comment(site.bob, video, "Noted", parent_id=made["id"])
    changed = await site.bob.client.patch(f"/api/v1/comments/{reply['id']}", json={"text": "Noted, thanks"})

    assert (refused.status_code, refused.json()["code"]) == (403, "comment_not_yours")
    assert (reply["author_kind"], changed.json()["edited_at"] is not None) == ("user", True)
    assert (await site.bob.client.delete(path)).status_code == 204
    assert await listed(site.ann.client, video) == []
    again = await comment(site.ann, video)
    assert (await site.ann.client.delete(f"/api/v1/videos/{video}")).status_code == 204
    assert (await site.ann.client.delete(f"/api/v1/comments/{again['id']}")).status_code == 404


async def test_a_comment_that_cannot_be_is_refused(site: Site) -> None:
    video = await site.ready_video()
    rows: list[tuple[dict[str, Any], int, str]] = [
        ({"text": "", "at_s": 0}, 422, "malformed_request"),
        ({"text": " \n\t", "at_s": 0}, 422, "malformed_request"),
        ({"text": "x" * 2001, "at_s": 0}, 422, "malformed_request"),
        ({"text": "x"}, 422, "malformed_request"),
        ({"text": "x", "at_s": -1}, 422, "malformed_request"),
        ({"text": "x", "at_s": 2, "end_s": 2}, 422, "malformed_request"),
        ({"text": "x", "at_s": 2, "parent_id": "cmt_x"}, 422, "malformed_request"),
        ({"text": "x", "parent_id": "cmt_x"}, 404, "comment_not_found"),
        ({"text": "x", "at_s": 60}, 400, "comment_time_invalid"),
    ]
    for wanted, status, code in rows:
        answer = await site.ann.client.post(f"/api/v1/videos/{video}/comments", json=wanted)

        assert (answer.status_code, answer.json()["code"]) == (status, code), wanted


async def test_replies_have_one_level_and_are_not_resolved(site: Site) -> None:
    video, other = await site.ready_video(), await site.ready_video()
    made = await comment(site.ann, video)
    reply = await comment(site.ann, video, parent_id=made["id"])
    deeper = await site.ann.client.post(
        f"/api/v1/videos/{video}/comments", json={"text": "x", "parent_id": reply["id"]}
    )
    elsewhere = await site.ann.client.post(
        f"/api/v1/videos/{other}/comments", json={"text": "x", "parent_id": made["id"]}
    )
    resolved = await site.ann.client.patch(f"/api/v1/comments/{reply['id']}", json={"resolved": True})

    assert (deeper.status_code, deeper.json()["code"]) == (400, "comment_is_reply")
    assert (resolved.status_code, resolved.json()["code"]) == (400, "comment_is_reply")
    assert elsewhere.status_code == 404
