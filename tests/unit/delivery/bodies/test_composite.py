"""A body of bytes and spans: ranges over it, and how few reads its spans take."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.delivery.bodies.composite import Composite, Piece, resolve
from playhead.delivery.connections.open_files import OpenFile
from playhead.delivery.ranges import Span
from playhead.delivery.selection import Entity, select
from playhead.delivery.transfers.sources import CHUNK_BYTES, FileSource, batches

FILE = bytes(n * 13 % 251 for n in range(400))
BODY = Composite((b"head", Span(100, 110), b"mid", Span(300, 320), Span(10, 15)))
WHOLE = b"head" + FILE[100:110] + b"mid" + FILE[300:320] + FILE[10:15]
ENTITY = Entity(size=len(WHOLE), etag=b'"abc"', modified=1_700_000_000, content_type=b"video/mp4")


def written(pieces: tuple[Piece, ...]) -> bytes:
    return b"".join(FILE[piece.start : piece.end] if isinstance(piece, Span) else piece for piece in pieces)


RANGES = [
    # range, pieces that are sent
    ("bytes=0-3", (b"head",)),
    ("bytes=1-2", (b"ea",)),
    ("bytes=2-5", (b"ad", Span(100, 102))),
    ("bytes=4-13", (Span(100, 110),)),
    ("bytes=13-17", (Span(109, 110), b"mid", Span(300, 301))),
    ("bytes=36-37", (Span(319, 320), Span(10, 11))),
    ("bytes=-1", (Span(14, 15),)),
    ("bytes=40-", (Span(13, 15),)),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "pieces"), RANGES)
def test_a_range_is_the_pieces_it_touches(asked: str, pieces: tuple[Piece, ...]) -> None:
    selection = resolve(select("GET", {b"range": asked.encode()}, ENTITY, now=1.8e9), BODY)

    assert selection.status == 206
    assert selection.parts == pieces
    assert dict(selection.headers)[b"content-length"] == b"%d" % len(written(pieces))


def test_the_whole_body_is_all_pieces() -> None:
    selection = resolve(select("GET", {}, ENTITY, now=1.8e9), BODY)

    assert (BODY.size, selection.parts) == (len(WHOLE), BODY.pieces)


def test_head_and_304_send_nothing() -> None:
    for method, headers in (("HEAD", {}), ("GET", {b"if-none-match": b'"abc"'})):
        assert resolve(select(method, headers, ENTITY, now=1.8e9), BODY).parts == ()


def test_several_ranges_have_the_length_they_claim() -> None:
    selection = resolve(select("GET", {b"range": b"bytes=0-1,20-25,-3"}, ENTITY, now=1.8e9), BODY)

    sent = written(selection.parts)
    assert dict(selection.headers)[b"content-length"] == b"%d" % len(sent)
    assert all(piece in sent for piece in (WHOLE[0:2], WHOLE[20:26], WHOLE[-3:]))


@given(
    st.lists(st.one_of(st.binary(max_size=9), st.tuples(st.integers(0, 390), st.integers(0, 10))), max_size=8),
    st.integers(0, 90),
    st.integers(0, 90),
)
def test_any_span_of_any_body_is_that_span_of_its_bytes(
    parts: list[bytes | tuple[int, int]], start: int, length: int
) -> None:
    body = Composite.of([part if isinstance(part, bytes) else (part[0], sum(part)) for part in parts])
    whole = written(body.pieces)

    assert written(tuple(body.slice(Span(start, start + length)))) == whole[start : start + length]


SPANS = [Span(3, 4), Span(8, 25), Span(25, 30), Span(39, 40), Span(40, 61), Span(7, 9)]


async def test_a_local_file_gives_all_spans_and_ends_where_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(FILE)
    for spans in (SPANS, [*SPANS, Span(390, 410), Span(0, 5)]):
        with path.open("rb") as file:
            source = FileSource(OpenFile.borrow(file.fileno()))

        data = b"".join([chunk async for chunk in source.gather(spans)])

        source.close()
        ends_early = any(span.end > len(FILE) for span in spans)
        wanted = spans[:-1] if ends_early else spans
        assert data == b"".join(FILE[span.start : span.end] for span in wanted)


def test_a_batch_is_bounded() -> None:
    """One viewer holds no more than a chunk in memory."""
    spans = [Span(0, CHUNK_BYTES - 1), Span(CHUNK_BYTES, 3 * CHUNK_BYTES)]

    groups = batches(spans)

    assert max(sum(span.length for span in group) for group in groups) == CHUNK_BYTES
    assert sum(span.length for group in groups for span in group) == sum(span.length for span in spans)
