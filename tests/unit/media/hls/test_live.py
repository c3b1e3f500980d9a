"""Playlists of recordings that grow: what they list, and that nothing that was listed ever changes."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest

from playhead.media.hls.live import EventPlaylist, LivePart
from playhead.media.mp4.growing import Fragment, GrowingFile
from tests.fixtures.live_files import FRAGMENT_S, fragment, fragments, growing_content
from tests.fixtures.mp4_files import header

BEGAN = datetime(2026, 5, 1, 20, 0, 0, tzinfo=UTC)
HEADER = header("video", "audio")
NAMES = (f"part{number}" for number in count())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def part(folder: Path, content: bytes, *, name: str = "a", clock: str = "", after_s: float = 0.0) -> LivePart:
    """A part with this content, scanned."""
    path = folder / f"{next(NAMES)}.mp4"
    path.write_bytes(content)
    file = GrowingFile(path)
    file.scan()
    return LivePart(uri=name, file=file, clock=clock, began_at=BEGAN + timedelta(seconds=after_s))


def listed(*parts: LivePart, over: bool = False, low_latency: bool = False) -> EventPlaylist:
    """The playlist of some parts."""
    playlist = EventPlaylist(low_latency=low_latency)
    playlist.advance(parts, over=over)
    return playlist


def segments(text: str) -> list[tuple[float, str]]:
    """Durations and URIs."""
    return [(float(seconds), uri) for seconds, uri in re.findall(r"#EXTINF:([\d.]+),\n(\S+)", text)]


def target_s(text: str) -> int:
    return int(re.findall(r"TARGETDURATION:(\d+)", text)[0])


def test_segments_are_the_gops_that_are_complete(folder: Path) -> None:
    """Of nine seconds four GOPs; the URIs name the fragments of each, with the query."""
    text = listed(part(folder, growing_content(9))).text("?s=1")

    assert text.splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:2",
        "#EXT-X-PLAYLIST-TYPE:EVENT",
        "#EXT-X-SERVER-CONTROL:CAN-SKIP-UNTIL=12.0,HOLD-BACK=6.0",
        "#EXT-X-MEDIA-SEQUENCE:0",
        '#EXT-X-MAP:URI="a-init.mp4?s=1"',
        "#EXT-X-PROGRAM-DATE-TIME:2026-05-01T20:00:00.000Z",
        "#EXTINF:2,",
        "a-0-4.m4s?s=1",
        "#EXTINF:2,",
        "a-4-4.m4s?s=1",
        "#EXTINF:2,",
        "a-8-4.m4s?s=1",
        "#EXTINF:2,",
        "a-12-4.m4s?s=1",
    ]


def test_the_end_lists_what_was_open_and_says_so(folder: Path) -> None:
    text = listed(part(folder, growing_content(9)), over=True).text("")

    assert segments(text)[-1] == (1.0, "a-16-2.m4s")
    assert text.endswith("#EXT-X-ENDLIST\n")
    assert "SERVER-CONTROL" not in text


@pytest.mark.parametrize(("gop_s", "target"), [(0.5, 2), (1.0, 2), (1.5, 2), (2.0, 2), (3.5, 4), (4.0, 4), (9.0, 6)])
def test_the_target_duration_is_that_of_the_first_gop(folder: Path, gop_s: float, target: int) -> None:
    """Short GOPs are put together, and one of more than six seconds is divided between fragments."""
    text = listed(part(folder, growing_content(30, gop_s=gop_s))).text("")

    assert target_s(text) == target
    assert max(seconds for seconds, _ in segments(text)) < target + 0.5
    assert min(seconds for seconds, _ in segments(text)[:-1]) >= min(target / 2, gop_s)


def test_a_gop_that_is_longer_than_the_first_is_divided_between_fragments(folder: Path) -> None:
    """The target duration never changes."""
    keyframes = {0, 4, 8, 28}
    content = HEADER + b"".join(fragment(number, keyframe=number in keyframes) for number in range(30))

    text = listed(part(folder, content)).text("")

    assert target_s(text) == 2
    assert [uri for _, uri in segments(text)] == [
        *("a-0-4.m4s", "a-4-4.m4s", "a-8-4.m4s", "a-12-4.m4s", "a-16-4.m4s", "a-20-4.m4s", "a-24-4.m4s")
    ]


def test_it_begins_with_the_first_keyframe(folder: Path) -> None:
    """A capture that joined in mid-GOP; the date is the keyframe's."""
    content = HEADER + b"".join(fragment(number, keyframe=number >= 3 and number % 4 == 3) for number in range(12))

    text = listed(part(folder, content)).text("")

    assert segments(text) == [(2.0, "a-3-4.m4s"), (2.0, "a-7-4.m4s")]
    assert "20:00:01.500Z" in text


