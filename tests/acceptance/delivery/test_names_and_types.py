"""What a browser is told that it gets, and under which name it saves it."""

from collections.abc import Iterator
from urllib.parse import unquote

import httpx2
import pytest

from tests.acceptance.delivery.conftest import Film
from tests.fixtures.server import Server
from tests.fixtures.stored_videos import link_to, put_bytes


@pytest.fixture(scope="module")
def client(media_server: Server) -> Iterator[httpx2.Client]:
    with media_server.client() as client:
        yield client


@pytest.mark.parametrize(
    ("container", "content_type"),
    [
        ("mp4", "video/mp4"),
        ("mov", "video/quicktime"),
        ("webm", "video/webm"),
        ("mkv", "video/x-matroska"),
        ("avi", "video/x-msvideo"),
        ("mpegts", "video/mp2t"),
        ("mpeg", "video/mpeg"),
        ("flv", "video/x-flv"),
        ("html", "application/octet-stream"),
        (None, "video/mp4"),
    ],
)
def test_a_file_has_the_type_that_its_bytes_were_found_to_be(
    media_server: Server, client: httpx2.Client, container: str | None, content_type: str
) -> None:
    """Whatever the name said that it came with; never one that a browser would run."""
    video = put_bytes(media_server, b"bytes", container=container, filename="page.html")

    assert client.head(link_to(media_server, video)).headers["content-type"] == content_type
    assert client.head(f"/api/v1/videos/{video}/stream").headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("link", "name", "content_type"),
    [
        ("poster", "", "image/jpeg"),
        ("thumbnail", "", "image/jpeg"),
        ("preview", "", "image/webp"),
        ("storyboard", "", "text/vtt; charset=utf-8"),
        ("storyboard", "storyboard.jpg", "image/jpeg"),
        ("hls", "", "application/vnd.apple.mpegurl"),
        ("hls", "video.m3u8", "application/vnd.apple.mpegurl"),
        ("hls", "video-init.mp4", "video/mp4"),
        ("hls", "video-0.m4s", "video/mp4"),
        ("hls", "audio-init.mp4", "audio/mp4"),
        ("hls", "audio-0.m4s", "audio/mp4"),
        ("reel", "", "application/vnd.apple.mpegurl"),
    ],
)
def test_all_else_has_its_own_type(client: httpx2.Client, film: Film, link: str, name: str, content_type: str) -> None:
    path, _, query = film.links[link].partition("?")
    path = f"{path[: path.rindex('/')]}/{name}" if name else path

    answer = client.get(f"{path}?{query}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("title", "saved"),
    [
        ("My film", "My film.mp4"),
        ("Příliš žluťoučký kůň", "Příliš žluťoučký kůň.mp4"),
        ("映画 № 1 🎬", "映画 № 1 🎬.mp4"),
        ('100% "real"; a/b', "100% _real_; a-b.mp4"),
        ("two\r\nlines: x", "twolines_ x.mp4"),
        ("\u202egpj.exe", "gpj.exe.mp4"),
    ],
)
def test_a_download_has_the_title_of_its_video_for_a_name(
    media_server: Server, client: httpx2.Client, title: str, saved: str
) -> None:
    """The true one for all clients of this century, and one in ASCII beside it (RFC 6266, RFC 8187)."""
    video = put_bytes(media_server, b"bytes", title=title)

    header = client.head(link_to(media_server, video, download=True)).headers["content-disposition"]
    played = client.head(link_to(media_server, video)).headers["content-disposition"]

    kind, _, names = header.partition("; filename=")
    plain, _, encoded = names.partition("; filename*=UTF-8''")
    assert (kind, played.partition(";")[0]) == ("attachment", "inline")
    assert header.isascii()
    assert plain.startswith('"')
    assert plain.endswith('"')
    assert (unquote(encoded) or plain.strip('"')) == saved
