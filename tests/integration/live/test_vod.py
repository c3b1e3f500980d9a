"""Spans of a platform's own recording, by seconds or by the wall clock."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from playhead.api.outgoing import Outgoing
from playhead.live.vod import FetchedSpan, SpanNotAvailable, fetch_span
from playhead.media.tools import MediaTools
from tests.fixtures.hls_origin import Film, Track, film_segments, frames, hls_origin

BEGAN = "#EXT-X-PROGRAM-DATE-TIME:2026-11-30T12:00:00Z"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    return film_segments(tmp_path_factory.mktemp("film"), seconds=8)


async def fetched(track: Track, start: datetime | float, end: datetime | float, folder: Path) -> FetchedSpan:
    track.shown = track.window = len(track.film.segments)
    with hls_origin(track) as origin:
        return await fetch_span(
            origin.url, start, end, folder, outgoing=Outgoing(allow_private=True), tools=MediaTools()
        )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (3.5, 5.2),
        (datetime(2026, 11, 30, 12, 0, 3, 500_000, UTC), datetime(2026, 11, 30, 12, 0, 5, 200_000, UTC)),
    ],
)
async def test_the_segments_that_cover_a_span_are_fetched(
    film: Film, start: datetime | float, end: datetime | float, tmp_path: Path
) -> None:
    span = await fetched(Track(film, tags={0: [BEGAN]}), start, end, tmp_path)

    assert [digest for _, digest in frames(span.path)] == [digest for _, digest in frames(film.source)][75:150]
    assert (span.start_s, span.duration_s) == (3.0, 3.0)
    assert span.began_at == datetime(2026, 11, 30, 12, 0, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (30.0, 40.0, "does not cover"),
        (datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), "name seconds instead"),
        (2.0, 4.0, "the server answered 404"),
    ],
)
async def test_what_the_platform_does_not_have_is_said(
    film: Film, start: datetime | float, end: datetime | float, words: str, tmp_path: Path
) -> None:
    with pytest.raises(SpanNotAvailable, match=words):
        await fetched(Track(film, lost={3}), start, end, tmp_path)
