"""URLs of sources: which platform they mean, and what is shown of them."""

import pytest

from playhead.live.errors import SourceUrlInvalid
from playhead.live.sources import read_source, shown_url


@pytest.mark.parametrize(
    ("url", "platform", "opened"),
    [
        ("https://www.twitch.tv/Ann_1", "twitch", "https://www.twitch.tv/ann_1"),
        ("twitch.tv/ann/", "twitch", "https://www.twitch.tv/ann"),
        ("https://m.twitch.tv/ann?sr=a", "twitch", "https://www.twitch.tv/ann"),
        ("https://www.youtube.com/@ann/live", "site", None),
        ("https://example.com/hls/live.m3u8?token=x", "url", None),
        ("rtmp://example.com/live/key", "url", None),
        ("rtsp://ann:secret@192.168.1.20/stream1", "url", None),
        ("srt://example.com:9000?streamid=x", "url", None),
    ],
)
def test_a_url_says_what_opens_it(url: str, platform: str, opened: str | None) -> None:
    source = read_source(url)

    assert (source.platform, source.url) == (platform, opened or url)
    assert source.name


def test_a_scheme_of_another_kind_is_named_and_a_port_is_none() -> None:
    with pytest.raises(SourceUrlInvalid, match=r"not with javascript:"):
        read_source("javascript:alert(1)")
    assert read_source("localhost:8080/live.m3u8").url == "https://localhost:8080/live.m3u8"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "concat:a|b",
        "ftp://example.com/a",
        "udp://239.0.0.1:1234",
        "srt://example.com",
        "https://www.twitch.tv/videos/123",
        "https://www.twitch.tv/",
        "https://www.twitch.tv/directory",
        "rtmp://exa mple.com/live",
        "http://example.com/\nX-Evil: 1",
        "https://" + "a" * 3000,
    ],
)
def test_what_is_no_source_is_refused_in_words(url: str) -> None:
    with pytest.raises(SourceUrlInvalid):
        read_source(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("rtmp://example.com/live/SECRET?k=SECRET", "rtmp://example.com/live/…?…"),
        ("rtmps://ann:SECRET@example.com:443/app/a/SECRET", "rtmps://…@example.com:443/app/…"),
        ("rtsp://ann:SECRET@192.168.1.20:554/stream1", "rtsp://…@192.168.1.20:554/stream1"),
        ("srt://example.com:9000?passphrase=SECRET", "srt://example.com:9000?…"),
        ("https://example.com/live.m3u8?token=SECRET", "https://example.com/live.m3u8?…"),
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc"),
    ],
)
def test_keys_and_passwords_are_not_shown(url: str, shown: str) -> None:
    """Of a page the address is shown as it is."""
    source = read_source(url)

    assert shown_url({"url": source.url, "platform": source.platform}) == shown
    assert "SECRET" not in source.name
