"""What the API process costs before its first request, beside a FastAPI app that does nothing."""

import subprocess
import sys
import time

from benchmarks.figures import paired, show

OURS = "import playhead.app.server"
PEER = "import fastapi, uvicorn, sqlalchemy.ext.asyncio"
RSS = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def main() -> None:
    """Print the import's time and memory."""

    def seconds(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - began

    def mib(code: str) -> float:
        done = subprocess.run([sys.executable, "-c", code + RSS], check=True, capture_output=True, text=True)
        return int(done.stdout) / 1024

    name = "FastAPI, uvicorn, SQLAlchemy alone"
    show("import of the API process", *paired(lambda: seconds(OURS), lambda: seconds(PEER)), name)
    show("memory after it", *paired(lambda: mib(OURS), lambda: mib(PEER)), name, "MiB")
