import base64
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from playhead.cli import tus
from playhead.cli.client import Api, Refused
from playhead.cli.unfinished import Source, Unfinished
from playhead.errors import Conflict

VIDEO = "vid_1"


class TusServer(httpx2.BaseTransport):
    """As much of a tus server as the client needs, with faults on demand. Reads bodies as they come."""

    def __init__(self, location: str = "/api/v1/uploads/{id}") -> None:
        self.location = location
        self.uploads: dict[str, bytearray] = {}
        self.lengths: dict[str, int] = {}
        self.requests: list[httpx2.Request] = []
        self.faults: list[Callable[[httpx2.Request, TusServer], httpx2.Response | None]] = []

    def api(self) -> Api:
        return Api("http://test", "ph_key", transport=self)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if request.method == "PATCH" and self.faults:
            given = self.faults.pop(0)(request, self)
            if given is not None:
                return given
        if request.method == "POST":
            return self._create(request)
        name = request.url.path.rpartition("/")[2]
        if name not in self.uploads:
            return httpx2.Response(404)
        if request.method == "PATCH":
            return self._append(request, name)
        return self._state(200, name)

    def _create(self, request: httpx2.Request) -> httpx2.Response:
        name = f"upl_{len(self.uploads) + 1}"
        self.uploads[name] = bytearray()
        self.lengths[name] = int(request.headers["Upload-Length"])
        return httpx2.Response(201, headers={"Location": self.location.format(id=name)})

    def _append(self, request: httpx2.Request, name: str) -> httpx2.Response:
        if int(request.headers["Upload-Offset"]) != len(self.uploads[name]):
            return httpx2.Response(409, json={"detail": "another offset"})
        assert isinstance(request.stream, httpx2.SyncByteStream)
        for block in request.stream:
            self.uploads[name] += block
        return self._state(204, name)

    def _state(self, status: int, name: str) -> httpx2.Response:
        offset = len(self.uploads[name])
        complete = {"Playhead-Video": VIDEO} if offset == self.lengths[name] else {}
        return httpx2.Response(status, headers={"Upload-Offset": str(offset), **complete})


