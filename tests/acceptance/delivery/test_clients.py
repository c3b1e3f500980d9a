"""Clients as people have them: what each does with a transfer that broke off, several connections, or a far place.

`make test` installs those that are not there (scripts/system_packages.py); one that cannot be had is skipped by name.
"""

import random
import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from playhead.media.ffmpeg import find_ffmpeg
from tests.fixtures.clips import make_clip
from tests.fixtures.server import Server
from tests.fixtures.sparse_movie import FarMovie, write_far_movie
from tests.fixtures.stored_videos import link_to, put_bytes, put_file

MIB = 1 << 20
SIZE = 24 * MIB
HELD = 5 * MIB + 123


def tool(name: str) -> str:
    """Where a client is, or a skip that says what to install."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed; scripts/system_packages.py installs it where it may")
    return found


def run(*command: object, expect: int = 0) -> "subprocess.CompletedProcess[bytes]":
    """Run a client to its end, with no settings of the user's and no proxy."""
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        timeout=120,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C", "no_proxy": "*"},
    )
    assert done.returncode == expect, (done.returncode, done.stdout[-2000:], done.stderr[-2000:])
    return done


@dataclass(frozen=True)
class Download:
    """A large file behind a signed link."""

    content: bytes
    url: str


@pytest.fixture(scope="module")
def download(media_server: Server) -> Download:
    content = random.Random(1).randbytes(SIZE)
    return Download(content, media_server.url + link_to(media_server, put_bytes(media_server, content)))


def test_curl_resumes(download: Download, tmp_path: Path) -> None:
    """It asks for the rest and gets the rest."""
    target = tmp_path / "film.mp4"
    target.write_bytes(download.content[:HELD])

    said = run(tool("curl"), "-q", "-sS", "-C", "-", "-o", target, "-w", "%{http_code} %{size_download}", download.url)

    assert said.stdout.decode() == f"206 {SIZE - HELD}"
    assert target.read_bytes() == download.content


def test_curl_sees_that_nothing_is_missing(download: Download, tmp_path: Path) -> None:
    """A file that is there in full is asked for beyond its end: 416 with its length, and nothing is changed."""
    target = tmp_path / "film.mp4"
    target.write_bytes(download.content)

    said = run(tool("curl"), "-q", "-sS", "-C", "-", "-o", target, "-w", "%{http_code}", download.url)

    assert said.stdout.decode() == "416"
    assert target.read_bytes() == download.content


def test_wget_resumes_and_sees_that_nothing_is_missing(download: Download, tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    target.write_bytes(download.content[:HELD])
    command = (tool("wget"), "--no-config", "-S", "-c", "-O", target, download.url)

    first = run(*command).stderr.decode()
    second = run(*command).stderr.decode()

    assert "206 Partial Content" in first
    assert target.read_bytes() == download.content
    assert "already fully retrieved" in second


def test_aria2_takes_a_file_over_eight_connections(download: Download, tmp_path: Path) -> None:
    options = ("-x8", "-s8", "--min-split-size=1M", "--file-allocation=none", "--no-conf", "--console-log-level=info")

    said = run(tool("aria2c"), *options, "-d", tmp_path, "-o", "film.mp4", download.url)

    assert (tmp_path / "film.mp4").read_bytes() == download.content
    assert said.stdout.count(b"206 Partial Content") >= 7  # the first connection asks for all, and stops at its share


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("clip"), seconds=20, size=(320, 180), gop=30)


@dataclass(frozen=True)
class Movie:
    """A movie of 1 GiB behind a signed link."""

    far: FarMovie
    path: Path
    url: str


@pytest.fixture(scope="module")
def movie(media_server: Server, clip: Path) -> Movie:
    made: list[tuple[FarMovie, Path]] = []
    video = put_file(media_server, lambda path: made.append((write_far_movie(clip, path), path)), duration_s=20.0)
    return Movie(*made[0], media_server.url + link_to(media_server, video))


@pytest.fixture(scope="module")
def frame_at() -> Callable[[str, float], bytes]:
    """One decoded picture of a file or a URL, by ffmpeg."""

    def get(source: str, at_s: float) -> bytes:
        words = ("-nostdin", "-v", "error", "-ss", at_s, "-i", source, "-frames:v", 1, "-f", "rawvideo", "-")
        return run(find_ffmpeg().binary, *words).stdout

    return get


@pytest.mark.parametrize("at_s", [0.5, 9.5, 18.0])
def test_ffmpeg_seeks_in_a_gibibyte(movie: Movie, frame_at: Callable[[str, float], bytes], at_s: float) -> None:
    """The picture is the one of the file on disk, before the hole and behind it."""
    over_http = frame_at(movie.url, at_s)

    assert len(over_http) == 320 * 180 * 3 // 2
    assert over_http == frame_at(str(movie.path), at_s)


def test_mpv_plays_from_a_far_place(movie: Movie) -> None:
    quiet = ("--no-config", "--vo=null", "--ao=null", "--hwdec=no", "--untimed")
    status = (
        "--start=18",
        "--frames=5",
        "--term-status-msg=at ${=time-pos} ",
        "--msg-level=all=error,statusline=status",
    )

    said = run(tool("mpv"), *quiet, *status, movie.url).stderr.decode()

    shown = [float(place) for place in re.findall(r"at ([0-9.]+) ", said)]
    assert shown[0] == pytest.approx(18.0, abs=0.001)
    assert shown == sorted(shown)


def test_what_a_client_has_in_full_is_over(download: Download) -> None:
    """It no longer counts among those that one address may have at a time, however fast the next ones are asked for."""
    url = urlsplit(download.url)
    asked = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nRange: bytes=0-99\r\n\r\n".encode()
    with closing(socket.create_connection((url.hostname, url.port), timeout=120)) as connection:
        answers = connection.makefile("rb")
        for _ in range(400):
            connection.sendall(asked)
            head = b"".join(iter(answers.readline, b"\r\n"))
            assert head.startswith(b"HTTP/1.1 206 "), head
            assert answers.read(100) == download.content[:100]
