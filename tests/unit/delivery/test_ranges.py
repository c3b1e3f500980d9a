"""The Range header, row by row (RFC 9110 section 14), then against a naive reading of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playhead.delivery.ranges import MAX_HEADER_BYTES, MAX_RANGES, Span, coalesce, parse_ranges

SIZE = 1000


def single_bytes(count: int) -> bytes:
    """Ask for that many single bytes, ten apart."""
    return b"bytes=" + b",".join(b"%d-%d" % (n * 10, n * 10) for n in range(count))


TABLE = [
    # section, header, spans (None: the header is ignored; empty: 416)
    ("14.1.2 first and last position", b"bytes=0-99", [(0, 100)]),
    ("14.1.2 one byte", b"bytes=5-5", [(5, 6)]),
    ("14.1.2 to the end", b"bytes=900-", [(900, 1000)]),
    ("14.1.2 whole file is still a range", b"bytes=0-", [(0, 1000)]),
    ("14.1.2 last position beyond the end is cut", b"bytes=990-5000", [(990, 1000)]),
    ("14.1.2 last position with 30 digits is cut", b"bytes=0-" + b"9" * 30, [(0, 1000)]),
    ("14.1.2 last N bytes", b"bytes=-500", [(500, 1000)]),
    ("14.1.2 suffix longer than the file is the whole file", b"bytes=-5000", [(0, 1000)]),
    ("14.1.2 a suffix of nothing cannot be satisfied", b"bytes=-0", []),
    ("14.1.2 starts at the end", b"bytes=1000-", []),
    ("14.1.2 starts beyond the end", b"bytes=5000-6000", []),
    ("14.1 unit in any case", b"BYTES=0-0", [(0, 1)]),
    ("14.2 another unit is ignored", b"items=0-5", None),
    ("14.2 no unit", b"0-5", None),
    ("14.2 unit alone", b"bytes", None),
    ("14.1 a space makes another unit", b"bytes =0-5", None),
    ("14.1.1 one that fits makes the set satisfiable", b"bytes=0-9,5000-6000", [(0, 10)]),
    ("14.1.1 none fits", b"bytes=5000-,6000-,-0", []),
    ("14.1.1 last before first is ignored", b"bytes=9-5", None),
    ("14.1.1 one bad spec spoils the set", b"bytes=0-9,9-5", None),
    ("14.1.1 letters", b"bytes=abc", None),
    ("14.1.1 a lone dash", b"bytes=-", None),
    ("14.1.1 nothing", b"bytes=", None),
    ("14.1.1 only commas", b"bytes=,,", None),
    ("14.1.1 digits only: no sign", b"bytes=+1-5", None),
    ("14.1.1 digits only: no underscore", b"bytes=1_0-2_0", None),
    ("14.1.1 digits only: none from other scripts", "bytes=\u0661-\u0665".encode(), None),
    ("14.1.1 negative", b"bytes=--5", None),
    ("14.1.1 a space inside", b"bytes=0 -5", None),
    ("14.1.1 trailing newline", b"bytes=0-5\n", None),
    ("5.6.1 white space around commas", b"bytes=0-1 ,\t5-6", [(0, 2), (5, 7)]),
    ("5.6.1 empty elements", b"bytes=,0-1,,5-6,", [(0, 2), (5, 7)]),
    ("15.3.7.2 order is kept", b"bytes=500-509,0-9", [(500, 510), (0, 10)]),
    ("15.3.7.2 overlapping are joined", b"bytes=0-99,50-149", [(0, 150)]),
    ("15.3.7.2 touching are joined", b"bytes=0-99,100-199", [(0, 200)]),
    ("15.3.7.2 a gap of one byte is kept", b"bytes=0-99,101-199", [(0, 100), (101, 200)]),
    ("15.3.7.2 joined in the first one's place", b"bytes=50-149,900-,0-99", [(0, 150), (900, 1000)]),
    ("17.15 as many as allowed", single_bytes(MAX_RANGES),
     [(n * 10, n * 10 + 1) for n in range(MAX_RANGES)]),
    ("17.15 one too many", single_bytes(MAX_RANGES + 1), None),
    ("17.15 an endless header", b"bytes=0-" + b"9" * MAX_HEADER_BYTES, None),
]  # fmt: skip


@pytest.mark.parametrize(("header", "spans"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_range_header_means_what_the_rfc_says(header: bytes, spans: list[tuple[int, int]] | None) -> None:
    assert parse_ranges(header, SIZE) == spans


@pytest.mark.parametrize("header", [b"bytes=0-", b"bytes=0-0", b"bytes=-1", b"bytes=-0", b"bytes=5-"])
def test_an_empty_file_has_no_ranges(header: bytes) -> None:
    assert parse_ranges(header, 0) is None


specs = st.one_of(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: b"%d-%d" % (p[0], p[0] + p[1])),
    st.integers(0, 60).map(lambda n: b"%d-" % n),
    st.integers(0, 60).map(lambda n: b"-%d" % n),
)


def naive(spec: bytes, size: int) -> set[int]:
    """Positions that one spec names, by counting."""
    first, last = spec.split(b"-")
    everything = list(range(size))
    if not first:
        return set(everything[max(0, size - int(last)) :])
    return {at for at in everything if at >= int(first) and (not last or at <= int(last))}


@given(st.lists(specs, min_size=1, max_size=MAX_RANGES), st.integers(1, 50))
@example([b"0-0", b"1-1"], 2)
def test_spans_hold_exactly_the_bytes_asked_for_and_each_once(wanted: list[bytes], size: int) -> None:
    spans = parse_ranges(b"bytes=" + b",".join(wanted), size)

    assert spans is not None
    named = [at for span in spans for at in range(span.start, span.end)]
    assert set(named) == set().union(*(naive(spec, size) for spec in wanted))
    assert len(named) == len(set(named))
    starts = {span.start for span in spans}
    assert not any(span.end in starts for span in spans), "touching spans were left apart"


@given(st.lists(specs, min_size=1, max_size=MAX_RANGES), st.integers(1, 50))
def test_spans_come_in_the_order_of_their_first_mention(wanted: list[bytes], size: int) -> None:
    spans = parse_ranges(b"bytes=" + b",".join(wanted), size) or []

    def first_mention(span: Span) -> int:
        return next(n for n, spec in enumerate(wanted) if naive(spec, size) & set(range(span.start, span.end)))

    mentions = [first_mention(span) for span in spans]
    assert mentions == sorted(mentions)


@given(st.binary(max_size=200).map(lambda tail: b"bytes=" + tail), st.integers(0, 10**12))
def test_no_header_breaks_the_parser_or_leaves_the_file(header: bytes, size: int) -> None:
    spans = parse_ranges(header, size)

    assert spans is None or all(0 <= span.start < span.end <= size for span in spans)


def test_joining_nothing_gives_nothing() -> None:
    assert coalesce([]) == []
