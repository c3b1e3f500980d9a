"""`playhead demo --once`: the whole way, in one command."""

from pathlib import Path

from tests.fixtures.server import environment_of, run_cli
from tests.fixtures.tiers import thorough


@thorough
def test_the_demo_makes_a_reel_that_is_whole_and_stops_cleanly(tmp_path: Path) -> None:
    """It touches neither the settings nor the data of whoever runs it, and leaves no folder behind."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    environment = environment_of(tmp_path) | {"TMPDIR": str(temporary), "PLAYHEAD_PORT": "not a port"}

    done = run_cli(["demo", "--once", "--port", "0"], environment, timeout_s=400)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("http://127.0.0.1:")
    assert done.stderr.splitlines()[-1].startswith("OK: ")
    assert not (tmp_path / "data").exists()
    assert not any(path.name.startswith("playhead-demo-") for path in temporary.iterdir())
