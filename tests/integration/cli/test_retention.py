"""Trash and retention on the command line, against a real server with its worker."""

from pathlib import Path
from typing import Any

from tests.fixtures.server import Server
from tests.fixtures.stored_videos import put_bytes
from tests.integration.cli.test_commands import says, tells


def of(videos: list[dict[str, Any]], video: str) -> list[dict[str, Any]]:
    return [one for one in videos if video in (one["id"], one.get("video_id"))]


def test_a_video_is_kept_trashed_and_restored(shared_server: Server) -> None:
    video = put_bytes(shared_server, b"x" * 1000, title="Beach")

    says(shared_server, "videos", "keep", video)
    assert tells(shared_server, "videos", "show", video)["keep"] is True
    says(shared_server, "videos", "unkeep", video)
    says(shared_server, "videos", "delete", "--trash", "--yes", video)
    [trashed] = of(tells(shared_server, "trash", "list"), video)
    assert (trashed["reason"], trashed["size_bytes"]) == ("requested", 1000)
    says(shared_server, "trash", "restore", video)
    assert tells(shared_server, "videos", "show", video)["keep"] is False
    says(shared_server, "videos", "delete", "--trash", "--yes", video)
    says(shared_server, "trash", "empty", video, "--yes")

    done = shared_server.cli("trash", "restore", video)
    assert (done.returncode, f"There is no video {video}" in done.stderr) == (1, True)


def test_a_policy_is_set_planned_and_run(shared_server: Server, tmp_path: Path) -> None:
    """By the worker, as a job; what it did is in the history."""
    old = put_bytes(shared_server, b"x" * 1000, title="Old generation", origin="generation")
    [made] = [
        one
        for one in tells(shared_server, "retention", "policies", "--origin", "generation", "--max-age", "90d")
        if one["origin"] == "generation"
    ]
    assert made["max_age_s"] == 90 * 86_400

    planned = tells(shared_server, "retention", "plan")
    force = ["--force"] if planned["needs_force"] else []
    says(shared_server, "retention", "run", "--wait", *force)

    assert [one["rule"] for one in of(planned["remove"], old)] == ["age"]
    assert [one["action"] for one in of(tells(shared_server, "retention", "history"), old)] == ["trashed"]
    assert tells(shared_server, "retention", "history", "--runs")[0]["state"] == "done"
    says(shared_server, "retention", "policies", "--delete", made["id"])
    bad = shared_server.cli("retention", "policies", "--max-size", "many")
    assert (bad.returncode, "write 500GB, 2TB or 64GiB" in bad.stderr) == (2, True)
