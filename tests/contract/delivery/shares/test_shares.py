"""Share links: made, shown, changed, revoked by the owner; played by whoever has one."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from playhead.access.tables import AuditRow
from playhead.catalog.chapters import CHAPTERS, record_chapters
from playhead.catalog.tables import VideoRow
from playhead.db.database import Database
from playhead.delivery.media_cache import MediaCache
from playhead.delivery.shares.tables import ShareRow
from playhead.delivery.shares.views import ViewCounter
from playhead.kit.clock import rfc3339, utc_now
from playhead.media.chapters import Chapter, web_vtt
from playhead.storage import keys
from playhead.storage.store import Store
from tests.contract.delivery.shares.conftest import CONTENT
from tests.contract.delivery.shares.sharing import link, outcome, own_link, play, share, token_of
from tests.fixtures.site import Site

PASSWORD = "open sesame"


async def test_a_link_plays_for_whoever_has_it(site: Site, video: str) -> None:
    """What its page needs comes without a session, and the signed link gives the bytes."""
    made = await share(site.ann, video)
    shown = (await site.anonymous.get(f"/api/v1/shared/{token_of(made)}")).json()

    assert made["url"].startswith("http://playhead.test/s/")
    assert made["embed_url"] == made["url"].replace("/s/", "/embed/")
    assert (made["views"], made["has_password"], made["allow_download"]) == (0, False, False)
    assert (shown["title"], shown["state"], shown["password_required"]) == ('The "beach" & more', "ready", False)
    assert (shown["width"], shown["height"], shown["size_bytes"]) == (640, 360, len(CONTENT))
    assert (await site.anonymous.get(await link(site, made, kind="file"))).content == CONTENT


async def test_chapters_are_read_through_the_link_and_end_with_it(site: Site, video: str, tmp_path: Path) -> None:
    """They are no view."""
    made = await share(site.ann, video)
    assert (await play(site, made, kind="chapters")).status_code == 404
    track = web_vtt([Chapter(0.0, "Talk"), Chapter(2.0, "Chess")], 4.0)
    (tmp_path / CHAPTERS).write_text(track)
    written = await site.get(Store).write_file(keys.artifact(video, CHAPTERS), tmp_path / CHAPTERS)
    facts = {"chapters": [{"start_s": 0.0, "title": "Talk"}, {"start_s": 2.0, "title": "Chess"}], "duration_s": 4.0}
    async with site.get(Database).write() as session:
        await record_chapters(
            session, video, {"size_bytes": written.size_bytes, "sha256": written.sha256, "facts": facts}
        )
    site.get(MediaCache).forget()

    path = await link(site, made, kind="chapters")

    assert (await site.anonymous.get(path)).text == track
    assert (await site.ann.client.get(f"/api/v1/shares/{made['id']}")).json()["views"] == 0
    await site.ann.client.delete(f"/api/v1/shares/{made['id']}")
    assert (await outcome(site, path))[0] == 403


async def test_a_link_can_be_shown_again_and_is_kept_nowhere(site: Site, video: str) -> None:
    """It is derived from the id: a copy of the database gives no link away."""
    made = await share(site.ann, video)
    again = (await site.ann.client.get(f"/api/v1/shares/{made['id']}")).json()
    page = (await site.ann.client.get(f"/api/v1/videos/{video}/shares")).json()
    async with site.get(Database).read() as session:
        rows = [repr(vars(row)) for table in (ShareRow, AuditRow) for row in await session.scalars(select(table))]

    assert again["url"] == made["url"]
    assert [each["url"] for each in page["items"]] == [made["url"]]
    assert rows
    assert not any(token_of(made) in row for row in rows)


async def test_the_list_comes_in_pages_newest_first(site: Site, video: str) -> None:
    made = [(await share(site.ann, video))["id"] for _ in range(3)]
    first = (await site.ann.client.get(f"/api/v1/videos/{video}/shares", params={"limit": 2})).json()
    rest = await site.ann.client.get(f"/api/v1/videos/{video}/shares", params={"cursor": first["next_cursor"]})

    assert [each["id"] for each in first["items"] + rest.json()["items"]] == made[::-1]
    assert rest.json()["next_cursor"] is None


async def test_a_stranger_sees_no_share(site: Site, video: str) -> None:
    """404 on every route of it, and of the video's."""
    share_id = (await share(site.ann, video))["id"]
    rows = [
        ("POST", f"/videos/{video}/shares"),
        ("GET", f"/videos/{video}/shares"),
        ("POST", f"/videos/{video}/playback/revoke"),
        ("POST", f"/videos/{video}/asset-token"),
        ("GET", f"/shares/{share_id}"),
        ("PATCH", f"/shares/{share_id}"),
        ("DELETE", f"/shares/{share_id}"),
    ]
    for method, path in rows:
        answer = await site.bob.client.request(method, f"/api/v1{path}", json={} if method != "GET" else None)
        assert answer.status_code == 404, (method, path)
    assert (await site.ann.client.get(f"/api/v1/shares/{share_id}")).json()["revoked_at"] is None


