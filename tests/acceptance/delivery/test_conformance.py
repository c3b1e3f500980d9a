"""Ranges and conditions over HTTP: what other servers' test suites ask, asked of `playhead serve`.

The cases are those of, told in our words:

- nginx: https://github.com/nginx/nginx-tests, ``range.t``, ``range_if_range.t``, ``not_modified.t``,
  ``not_modified_proxy.t``, ``slice.t`` and ``range_clearing.t`` at 76bb761cdcae;
- Go's file server: https://github.com/golang/go, ``src/net/http/fs_test.go`` at 061efaa8a761 and
  ``src/net/http/range_test.go`` at 20c73c0565d1;
- RFC 9110 itself, where neither asks: https://www.rfc-editor.org/rfc/rfc9110.

Where we answer otherwise than the suite expects, ``differs`` says why we may.
"""

import email
import hashlib
import http.client
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from tests.fixtures.server import Server
from tests.fixtures.stored_videos import link_to, put_bytes

MODIFIED = "Wed, 01 May 2024 12:00:00 GMT"
EARLIER = "Wed, 01 May 2024 11:59:58 GMT"
LATER = "Wed, 01 May 2024 12:00:01 GMT"

Spans = tuple[tuple[int, int], ...]

IGNORED = "may be ignored or refused (RFC 9110 section 14.2); to ignore it plays the film"
JOINED = "ranges that touch or overlap may be joined (RFC 9110 section 15.3.7.2)"


@dataclass(frozen=True)
class Case:
    """A request and its answer.

    Attributes:
        size: Bytes of the film.
        headers: ``{etag}`` stands for the film's own, without quotes.
        spans: What comes, half-open; none is the whole film with 200.
        differs: Why the suite's own answer is another one.
    """

    source: str
    size: int
    headers: dict[str, str]
    status: int
    spans: Spans = ()
    differs: str = ""

    def __str__(self) -> str:
        asked = ", ".join(f"{name}: {value}" for name, value in self.headers.items())
        return f"{self.source}: {asked[:80]} of {self.size}"


def ranged(source: str, size: int, value: str, status: int, *spans: tuple[int, int], differs: str = "") -> Case:
    """A case of the Range header alone."""
    return Case(source, size, {"Range": value}, status, spans, differs)


def conditional(source: str, headers: dict[str, str], status: int, *spans: tuple[int, int], differs: str = "") -> Case:
    """A case of preconditions."""
    return Case(source, 1000, headers, status, spans, differs)


NGINX_RANGES = [
    ranged("range.t", 1000, "bytes=0-8", 206, (0, 9)),
    ranged("range.t", 1000, "bytes=-10", 206, (990, 1000)),
    ranged("range.t", 1000, "bytes=990-", 206, (990, 1000)),
    ranged("range.t", 1000, "bytes=990-1990", 206, (990, 1000)),
    ranged("range.t", 1000, "bytes=0-9, -10, 10-19", 206, (0, 20), (990, 1000), differs=JOINED),
    ranged("range.t", 1000, "bytes=0-9, -10, 100000-, 10-19", 206, (0, 20), (990, 1000), differs=JOINED),
    ranged("range.t", 1000, "bytes=100000-", 416),
    ranged("range.t", 1000, "bytes=alpha", 200, differs=IGNORED),
    ranged("range.t", 1000, "bytes=10-alpha", 200, differs=IGNORED),
    ranged("range.t", 1000, "bytes=10", 200, differs=IGNORED),
    ranged("range.t", 1000, "bytes=10-11 12-", 200, differs=IGNORED),
    ranged("range.t", 1000, "bytes=0-10001", 206, (0, 1000)),
    ranged("range.t", 1000, "bytes=0-10001, 0-0", 206, (0, 1000), differs=JOINED + ": no byte is sent twice"),
    ranged("range.t", 1000, "bytes=0-9, -10", 206, (0, 10), (990, 1000)),
    ranged("range.t", 1000, "bytes=0-9, -10, 10000-", 206, (0, 10), (990, 1000)),
    ranged("range.t max_ranges, ours is 16", 1000, "bytes=" + ",".join(f"{3 * n}-{3 * n}" for n in range(17)), 200),
    ranged("range_clearing.t", 8, "bytes=0-4", 206, (0, 5)),
    ranged("range_clearing.t", 8, "bytes=0-2,4-", 206, (0, 3), (4, 8)),
    ranged("range_clearing.t", 8, "bytes=1000-", 416),
    ranged("slice.t", 16, "bytes=3-4", 206, (3, 5)),
    ranged("slice.t", 16, "bytes=0-0", 206, (0, 1)),
    ranged("slice.t", 16, "bytes=3-3,4-4", 206, (3, 5), differs=JOINED),
    ranged("slice.t", 16, "bytes=-10", 206, (6, 16)),
    ranged("slice.t", 16, "bytes=2-", 206, (2, 16)),
]

