"""A host that dies while it records: another one, with a disk of its own, goes on and finalises."""

import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.acceptance.app.test_many_hosts import running_worker
from tests.fixtures.databases import PostgresqlServer, postgresql
from tests.fixtures.editor import wait_for
from tests.fixtures.hls_origin import Origin, Track, film_segments, frames, hls_origin
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.s3 import S3Server, s3_server
from tests.fixtures.server import Server, running_server
from tests.fixtures.tiers import thorough

__all__ = ["postgresql", "s3_server"]

Worker = tuple[Path, "subprocess.Popen[bytes]"]
Hosts = tuple[Server, list[Worker], Callable[[], list[str]]]


@pytest.fixture
def hosts(
    tmp_path: Path, postgresql: PostgresqlServer, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Hosts]:
    """An API host and two workers; they share a database and a bucket."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    bucket, database = s3_server.new_bucket(), postgresql.create()
    settings = {"database": database, "store": s3_server.store_url(bucket), "worker_dead_after": "PT4S"}
    settings |= {"allow_private_urls": "true", "live_ship_interval": "PT1S"}

    def recorded() -> list[str]:
        found = s3_server.client().list_objects_v2(Bucket=bucket, Prefix="recordings/").get("Contents", [])
        return [each["Key"] for each in found]

    with ExitStack() as stack:
        stack.callback(postgresql.drop, database)
        folders = [tmp_path / name for name in ("worker-1", "worker-2")]
        workers = [(folder, stack.enter_context(running_worker(folder, settings))) for folder in folders]
        api = stack.enter_context(running_server(tmp_path / "api", arguments=["--no-worker"], **settings))
        yield api, workers, recorded


@thorough
def test_another_host_goes_on_where_the_dead_one_ended(hosts: Hosts, tmp_path: Path) -> None:
    """Of an HLS source within its window nothing is lost: every frame of the film is in the video, once."""
    api, workers, recorded = hosts
    film = film_segments(tmp_path, seconds=30)
    track = Track(film, step=1, window=12, limit=15)
    with hls_origin(track) as origin:
        recording_id = begin(api, origin)
        wait_for("it is shipped", lambda: any(key.endswith(".json") for key in recorded()) and len(track.fetched) >= 15)
        seen = watched(api, recording_id)
        (dead,) = [process for folder, process in workers if list(folder.glob(f"**/live/{recording_id}"))]
        dead.send_signal(signal.SIGKILL)
        dead.wait(PATIENCE_S)
        assert watched(api, recording_id)[: len(seen)] == seen
        track.limit = 1000
        wait_for("its end", lambda: state_of(api, recording_id)["state"] in ("ready", "errored"))

    found = state_of(api, recording_id)
    assert found["state"] == "ready", found
    with api.client() as client:
        video = client.get(f"/api/v1/videos/{found['video_id']}/stream", follow_redirects=True).raise_for_status()
    (tmp_path / "video.mp4").write_bytes(video.content)
    assert [digest for _, digest in frames(tmp_path / "video.mp4")] == [digest for _, digest in frames(film.source)]
    assert found["gaps"] == []


def watched(api: Server, recording_id: str) -> list[str]:
    """The segments that the API host shows, which has none of the files; the first one is read."""
    with api.client() as client:
        url = str(client.post(f"/api/v1/recordings/{recording_id}/playback").raise_for_status().json()["url"])
        wait_for("it can be watched", lambda: client.get(url).status_code == 200)
        segments = re.findall(r"^live-\S+(?=\?)", client.get(url).text, re.MULTILINE)
        first = client.get(urljoin(url, f"{segments[0]}?{urlsplit(url).query}")).raise_for_status()
    assert first.content[4:8] == b"moof"
    return segments


def begin(api: Server, origin: Origin) -> str:
    return str(api.post("/api/v1/recordings", {"url": origin.url, "title": "Show"})["id"])


def state_of(api: Server, recording_id: str) -> Any:
    return api.get(f"/api/v1/recordings/{recording_id}")
