"""`playhead generate` and `playhead generations`, against a real server and the local provider."""

from pathlib import Path

from tests.fixtures.server import Server
from tests.fixtures.tiers import thorough
from tests.integration.cli.test_commands import says, tells

SMALL = ["--param", "duration=1", "--param", "resolution=360p", "--param", "audio=false"]


def test_prompts_become_clips(shared_server: Server, tmp_path: Path) -> None:
    """Appended from a file, priced, waited for; another take is made and used."""
    shots = tmp_path / "shots.txt"
    shots.write_text("A lighthouse in fog\n\nWaves on rocks\n")
    project = says(shared_server, "projects", "create", "Coast").strip()

    made = shared_server.cli("generate", project, "--prompts", str(shots), *SMALL, "--wait")
    again = tells(shared_server, "generate", project, "--clip", "2", "--wait")
    used = tells(shared_server, "generations", "use", again[0]["id"])

    assert made.returncode == 0, made.stderr
    assert "Added 2 prompts" in made.stderr
    assert "2 takes: nothing (local titles at $0.00)" in made.stderr
    shown = tells(shared_server, "projects", "show", project)
    assert [clip["prompt"]["text"] for clip in shown["clips"]] == ["A lighthouse in fog", "Waves on rocks"]
    assert (shown["status"], shown["cost"]["actual"]) == ("ready", 0)
    assert used["clips"][1]["video_id"] == again[0]["video_id"] == shown["clips"][1]["video_id"]
    assert "Waves on rocks" in says(shared_server, "generations", "list", "--project", project, "--state", "succeeded")


@thorough
def test_what_cannot_be_made_says_what_to_do(shared_server: Server) -> None:
    """A provider without a key before anything is asked, a parameter without a prompt, a clip that is not there."""
    project = says(shared_server, "projects", "create", "Coast", "--json")
    project_id = project.partition('"id": "')[2].partition('"')[0]

    paid = shared_server.cli("generate", project_id, "--prompt", "Waves", "--provider", "fal")
    alone = shared_server.cli("generate", project_id, "--param", "duration=1")
    missing = shared_server.cli("generate", project_id, "--clip", "7")

    assert [done.returncode for done in (paid, alone, missing)] == [1, 1, 1]
    assert "playhead providers set fal" in paid.stderr
    assert "Add --prompt" in alone.stderr
    assert "There is no clip 7; the project has 1." in missing.stderr
