"""A delivery survives the death of the worker that sends it, and of the whole service."""

import os
import signal
from pathlib import Path
from typing import Any

from tests.fixtures.editor import Editor, wait_for
from tests.fixtures.processes import children_of, worker_of
from tests.fixtures.receiver import running_receiver
from tests.fixtures.server import Server, restarted, running_server
from tests.fixtures.tiers import thorough


def log_of(server: Server, webhook_id: str) -> list[dict[str, Any]]:
    """All deliveries with their attempts, oldest first."""
    path = f"/api/v1/webhooks/{webhook_id}/deliveries"
    return [server.get(f"{path}/{each['id']}") for each in reversed(server.get(path)["items"])]


def until_delivered(server: Server, webhook_id: str, number: int) -> list[dict[str, Any]]:
    def look() -> list[dict[str, Any]] | None:
        log = log_of(server, webhook_id)
        return log if [each["state"] for each in log] == ["delivered"] * number else None

    return wait_for(f"{number} deliveries", look)


def test_kill_9_while_it_is_sent(tmp_path: Path) -> None:
    """The receiver hears of the event again, by the same id; the log has the one attempt that ended."""
    note = tmp_path / "note.mp4"
    note.write_bytes(b"this is no video" * 100)
    with running_receiver() as receiver, running_server(tmp_path, allow_private_urls="true") as server:
        wanted = {"url": receiver.url, "event_types": ["video.errored", "job.failed"]}
        webhook = server.post("/api/v1/webhooks", wanted)["id"]
        receiver.gate.clear()
        with Editor(server) as editor:
            video = editor.prepared(editor.upload(note)["id"])
        wait_for("the first request", lambda: receiver.received or None)
        worker = worker_of(server.process.pid)
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        receiver.gate.set()
        first = until_delivered(server, webhook, 2)

        assert [each["event_type"] for each in first] == ["video.errored", "job.failed"]
        assert first[0]["body"]["data"]["id"] == video["id"]
        assert first[0]["body"]["data"]["error"]["code"] == video["error"]["code"]
        assert [len(each["log"]) for each in first] == [1, 1]
        assert receiver.ids()[:2] == [first[0]["event_id"]] * 2


@thorough
def test_kill_9_of_the_whole_service(tmp_path: Path) -> None:
    """The next start sends what was cut off, under the same id."""
    with running_receiver() as receiver, running_server(tmp_path, allow_private_urls="true") as server:
        webhook = server.post("/api/v1/webhooks", {"url": receiver.url})["id"]
        receiver.gate.clear()
        server.post(f"/api/v1/webhooks/{webhook}/test")
        wait_for("the test", lambda: receiver.received or None)
        for pid in (server.process.pid, *children_of(server.process.pid)):
            os.kill(pid, signal.SIGKILL)
        server.process.wait()
        receiver.gate.set()
        with restarted(server) as again:
            [sent] = until_delivered(again, webhook, 1)
        assert [each["number"] for each in sent["log"]] == [1]
        assert receiver.ids() == [sent["event_id"]] * 2
