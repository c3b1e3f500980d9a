"""A remote store that lies, breaks off or hangs: viewers get the right bytes, a problem, or a cut connection."""

import http.client
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from playhead.storage.breaker import Breaker
from playhead.storage.guard import Guard
from playhead.storage.limit import AdaptiveLimit
from tests.fixtures.fake_s3 import CONTENT, Answer, Asked, FakeS3, fake_s3, honest
from tests.fixtures.media_site import Site, wait_for
from tests.fixtures.remote_site import catalogued, serving_remote

TOTAL = len(CONTENT)


@pytest.fixture
def fake() -> Iterator[FakeS3]:
    with fake_s3() as fake:
        yield fake


@pytest.fixture
def guard() -> Guard:
    """As ever, but patient: a test fails more often in a second than a store may."""
    return Guard("the store", breaker=Breaker(failures=1000))


@pytest.fixture
def site(fake: FakeS3, guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with serving_remote(tmp_path, fake.store_url, guard=guard) as site:
        yield site


@pytest.fixture
def link(site: Site) -> str:
    return site.link(catalogued(site, CONTENT))


@pytest.fixture
def client(site: Site) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=site.url, trust_env=False, timeout=120) as client:
        yield client


def problem(response: httpx2.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, response.json()["code"]


def test_an_honest_store_is_passed_on_with_our_headers(client: httpx2.Client, link: str, fake: FakeS3) -> None:
    response = client.get(link)

    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["etag"] != '"one"'
    assert [asked.method for asked in fake.asked] == ["GET"]


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        ("bytes=-1000", "bytes=2999000-2999999"),
        ("bytes=-9999999", "bytes=0-2999999"),
        ("bytes=5-", "bytes=5-2999999"),
        ("bytes=2999990-9999999", "bytes=2999990-2999999"),
    ],
)
def test_the_store_is_asked_for_a_range_with_two_ends(
    client: httpx2.Client, link: str, fake: FakeS3, wanted: str, asked: str
) -> None:
    """Some servers answer a suffix range with other bytes, or with "NaN"."""
    response = client.get(link, headers={"Range": wanted})

    first, _, last = asked.removeprefix("bytes=").partition("-")
    assert response.content == CONTENT[int(first) : int(last) + 1]
    assert [each.range for each in fake.asked] == [asked]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("HEAD", {}, 200),
        ("GET", {"If-None-Match": "*"}, 304),
        ("GET", {"If-Match": '"x"'}, 412),
        ("GET", {"Range": f"bytes={TOTAL}-"}, 416),
    ],
)
def test_what_needs_no_bytes_asks_the_store_nothing(
    client: httpx2.Client, link: str, fake: FakeS3, method: str, headers: dict[str, str], status: int
) -> None:
    assert client.request(method, link, headers=headers).status_code == status
    assert fake.asked == []


LIES: dict[str, Callable[[Asked], Answer]] = {
    "200 with Content-Range and a part": lambda a: Answer(200, CONTENT[a.start : a.end], _range(a)),
    "200 with everything": lambda a: Answer(200, CONTENT),
    "another range": lambda a: Answer(206, CONTENT[: a.end - a.start], f"bytes 0-{a.end - a.start - 1}/{TOTAL}"),
    "a shorter range": lambda a: Answer(206, CONTENT[a.start : a.end - 1], f"bytes {a.start}-{a.end - 2}/{TOTAL}"),
    "206 without a range": lambda a: Answer(206, CONTENT[a.start : a.end]),
    "NaN": lambda a: Answer(206, CONTENT[a.start : a.end], f"bytes NaN-{a.end}/{TOTAL}"),
    "a length that is no number": lambda a: Answer(206, CONTENT[a.start : a.end], "bytes */*"),
    "416 for what is there": lambda a: Answer(416, b"", f"bytes */{TOTAL}"),
}


def _range(asked: Asked) -> str:
    return f"bytes {asked.start}-{asked.end - 1}/{TOTAL}"


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_a_502_and_no_byte_of_it_is_passed_on(
    site: Site, client: httpx2.Client, link: str, fake: FakeS3, lie: str
) -> None:
    fake.answer = LIES[lie]

    response = client.get(link, headers={"Range": "bytes=1000-1999"})

    assert problem(response) == (502, "store_wrong_answer")
    assert "127.0.0.1" not in response.text
    assert site.transfers("complete") == 0


LATE_LIES: dict[str, Callable[[Asked], Answer]] = {
    "fewer bytes than its range": lambda a: Answer(206, CONTENT[a.start : a.end - 5], _range(a)),
    "more bytes than its range": lambda a: Answer(206, CONTENT[a.start : a.end] + b"more!", _range(a)),
}


