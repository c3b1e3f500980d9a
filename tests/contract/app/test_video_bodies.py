"""``POST /videos``: what is taken for a video, and what is not."""

import hashlib
from collections.abc import AsyncIterator

import pytest

from playhead.settings import Settings
from tests.fixtures.site import Site, open_site

VIDEOS = "/api/v1/videos"
ONCE = {"Idempotency-Key": "once"}


async def test_a_form_is_taken_for_its_file(site: Site) -> None:
    """The envelope is not stored; the file's name gives the title unless a field does."""
    named = await site.ann.client.post(VIDEOS, files={"file": ("Ferry.mp4", b"0123")})
    titled = await site.ann.client.post(VIDEOS, files={"video": ("a.mp4", b"0123")}, data={"title": "Harbour"})

    assert (named.status_code, titled.status_code) == (201, 201)
    assert named.json()["sha256"] == hashlib.sha256(b"0123").hexdigest()
    assert [(each.json()["title"], each.json()["filename"]) for each in (named, titled)] == [
        ("Ferry", "Ferry.mp4"),
        ("Harbour", "a.mp4"),
    ]


async def test_of_a_form_that_is_refused_nothing_is_kept(site: Site) -> None:
    """Two files, none, an empty one, a title that cannot be used: known before or after the bytes."""
    two = await site.ann.client.post(VIDEOS, files=[("a", ("a.mp4", b"01")), ("b", ("b.mp4", b"23"))])
    none = await site.ann.client.post(VIDEOS, files={"title": (None, "x")})
    empty = await site.ann.client.post(VIDEOS, files={"file": ("a.mp4", b"")})
    long = await site.ann.client.post(VIDEOS, files={"file": ("a.mp4", b"01")}, data={"title": "x" * 501})

    assert [answer.json()["code"] for answer in (two, none, empty, long)] == [
        *("form_invalid", "form_invalid", "upload_empty", "title_invalid")
    ]
    root = site.get(Settings).data / "store"
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert (await site.ann.client.get(VIDEOS)).json()["items"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "text/plain; charset=utf-8"}, 415),
        ({"Content-Type": "multipart/mixed; boundary=x"}, 415),
        ({"Content-Type": "application/offset+octet-stream"}, 415),
        ({"Content-Type": "application/ld+json"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "video/mp4", "Content-Encoding": "identity"}, 201),
        ({"Content-Type": "text/vnd.trolltech.linguist"}, 201),
        ({"Content-Type": "application/octet-stream"}, 201),
        ({}, 201),
    ],
)
async def test_what_is_no_video_is_refused_before_its_bytes(site: Site, headers: dict[str, str], status: int) -> None:
    """With the command that would be right."""
    asked: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        asked.append(1)
        yield b"0123"

    answer = await site.ann.client.post(VIDEOS, content=body(), headers=headers)

    assert answer.status_code == status
    assert bool(asked) == (status == 201)
    assert status == 201 or "curl -X POST -T x.mp4" in answer.json()["hint"]


@pytest.mark.parametrize("path", ["", "/", "/x.mp4"])
async def test_curl_t_without_a_method_hears_the_right_command(site: Site, path: str) -> None:
    """It is PUT, and behind a slash curl writes the file's name."""
    answer = await site.ann.client.put(f"{VIDEOS}{path}", content=b"0123")
    other = await site.ann.client.put("/api/v1/jobs")

    assert (answer.status_code, answer.json()["code"], other.status_code) == (405, "method_not_allowed", 405)
    assert "`curl -X POST -T x.mp4 'http://playhead.test/api/v1/videos?filename=x.mp4'`" in answer.json()["hint"]
    assert "GET" in answer.headers["allow"]
    assert "hint" not in other.json()


async def test_a_form_that_is_too_large_is_refused(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """By its announced length before a byte is read, else at the byte that is too many."""
    folder = tmp_path_factory.mktemp("small")
    async with open_site(folder, f"sqlite:///{folder}/playhead.db", upload_max=1000) as small:
        announced = await small.ann.client.post(VIDEOS, content=b"", headers={"Content-Length": str(1 << 24)} | FORM)
        counted = await small.ann.client.post(VIDEOS, files={"file": ("a.mp4", b"0" * 1001)})
        taken = await small.ann.client.post(VIDEOS, files={"file": ("a.mp4", b"0" * 1000)})

    assert [answer.status_code for answer in (announced, counted, taken)] == [413, 413, 201]


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


@pytest.mark.parametrize("form", [True, False])
async def test_a_repeated_upload_is_compared_by_its_bytes(site: Site, form: bool) -> None:
    """The first answer for the same file, whatever the boundary; another file of the same length is refused, and
    dropped."""

    async def post(data: bytes) -> tuple[int, str]:
        if form:
            answer = await site.ann.client.post(VIDEOS, files={"file": ("a.mp4", data)}, headers=ONCE)
        else:
            answer = await site.ann.client.post(VIDEOS, content=data, headers=ONCE)
        return answer.status_code, answer.json().get("id") or answer.json()["code"]

    first, again, other = await post(b"0123"), await post(b"0123"), await post(b"4567")

    assert first[0] == 201
    assert again == first
    assert other == (422, "idempotency_key_reused")
    assert len((await site.ann.client.get(VIDEOS)).json()["items"]) == 1
