"""``/uploads`` after tus 1.0.0: method, headers in; status, headers out."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from playhead.catalog.uploads.uploads import Uploads
from playhead.catalog.videos import Videos
from playhead.db.database import Database
from playhead.kit.clock import utc_now
from playhead.settings import Settings
from tests.fixtures.site import Member, Site

TUS = {"Tus-Resumable": "1.0.0"}
PART = TUS | {"Content-Type": "application/offset+octet-stream"}
UPLOADS = "/api/v1/uploads"


def metadata(**values: str) -> str:
    """The ``Upload-Metadata`` header."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


async def create(member: Member, length: int = 10, **more: str) -> httpx2.Response:
    """Open an upload."""
    return await member.client.post(UPLOADS, headers=TUS | {"Upload-Length": str(length)} | more)


async def patch(
    member: Member, url: str, offset: int, data: bytes, headers: Mapping[str, str] | None = None
) -> httpx2.Response:
    """Send bytes."""
    return await member.client.patch(
        url, content=data, headers=PART | {"Upload-Offset": str(offset)} | dict(headers or {})
    )


async def staged(site: Site) -> list[str]:
    """What lies in the store or waits for it."""
    root = site.get(Settings).data / "store"
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


async def test_options_says_what_is_spoken(site: Site) -> None:
    """Version, size and the seven extensions; no credential needed."""
    answer = await site.anonymous.options(UPLOADS)

    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert set(answer.headers["tus-extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "creation-defer-length",
        "termination",
        "expiration",
        "checksum",
        "concatenation",
    }
    assert int(answer.headers["tus-max-size"]) == site.get(Videos).upload_max


async def test_an_upload_arrives_in_parts_and_becomes_a_video(site: Site) -> None:
    """201, HEAD, PATCH, PATCH; the last answer names the video, whose bytes are those sent."""
    created = await create(site.ann, 10, **{"Upload-Metadata": metadata(filename="Ferien 🏖.mp4", filetype="video/mp4")})
    url = created.headers["location"]
    assert (created.status_code, created.headers["upload-offset"]) == (201, "0")
    assert "upload-expires" in created.headers

    first = await patch(site.ann, url, 0, b"01234")
    middle = await site.ann.client.head(url, headers=TUS)
    last = await patch(site.ann, url, 5, b"56789")

    assert (first.status_code, first.headers["upload-offset"]) == (204, "5")
    assert (middle.headers["upload-offset"], middle.headers["upload-length"]) == ("5", "10")
    assert middle.headers["cache-control"] == "no-store"
    assert (last.status_code, last.headers["upload-offset"]) == (204, "10")
    video = (await site.ann.client.get(f"/api/v1/videos/{last.headers['playhead-video']}")).json()
    assert (video["title"], video["state"], video["size_bytes"]) == ("Ferien 🏖", "preparing", 10)
    assert video["sha256"] == hashlib.sha256(b"0123456789").hexdigest()


async def test_a_lost_last_answer_is_found_by_head(site: Site) -> None:
    """A client that never saw the end asks again and learns the video; there is one, not two."""
    url = (await create(site.ann, 3)).headers["location"]
    done = await patch(site.ann, url, 0, b"abc")

    asked = await site.ann.client.head(url, headers=TUS)

    assert asked.headers["playhead-video"] == done.headers["playhead-video"]
    assert len((await site.ann.client.get("/api/v1/videos")).json()["items"]) == 1


async def test_a_crash_between_bytes_and_record_is_healed_by_head(site: Site) -> None:
    """The bytes are in the store under the reserved id, the row is not: asking makes it, once."""
    url = (await create(site.ann, 3)).headers["location"]
    upload_id = url.rpartition("/")[2]

    async def chunks() -> Any:
        yield b"abc"

    staging = site.get(Uploads)._staging
    await staging.append(upload_id, 0, chunks())
    async with site.get(Database).read() as session:
        from playhead.catalog.tables import UploadRow
        from playhead.storage import keys

        row = await session.get(UploadRow, upload_id)
        assert row is not None
    await staging.finish(upload_id, keys.original(row.video_id))

    asked = await site.ann.client.head(url, headers=TUS)

    assert (asked.headers["upload-offset"], asked.headers["playhead-video"]) == ("3", row.video_id)
    assert (await site.ann.client.get(f"/api/v1/videos/{row.video_id}")).json()["size_bytes"] == 3


async def test_creation_can_carry_the_first_bytes(site: Site) -> None:
    """creation-with-upload: the whole of a small file in one request."""
    answer = await site.ann.client.post(UPLOADS, headers=PART | {"Upload-Length": "3"}, content=b"abc")

    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "3")
    assert answer.headers["playhead-video"].startswith("vid_")


