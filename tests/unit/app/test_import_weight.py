"""The API process starts light: what is heavy is imported where it is used."""

import subprocess
import sys
from pathlib import Path

HEAVY = (
    *(
        "av",
        "PIL",
        "numpy",
        "obstore",
        "dbos",
        "cryptography",
        "imageio_ffmpeg",
        "argon2",
        "alembic",
        "httpx2",
        "typer",
    ),
    *("websockets", "streamlink", "apprise", "xml.etree", "playhead.media.recording.assembly"),
)

PROGRAM = f"""
import sys
import playhead.app.server
import playhead.jobs.client, playhead.jobs.heartbeat, playhead.jobs.kinds, playhead.jobs.watch
import playhead.media.ffmpeg, playhead.media.probe, playhead.media.samples
import playhead.media.stills.poster
from playhead.media.render import make, planner, renditions
from playhead.app.api import create_app
from playhead.app.domains import open_services
from playhead.settings import Settings
from playhead.storage.open import open_staging, open_store
open_staging(open_store(sys.argv[1]))
create_app(open_services(Settings(data=sys.argv[2])))
print(sorted(set({HEAVY!r}) & set(sys.modules)))
"""


def test_the_api_imports_nothing_heavy(tmp_path: Path) -> None:
    """No media library, no cloud library, no job engine in the process that answers requests over a local store.

    In one process, as most of the cost is its start.
    """
    command = [sys.executable, "-c", PROGRAM, f"file://{tmp_path}/store", str(tmp_path / "data")]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_worker_imports_nothing_of_the_server() -> None:
    """Neither delivery, but for its holds, nor routes: what it registers are jobs and sweeps."""
    code = (
        "import sys, tempfile, pathlib; from playhead.app.domains import open_services; "
        "from playhead.settings import Settings; import playhead.app.worker; "
        "open_services(Settings(data=pathlib.Path(tempfile.mkdtemp())), server=False); "
        "server = ('playhead.delivery.', 'prometheus_client', 'fastapi', 'starlette'); "
        "holds = ('playhead.delivery.holds', 'playhead.delivery.shares', 'playhead.delivery.shares.tables'); "
        "loaded = set(sys.modules) - set(holds); "
        "print([name for name in loaded if 'endpoints' in name or name.startswith(server)])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