def test_nothing_is_listed_before_the_first_gop_is_complete(folder: Path) -> None:
    """Nor is a target duration known; after six seconds without a second keyframe it is."""
    assert len(listed(part(folder, growing_content(2)))) == 0
    assert len(listed(part(folder, HEADER))) == 0
    assert len(listed()) == 0
    assert segments(listed(part(folder, growing_content(7, gop_s=60))).text("")) == [(6.0, "a-0-12.m4s")]


def growing(path: Path, pieces: Sequence[bytes], *, low_latency: bool = False) -> list[str]:
    """The text after each fragment of a file."""
    file = GrowingFile(path)
    live = LivePart(uri="a", file=file, clock="", began_at=BEGAN)
    playlist, texts = EventPlaylist(low_latency=low_latency), []
    with path.open("wb", buffering=0) as out:
        out.write(HEADER)
        for piece in pieces:
            out.write(piece)
            file.scan()
            playlist.advance([live], over=False)
            if len(playlist):
                texts.append(playlist.text(""))
    return texts


@pytest.mark.parametrize("gop_s", [1.0, 2.0, 2.5, 7.0])
def test_what_was_listed_stays_whenever_it_is_read(folder: Path, gop_s: float) -> None:
    """Fragment by fragment, and as another process finds the whole file."""
    pieces = fragments(40, gop_s=gop_s)
    texts = growing(folder / "growing.mp4", pieces)

    for before, after in pairwise(texts):
        assert after.startswith(before)
    assert listed(part(folder, HEADER + b"".join(pieces))).text("") == texts[-1]


def test_each_part_has_its_header_and_its_date(folder: Path) -> None:
    """The last second of the part before is listed once the next one has begun."""
    first = part(folder, growing_content(5))
    second = part(folder, growing_content(4.5), name="b", after_s=60)

    text = listed(first, second).text("")

    assert [uri for _, uri in segments(text)] == ["a-0-4.m4s", "a-4-4.m4s", "a-8-2.m4s", "b-0-4.m4s", "b-4-4.m4s"]
    assert text.count('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="b-init.mp4"\n#EXT-X-PROGRAM-DATE-TIME:') == 1
    assert "20:01:00.000Z" in text


def test_an_overlap_of_one_clock_is_listed_once(folder: Path) -> None:
    """The next part began three seconds before the end of this one: it goes on at the GOP that was open."""
    first = part(folder, growing_content(9), clock="source")
    second = part(folder, growing_content(10, start_s=6), name="b", clock="source", after_s=6)

    text = listed(first, second).text("")

    assert [uri for _, uri in segments(text)][3:6] == ["a-12-4.m4s", "b-4-4.m4s", "b-8-4.m4s"]
    assert sum(seconds for seconds, _ in segments(text)) == 14.0


def test_keyframes_of_an_overlap_need_not_agree(folder: Path) -> None:
    """The part before is listed up to the keyframe with which the next one goes on."""
    first = part(folder, growing_content(9), clock="source")
    second = part(folder, growing_content(10, start_s=5), name="b", clock="source", after_s=5)

    found = segments(listed(first, second).text(""))

    assert found[4:6] == [(1.0, "a-16-2.m4s"), (2.0, "b-8-4.m4s")]


def test_a_clock_that_began_anew_is_another_whatever_its_name(folder: Path) -> None:
    first = part(folder, growing_content(4.5, start_s=1000), clock="source")
    second = part(folder, growing_content(4.5), name="b", clock="source")

    assert [uri for _, uri in segments(listed(first, second).text(""))][-2:] == ["b-0-4.m4s", "b-4-4.m4s"]


def test_a_part_without_a_keyframe_is_passed_over(folder: Path) -> None:
    """Unless it is the last one: its first keyframe may still come."""
    first, third = part(folder, growing_content(5)), part(folder, growing_content(4.5), name="c")
    empty = part(folder, HEADER[:100], name="b")

    assert len(listed(first, empty)) == 2
    assert [uri for _, uri in segments(listed(first, empty, third).text(""))][-1] == "c-4-4.m4s"


def test_a_clock_that_jumps_inside_a_part_is_a_discontinuity(folder: Path) -> None:
    """Going on with the next keyframe, as players place fragments by their own times."""
    jumped = b"".join(fragment(number, keyframe=number % 4 == 2, start_s=500) for number in range(12))

    text = listed(part(folder, growing_content(5) + jumped)).text("")

    assert [uri for _, uri in segments(text)] == ["a-0-4.m4s", "a-4-4.m4s", "a-8-2.m4s", "a-12-4.m4s", "a-16-4.m4s"]
    assert text.count("#EXT-X-DISCONTINUITY") == 1