def cut_after(count: int) -> Callable[[httpx2.Request, TusServer], httpx2.Response | None]:
    """The line drops when so many bytes of the request have come."""

    def fault(request: httpx2.Request, server: TusServer) -> None:
        (name,) = server.uploads
        assert isinstance(request.stream, httpx2.SyncByteStream)
        came = b"".join(block for block, _ in zip(request.stream, range(1 + count // tus.BLOCK_BYTES), strict=False))
        server.uploads[name] += came[:count]
        raise httpx2.WriteError("reset")

    return fault


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "holiday.mp4"
    path.write_bytes(os.urandom(1_000_000))
    return path


@pytest.fixture
def unfinished(tmp_path: Path) -> Unfinished:
    return Unfinished(tmp_path / "state")


@pytest.fixture(autouse=True)
def _small_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tus, "REQUEST_BYTES", 300_000)
    monkeypatch.setattr(tus, "BLOCK_BYTES", 65_536)
    monkeypatch.setattr(tus, "FIRST_WAIT_S", 0.001)


def test_a_file_goes_up_in_requests_of_bounded_size(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()
    seen: list[int] = []

    assert tus.upload(server.api(), Source.of(file), title="Süd 🎬", unfinished=unfinished, done=seen.append) == VIDEO

    assert server.uploads["upl_1"] == file.read_bytes()
    patches = [request for request in server.requests if request.method == "PATCH"]
    assert [int(request.headers["Content-Length"]) for request in patches] == [300_000, 300_000, 300_000, 100_000]
    assert all("Transfer-Encoding" not in request.headers for request in patches)
    assert seen == sorted(seen)
    assert seen[-1] == 1_000_000


def test_the_name_and_title_travel_as_metadata(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()

    tus.upload(server.api(), Source.of(file), title="Süd 🎬", unfinished=unfinished)

    pairs = (pair.split(" ") for pair in server.requests[0].headers["Upload-Metadata"].split(","))
    said = {name: base64.b64decode(value).decode() for name, value in pairs}
    assert said == {"filename": "holiday.mp4", "filetype": "video/mp4", "title": "Süd 🎬"}
    assert server.requests[0].headers["Tus-Resumable"] == "1.0.0"


@pytest.mark.parametrize("kept_bytes", [0, 1, 65_536, 200_000, 299_999])
def test_after_a_lost_line_it_goes_on_at_the_servers_offset(
    file: Path, unfinished: Unfinished, kept_bytes: int
) -> None:
    server = TusServer()
    server.faults = [cut_after(kept_bytes)]

    assert tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished) == VIDEO

    assert server.uploads == {"upl_1": file.read_bytes()}
    assert server.requests[3].method == "HEAD"
    assert int(server.requests[4].headers["Upload-Offset"]) == kept_bytes


@pytest.mark.parametrize("status", [409, 423, 500, 503])
def test_a_busy_upload_is_asked_again(file: Path, unfinished: Unfinished, status: int) -> None:
    server = TusServer()
    server.faults = [lambda _request, _server: httpx2.Response(status, json={"detail": "busy"})] * 2

    assert tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished) == VIDEO

    assert server.uploads == {"upl_1": file.read_bytes()}


def test_an_answer_lost_at_the_very_end_does_not_send_twice(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()

    def take_all_then_drop(request: httpx2.Request, server: TusServer) -> httpx2.Response:
        server.handle_request(request)
        raise httpx2.ReadError("reset")

    server.faults = [lambda _r, _s: None] * 3 + [take_all_then_drop]

    assert tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished) == VIDEO
    assert server.uploads == {"upl_1": file.read_bytes()}


def test_another_run_goes_on_where_the_first_was_killed(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()

    def kill(request: httpx2.Request, server: TusServer) -> None:
        try:
            cut_after(200_000)(request, server)
        except httpx2.WriteError:
            raise KeyboardInterrupt from None

    server.faults = [kill]
    with pytest.raises(KeyboardInterrupt):
        tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished)

    assert tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished) == VIDEO
    assert server.uploads == {"upl_1": file.read_bytes()}
    assert unfinished.find("http://test", Source.of(file)) is None


def test_an_upload_that_expired_begins_anew(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()
    unfinished.keep("http://test", Source.of(file), "/api/v1/uploads/upl_gone")

    assert tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished) == VIDEO

    assert [request.method for request in server.requests[:2]] == ["HEAD", "POST"]


def test_what_the_server_does_not_want_ends_at_once_and_is_not_sent(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()
    server.faults = [lambda _request, _server: httpx2.Response(413, json={"detail": "The limit is 1 MB."})]

    with pytest.raises(Refused, match="The limit is 1 MB"):
        tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished)

    assert server.uploads == {"upl_1": bytearray()}


def test_a_file_that_changes_on_the_way_is_not_mixed_up(file: Path, unfinished: Unfinished) -> None:
    server = TusServer()

    def change(_request: httpx2.Request, _server: TusServer) -> None:
        file.write_bytes(os.urandom(1_000_000))

    server.faults = [lambda _r, _s: None, change]

    with pytest.raises(Conflict, match=r"holiday\.mp4 changed"):
        tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished)


def test_without_progress_it_gives_up_and_says_how_to_go_on(
    file: Path, unfinished: Unfinished, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = TusServer()
    monkeypatch.setattr(tus, "PATIENCE_S", 0.0)
    server.faults = [lambda _r, _s: None, cut_after(0)]

    with pytest.raises(tus.UploadInterrupted, match=r"stopped at 300\.0 kB of 1\.0 MB: reset") as gave_up:
        tus.upload(server.api(), Source.of(file), title=None, unfinished=unfinished)

    assert gave_up.value.hint == "Run the same command again to resume."
    assert unfinished.find("http://test", Source.of(file)) == "/api/v1/uploads/upl_1"


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("/api/v1/uploads/upl_1", "/api/v1/uploads/upl_1"),
        ("http://test/api/v1/uploads/upl_1", "/api/v1/uploads/upl_1"),
        ("https://elsewhere.example/api/v1/uploads/upl_1?a=b", "/api/v1/uploads/upl_1?a=b"),
        ("//elsewhere.example/x", "/x"),
    ],
)
def test_the_key_goes_to_no_other_host(location: str, place: str) -> None:
    assert tus.place_of(location, "/api/v1/uploads") == place


def test_memory_stays_flat(tmp_path: Path, unfinished: Unfinished, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tus, "REQUEST_BYTES", 64 << 20)
    big = tmp_path / "big.mp4"
    with big.open("wb") as out:
        out.truncate(64 << 20)
    server = TusServer()

    def swallow(request: httpx2.Request, server: TusServer) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.SyncByteStream)
        for _block in request.stream:
            pass
        return httpx2.Response(204, headers={"Upload-Offset": str(64 << 20), "Playhead-Video": VIDEO})

    server.faults = [swallow]
    tracemalloc.start()
    try:
        tus.upload(server.api(), Source.of(big), title=None, unfinished=unfinished)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4 << 20
