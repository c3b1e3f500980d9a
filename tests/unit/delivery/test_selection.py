"""From a request to status, headers and parts: the rules that implementers get wrong, row by row."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.delivery.ranges import MAX_RANGES, Span
from playhead.delivery.selection import Entity, Selection, select

CONTENT = bytes(n * 7 % 251 for n in range(1000))
ENTITY = Entity(size=1000, etag=b'"abc"', modified=1_700_000_000, content_type=b"video/mp4")
NOW = 1_700_100_000.0

AT = b"Tue, 14 Nov 2023 22:13:20 GMT"
BEFORE = b"Tue, 14 Nov 2023 22:13:19 GMT"
AFTER = b"Tue, 14 Nov 2023 22:13:21 GMT"

TABLE = [
    # section, method, request headers, status, Content-Range
    ("9.3.1 whole file", "GET", {}, 200, None),
    ("14.2 single range", "GET", {"range": b"bytes=0-9"}, 206, b"bytes 0-9/1000"),
    ("14.1.2 suffix longer than the file", "GET", {"range": b"bytes=-5000"}, 206, b"bytes 0-999/1000"),
    ("14.1.1 one of two fits", "GET", {"range": b"bytes=0-9,5000-6000"}, 206, b"bytes 0-9/1000"),
    ("14.2 another unit", "GET", {"range": b"items=0-5"}, 200, None),
    ("14.2 bad syntax", "GET", {"range": b"bytes=9-5"}, 200, None),
    ("14.2 HEAD knows no ranges", "HEAD", {"range": b"bytes=0-9"}, 200, None),
    ("14.2 HEAD knows no 416", "HEAD", {"range": b"bytes=5000-"}, 200, None),
    ("15.5.17 none fits", "GET", {"range": b"bytes=1000-"}, 416, b"bytes */1000"),
    ("15.5.17 suffix of nothing", "GET", {"range": b"bytes=-0"}, 416, b"bytes */1000"),
    ("15.3.7.2 several ranges name themselves in the parts", "GET", {"range": b"bytes=0-9,20-29"}, 206, None),
    ("13.1.1 If-Match, same", "GET", {"if-match": b'"abc"'}, 200, None),
    ("13.1.1 If-Match, in a list", "GET", {"if-match": b'"x", "abc"'}, 200, None),
    ("13.1.1 If-Match, any", "GET", {"if-match": b"*"}, 200, None),
    ("13.1.1 If-Match, other", "GET", {"if-match": b'"x"'}, 412, None),
    ("13.1.1 If-Match compares strongly", "GET", {"if-match": b'W/"abc"'}, 412, None),
    ("13.1.1 If-Match on HEAD", "HEAD", {"if-match": b'"x"'}, 412, None),
    ("13.1.4 If-Unmodified-Since, earlier", "GET", {"if-unmodified-since": BEFORE}, 412, None),
    ("13.1.4 If-Unmodified-Since, same", "GET", {"if-unmodified-since": AT}, 200, None),
    ("13.1.4 If-Unmodified-Since, no date", "GET", {"if-unmodified-since": b"soon"}, 200, None),
    ("13.1.4 ignored beside If-Match", "GET", {"if-match": b"*", "if-unmodified-since": BEFORE}, 200, None),
    ("13.1.2 If-None-Match, same", "GET", {"if-none-match": b'"abc"'}, 304, None),
    ("13.1.2 If-None-Match, other", "GET", {"if-none-match": b'"x"'}, 200, None),
    ("13.1.2 If-None-Match compares weakly", "GET", {"if-none-match": b'W/"abc"'}, 304, None),
    ("13.1.2 If-None-Match, in a list", "GET", {"if-none-match": b'"x" , W/"abc"'}, 304, None),
    ("13.1.2 If-None-Match, any", "GET", {"if-none-match": b" * "}, 304, None),
    ("13.1.2 a star in a list is no star", "GET", {"if-none-match": b'"x", *'}, 200, None),
    ("13.1.2 a tag may hold a comma", "GET", {"if-none-match": b'"x,abc"'}, 200, None),
    ("13.1.2 a tag needs its quotes", "GET", {"if-none-match": b"abc"}, 200, None),
    ("13.1.2 If-None-Match on HEAD", "HEAD", {"if-none-match": b'"abc"'}, 304, None),
    ("13.1.3 If-Modified-Since, same", "GET", {"if-modified-since": AT}, 304, None),
    ("13.1.3 If-Modified-Since, later", "GET", {"if-modified-since": AFTER}, 304, None),
    ("13.1.3 If-Modified-Since, earlier", "GET", {"if-modified-since": BEFORE}, 200, None),
    ("13.1.3 If-Modified-Since, no date", "GET", {"if-modified-since": b"0"}, 200, None),
    ("13.1.3 not beside If-None-Match", "GET", {"if-none-match": b'"x"', "if-modified-since": AT}, 200, None),
    ("13.2.2 412 before 304", "GET", {"if-match": b'"x"', "if-none-match": b'"abc"'}, 412, None),
    ("13.2.2 304 before 206", "GET", {"if-none-match": b'"abc"', "range": b"bytes=0-9"}, 304, None),
    ("13.2.2 304 before 416", "GET", {"if-none-match": b'"abc"', "range": b"bytes=5000-"}, 304, None),
    ("13.2.2 412 before 206", "GET", {"if-match": b'"x"', "range": b"bytes=0-9"}, 412, None),
    ("13.1.5 If-Range, same", "GET", {"if-range": b'"abc"', "range": b"bytes=0-9"}, 206, b"bytes 0-9/1000"),
    ("13.1.5 If-Range, other", "GET", {"if-range": b'"x"', "range": b"bytes=0-9"}, 200, None),
    ("13.1.5 If-Range, weak", "GET", {"if-range": b'W/"abc"', "range": b"bytes=0-9"}, 200, None),
    ("13.1.5 If-Range takes no list", "GET", {"if-range": b'"x", "abc"', "range": b"bytes=0-9"}, 200, None),
    ("13.1.5 If-Range, date", "GET", {"if-range": AT, "range": b"bytes=0-9"}, 206, b"bytes 0-9/1000"),
    ("13.1.5 If-Range, later date", "GET", {"if-range": AFTER, "range": b"bytes=0-9"}, 200, None),
    ("13.1.5 If-Range, nonsense", "GET", {"if-range": b"abc", "range": b"bytes=0-9"}, 200, None),
    ("13.1.5 If-Range, other, none fits", "GET", {"if-range": b'"x"', "range": b"bytes=5000-"}, 200, None),
    ("13.1.5 If-Range without Range", "GET", {"if-range": b'"x"'}, 200, None),
]  # fmt: skip


def ask(method: str, request: dict[str, bytes], entity: Entity = ENTITY, now: float = NOW) -> Selection:
    return select(method, {name.encode(): value for name, value in request.items()}, entity, now=now)


def header(selection: Selection, name: bytes) -> bytes | None:
    values = [value for key, value in selection.headers if key == name]
    assert len(values) <= 1, f"{name!r} is sent {len(values)} times"
    return values[0] if values else None


def body(selection: Selection, content: bytes = CONTENT) -> bytes:
    return b"".join(content[part.start : part.end] if isinstance(part, Span) else part for part in selection.parts)


@pytest.mark.parametrize(
    ("method", "request_headers", "status", "content_range"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_a_request_is_answered_as_the_rfc_says(
    method: str, request_headers: dict[str, bytes], status: int, content_range: bytes | None
) -> None:
    selection = ask(method, request_headers)

    assert selection.status == status
    assert header(selection, b"content-range") == content_range
    assert header(selection, b"etag") == b'"abc"'
    if method == "GET" and status != 304:
        assert header(selection, b"content-length") == b"%d" % selection.length
        assert len(body(selection)) == selection.length


def test_head_tells_the_length_of_the_whole_file_and_sends_nothing() -> None:
    """RFC 9110 section 8.6: Content-Length on HEAD equals that of GET."""
    selection = ask("HEAD", {"range": b"bytes=0-9"})

    assert (header(selection, b"content-length"), selection.parts) == (b"1000", ())


def test_not_modified_has_no_length_no_type_and_no_body() -> None:
    """RFC 9110 sections 15.4.5 and 8.6."""
    selection = ask("GET", {"if-none-match": b'"abc"'})

    assert (header(selection, b"content-length"), header(selection, b"content-type")) == (None, None)
    assert selection.parts == ()


@pytest.mark.parametrize("request_headers", [{"range": b"bytes=5000-"}, {"if-match": b'"x"'}])
def test_errors_are_never_stored(request_headers: dict[str, bytes]) -> None:
    assert header(ask("GET", request_headers), b"cache-control") == b"no-store"


@pytest.mark.parametrize("range_header", [b"bytes=0-", b"bytes=-1", b"bytes=-0", b"bytes=0-0"])
def test_an_empty_file_is_whole_whatever_range_is_asked(range_header: bytes) -> None:
    """RFC 9110 section 14.2 lets a server ignore Range; no other answer is as plain."""
    selection = ask("GET", {"range": range_header}, Entity(0, b'"e"', 1_700_000_000, b"video/mp4"))

    assert (selection.status, header(selection, b"content-length"), selection.parts) == (200, b"0", ())


def test_too_many_ranges_give_the_whole_file() -> None:
    """RFC 9110 section 17.15."""
    many = b"bytes=" + b",".join(b"%d-%d" % (n * 10, n * 10) for n in range(MAX_RANGES + 1))

    assert ask("GET", {"range": many}).status == 200


def test_a_date_of_this_very_second_is_not_told_and_not_trusted() -> None:
    """RFC 9110 section 8.8.2.2: two versions may share the second that has not passed."""
    selection = ask("GET", {"if-range": AT, "range": b"bytes=0-9"}, now=1_700_000_001.0)

    assert (selection.status, header(selection, b"last-modified")) == (200, None)
    assert header(ask("GET", {}), b"last-modified") == AT


def parts_of(selection: Selection, content: bytes) -> list[tuple[bytes, bytes]]:
    """Read a multipart body as a client does: (Content-Range, bytes) of each part."""
    kind = header(selection, b"content-type") or b""
    boundary = kind.removeprefix(b"multipart/byteranges; boundary=")
    assert boundary != kind
    pieces = body(selection, content).split(b"--" + boundary)
    assert (pieces[0], pieces[-1]) == (b"", b"--\r\n")
    found = []
    for piece in pieces[1:-1]:
        head, _, data = piece.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n"))
        assert fields.keys() == {b"content-type", b"content-range"}
        found.append((fields[b"content-range"], data))
    return found


def test_several_ranges_are_a_multipart_body() -> None:
    """RFC 9110 section 15.3.7.2: the range is named in each part and not in the header."""
    selection = ask("GET", {"range": b"bytes=0-9,-5"})

    assert parts_of(selection, CONTENT) == [
        (b"bytes 0-9/1000", CONTENT[:10]),
        (b"bytes 995-999/1000", CONTENT[-5:]),
    ]


spec = st.one_of(
    st.tuples(st.integers(0, 1100), st.integers(0, 400)).map(lambda p: (p[0], p[0] + p[1])),
    st.integers(0, 1100).map(lambda first: (first, None)),
    st.integers(0, 1100).map(lambda count: (None, count)),
)


@given(st.lists(spec, min_size=1, max_size=MAX_RANGES), st.integers(1, 1000))
def test_every_byte_sent_is_the_byte_of_its_place(wanted: list[tuple[int | None, int | None]], size: int) -> None:
    """A client that puts the parts in their places holds what a naive reading of the header gives."""
    content = CONTENT[:size]
    value = ",".join("-".join("" if n is None else str(n) for n in pair) for pair in wanted)
    selection = ask("GET", {"range": b"bytes=" + value.encode()}, Entity(size, b'"e"', 0, b"video/mp4"))

    held = bytearray(size)
    expected = bytearray(size)
    for first, last in wanted:
        if first is None:
            start, end = max(0, size - (last or 0)), size
        else:
            start, end = min(first, size), size if last is None else min(last + 1, size)
        expected[start:end] = content[start:end]
    if selection.status == 416:
        assert not any(expected)
        return
    assert selection.status == 206
    single = header(selection, b"content-range")
    for place, data in [(single, body(selection, content))] if single else parts_of(selection, content):
        match = re.fullmatch(rb"bytes (\d+)-(\d+)/(\d+)", place)
        assert match is not None
        first, last, total = (int(group) for group in match.groups())
        assert (total, len(data)) == (size, last - first + 1)
        held[first : last + 1] = data
    assert held == expected
