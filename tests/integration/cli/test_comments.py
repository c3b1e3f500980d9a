"""Comments by the command line, against a real server."""

from pathlib import Path

from tests.fixtures.clips import make_clip
from tests.fixtures.server import Server
from tests.fixtures.tiers import thorough
from tests.integration.cli.test_commands import says, tells


@thorough
def test_a_comment_is_written_listed_resolved_and_deleted(shared_server: Server, tmp_path: Path) -> None:
    clip = make_clip(tmp_path, seconds=2, size=(160, 90), fps=10, mark=9)
    video = says(shared_server, "upload", str(clip), "--wait").strip()
    made = says(shared_server, "comments", video, "--add", "Start a little later", "--at", "0:01.5").strip()

    assert "Start a little later" in says(shared_server, "comments", video)
    says(shared_server, "comments", video, "--resolve", made)
    [listed] = tells(shared_server, "comments", video)
    assert (listed["id"], listed["at_s"], listed["resolved_at"] is not None) == (made, 1.5, True)
    assert tells(shared_server, "comments", video, "--open") == []
    says(shared_server, "comments", video, "--delete", made)
    assert tells(shared_server, "comments", video) == []
    late = shared_server.cli("comments", video, "--add", "Too late", "--at", "1:00")
    assert late.returncode == 1
    assert "before 60.00 s" in late.stderr