async def test_the_length_can_come_later(site: Site) -> None:
    """creation-defer-length: HEAD says so until a PATCH tells it; it is told once."""
    created = await site.ann.client.post(UPLOADS, headers=TUS | {"Upload-Defer-Length": "1"})
    url = created.headers["location"]
    first = await patch(site.ann, url, 0, b"ab")
    asked = await site.ann.client.head(url, headers=TUS)
    last = await patch(site.ann, url, 2, b"c", {"Upload-Length": "3"})

    assert created.status_code == 201
    assert first.headers["upload-defer-length"] == "1"
    assert (asked.headers["upload-defer-length"], "upload-length" in asked.headers) == ("1", False)
    assert (last.status_code, last.headers["upload-length"]) == (204, "3")
    assert "playhead-video" in last.headers


@pytest.mark.parametrize(
    ("offset", "status"), [("4", 409), ("6", 409), ("-1", 400), ("x", 400), ("", 400), ("5" * 30, 400)]
)
async def test_another_offset_is_refused(site: Site, offset: str, status: int) -> None:
    """409 for a number that is not the end, 400 for no number; nothing is added."""
    url = (await create(site.ann)).headers["location"]
    await patch(site.ann, url, 0, b"01234")

    answer = await site.ann.client.patch(url, content=b"x", headers=PART | {"Upload-Offset": offset})

    assert answer.status_code == status
    assert (await site.ann.client.head(url, headers=TUS)).headers["upload-offset"] == "5"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Upload-Length": "5"}, 412, "tus_version_unsupported"),
        ({"Tus-Resumable": "0.2.2", "Upload-Length": "5"}, 412, "tus_version_unsupported"),
        (TUS, 400, "tus_header_invalid"),
        (TUS | {"Upload-Length": "5", "Upload-Defer-Length": "1"}, 400, "tus_header_invalid"),
        (TUS | {"Upload-Defer-Length": "2"}, 400, "tus_header_invalid"),
        (TUS | {"Upload-Length": "five"}, 400, "tus_header_invalid"),
        (TUS | {"Upload-Length": "-5"}, 400, "tus_header_invalid"),
        (TUS | {"Upload-Length": "0"}, 400, "upload_empty"),
        (TUS | {"Upload-Length": str(1 << 50)}, 413, "upload_too_large"),
        (TUS | {"Upload-Length": "5", "Upload-Metadata": "filename §§§".encode().decode("latin-1")}, 400, None),
        (TUS | {"Upload-Length": "5", "Upload-Metadata": "a " + "x" * 5000}, 400, "tus_header_invalid"),
    ],
)
async def test_a_creation_that_cannot_be_meant_is_refused(
    site: Site, headers: dict[str, str], status: int, code: str | None
) -> None:
    """In words, before anything is made."""
    answer = await site.ann.client.post(
        UPLOADS, headers=[(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    )

    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code
    assert (await site.ann.client.get(UPLOADS)).json()["items"] == []


async def test_bytes_of_another_type_are_refused(site: Site) -> None:
    """415: a form or a script that means something else."""
    url = (await create(site.ann)).headers["location"]

    answer = await site.ann.client.patch(
        url, content=b"x", headers=TUS | {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
    )

    assert answer.status_code == 415


async def test_more_bytes_than_announced_are_never_kept(site: Site) -> None:
    """413; by the announced length at once, and without one at the byte that is too many."""

    async def endless() -> Any:
        for _ in range(100):
            yield b"x" * 4

    url = (await create(site.ann, 10)).headers["location"]
    announced = await patch(site.ann, url, 0, b"x" * 11)
    streamed = await site.ann.client.patch(url, content=endless(), headers=PART | {"Upload-Offset": "0"})

    assert announced.status_code == 413
    assert streamed.status_code == 413
    assert int((await site.ann.client.head(url, headers=TUS)).headers["upload-offset"]) <= 10


async def test_a_wrong_checksum_adds_nothing(site: Site) -> None:
    """460 and the old offset; the right one is taken."""
    url = (await create(site.ann, 5)).headers["location"]
    right = base64.b64encode(hashlib.sha1(b"01234", usedforsecurity=False).digest()).decode()

    wrong = await patch(site.ann, url, 0, b"0123x", {"Upload-Checksum": f"sha1 {right}"})
    unknown = await patch(site.ann, url, 0, b"01234", {"Upload-Checksum": f"crc32 {right}"})
    taken = await patch(site.ann, url, 0, b"01234", {"Upload-Checksum": f"sha1 {right}"})

    assert (wrong.status_code, unknown.status_code, taken.status_code) == (460, 400, 204)


async def test_strangers_bytes_are_neither_read_nor_kept(site: Site) -> None:
    """Nobody gets 401, another member 404; the body is not asked for, and nothing is on the disk."""
    url = (await create(site.ann)).headers["location"]
    asked: list[int] = []

    async def body() -> Any:
        asked.append(1)
        yield b"x"

    headers = PART | {"Upload-Offset": "0", "Content-Length": "1"}
    nobody = await site.anonymous.patch(url, content=body(), headers=headers)
    stranger = await site.bob.client.patch(url, content=body(), headers=headers)
    created = await site.anonymous.post(UPLOADS, content=body(), headers=PART | {"Upload-Length": "1"})

    assert (nobody.status_code, stranger.status_code, created.status_code) == (401, 404, 401)
    assert await staged(site) == []
    for method in ("HEAD", "DELETE"):
        assert (await site.bob.client.request(method, url, headers=TUS)).status_code == 404


async def test_termination_frees_the_bytes(site: Site) -> None:
    """204, then 404; a completed upload is deleted as a video."""
    url = (await create(site.ann)).headers["location"]
    await patch(site.ann, url, 0, b"01234")
    done = (await create(site.ann, 1)).headers["location"]
    await patch(site.ann, done, 0, b"x")

    assert (await site.ann.client.delete(url, headers=TUS)).status_code == 204
    assert (await site.ann.client.head(url, headers=TUS)).status_code == 404
    assert (await site.ann.client.delete(done, headers=TUS)).status_code == 409
    assert not [path for path in await staged(site) if path.startswith("uploads")]


async def test_an_upload_expires(site: Site) -> None:
    """410 after its time; the sweep removes row and bytes, and leaves the others."""
    old = (await create(site.ann)).headers["location"]
    await patch(site.ann, old, 0, b"01234")
    clock = utc_now() + timedelta(days=2)
    site.get(Uploads)._clock = lambda: clock
    fresh = (await create(site.ann)).headers["location"]

    assert (await site.ann.client.head(old, headers=TUS)).status_code == 410
    assert await site.get(Uploads).sweep() == 1
    assert (await site.ann.client.head(old, headers=TUS)).status_code == 404
    assert (await site.ann.client.head(fresh, headers=TUS)).status_code == 200


async def test_unfinished_uploads_are_listed_for_their_owner(site: Site) -> None:
    """With name, size and offset, so that a page that was reloaded can ask for the file again."""
    url = (await create(site.ann, 10, **{"Upload-Metadata": metadata(filename="a.mp4")})).headers["location"]
    await patch(site.ann, url, 0, b"012")

    mine = (await site.ann.client.get(UPLOADS)).json()["items"]

    assert [(item["filename"], item["size_bytes"], item["offset_bytes"], item["url"]) for item in mine] == [
        ("a.mp4", 10, 3, url)
    ]
    assert (await site.bob.client.get(UPLOADS)).json()["items"] == []


async def test_unfinished_uploads_are_few_and_come_in_pages(site: Site) -> None:
    """One more than the setting allows is refused with the way out, for its user alone; room that was made counts."""
    site.get(Uploads)._most = 3
    urls = [(await create(site.ann)).headers["location"] for _ in range(3)]

    refused = await create(site.ann)
    others = await create(site.bob)
    first = (await site.ann.client.get(UPLOADS, params={"limit": 2})).json()
    second = (await site.ann.client.get(UPLOADS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    await site.ann.client.delete(urls[0], headers=TUS)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_unfinished_uploads")
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_400
    assert "playhead uploads list" in refused.json()["hint"]
    assert others.status_code == 201
    assert [item["url"] for item in first["items"] + second["items"]] == urls[::-1]
    assert second["next_cursor"] is None
    assert (await create(site.ann)).status_code == 201


async def test_first_bytes_that_are_refused_leave_no_upload(site: Site) -> None:
    """Its client never learns where it is."""
    headers = PART | {"Upload-Length": "5", "Upload-Checksum": f"sha1 {base64.b64encode(b'0' * 20).decode()}"}

    answer = await site.ann.client.post(UPLOADS, headers=headers, content=b"01234")

    assert answer.status_code == 460
    assert (await site.ann.client.get(UPLOADS)).json()["items"] == []


async def test_each_answer_says_how_long_the_upload_waits_from_now(site: Site) -> None:
    """Upload-Expires of a PATCH is the new time, as HEAD has it."""
    url = (await create(site.ann)).headers["location"]
    later = utc_now() + timedelta(hours=3)
    site.get(Uploads)._clock = lambda: later

    sent = await patch(site.ann, url, 0, b"01234")
    asked = await site.ann.client.head(url, headers=TUS)

    assert sent.headers["upload-expires"] == asked.headers["upload-expires"]
