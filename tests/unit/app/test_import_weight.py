"""The API process starts light: what is heavy is imported where it is used."""

import subprocess
import sys

HEAVY = ("av", "PIL", "numpy", "obstore", "dbos", "imageio_ffmpeg", "argon2", "alembic", "httpx2", "typer")


def test_the_api_imports_nothing_heavy() -> None:
    """No media library, no cloud library, no job engine runtime in the process that answers requests."""
    code = f"import sys, playhead.app.serve; print(sorted(set({HEAVY!r}) & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_worker_imports_nothing_of_the_server() -> None:
    """Neither delivery nor routes: what it registers are jobs and sweeps."""
    code = (
        "import sys, tempfile, pathlib; from playhead.app.domains import open_services; "
        "from playhead.settings import Settings; import playhead.app.worker; "
        "open_services(Settings(data=pathlib.Path(tempfile.mkdtemp())), server=False); "
        "server = ('playhead.delivery', 'prometheus_client'); "
        "print([name for name in sys.modules if 'endpoints' in name or name.startswith(server)])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