def test_a_delta_update_skips_what_a_player_has(folder: Path) -> None:
    """All but the last six target durations."""
    playlist = listed(part(folder, growing_content(60.5)))

    full, delta = playlist.text("?s=1"), playlist.text("?s=1", skip=True)

    assert "#EXT-X-SKIP:SKIPPED-SEGMENTS=24\n" in delta
    assert "#EXT-X-VERSION:9" in delta
    assert full.endswith("".join(delta.splitlines(keepends=True)[8:]))
    assert len(segments(full)) == 24 + len(segments(delta))


def test_twelve_hours_stay_small_for_players_that_know_delta_updates(folder: Path) -> None:
    """And a player that joins loads less than 3 MB, signatures included."""
    file = GrowingFile(folder / "none.mp4")
    for number in range(12 * 7200):
        file.fragments.append(Fragment(number * 9, 9, number * FRAGMENT_S, FRAGMENT_S, keyframe=number % 4 == 0))
    uri, query = "live-cap_01k3q9h2v7e8t9m5x0c4d6f8gb", f"?e=1764532800&k=k1&s={'x' * 43}"

    playlist = listed(LivePart(uri=uri, file=file, clock="", began_at=BEGAN))

    assert len(playlist) == 21_599
    assert len(playlist.text(query)) < 3_000_000
    assert len(playlist.text(query, skip=True)) < 2_000


def test_low_latency_lists_fragments_as_partial_segments(folder: Path) -> None:
    """Of the last three segments and of the open one, and what comes next."""
    playlist = listed(part(folder, growing_content(9)), low_latency=True)

    text = playlist.text("?s=1")

    assert "CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5," in text
    assert "#EXT-X-PART-INF:PART-TARGET=0.5\n" in text
    parts = re.findall(r'PART:DURATION=0.5,URI="a-(\d+)-1.m4s\?s=1"(,INDEPENDENT=YES)?', text)
    assert [int(number) for number, _ in parts] == list(range(4, 18))
    assert [int(number) for number, independent in parts if independent] == [4, 8, 12, 16]
    assert text.endswith('#EXT-X-PRELOAD-HINT:TYPE=PART,URI="a-18-1.m4s?s=1"\n')
    assert len(segments(text)) == 4


def test_a_blocking_reload_waits_for_a_segment_or_a_part(folder: Path) -> None:
    playlist = listed(part(folder, growing_content(9)), low_latency=True)

    assert playlist.has(3)
    assert playlist.has(4, 1)
    assert not playlist.has(4)
    assert not playlist.has(4, 2)
    assert not playlist.has(5)


def test_a_file_cut_at_any_byte_has_a_playlist(folder: Path) -> None:
    """The last two seconds: every whole segment before the cut is listed, and nothing fails."""
    content = growing_content(6)
    tail = len(growing_content(4))

    for cut in range(tail, len(content)):
        one = part(folder, content[:cut])
        found = segments(listed(one, over=True).text(""))
        assert sum(seconds for seconds, _ in found) == len(one.file.fragments) * FRAGMENT_S
        one.file.path.unlink()


@pytest.mark.parametrize("low_latency", [False, True])
@pytest.mark.parametrize("cut_s", [6.0, 8.0])
def test_what_was_cut_off_a_part_is_not_listed_with_the_next_one(folder: Path, cut_s: float, low_latency: bool) -> None:
    """Up to the last keyframe, where a source with other parameters begins, everything stays as it was listed."""
    first = part(folder, growing_content(9), name="a", clock="one")
    playlist = listed(first, low_latency=low_latency)
    at = next(each for each in first.file.fragments if each.start_s == cut_s)
    first.file.path.write_bytes(first.file.path.read_bytes()[: at.offset])
    first.file.scan()
    second = part(folder, growing_content(4), name="b", clock="two")
    playlist.advance([first, second], over=True)
    uris = [uri for _, uri in segments(playlist.text(""))]

    kept = [uri for uri in uris if uri.startswith("a-")]
    assert sum(int(uri.split("-")[2].split(".")[0]) for uri in kept) >= len(first.file.fragments)
    assert [uri for uri in uris if uri.startswith("b-")]
    if cut_s == 8.0:  # the open segment alone was cut
        assert sum(int(uri.split("-")[2].split(".")[0]) for uri in kept) == len(first.file.fragments)
