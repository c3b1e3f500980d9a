"""Build the packages and prove that the wheel works for a person who has neither the sources nor Node."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN_S = 60
STOPPED_WITHIN_S = 30


class Failed(Exception):
    """The wheel does not do what it should."""


def main() -> int:
    """Build, install, serve, look, stop."""
    uv = str(ROOT / ".tools/uv") if (ROOT / ".tools/uv").exists() else str(shutil.which("uv"))
    with tempfile.TemporaryDirectory(prefix="playhead-wheel-") as name:
        folder = Path(name)
        try:
            wheel = build(uv, folder)
            program = install(uv, folder, wheel)
            serve(program, folder)
        except Failed as failed:
            print(f"The wheel check failed: {failed}", file=sys.stderr)
            return 1
    print(f"{wheel.name} installs without Node and serves")
    return 0


def build(uv: str, folder: Path) -> Path:
    """Build the sdist from here, and the wheel from that sdist."""
    run([uv, "build", "--quiet", "--out-dir", str(folder / "dist"), str(ROOT)])
    wheels = list((folder / "dist").glob("*.whl"))
    if len(wheels) != 1 or not list((folder / "dist").glob("*.tar.gz")):
        raise Failed("the build gave no wheel and sdist")
    return wheels[0]


def install(uv: str, folder: Path, wheel: Path) -> Path:
    """Install with pip into a new environment; Node is out of reach."""
    venv = folder / "venv"
    run([uv, "venv", "--quiet", "--seed", "--python", sys.executable, str(venv)])
    pip = [str(venv / "bin/python"), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", str(wheel)]
    run(pip, env=without_node(venv))
    return venv / "bin/playhead"


def serve(program: Path, folder: Path) -> None:
    """Start it on a free port with a new data folder, look at the page, stop it by Ctrl-C."""
    port = free_port()
    env = {**without_node(program.parents[1]), "PLAYHEAD_DATA": str(folder / "data")}
    log = folder / "serve.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [str(program), "serve", "--port", str(port)], env=env, cwd=folder, stdout=out, stderr=out
        )
    try:
        wait_until_ready(server, f"http://127.0.0.1:{port}/readyz")
        page = fetch(f"http://127.0.0.1:{port}/")
        if b'id="root"' not in page:
            raise Failed(f"GET / gives no interface but {page[:200]!r}")
        server.send_signal(signal.SIGINT)
        code = server.wait(STOPPED_WITHIN_S)
        if code != 0:
            raise Failed(f"Ctrl-C ends it with {code}, not 0")
    except (Failed, subprocess.TimeoutExpired, OSError) as error:
        raise Failed(f"{error}\n{log.read_text(errors='replace')[-4000:]}") from error
    finally:
        if server.poll() is None:
            server.kill()
            server.wait()


def wait_until_ready(server: "subprocess.Popen[bytes]", url: str) -> None:
    """Ask until it says 200."""
    last: object = None
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Failed(f"playhead serve ended with {server.returncode}")
        try:
            fetch(url)
        except (urllib.error.URLError, OSError) as error:
            last = error
            time.sleep(0.2)
        else:
            return
    raise Failed(f"{url} was not ready within {READY_WITHIN_S} s: {last}")


def fetch(url: str) -> bytes:
    """GET a page of our own server, past any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers={"Accept": "text/html"}), timeout=10) as answer:
        return bytes(answer.read())


def without_node(venv: Path) -> dict[str, str]:
    """An environment whose PATH holds the new environment alone, and no setting of ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLAYHEAD_", "VIRTUAL_ENV"))}
    return {**kept, "PATH": str(venv / "bin")}


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Run a program that has to succeed."""
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(command[:4])} ended with {done.returncode}\n{done.stdout[-4000:]}")


if __name__ == "__main__":
    sys.exit(main())
