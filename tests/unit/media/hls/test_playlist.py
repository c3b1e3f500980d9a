"""Playlists, line by line (RFC 8216)."""

from fractions import Fraction

from playhead.media.hls.playlist import (
    AudioRendition,
    SegmentList,
    Variant,
    bandwidth,
    media_playlist,
    multivariant_playlist,
)


def test_a_media_playlist_names_its_segments_and_ends() -> None:
    stretch = SegmentList("a-init.mp4?s=1", ["a-0.m4s?s=1", "a-1.m4s?s=1"], [Fraction(0), Fraction(6), Fraction(19, 2)])

    assert media_playlist([stretch]).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-TARGETDURATION:6",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MAP:URI="a-init.mp4?s=1"',
        "#EXTINF:6.000000,",
        "a-0.m4s?s=1",
        "#EXTINF:3.500000,",
        "a-1.m4s?s=1",
        "#EXT-X-ENDLIST",
    ]


def test_between_two_stretches_is_a_discontinuity_with_an_init_segment_of_its_own() -> None:
    one = SegmentList("a-init.mp4", ["a-0.m4s"], [Fraction(0), Fraction(2)])
    other = SegmentList("b-init.mp4", ["b-0.m4s"], [Fraction(0), Fraction(3)])

    lines = media_playlist([one, other], start_s=Fraction(2, 1000)).splitlines()

    assert lines[5] == "#EXT-X-START:TIME-OFFSET=0.002000,PRECISE=YES"
    assert lines[6:] == [
        '#EXT-X-MAP:URI="a-init.mp4"',
        "#EXTINF:2.000000,",
        "a-0.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="b-init.mp4"',
        "#EXTINF:3.000000,",
        "b-0.m4s",
        "#EXT-X-ENDLIST",
    ]


def test_durations_that_are_rounded_add_up() -> None:
    """Each clip is put where the durations before it say, so that their errors must not add up."""
    third = SegmentList("i.mp4", ["s.m4s"], [Fraction(0), Fraction(100, 3)])

    lines = media_playlist([third] * 999).splitlines()

    told = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    assert abs(sum(told) - 33_300) < 1e-6


def test_a_target_duration_is_the_longest_one_rounded() -> None:
    short = SegmentList("i.mp4", ["s.m4s"], [Fraction(0), Fraction(1, 10)])
    long = SegmentList("i.mp4", ["s.m4s"], [Fraction(0), Fraction(66, 10)])

    assert "#EXT-X-TARGETDURATION:1" in media_playlist([short]).splitlines()
    assert "#EXT-X-TARGETDURATION:7" in media_playlist([short, long]).splitlines()


def test_a_multivariant_playlist_lists_rungs_over_one_track_of_sound() -> None:
    rungs = [
        Variant("video.m3u8?q", 900_000, 700_000, "avc1.640028,mp4a.40.2", 1920, 1080, 29.97),
        Variant("720p.m3u8?q", 500_000, 400_000, "avc1.64001F,mp4a.40.2", 1280, 720, 29.97),
    ]

    assert multivariant_playlist(rungs, [AudioRendition("audio.m3u8?q", channels=1)]).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="1",'
        'URI="audio.m3u8?q"',
        '#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=700000,CODECS="avc1.640028,mp4a.40.2",'
        'RESOLUTION=1920x1080,FRAME-RATE=29.970,AUDIO="sound"',
        "video.m3u8?q",
        '#EXT-X-STREAM-INF:BANDWIDTH=500000,AVERAGE-BANDWIDTH=400000,CODECS="avc1.64001F,mp4a.40.2",'
        'RESOLUTION=1280x720,FRAME-RATE=29.970,AUDIO="sound"',
        "720p.m3u8?q",
    ]


def test_a_silent_video_has_no_group_of_sound() -> None:
    variant = Variant("video.m3u8", 1, 1, "avc1.640028", 16, 16, 30)

    assert "AUDIO" not in multivariant_playlist([variant])


def test_audio_tracks_are_named_and_the_first_one_plays() -> None:
    variant = Variant("video.m3u8", 1, 1, "avc1.640028", 16, 16, 30)
    spoken = [AudioRendition("audio1.m3u8", 'English "dry"'), AudioRendition("audio2.m3u8", "German", 6, "ger")]

    first, second = [line for line in multivariant_playlist([variant], spoken).splitlines() if "TYPE=AUDIO" in line]
    assert 'NAME="English \'dry\'",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="audio1.m3u8"' in first
    assert 'NAME="German",LANGUAGE="ger",DEFAULT=NO,AUTOSELECT=NO,CHANNELS="6",URI="audio2.m3u8"' in second


def test_bandwidth_is_that_of_the_heaviest_segment_and_of_all() -> None:
    assert bandwidth([1000, 3000], [Fraction(0), Fraction(4), Fraction(10)]) == (4000, 3200)