GO_FILE = [
    ranged("ServeFileRangeTests", 11, "bytes=0-4", 206, (0, 5)),
    ranged("ServeFileRangeTests", 11, "bytes=2-", 206, (2, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=-5", 206, (6, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=3-7", 206, (3, 8)),
    ranged("ServeFileRangeTests", 11, "bytes=0-0,-2", 206, (0, 1), (9, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=0-1,5-8", 206, (0, 2), (5, 9)),
    ranged("ServeFileRangeTests", 11, "bytes=0-1,5-", 206, (0, 2), (5, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=5-1000", 206, (5, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=0-,1-,2-,3-,4-", 206, (0, 11), differs=JOINED + ": nothing is wasted"),
    ranged("ServeFileRangeTests", 11, "bytes=0-9", 206, (0, 10)),
    ranged("ServeFileRangeTests", 11, "bytes=0-10", 206, (0, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=0-11", 206, (0, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=10-11", 206, (10, 11)),
    ranged("ServeFileRangeTests", 11, "bytes=10-", 206, (10, 11)),
    *(
        ranged("ServeFileRangeTests", 11, f"bytes={each}", 416)
        for each in ("11-", "11-12", "12-12", "11-100", "12-100", "100-", "100-1000")
    ),
    ranged("TestServeContentWithEmptyContentIgnoreRanges", 0, "bytes=0-128", 200),
    ranged("TestServeContentWithEmptyContentIgnoreRanges", 0, "bytes=1-", 200),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=--6", 200, differs=IGNORED),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=--0", 200, differs=IGNORED),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=---0", 200, differs=IGNORED),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=-6", 206, (16, 22)),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=6-", 206, (6, 22)),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=-6-", 200, differs=IGNORED),
    ranged(
        "TestServeFileRejectsInvalidSuffixLengths",
        22,
        "bytes=-0",
        416,
        differs="a suffix of no bytes cannot be satisfied (RFC 9110 section 14.1.2)",
    ),
    ranged("TestServeFileRejectsInvalidSuffixLengths", 22, "bytes=", 200),
]

GO_PARSER = [
    *(
        ranged("ParseRangeTests", 10, value, 200, differs=IGNORED)
        for value in (
            "bytes=",
            "bytes=7",
            "bytes= 7 ",
            "bytes=5-4",
            "bytes=0-2,5-4",
            "bytes=2-5,4-3",
            "bytes=--5,4--3",
            "bytes=A-",
            "bytes=A- ",
            "bytes=A-Z",
            "bytes= -Z",
            "bytes=5-Z",
            "bytes=Ran-dom, garbage",
            "bytes=0x01-0x02",
            "bytes=         ",
            "bytes= , , ,   ",
        )
    ),
    ranged("ParseRangeTests", 0, "foo", 200),
    ranged("ParseRangeTests", 0, "bytes=1-", 200),
    ranged("ParseRangeTests", 10, "bytes=0-9", 206, (0, 10)),
    ranged("ParseRangeTests", 10, "bytes=0-", 206, (0, 10)),
    ranged("ParseRangeTests", 10, "bytes=5-", 206, (5, 10)),
    ranged("ParseRangeTests", 10, "bytes=0-20", 206, (0, 10)),
    ranged("ParseRangeTests", 10, "bytes=15-,0-5", 206, (0, 6), differs="one that fits is enough (section 14.1.1)"),
    ranged("ParseRangeTests", 10, "bytes=1-2,5-", 206, (1, 3), (5, 10)),
    ranged("ParseRangeTests", 11, "bytes=-2 , 7-", 206, (7, 11), differs=JOINED),
    ranged("ParseRangeTests", 11, "bytes=0-0 ,2-2, 7-", 206, (0, 1), (2, 3), (7, 11)),
    ranged("ParseRangeTests", 10, "bytes=-5", 206, (5, 10)),
    ranged("ParseRangeTests", 10, "bytes=-15", 206, (0, 10)),
    ranged("ParseRangeTests", 10_000, "bytes=0-499", 206, (0, 500)),
    ranged("ParseRangeTests", 10_000, "bytes=500-999", 206, (500, 1000)),
    ranged("ParseRangeTests", 10_000, "bytes=-500", 206, (9500, 10_000)),
    ranged("ParseRangeTests", 10_000, "bytes=9500-", 206, (9500, 10_000)),
    ranged("ParseRangeTests", 10_000, "bytes=0-0,-1", 206, (0, 1), (9999, 10_000)),
    ranged("ParseRangeTests", 10_000, "bytes=500-600,601-999", 206, (500, 1000), differs=JOINED),
    ranged("ParseRangeTests", 10_000, "bytes=500-700,601-999", 206, (500, 1000), differs=JOINED),
    ranged(
        "ParseRangeTests",
        11,
        "bytes=   1 -2   ,  4- 5, 7 - 8 , ,,",
        200,
        differs="spaces within a range are Apache's laxity, not the grammar (section 14.1.1)",
    ),
]

FAR_PAST_2038 = "not a date of 32 bits; the year is later than the film in any case"

NGINX_CONDITIONS = [
    conditional("not_modified.t", {"If-Modified-Since": "Wed, 08 Jul 2037 22:53:52 GMT"}, 304),
    conditional("not_modified.t", {"If-Modified-Since": "Tue, 19 Jan 2038 03:14:07 GMT"}, 304),
    conditional("not_modified.t", {"If-Modified-Since": "Tue, 19 Jan 2038 03:14:08 GMT"}, 304, differs=FAR_PAST_2038),
    conditional("not_modified.t", {"If-Modified-Since": "Fri, 25 Feb 2174 09:42:23 GMT"}, 304, differs=FAR_PAST_2038),
    conditional("not_modified.t", {"If-None-Match": '"{etag}"'}, 304),
    conditional("not_modified.t", {"If-None-Match": '"foo"'}, 200),
    conditional("not_modified.t", {"If-None-Match": '"foo", "bar", "{etag}" , "baz"'}, 304),
    conditional("not_modified.t", {"If-None-Match": "*"}, 304),
    conditional("not_modified.t", {"If-None-Match": 'W/"{etag}"'}, 304),
    conditional("not_modified.t", {"If-Match": '"{etag}"'}, 200),
    conditional("not_modified.t", {"If-Match": '"foo"'}, 412),
    conditional("not_modified.t", {"If-Match": '"foo", "bar", \t"{etag}" , "baz"'}, 200),
    conditional("not_modified.t", {"If-Match": "*"}, 200),
    conditional("not_modified.t", {"If-Match": 'W/"{etag}"'}, 412),
    conditional("not_modified_finalize.t", {"If-Match": "tt"}, 412),
    conditional("not_modified_proxy.t", {"If-Modified-Since": MODIFIED}, 304),
    conditional("not_modified_proxy.t", {"If-Unmodified-Since": EARLIER}, 412),
    conditional("slice.t", {"If-None-Match": "bad"}, 200),
    conditional("slice.t", {"If-Match": "bad"}, 412),
    conditional("slice.t", {"Range": "bytes=3-4", "If-Range": '"{etag}"'}, 206, (3, 5)),
    conditional("slice.t", {"Range": "bytes=3-4", "If-Range": "bad"}, 200),
    conditional("range_if_range.t", {"Range": "bytes=0-9", "If-Range": "wrong"}, 200),
    conditional("range_if_range.t", {"Range": "bytes=0-9", "If-Range": MODIFIED}, 206, (0, 10)),
]

GO_CONDITIONS = [
    conditional("not_modified_modtime", {"If-Modified-Since": MODIFIED}, 304),
    conditional("not_modified_etag", {"If-None-Match": '"{etag}"'}, 304),
    conditional("not_modified_etag_no_seek", {"If-None-Match": '"baz", W/"{etag}"'}, 304),
    conditional("if_none_match_mismatch", {"If-None-Match": '"{ETAG}"'}, 200),
    conditional("if_none_match_malformed", {"If-None-Match": ","}, 200),
    conditional("range_good", {"Range": "bytes=0-4"}, 206, (0, 5)),
    conditional("range_match", {"Range": "bytes=0-4", "If-Range": '"{etag}"'}, 206, (0, 5)),
    conditional("range_match_weak_etag", {"Range": "bytes=0-4", "If-Range": 'W/"{etag}"'}, 200),
    conditional("range_no_overlap", {"Range": "bytes=1000-2000"}, 416),
    conditional("range_no_match", {"Range": "bytes=0-4", "If-Range": '"B"'}, 200),
    conditional("range_with_modtime", {"Range": "bytes=0-4", "If-Range": MODIFIED}, 206, (0, 5)),
    conditional("range_with_modtime_mismatch", {"Range": "bytes=0-4", "If-Range": LATER}, 200),
    conditional("ifmatch_matches", {"If-Match": '"Z", "{etag}"'}, 200),
    conditional("ifmatch_star", {"If-Match": "*"}, 200),
    conditional("ifmatch_failed", {"If-Match": '"B"'}, 412),
    conditional("ifmatch_fails_on_weak_etag", {"If-Match": 'W/"{etag}"'}, 412),
    conditional("if_unmodified_since_true", {"If-Unmodified-Since": MODIFIED}, 200),
    conditional("if_unmodified_since_false", {"If-Unmodified-Since": EARLIER}, 412),
    conditional("TestDirectoryIfNotModified", {"If-Modified-Since": EARLIER}, 200),
    conditional("TestScanETag", {"If-None-Match": 'W/"truc'}, 200),
    conditional("TestScanETag", {"If-None-Match": 'w/"{etag} "'}, 200),
]

RFC_9110 = [
    ranged("14.1: a unit's name in any case", 1000, "BYTES=0-4", 206, (0, 5)),
    ranged("14.2: a unit that is not known is ignored", 1000, "items=0-5", 200),
    ranged("14.1.1: positions are digits alone", 1000, "bytes=1_0-2_0", 200),
    ranged("14.1.1: positions are digits alone", 1000, "bytes=+1-5", 200),
    ranged("14.1.1: positions are digits alone", 1000, "bytes=\N{SUPERSCRIPT TWO}-5", 200),
    ranged("14.1.2: a suffix beyond the film is all of it", 1000, "bytes=-5000", 206, (0, 1000)),
    ranged("14.1.1: one range that fits is enough", 1000, "bytes=0-9,5000-6000", 206, (0, 10)),
    ranged("14.1.1: positions of any length", 1000, f"bytes=0-{'9' * 40}", 206, (0, 1000)),
    ranged("14.1.1: positions of any length", 1000, f"bytes={'9' * 40}-", 416),
    ranged("17.15: a header that is a bomb is ignored", 1000, "bytes=" + "0-0," * 2000, 200),
    conditional("13.2.2: 304 goes before 206", {"If-None-Match": '"{etag}"', "Range": "bytes=0-4"}, 304),
    conditional("13.2.2: 412 goes before 304", {"If-Match": '"B"', "If-None-Match": '"{etag}"'}, 412),
    conditional("13.2.2: 412 goes before 416", {"If-Match": '"B"', "Range": "bytes=5000-"}, 412),
    conditional("13.1.3: a tag goes before a date", {"If-None-Match": '"B"', "If-Modified-Since": LATER}, 200),
    conditional("13.1.4: a tag goes before a date", {"If-Match": '"{etag}"', "If-Unmodified-Since": EARLIER}, 200),
    conditional("13.1.3: what is no date is ignored", {"If-Modified-Since": "yesterday"}, 200),
    conditional("13.1.4: what is no date is ignored", {"If-Unmodified-Since": "1714564800"}, 200),
    conditional("5.6.7: dates of RFC 850", {"If-Modified-Since": "Wednesday, 01-May-24 12:00:00 GMT"}, 304),
    conditional("5.6.7: dates of asctime", {"If-Modified-Since": "Wed May  1 12:00:00 2024"}, 304),
    conditional("13.1.5: If-Range without Range is ignored", {"If-Range": '"B"'}, 200),
    conditional("13.1.5: an older date is another film", {"Range": "bytes=0-4", "If-Range": EARLIER}, 200),
    conditional("13.1.5: a film that is another has no 416", {"Range": "bytes=5000-", "If-Range": '"B"'}, 200),
    conditional("13.1.5: one that is the same has", {"Range": "bytes=5000-", "If-Range": '"{etag}"'}, 416),
]

ALL = [*NGINX_RANGES, *GO_FILE, *GO_PARSER, *NGINX_CONDITIONS, *GO_CONDITIONS, *RFC_9110]


@dataclass(frozen=True)
class Film:
    """A video on the server, and a way to it."""

    content: bytes
    path: str

    @property
    def etag(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:32]


Films = Callable[[int], Film]


@pytest.fixture(scope="module")
def stored(media_server: Server) -> Callable[[int], tuple[bytes, str]]:
    """Films by their length, stored when they are first asked for."""
    known: dict[int, tuple[bytes, str]] = {}

    def get(size: int) -> tuple[bytes, str]:
        if size not in known:
            content = random.Random(size).randbytes(size)
            known[size] = content, put_bytes(media_server, content)
        return known[size]

    return get


@pytest.fixture(scope="module", params=["signed", "api"])
def films(media_server: Server, stored: Callable[[int], tuple[bytes, str]], request: pytest.FixtureRequest) -> Films:
    """Films by one of the two ways: a signed link, or the API with a key."""
    links: dict[str, str] = {}

    def get(size: int) -> Film:
        content, video_id = stored(size)
        if request.param == "api":
            return Film(content, f"/api/v1/videos/{video_id}/stream")
        if video_id not in links:
            links[video_id] = link_to(media_server, video_id)
        return Film(content, links[video_id])

    return get


@dataclass(frozen=True)
class Reply:
    """An answer, with the names of its headers in lower case."""

    status: int
    headers: dict[str, str]
    content: bytes


class Client:
    """Sends headers as they are, spaces and all, over one connection."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=120)
        self.key = server.admin_key

    def close(self) -> None:
        self.connection.close()

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        key = {"Authorization": f"Bearer {self.key}"} if path.startswith("/api/") else {}
        self.connection.request(method, path, headers={**key, **(headers or {})})
        response = self.connection.getresponse()
        assert len(response.headers) == len(set(response.headers)), "a header is there twice"
        return Reply(response.status, {name.lower(): text for name, text in response.getheaders()}, response.read())


@pytest.fixture(scope="module")
def client(media_server: Server) -> Iterator[Client]:
    with closing(Client(media_server)) as client:
        yield client


def ask(client: Client, film: Film, case: Case, method: str = "GET") -> Reply:
    """Send a case's request."""
    headers = {
        name: text.replace("{etag}", film.etag).replace("{ETAG}", film.etag.upper())
        for name, text in case.headers.items()
    }
    return client.ask(method, film.path, headers)


@pytest.mark.parametrize("case", ALL, ids=str)
def test_get(films: Films, client: Client, case: Case) -> None:
    """Status, headers and bytes are right in each case."""
    film = films(case.size)

    response = ask(client, film, case)

    assert response.status == case.status
    _CHECKS[case.status](response, film, case)


@pytest.mark.parametrize("case", ALL, ids=str)
def test_head(films: Films, client: Client, case: Case) -> None:
    """HEAD knows preconditions and no ranges (RFC 9110 section 14.2), and says what GET without ranges would."""
    film = films(case.size)

    response = ask(client, film, case, "HEAD")

    assert response.content == b""
    if case.status in (304, 412):
        assert response.status == case.status
        return
    assert response.status == 200
    assert response.headers["content-length"] == str(case.size)
    assert "content-range" not in response.headers
    _is_of(response, film)


def _is_of(response: Reply, film: Film) -> None:
    """What all answers of a film say of it (sections 15.3.7 and 15.4.5)."""
    assert response.headers["etag"] == f'"{film.etag}"'
    assert response.headers["last-modified"] == MODIFIED
    assert response.headers["cache-control"].startswith("private, ")
    assert "date" in response.headers


def _is_whole(response: Reply, film: Film, case: Case) -> None:
    _is_of(response, film)
    assert response.content == film.content
    assert response.headers["content-length"] == str(case.size)
    assert response.headers["content-type"] == "video/mp4"
    assert response.headers["accept-ranges"] == "bytes"
    assert "content-range" not in response.headers


def _is_partial(response: Reply, film: Film, case: Case) -> None:
    _is_of(response, film)
    assert response.headers["content-length"] == str(len(response.content))
    if len(case.spans) > 1:
        _is_multipart(response, film, case)
        return
    ((start, end),) = case.spans
    assert response.content == film.content[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{case.size}"
    assert response.headers["content-type"] == "video/mp4"


def _is_multipart(response: Reply, film: Film, case: Case) -> None:
    assert "content-range" not in response.headers
    head = f"Content-Type: {response.headers['content-type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + response.content).get_payload()
    assert isinstance(parts, list)
    assert len(parts) == len(case.spans)
    boundary = response.headers["content-type"].partition("boundary=")[2].encode()
    assert response.content.endswith(b"\r\n--" + boundary + b"--\r\n")
    for part, (start, end) in zip(response.content.split(b"--" + boundary)[1:-1], case.spans, strict=True):
        fields, _, body = part.partition(b"\r\n\r\n")
        assert f"Content-Range: bytes {start}-{end - 1}/{case.size}".encode() in fields.split(b"\r\n")
        assert b"Content-Type: video/mp4" in fields.split(b"\r\n")
        assert body.removesuffix(b"\r\n") == film.content[start:end]


def _is_not_modified(response: Reply, film: Film, _case: Case) -> None:
    _is_of(response, film)
    assert response.content == b""
    assert "content-type" not in response.headers
    assert response.headers.get("content-length", str(len(film.content))) == str(len(film.content))


def _is_problem(response: Reply, _film: Film, case: Case) -> None:
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert not {"etag", "last-modified"} & set(response.headers)
    assert json.loads(response.content)["status"] == case.status


def _is_unsatisfiable(response: Reply, film: Film, case: Case) -> None:
    _is_problem(response, film, case)
    assert response.headers["content-range"] == f"bytes */{case.size}"


_CHECKS = {200: _is_whole, 206: _is_partial, 304: _is_not_modified, 412: _is_problem, 416: _is_unsatisfiable}


@pytest.mark.parametrize("name", ["original%00", "%00", "original.mp4/x", "..%2foriginal", "NUL"])
def test_a_path_that_leads_nowhere_is_not_found(films: Films, client: Client, name: str) -> None:
    """After Go's TestFileServerNullByte, TestFileServerNotDirError and TestFileServerNamesEscape."""
    path = films(11).path

    response = client.ask("GET", f"{path[: path.rindex('/')]}/{name}?e=1&k=k&s=s")

    assert response.status in (403, 404)
    assert response.headers["cache-control"] == "no-store"


def test_a_condition_on_what_is_not_there_is_404(client: Client) -> None:
    """After nginx's not_modified.t: a condition counts only where the answer would be 2xx (section 13.2.1)."""
    response = client.ask("GET", f"/api/v1/videos/vid_{'0' * 26}/stream", {"If-Match": '"foo"'})

    assert response.status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused_by_name(films: Films, client: Client, method: str) -> None:
    """Otherwise than Go's file server (TestFileServerMethods), which answers all of them with the file."""
    response = client.ask(method, films(11).path)

    assert response.status == 405
    assert set(response.headers["allow"].replace(" ", "").split(",")) == {"GET", "HEAD"}
