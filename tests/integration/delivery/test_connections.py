"""Connections as clients make them: slow, silent, half closed, sent ahead, cut off; each transfer told truly."""

import os
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from playhead.delivery.connections import registry
from playhead.delivery.connections.registry import Limits
from playhead.delivery.transfers.registry import StallLimits
from playhead.kit.units import KIB, MIB
from tests.fixtures.media_site import Site, serving, wait_for

pytestmark = pytest.mark.skipif(not hasattr(os, "RWF_NOWAIT"), reason="the protocol is for Linux")

BIG = 256 * MIB


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are looked after 20 times a second."""
    monkeypatch.setattr(registry, "CHECK_S", 0.05)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path) as site:
        yield site


def connect(site: Site, *, window: int = 16 * KIB, host: str = "127.0.0.1") -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    connection.settimeout(120)
    connection.connect((host, site.port))
    return connection


def ask(link: str, *more: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {link} HTTP/1.1", "Host: x", *more, "", ""]).encode()


def read(connection: socket.socket, until: Callable[[bytes], bool]) -> bytes:
    got = b""
    while not until(got):
        data = connection.recv(64 * KIB)
        if not data:
            break
        got += data
    return got


def head_of(connection: socket.socket) -> bytes:
    return read(connection, lambda got: b"\r\n\r\n" in got)


def closes(connection: socket.socket) -> bool:
    """Whether the server ends the connection; what it still sends is thrown away."""
    try:
        while connection.recv(MIB):
            pass
    except ConnectionResetError:
        pass
    return True


def test_a_client_that_takes_nothing_is_stalled_and_ended_once(site: Site) -> None:
    site.transfer_list.stall = StallLimits(video_s=0.3)
    with closing(connect(site)) as connection:
        connection.sendall(ask(site.link(site.add_sparse(BIG))))
        head_of(connection)

        wait_for(lambda: site.transfers("stalled") == 1, "it is stalled")

        assert closes(connection)
    (transfer,) = site.transfer_list.recent
    assert 0 < transfer.acked_bytes < BIG
    assert (site.transfers("gone"), site.count("playhead_transfers_active")) == (0, 0)
    wait_for(lambda: site.open_descriptors() == [], "the file is closed")


def test_a_slow_client_lives_for_many_times_the_stall_limit(site: Site) -> None:
    site.transfer_list.stall = StallLimits(video_s=1.5)
    size = 6 * MIB
    with closing(connect(site)) as connection:
        connection.sendall(ask(site.link(site.add_sparse(size)), "Connection: close"))
        slow = threading.Event()
        total = 0
        for _ in range(30):  # 4.5 s in all, at a pace that takes 16 KiB of 6 MiB each time
            total += len(connection.recv(16 * KIB))
            slow.wait(0.15)
        assert site.transfers("stalled") == 0
        while data := connection.recv(MIB):
            total += len(data)
    assert total > size
    wait_for(lambda: site.transfers("complete") == 1, "it is complete")
    (transfer,) = site.transfer_list.recent
    assert transfer.acked_bytes == size


def test_what_is_told_is_what_the_client_took(site: Site) -> None:
    with closing(connect(site)) as connection:
        connection.sendall(ask(site.link(site.add_sparse(BIG))))
        taken = read(connection, lambda got: len(got) > MIB)
        wait_for(lambda: len(site.transfer_list.active) == 1, "it is under way")
        (transfer,) = site.transfer_list.active
        wait_for(lambda: transfer.acked_bytes >= len(taken) - KIB, "the client's bytes are acknowledged")

    wait_for(lambda: site.transfers("gone") == 1, "it has ended")
    assert len(taken) - KIB <= transfer.acked_bytes < len(taken) + MIB
    assert transfer.acked_bytes < transfer.handed_bytes + 1


def test_a_half_closed_client_gets_its_bytes(site: Site) -> None:
    size = 2 * MIB
    with closing(connect(site)) as connection:
        connection.sendall(ask(site.link(site.add_sparse(size)), "Connection: close"))
        head_of(connection)
        connection.shutdown(socket.SHUT_WR)

        # asyncio takes the end of the client's sending for the end of the connection, as uvicorn does.
        assert closes(connection)
    wait_for(lambda: site.count("playhead_transfers_active") == 0, "it has ended")
    assert len(site.transfer_list.recent) == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [((), 200), (("Range: bytes=0-99",), 206), (("If-None-Match: *",), 304), (("Range: bytes=9999999-",), 416)],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_connection_is_kept_after_every_answer(site: Site, method: str, more: tuple[str, ...], status: int) -> None:
    link = site.link(site.add(bytes(range(250)) * 10))
    status = 200 if method == "HEAD" and status in (206, 416) else status  # Range is defined for GET alone
    with httpx2.Client(base_url=site.url, trust_env=False) as client, closing(connect(site)) as connection:
        wanted = client.request(method, link, headers=dict(one.split(": ", 1) for one in more))
        assert wanted.status_code == status
        for _ in range(3):
            connection.sendall(ask(link, *more, method=method))
            head = head_of(connection)
            assert f" {status} ".encode() in head.splitlines()[0]
            head, _, body = head.partition(b"\r\n\r\n")
            length = int(wanted.headers.get("content-length", 0)) if method == "GET" else 0
            body += read(connection, lambda got, left=length - len(body): len(got) >= left)  # type: ignore[misc]
            assert len(body) == length


def test_a_connection_that_nobody_uses_any_more_is_closed(tmp_path: Path) -> None:
    with serving(tmp_path, timeout_keep_alive=1) as site, closing(connect(site)) as connection:
        link = site.link(site.add(b"film"))
        for _ in range(2):  # by the application, then without it
            connection.sendall(ask(link))
            read(connection, lambda got: got.endswith(b"film"))

        assert connection.recv(1) == b""


def test_http_1_0_ends_with_its_answer(site: Site) -> None:
    link = site.link(site.add(b"0123456789"))
    with closing(connect(site)) as connection:
        connection.sendall(f"GET {link} HTTP/1.0\r\n\r\n".encode())
        answer = read(connection, lambda _: False)

    assert answer.endswith(b"\r\n\r\n0123456789")
    assert b"connection: close" in answer
    wait_for(lambda: site.transfers("complete") == 1, "it is complete")


def test_media_and_api_sent_ahead_are_answered_in_order(site: Site) -> None:
    film = site.link(site.add(b"film" * 50_000))
    requests = [ask(film, "Range: bytes=0-99999"), ask("/api/v1/nothing"), ask(film, "Range: bytes=4-7"), ask(film)]
    with closing(connect(site)) as connection:
        connection.sendall(b"".join([*requests, ask(film, "Range: bytes=-4", "Connection: close")]))
        answer = read(connection, lambda _: False)

    assert re.findall(rb"HTTP/1.1 (\d+)", answer) == [b"206", b"404", b"206", b"200", b"206"]
    assert answer.count(b"film") >= 25_000 + 1 + 50_000 + 1
    wait_for(lambda: site.transfers("complete") == 4, "all are complete")


def test_a_head_split_over_many_packets_is_read(site: Site) -> None:
    request = ask(site.link(site.add(b"0123456789")), "Connection: close")
    with closing(connect(site)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(request), 7):
            connection.sendall(request[at : at + 7])

        assert read(connection, lambda _: False).endswith(b"0123456789")


def test_a_client_over_ipv6_is_served(tmp_path: Path) -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    with serving(tmp_path, host="::1") as site, socket.create_connection(("::1", site.port), 10) as connection:
        connection.sendall(ask(site.link(site.add(b"0123456789")), "Connection: close"))

        assert read(connection, lambda _: False).endswith(b"0123456789")


class TestLimits:
    """What is ended before it holds anything of worth."""

    @pytest.fixture
    def site(self, tmp_path: Path) -> Iterator[Site]:
        limits = Limits(head_s=0.3, head_bytes=4 * KIB, body_s=0.3, per_client=5)
        with serving(tmp_path, limits=limits) as site:
            yield site

    @pytest.fixture
    def patient_site(self, tmp_path: Path) -> Iterator[Site]:
        with serving(tmp_path, limits=Limits(head_s=120, per_client=5)) as site:
            yield site

    @pytest.mark.parametrize("sent", [b"", b"GET /v/x HTTP/1.1\r\nHost: x\r\n"])
    def test_a_head_that_does_not_come_ends_the_connection(self, site: Site, sent: bytes) -> None:
        with closing(connect(site)) as connection:
            connection.sendall(sent)
            assert closes(connection)

    def test_so_does_the_second_head_on_a_connection(self, site: Site) -> None:
        link = site.link(site.add(b"0123456789"))
        with closing(connect(site)) as connection:
            connection.sendall(ask(link) + b"GET /v/x HT")
            assert head_of(connection).startswith(b"HTTP/1.1 200")
            assert closes(connection)

    def test_so_does_a_body_that_does_not_come(self, site: Site) -> None:
        with closing(connect(site)) as connection:
            connection.sendall(b"POST /api/v1/videos/x/playback HTTP/1.1\r\nHost: x\r\nTest-User: ann\r\n")
            connection.sendall(b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
            assert closes(connection)

    def test_a_head_without_end_is_refused(self, site: Site) -> None:
        with closing(connect(site)) as connection:
            connection.sendall(b"GET /v/x HTTP/1.1\r\n")
            with pytest.raises((ConnectionError, AssertionError)):
                for number in range(1000):
                    connection.sendall(b"X-%d: " % number + b"y" * 200 + b"\r\n")
                assert not head_of(connection).startswith(b"HTTP/1.1 400")

    def test_one_address_has_so_many_connections(self, patient_site: Site) -> None:
        site = patient_site
        held = [connect(site) for _ in range(5)]
        with closing(connect(site)) as one_more:
            assert b" 503 " in head_of(one_more)
        for connection in held:
            connection.close()

        def served() -> bool:
            with closing(connect(site)) as connection:
                connection.sendall(ask("/api/v1/nothing", "Connection: close"))
                return b" 404 " in head_of(connection)

        wait_for(served, "there is room again")

    def test_one_address_has_so_many_transfers(self, patient_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        site = patient_site
        monkeypatch.setattr(site.transfer_list, "_per_client", 2)
        link = site.link(site.add_sparse(BIG))
        held = [connect(site) for _ in range(2)]
        for connection in held:
            connection.sendall(ask(link))
            head_of(connection)
        with closing(connect(site)) as one_more:
            one_more.sendall(ask(link, "Connection: close"))
            refused = read(one_more, lambda _: False)

        assert b" 429 " in refused.splitlines()[0]
        assert b"retry-after: 2" in refused.lower()
        assert b"too_many_transfers" in refused
        assert site.transfers("shed") == 1
        for connection in held:
            connection.close()


def test_over_tls_it_goes_in_chunks_with_the_same_answers(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    with serving(tmp_path, ssl_keyfile=str(key), ssl_certfile=str(certificate)) as site:
        content = os.urandom(3 * MIB)
        link = site.link(site.add(content))
        context = ssl.create_default_context(cafile=str(certificate))
        with httpx2.Client(base_url=f"https://127.0.0.1:{site.port}", verify=context, trust_env=False) as client:
            assert client.get(link).content == content
            assert client.get(link, headers={"Range": "bytes=5-1000004"}).content == content[5:1_000_005]

        wait_for(lambda: site.transfers("complete") == 2, "both are complete")
