"""The command of a push capture: what a source can lead ffmpeg to, and to which address."""

from pathlib import Path

import pytest

from playhead.kit.urls import CheckedUrl
from playhead.live.capture.capture import Opened
from playhead.live.capture.command import CaptureOptions, command, pinned


def words(url: str, *, public_only: bool = True) -> list[str]:
    opened = Opened(kind="push", url=url)
    return command(Path("ffmpeg"), opened, url, Path("/data/part.mp4"), CaptureOptions(public_only=public_only))


def value(found: list[str], option: str) -> str:
    return found[found.index(option) + 1]


@pytest.mark.parametrize(
    ("url", "protocols"),
    [
        ("rtmp://live.example/app/key", "rtmp,tcp"),
        ("rtsp://camera.example/1", "rtsp,rtp,tcp"),
        ("srt://live.example:9000", "srt"),
        ("http://live.example/a.ts", "http,tcp"),
    ],
)
def test_a_source_opens_nothing_but_its_own_connection(url: str, protocols: str) -> None:
    found = words(url)

    assert value(found, "-protocol_whitelist") == protocols
    assert not {"hls", "concat", "dash", "lavfi"} & set(value(found, "-format_whitelist").split(","))
    assert found.index("-protocol_whitelist") < found.index("-i")


def test_rtsp_comes_over_tcp() -> None:
    assert value(words("rtsp://camera.example/1"), "-rtsp_transport") == "tcp"


@pytest.mark.parametrize(("public_only", "followed"), [(True, False), (False, True)])
def test_redirects_are_followed_only_where_private_addresses_are_allowed(public_only: bool, followed: bool) -> None:
    assert ("-max_redirects" not in words("http://a.example/s.ts", public_only=public_only)) is followed


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("rtmp://live.example/app/key", "rtmp://192.0.2.7/app/key"),
        ("rtsp://me:pw@camera.example:8554/1", "rtsp://me:pw@192.0.2.7:8554/1"),
        ("srt://live.example:9000?streamid=x", "srt://192.0.2.7:9000?streamid=x"),
        ("https://live.example/s.ts", "https://live.example/s.ts"),
    ],
)
def test_the_address_that_was_checked_is_the_one_that_is_opened(url: str, opened: str) -> None:
    """But over TLS, where a certificate proves the name."""
    checked = CheckedUrl(url, "live.example", 9000 if "9000" in url else 8554, ("192.0.2.7",))

    assert pinned(checked) == opened


def test_a_certificate_is_checked_whatever_ffmpeg_does_by_default() -> None:
    assert value(words("https://a.example/s.ts"), "-tls_verify") == "1"
    assert "-tls_verify" not in words("http://a.example/s.ts")


def test_a_server_still_learns_its_name() -> None:
    opened = Opened(kind="push", url="http://live.example:8080/s.ts")
    found = command(Path("ffmpeg"), opened, "http://192.0.2.7:8080/s.ts", Path("/part.mp4"), CaptureOptions())

    assert "Host: live.example:8080\r\n" in value(found, "-headers")
