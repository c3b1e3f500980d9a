"""How a transfer ends: once, told truly, with nothing left open."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
import structlog
from structlog.testing import LogCapture

from playhead.kit.units import KIB, MIB
from tests.fixtures.media_site import Site, wait_for

BIG = 256 * MIB


@pytest.fixture
def log() -> Iterator[LogCapture]:
    """Every structured line of this test."""
    capture = LogCapture()
    before = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, capture])
    yield capture
    structlog.configure(processors=before)


@pytest.fixture
def site(own_site: Site) -> Site:
    """These tests count."""
    return own_site


def transfer_lines(log: LogCapture) -> list[dict[str, Any]]:
    return [dict(entry) for entry in log.entries if entry["event"] == "transfer"]


def begin(site: Site, link: str, read: int = KIB, extra: str = "") -> socket.socket:
    """Ask for a file over a small window, read a little, and hold the connection."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * KIB)
    connection.settimeout(120)
    connection.connect(("127.0.0.1", site.port))
    connection.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\n{extra}\r\n".encode())
    got = b""
    while len(got) < read:
        got += connection.recv(read - len(got))
    assert got.startswith(b"HTTP/1.1 20")
    return connection


def drain(connection: socket.socket) -> int:
    """Read until the server closes; how many bytes came."""
    total = 0
    while data := connection.recv(MIB):
        total += len(data)
    return total


def test_a_finished_transfer_is_told_once(site: Site, client: httpx2.Client, log: LogCapture) -> None:
    video_id = site.add(b"x" * 1000)

    response = client.get(site.link(video_id), headers={"X-Request-Id": "test-request-1", "Range": "bytes=0-99"})
    wait_for(lambda: site.transfers("complete") == 1, "the transfer has ended")

    assert response.headers["x-request-id"] == "test-request-1"
    (line,) = transfer_lines(log)
    assert line["request_id"] == "test-request-1"
    assert (line["video"], line["kind"], line["outcome"]) == (video_id, "file", "complete")
    assert (line["size_bytes"], line["expected_bytes"], line["status"]) == (100, 100, 206)
    assert site.count("playhead_transfers_active") == 0
    assert site.count("playhead_transfer_bytes_total", kind="file") == 100


def test_answers_without_bytes_are_no_transfers(site: Site, client: httpx2.Client, log: LogCapture) -> None:
    link = site.link(site.add(b"x" * 1000))

    client.head(link)
    client.get(link, headers={"If-None-Match": "*"})
    client.get(link, headers={"Range": "bytes=5000-"})

    assert transfer_lines(log) == []


@pytest.mark.parametrize("extra", ["", "Range: bytes=1000-\r\n", "Range: bytes=0-99999999,200000000-\r\n"])
def test_a_client_that_leaves_in_mid_body_leaves_nothing_open(site: Site, log: LogCapture, extra: str) -> None:
    connection = begin(site, site.link(site.add_sparse(BIG)), extra=extra)
    assert len(site.open_descriptors()) == 1

    connection.close()

    wait_for(lambda: site.transfers("gone") == 1, "the transfer has ended")
    wait_for(lambda: site.open_descriptors() == [], "the file is closed")
    (line,) = transfer_lines(log)
    assert line["outcome"] == "gone"
    assert line["size_bytes"] < BIG


def test_many_clients_that_leave_leave_nothing_open(site: Site) -> None:
    link = site.link(site.add_sparse(BIG))
    connections = [begin(site, link) for _ in range(20)]

    for connection in connections:
        connection.close()

    wait_for(lambda: site.transfers("gone") == 20, "all have ended")
    wait_for(lambda: site.open_descriptors() == [], "the files are closed")
    assert site.count("playhead_transfers_active") == 0


def test_a_slow_viewer_holds_little_of_a_large_file(site: Site) -> None:
    """What is handed on is what the client takes, plus the kernel's buffers: never the file."""
    link = site.link(site.add_sparse(BIG))
    connections = [begin(site, link) for _ in range(8)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda each: each.recv(64 * KIB), connections))

    for connection in connections:
        connection.close()
    wait_for(lambda: site.transfers("gone") == 8, "all have ended")

    assert site.count("playhead_transfer_bytes_total", kind="file") < 8 * 16 * MIB


def test_a_file_that_shrinks_ends_the_connection(site: Site, log: LogCapture) -> None:
    video_id = site.add_sparse(BIG)
    connection = begin(site, site.link(video_id))

    os.truncate(site.path_of(video_id), 0)

    assert drain(connection) < BIG
    connection.close()
    wait_for(lambda: site.transfers("failed") == 1, "the transfer has ended")
    wait_for(lambda: site.open_descriptors() == [], "the file is closed")
    assert [line["log_level"] for line in transfer_lines(log)] == ["error"]


def test_a_file_that_is_deleted_while_it_plays_plays_to_its_end(site: Site) -> None:
    video_id = site.add_sparse(32 * MIB)
    connection = begin(site, site.link(video_id), extra="Connection: close\r\n")

    site.path_of(video_id).unlink()

    assert drain(connection) > 32 * MIB - KIB
    connection.close()
    wait_for(lambda: site.transfers("complete") == 1, "the transfer has ended")


def test_requests_sent_ahead_are_answered_in_order(site: Site) -> None:
    link = site.link(site.add(b"0123456789"))
    with socket.create_connection(("127.0.0.1", site.port), timeout=120) as connection:
        request = "GET {} HTTP/1.1\r\nHost: x\r\nRange: bytes={}-{}\r\n{}\r\n"
        connection.sendall(
            "".join(request.format(link, n, n, "Connection: close\r\n" if n == 9 else "") for n in range(10)).encode()
        )
        answer = b""
        while data := connection.recv(MIB):
            answer += data

    bodies = [piece.partition(b"\r\n\r\n")[2] for piece in answer.split(b"HTTP/1.1 206 Partial Content\r\n")[1:]]
    assert bodies == [b"%d" % n for n in range(10)]
