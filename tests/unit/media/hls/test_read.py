"""HLS playlists as servers write them (RFC 8216), and as they should not."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playhead.media.hls.choose import choose_audio, choose_variant
from playhead.media.hls.read import (
    Init,
    MediaPlaylist,
    MultivariantPlaylist,
    PlaylistUnreadable,
    Segment,
    read_playlist,
)

URL = "https://cdn.example.org/live/show/index.m3u8?token=1"


def media(*lines: str) -> MediaPlaylist:
    found = read_playlist("\n".join(["#EXTM3U", *lines]), URL)
    assert isinstance(found, MediaPlaylist)
    return found


def qualities(*lines: str) -> MultivariantPlaylist:
    found = read_playlist("\r\n".join(["#EXTM3U", *lines]), URL)
    assert isinstance(found, MultivariantPlaylist)
    return found


def test_segments_are_numbered_named_and_timed() -> None:
    """The wall clock runs on from the last one that is stated."""
    found = media(
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-MEDIA-SEQUENCE:7",
        "#EXT-X-PROGRAM-DATE-TIME:2026-11-30T12:00:00.500Z",
        "#EXTINF:3.5,a title",
        "a.ts",
        "#EXTINF:4",
        "/b.ts",
    )

    assert [(each.sequence, each.url, each.duration_s) for each in found.segments] == [
        (7, "https://cdn.example.org/live/show/a.ts", 3.5),
        (8, "https://cdn.example.org/b.ts", 4.0),
    ]
    assert [each.at for each in found.segments] == [
        datetime(2026, 11, 30, 12, 0, 0, 500_000, UTC),
        datetime(2026, 11, 30, 12, 0, 4, tzinfo=UTC),
    ]
    assert (found.target_s, found.ended, found.grows) == (4.0, False, False)


def test_discontinuities_count_from_what_the_playlist_says() -> None:
    found = media(
        "#EXT-X-DISCONTINUITY-SEQUENCE:3",
        "#EXTINF:1,",
        "a",
        "#EXT-X-DISCONTINUITY",
        "#EXTINF:1,",
        "b",
        "#EXTINF:1,",
        "c",
    )

    assert [each.discontinuity for each in found.segments] == [3, 4, 4]
    assert found.counts


def test_byte_ranges_follow_each_other_within_a_resource() -> None:
    found = media(
        '#EXT-X-MAP:URI="all.mp4",BYTERANGE="700@0"',
        *("#EXT-X-BYTERANGE:100@700", "#EXTINF:1,", "all.mp4"),
        *("#EXT-X-BYTERANGE:50", "#EXTINF:1,", "all.mp4"),
        *("#EXT-X-BYTERANGE:50", "#EXTINF:1,", "other.mp4"),
    )

    assert [each.span for each in found.segments] == [(700, 800), (800, 850), (0, 50)]
    assert {each.init for each in found.segments} == {Init("https://cdn.example.org/live/show/all.mp4", (0, 700))}


def test_what_a_server_does_not_have_or_has_encrypted_is_said_of_each_segment() -> None:
    found = media(
        *("#EXTINF:1,", "a", "#EXT-X-GAP", "#EXTINF:1,", "b"),
        *('#EXT-X-KEY:METHOD=AES-128,URI="k"', "#EXTINF:1,", "c", "#EXT-X-KEY:METHOD=NONE", "#EXTINF:1,", "d"),
        "#EXT-X-ENDLIST",
    )

    assert [each.gap for each in found.segments] == [False, True, False, False]
    assert [each.encryption for each in found.segments] == [None, None, "AES-128", None]
    assert found.ended


def test_skipped_segments_are_counted() -> None:
    """A delta update, which is only sent to who asks for it."""
    found = media("#EXT-X-MEDIA-SEQUENCE:10", "#EXT-X-SKIP:SKIPPED-SEGMENTS=5", "#EXTINF:1,", "a")

    assert found.segments[0].sequence == 15


AD = 'CLASS="twitch-stitched-ad",START-DATE="2026-11-30T12:00:02Z"'


@pytest.mark.parametrize(
    ("tag", "ads"),
    [
        (f'#EXT-X-DATERANGE:ID="1",{AD},DURATION=4.0', [False, True, True, False]),
        (f'#EXT-X-DATERANGE:ID="1",{AD},END-DATE="2026-11-30T12:00:04Z"', [False, True, False, False]),
        (f'#EXT-X-DATERANGE:ID="1",{AD}', [False, True, True, True]),
        ('#EXT-X-DATERANGE:ID="session",CLASS="twitch-session",START-DATE="2026-11-30T12:00:00Z"', [False] * 4),
        ('#EXT-X-DATERANGE:ID="1",START-DATE="never",X-TV-TWITCH-AD-URL="x"', [False] * 4),
    ],
)
def test_date_ranges_of_twitch_mark_advertisements(tag: str, ads: list[bool]) -> None:
    times = ("#EXT-X-PROGRAM-DATE-TIME:2026-11-30T12:00:00Z",)
    found = media(tag, *times, *("#EXTINF:2,live", "s") * 4)

    assert [each.ad for each in found.segments] == ads


def test_titles_of_twitch_mark_advertisements_too() -> None:
    found = media("#EXTINF:2,Amazon|123", "a", "#EXTINF:2,live", "b", "#EXTINF:2,Amazon rain forest", "c")

    assert [each.ad for each in found.segments] == [True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "#EXTINF:1,\na",
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:-1\n",
        "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:many\n",
        "#EXTM3U\n#EXTINF:1,\nhttp://[::1\n",
    ],
)
def test_what_is_no_playlist_is_refused(text: str) -> None:
    with pytest.raises(PlaylistUnreadable):
        read_playlist(text, URL)


LINES = st.sampled_from(
    [
        *("#EXTINF:2.0,live", "#EXTINF:nan", "#EXTINF:", "#EXTINF:-4,", "#EXT-X-GAP", "#EXT-X-DISCONTINUITY", "seg"),
        *("#EXT-X-BYTERANGE:5", "#EXT-X-BYTERANGE:5@7", "#EXT-X-BYTERANGE:", "#EXT-X-MAP:URI=", "#EXT-X-MAP:"),
        *("#EXT-X-PROGRAM-DATE-TIME:x", "#EXT-X-PROGRAM-DATE-TIME:9999-12-31T23:59:59Z", "#EXT-X-TARGETDURATION:0"),
        *("#EXT-X-KEY:METHOD=NONE", "#EXT-X-KEY:", "#EXT-X-DATERANGE:", "#EXT-X-SKIP:", "#", "", "http://[", "\ufeff"),
        *('#EXT-X-DATERANGE:ID="stitched-ad-1",START-DATE="9999-12-31T00:00:00Z",DURATION=inf', "#EXT-X-ENDLIST"),
    ]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=40))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    """What is read has ascending numbers, sane durations and whole addresses."""
    try:
        found = read_playlist("\n".join(["#EXTM3U", *lines]), URL)
    except PlaylistUnreadable:
        return
    segments: tuple[Segment, ...] = found.segments if isinstance(found, MediaPlaylist) else ()
    assert all(after.sequence == before.sequence + 1 for before, after in pairwise(segments))
    assert all(0 <= each.duration_s <= 86_400 for each in segments)
    assert all(each.url for each in segments)


TWITCH = [
    '#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="chunked",NAME="1080p60 (source)"',
    '#EXT-X-STREAM-INF:BANDWIDTH=8000000,RESOLUTION=1920x1080,FRAME-RATE=60.0,VIDEO="chunked"',
    "1080",
    '#EXT-X-MEDIA:TYPE=VIDEO,GROUP-ID="720p60",NAME="720p60"',
    '#EXT-X-STREAM-INF:BANDWIDTH=3400000,RESOLUTION=1280x720,FRAME-RATE=60.0,VIDEO="720p60"',
    "720",
    '#EXT-X-STREAM-INF:BANDWIDTH=1400000,RESOLUTION=852x480,FRAME-RATE=30.0,VIDEO="480p30"',
    "480",
    '#EXT-X-STREAM-INF:BANDWIDTH=160000,CODECS="mp4a.40.2",VIDEO="audio_only"',
    "audio",
]


@pytest.mark.parametrize(
    ("quality", "chosen"),
    [
        ("best", "1080"),
        ("worst", "480"),
        ("720p60", "720"),
        ("720p", "720"),
        ("720p30", "480"),
        ("1440p", "1080"),
        ("900p", "720"),
        ("160p", "480"),
        ("audio", "audio"),
        ("audio_only", "audio"),
        ("1080p60 (source)", "1080"),
    ],
)
def test_a_quality_is_a_name_or_the_largest_that_fits(quality: str, chosen: str) -> None:
    assert choose_variant(qualities(*TWITCH), quality).url.rpartition("/")[2] == chosen


def test_separate_audio_is_the_default_of_the_group() -> None:
    found = qualities(
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="de",URI="de.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",DEFAULT=YES,URI="en.m3u8"',
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="b",NAME="in the video",DEFAULT=YES',
        *('#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO="a",RESOLUTION=640x360', "v1"),
        *('#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="b",RESOLUTION=320x180', "v2"),
    )

    first, second = found.variants
    assert (choose_audio(found, first) or found.audio[0]).name == "en"
    assert choose_audio(found, second) is None


def test_a_playlist_without_a_variant_is_refused() -> None:
    with pytest.raises(PlaylistUnreadable):
        choose_variant(qualities("#EXT-X-STREAM-INF:BANDWIDTH=1"), "best")


@pytest.mark.parametrize("rate", ["nan", "inf", "-1", "fast"])
def test_a_frame_rate_that_is_none_is_not_known(rate: str) -> None:
    lines = f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360,FRAME-RATE={rate}\nv.m3u8\n"
    found = read_playlist(lines, "https://example.com/m.m3u8")

    assert isinstance(found, MultivariantPlaylist)
    assert [variant.fps for variant in found.variants] == [None]