@pytest.mark.parametrize("lie", LATE_LIES)
@pytest.mark.parametrize("plain", [False, True], ids=["our protocol", "any server"])
def test_a_lie_that_shows_at_the_end_cuts_the_connection(
    fake: FakeS3, guard: Guard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lie: str, plain: bool
) -> None:
    """What came so far may be right, but must not pass for the whole."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    fake.answer = LATE_LIES[lie]
    with serving_remote(tmp_path, fake.store_url, guard=guard, plain=plain) as site:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
        connection.request("GET", site.link(catalogued(site, CONTENT)))
        response = connection.getresponse()

        with pytest.raises(http.client.IncompleteRead) as cut:
            response.read()
        connection.close()
        assert CONTENT.startswith(cut.value.partial)
        wait_for(lambda: site.transfers("failed") == 1, "the transfer has failed")


@pytest.mark.parametrize("size_bytes", [TOTAL - 1, TOTAL + 1])
def test_an_object_of_another_length_is_not_that_video(
    site: Site, client: httpx2.Client, fake: FakeS3, size_bytes: int
) -> None:
    link = site.link(catalogued(site, CONTENT, size_bytes=size_bytes))

    assert problem(client.get(link, headers={"Range": "bytes=0-9"})) == (404, "media_not_found")


def test_a_body_that_breaks_off_goes_on_from_its_last_byte(client: httpx2.Client, link: str, fake: FakeS3) -> None:
    breaks = iter([700_000, 1_900_000])

    def breaking(asked: Asked) -> Answer:
        full = honest(asked)
        upto = next(breaks, None)
        return full if upto is None else Answer(206, full.body[:upto], full.content_range, length=len(full.body))

    fake.answer = breaking
    response = client.get(link)

    assert (response.status_code, response.content) == (200, CONTENT)
    begun = [asked.start for asked in fake.asked]
    assert len(begun) == 3
    assert 300_000 < begun[1] <= 700_000, "what had come is not asked for again, but for the last bytes"
    assert begun[1] + 1_500_000 < begun[2] <= begun[1] + 1_900_000
    assert {asked.end for asked in fake.asked} == {TOTAL}


def test_a_resumed_body_of_another_object_is_never_mixed(site: Site, link: str, fake: FakeS3) -> None:
    def changing(asked: Asked) -> Answer:
        if asked.start == 0:
            return Answer(206, CONTENT[:500_000], _range(asked), length=TOTAL)
        return Answer(206, b"x" * (asked.end - asked.start), _range(asked), etag="two")

    fake.answer = changing
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    connection.request("GET", link)

    with pytest.raises(http.client.IncompleteRead) as cut:
        connection.getresponse().read()
    connection.close()
    assert CONTENT[:500_000].startswith(cut.value.partial)


@pytest.mark.parametrize("status", [500, 503])
def test_an_error_of_the_store_is_tried_again(client: httpx2.Client, link: str, fake: FakeS3, status: int) -> None:
    errors = iter([status])

    def failing(asked: Asked) -> Answer:
        return Answer(failed, b"") if (failed := next(errors, 0)) else honest(asked)

    fake.answer = failing
    assert client.get(link, headers={"Range": "bytes=0-9"}).content == CONTENT[:10]
    assert len(fake.asked) == 2


def test_retries_are_made_in_one_layer(client: httpx2.Client, link: str, fake: FakeS3) -> None:
    fake.answer = lambda _: Answer(500, b"")

    response = client.get(link)
    assert problem(response) == (503, "store_unavailable")
    assert "127.0.0.1" not in response.text
    assert len(fake.asked) == 3


def test_a_missing_object_is_a_404(client: httpx2.Client, link: str, fake: FakeS3) -> None:
    fake.answer = lambda _: Answer(404, b"")

    assert problem(client.get(link)) == (404, "media_not_found")


def test_a_viewer_that_leaves_hangs_up_on_the_store(site: Site, link: str, fake: FakeS3) -> None:
    gone = threading.Event()

    def stalls(asked: Asked) -> Answer:
        if asked.start:  # the resumed read: the store hangs until the viewer is gone
            gone.wait(30)
            return honest(asked)
        return Answer(206, CONTENT[:300_000], _range(asked), length=TOTAL)

    fake.answer = stalls
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=120)
    connection.request("GET", link)
    connection.getresponse().read(1000)
    wait_for(lambda: len(fake.asked) == 2, "the read is resumed")
    connection.close()
    wait_for(lambda: site.transfers("gone") == 1, "the transfer has ended")
    gone.set()

    wait_for(lambda: fake.open == 0, "the store's connections are closed")


class TestAFullQueue:
    """One read at a time and one that waits."""

    @pytest.fixture
    def guard(self) -> Guard:
        return Guard("the store", limit=AdaptiveLimit(initial=1, least=1, most=1, queue=1))

    def test_more_than_may_wait_are_told_to_come_back(
        self, client: httpx2.Client, link: str, fake: FakeS3, guard: Guard
    ) -> None:
        fake.gate.clear()
        with ThreadPoolExecutor(2) as threads:
            patient = [threads.submit(client.get, link, headers={"Range": "bytes=0-9"}) for _ in range(2)]
            wait_for(lambda: (guard.state.in_flight, guard.state.waiting) == (1, 1), "one waits")

            refused = client.get(link)
            fake.gate.set()
            answered = [each.result().content for each in patient]

        assert problem(refused) == (503, "store_busy")
        assert refused.headers["retry-after"] == "2"
        assert answered == [CONTENT[:10]] * 2
        assert len(fake.asked) == 2