async def test_a_link_ends_after_thirty_days_unless_its_creator_says_otherwise(site: Site, video: str) -> None:
    """Null is until it is revoked."""
    made, endless = await share(site.ann, video), await share(site.ann, video, expires_at=None)
    life = datetime.fromisoformat(made["expires_at"]) - datetime.fromisoformat(made["created_at"])

    assert abs(life - timedelta(days=30)) < timedelta(minutes=1)
    assert endless["expires_at"] is None


@pytest.mark.parametrize("token", ["x", "0" * 26, "shr_" + "0" * 22, "..%2f..%2fsetup", "0" * 25 + "%00"])
async def test_a_link_that_was_made_up_leads_to_nothing(site: Site, token: str) -> None:
    shown = await site.anonymous.get(f"/api/v1/shared/{token}")
    played = await site.anonymous.post(f"/api/v1/shared/{token}/playback", json={})

    assert (shown.status_code, played.status_code) == (404, 404)


async def test_revoking_ends_the_page_and_every_link_that_was_made_for_it_at_once(site: Site, video: str) -> None:
    """Links of the owner and of other shares go on."""
    made, other = await share(site.ann, video), await share(site.ann, video)
    ended, good, own = await link(site, made), await link(site, other), await own_link(site.ann, video)
    assert [await outcome(site, each) for each in (ended, good, own)] == [(200, None)] * 3

    answer = await site.ann.client.delete(f"/api/v1/shares/{made['id']}")

    assert answer.status_code == 204
    assert await outcome(site, ended) == (403, "signature_revoked")
    assert [await outcome(site, each) for each in (good, own)] == [(200, None)] * 2
    assert await outcome(site, f"/api/v1/shared/{token_of(made)}") == (404, "share_ended")
    assert (await play(site, made)).status_code == 404
    again = await site.ann.client.delete(f"/api/v1/shares/{made['id']}")
    changed = await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"allow_download": True})
    assert (again.status_code, changed.status_code, changed.json()["code"]) == (204, 409, "share_revoked")


async def test_a_link_ends_by_itself_with_all_that_was_made_for_it(site: Site, video: str) -> None:
    """Whatever the life of the signed link; a new end is obeyed at once in both directions."""
    made = await share(site.ann, video, expires_at=rfc3339(utc_now() + timedelta(minutes=30)))
    played = (await play(site, made)).json()
    assert played["expires_at"] == made["expires_at"]
    async with site.get(Database).write() as session:
        await session.execute(update(ShareRow).values(expires_at=utc_now() - timedelta(seconds=1)))

    assert await outcome(site, played["path"]) == (403, "signature_revoked")
    assert await outcome(site, f"/api/v1/shared/{token_of(made)}") == (404, "share_ended")
    changed = await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"expires_at": None})
    assert (changed.status_code, changed.json()["expires_at"]) == (200, None)
    assert await outcome(site, played["path"]) == (200, None)


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "share_expiry_invalid"),
        ({"expires_at": "2099-01-01T00:00:00"}, 422, "malformed_request"),
        ({"password": "short"}, 400, "invalid_password"),
        ({"views": 7}, 422, "malformed_request"),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    site: Site, video: str, wish: dict[str, object], status: int, code: str
) -> None:
    """When it is made, and when it is changed."""
    made = await share(site.ann, video)
    created = await site.ann.client.post(f"/api/v1/videos/{video}/shares", json=wish)
    changed = await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json=wish)

    assert (created.status_code, created.json()["code"]) == (status, code)
    assert (changed.status_code, changed.json()["code"]) == (status, code)


async def test_a_change_does_not_overwrite_anothers(site: Site, video: str) -> None:
    made = await share(site.ann, video)
    url = f"/api/v1/shares/{made['id']}"
    first = await site.ann.client.patch(url, json={"allow_download": True}, headers={"If-Match": '"1"'})
    second = await site.ann.client.patch(url, json={"allow_download": False}, headers={"If-Match": '"1"'})

    assert (first.status_code, first.headers["etag"], first.json()["allow_download"]) == (200, '"2"', True)
    assert (second.status_code, second.json()["code"]) == (412, "version_mismatch")


async def test_a_repeated_request_makes_one_link(site: Site, video: str) -> None:
    """The answer shows a secret, so it is not kept: the repetition says where the link is."""
    path, once = f"/api/v1/videos/{video}/shares", {"Idempotency-Key": "once"}
    first = await site.ann.client.post(path, json={}, headers=once)
    second = await site.ann.client.post(path, json={}, headers=once)

    assert (first.status_code, second.status_code, second.json()["code"]) == (201, 409, "idempotency_secret")
    assert len((await site.ann.client.get(f"/api/v1/videos/{video}/shares")).json()["items"]) == 1


