"""The API process starts light: what is heavy is imported where it is used."""

import subprocess
import sys

HEAVY = ("av", "PIL", "numpy", "obstore", "dbos", "imageio_ffmpeg", "argon2", "alembic", "httpx2", "typer")


def test_the_api_imports_nothing_heavy() -> None:
    """No media library, no cloud library, no job engine runtime in the process that answers requests."""
    code = f"import sys, playhead.app.serve; print(sorted(set({HEAVY!r}) & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