async def test_before_the_password_nothing_is_told(site: Site, video: str) -> None:
    made = await share(site.ann, video, password=PASSWORD)
    shown = (await site.anonymous.get(f"/api/v1/shared/{token_of(made)}")).json()
    asked, wrong = await play(site, made), await play(site, made, password="something else")

    assert made["has_password"]
    assert shown.pop("password_required")
    assert set(shown.values()) == {None}
    assert (asked.status_code, asked.json()["code"]) == (403, "share_password_required")
    assert (wrong.status_code, wrong.json()["code"]) == (403, "share_password_wrong")


async def test_the_password_is_asked_once(site: Site, video: str) -> None:
    """A pass stands in its place until it is changed; a pass of another share is none."""
    made = await share(site.ann, video, password=PASSWORD)
    other = await share(site.ann, video, password=PASSWORD)
    opened = (await play(site, made, password=PASSWORD)).json()
    pass_token = opened["pass_token"]

    assert opened["video"]["title"] == 'The "beach" & more'
    assert await outcome(site, opened["path"]) == (200, None)
    assert (await play(site, made, pass_token=pass_token)).status_code == 200
    for bad in (pass_token[:-1] + ("A" if pass_token[-1] != "A" else "B"), "..", "9" * 12 + "." + pass_token[13:]):
        assert (await play(site, made, pass_token=bad)).json()["code"] == "share_password_wrong", bad
    assert (await play(site, other, pass_token=pass_token)).status_code == 403
    await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"password": "another one"})
    assert (await play(site, made, pass_token=pass_token)).status_code == 403
    await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"password": None})
    assert (await play(site, made)).json()["pass_token"] is None


async def test_guessing_a_password_is_slowed_down(site: Site, video: str) -> None:
    """Five wrong ones a minute from an address; the right one has to wait then, too. Other links do not."""
    made, other = await share(site.ann, video, password=PASSWORD), await share(site.ann, video, password=PASSWORD)
    for _ in range(5):
        assert (await play(site, made, password="a guess")).status_code == 403

    answer = await play(site, made, password=PASSWORD)

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert (await play(site, other, password=PASSWORD)).status_code == 200


async def test_a_download_needs_the_owners_word(site: Site, video: str) -> None:
    made = await share(site.ann, video)
    refused = await play(site, made, download=True)
    await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"allow_download": True})
    allowed = await site.anonymous.get(await link(site, made, download=True))

    assert (refused.status_code, refused.json()["code"]) == (403, "download_not_allowed")
    assert allowed.headers["content-disposition"].startswith("attachment")


async def test_a_viewer_counts_once(site: Site, video: str) -> None:
    """However often the link is renewed, and whatever else of the video is looked at."""
    made = await share(site.ann, video)

    async def views() -> int:
        return int((await site.ann.client.get(f"/api/v1/shares/{made['id']}")).json()["views"])

    await play(site, made, kind="poster", viewer="ada")
    assert await views() == 0
    for viewer in ("ada", "ada", "bob", "ada"):
        await play(site, made, viewer=viewer)
    assert await views() == 2
    await site.get(ViewCounter).settle()
    assert await views() == 2
    async with site.get(Database).read() as session:
        assert await session.scalar(select(ShareRow.views)) == 2


async def test_a_share_goes_with_its_video(site: Site, video: str) -> None:
    made = await share(site.ann, video)
    signed = await link(site, made)
    assert await outcome(site, signed) == (200, None)

    await site.ann.client.delete(f"/api/v1/videos/{video}")

    assert (await outcome(site, signed))[0] == 404
    assert (await outcome(site, f"/api/v1/shared/{token_of(made)}"))[0] == 404
    assert (await site.ann.client.get(f"/api/v1/shares/{made['id']}")).status_code == 404


async def test_a_video_that_is_not_ready_is_shown_and_not_played(site: Site, video: str) -> None:
    made = await share(site.ann, video)
    async with site.get(Database).write() as session:
        await session.execute(update(VideoRow).values(state="preparing"))

    assert (await site.anonymous.get(f"/api/v1/shared/{token_of(made)}")).json()["state"] == "preparing"
    assert (await play(site, made)).json()["code"] == "media_not_found"


async def test_who_made_and_ended_a_link_is_written_down(site: Site, video: str) -> None:
    made = await share(site.ann, video)
    await site.ann.client.patch(f"/api/v1/shares/{made['id']}", json={"password": PASSWORD})
    await site.ann.client.delete(f"/api/v1/shares/{made['id']}")
    async with site.get(Database).read() as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.subject_id == made["id"])))

    assert [row.action for row in rows] == ["share.create", "share.change", "share.revoke"]
    assert {row.actor_id for row in rows} == {site.ann.user.id}
    assert PASSWORD not in repr([row.facts for row in rows])


@pytest.mark.parametrize("video_id", ["nonsense", "vid_" + "0" * 26, "vid_%00"])
async def test_what_is_no_video_has_no_shares(site: Site, video_id: str) -> None:
    assert (await site.ann.client.get(f"/api/v1/videos/{video_id}/shares")).status_code == 404
    assert (await site.ann.client.post(f"/api/v1/videos/{video_id}/shares", json={})).status_code == 404
