"""Build the packages and prove that the wheel works for a person who has neither the sources nor Node: installed with
each Python of this machine, it serves the interface and makes a reel of two clips."""

import json
import os
import re
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
OLDEST = (3, 11)
NEWEST = (3, 14)
"""Of the Pythons that are tried where they are installed."""

READY_WITHIN_S = 120
STOPPED_WITHIN_S = 30
JOB_WITHIN_S = 120


class Failed(Exception):
    """The wheel does not do what it should."""


def main() -> int:
    """Build once; with each Python install, serve, upload, stitch, stop."""
    uv = str(ROOT / ".tools/uv") if (ROOT / ".tools/uv").exists() else str(shutil.which("uv"))
    with tempfile.TemporaryDirectory(prefix="playhead-wheel-") as name:
        folder = Path(name)
        try:
            wheel, clips = build(uv, folder), make_clips(folder)
            for version, python in pythons(uv).items():
                began = time.monotonic()
                place = folder / version
                place.mkdir()
                serve(install(uv, place, wheel, python), place, clips)
                print(f"{wheel.name} makes a reel with Python {version} ({time.monotonic() - began:.0f} s)", flush=True)
        except Failed as failed:
            print(f"The wheel check failed: {failed}", file=sys.stderr)
            return 1
    return 0


def build(uv: str, folder: Path) -> Path:
    """Build the sdist from here, and the wheel from that sdist."""
    run([uv, "build", "--quiet", "--out-dir", str(folder / "dist"), str(ROOT)])
    wheels = list((folder / "dist").glob("*.whl"))
    if len(wheels) != 1 or not list((folder / "dist").glob("*.tar.gz")):
        raise Failed("the build gave no wheel and sdist")
    return wheels[0]


def make_clips(folder: Path) -> list[Path]:
    """Two short clips that do not fit together: one of them has to be encoded."""
    from playhead.media.ffmpeg import find_ffmpeg

    clips = []
    for name, size in (("one", "320x180"), ("two", "176x144")):
        clip = folder / f"{name}.mp4"
        video = ["-f", "lavfi", "-i", f"testsrc2=s={size}:r=25:d=2", "-pix_fmt", "yuv420p"]
        run([str(find_ffmpeg().binary), "-v", "error", *video, str(clip)])
        clips.append(clip)
    return clips


def pythons(uv: str) -> dict[str, Path]:
    """This Python first, then one of each other minor version on PATH, in pyenv's folder and in uv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [Path(sys.executable), *sorted(pyenv.glob("versions/3.*/bin/python3"), reverse=True)]
    on_path = [shutil.which(f"python3.{minor}") for minor in range(OLDEST[1], NEWEST[1] + 1)]
    candidates += [Path(name) for name in on_path if name]
    managed = subprocess.run([uv, "python", "dir"], capture_output=True, text=True, check=False).stdout.strip()
    candidates += sorted(Path(managed).glob("cpython-3.*/bin/python3"), reverse=True) if managed else []
    found: dict[str, Path] = {}
    for python in candidates:
        version = version_of(python)
        if version is not None and OLDEST <= version <= NEWEST:
            found.setdefault(f"{version[0]}.{version[1]}", python)
    return found


def version_of(python: Path) -> tuple[int, int] | None:
    """Its minor version; None for a shim of pyenv without a Python behind it."""
    ask = "import sys, sqlite3, venv; print(*sys.version_info[:2])"
    done = subprocess.run([str(python), "-c", ask], capture_output=True, text=True, check=False)
    words = re.findall(r"\d+", done.stdout) if done.returncode == 0 else []
    return (int(words[0]), int(words[1])) if len(words) == 2 else None


def install(uv: str, folder: Path, wheel: Path, python: Path) -> Path:
    """Install into a new environment, with pip for this Python and with uv for others; Node is out of reach."""
    venv = folder / "venv"
    if python == Path(sys.executable):
        run([uv, "venv", "--quiet", "--seed", "--python", str(python), str(venv)])
        installer = [str(venv / "bin/python"), "-m", "pip", "install"]
    else:
        run([uv, "venv", "--quiet", "--python", str(python), str(venv)])
        installer = [uv, "pip", "install", "--python", str(venv / "bin/python")]
    run([*installer, "--quiet", "--only-binary", ":all:", str(wheel)], env=without_node(venv))
    return venv / "bin/playhead"


def serve(program: Path, folder: Path, clips: list[Path]) -> None:
    """Start it on a free port with a new data folder, look at the page, make a reel, stop it by Ctrl-C."""
    url = f"http://127.0.0.1:{free_port()}"
    env = {**without_node(program.parents[1]), "PLAYHEAD_DATA": str(folder / "data"), "PLAYHEAD_URL": url}
    run([str(program), "users", "add", "a@example.org", "--admin", "--password-stdin"], env, b"correct horse battery")
    key = run([str(program), "keys", "create", "--name", "check", "--json"], env)
    env["PLAYHEAD_API_KEY"] = json.loads(key)["key"]
    log = folder / "serve.log"
    with log.open("wb") as out:
        command = [str(program), "serve", "--port", url.rpartition(":")[2]]
        server = subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=out)
    try:
        wait_until_ready(server, f"{url}/readyz")
        page = fetch(f"{url}/")
        if b'id="root"' not in page:
            raise Failed(f"GET / gives no interface but {page[:200]!r}")
        make_reel(program, env, clips)
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


def make_reel(program: Path, env: dict[str, str], clips: list[Path]) -> None:
    """Upload the clips and stitch them, by the command line."""
    videos = run([str(program), "-q", "upload", "--wait", *map(str, clips)], env).split()
    wanted = [word for video in videos for word in ("--clip", video)]
    project = run([str(program), "-q", "projects", "create", "Reel", *wanted], env).strip()
    reel = run([str(program), "-q", "stitch", "--wait", project], env).strip()
    shown = json.loads(run([str(program), "videos", "show", reel, "--json"], env))
    if shown["state"] != "ready" or not 3.9 < shown["duration_s"] < 4.1:
        raise Failed(f"the reel is {shown['state']} and {shown['duration_s']} s long")


def wait_until_ready(server: "subprocess.Popen[bytes]", url: str) -> None:
    """Ask until it says 200."""
    last: object = None
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Failed(f"playhead serve ended with {server.returncode}")
        try:
            fetch(url)
        except urllib.error.HTTPError as error:
            last = error.read()
        except (urllib.error.URLError, OSError) as error:
            last = error
        else:
            return
        time.sleep(0.2)
    raise Failed(f"{url} was not ready within {READY_WITHIN_S} s: {last!r}")


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


def run(command: list[str], env: dict[str, str] | None = None, given: bytes = b"") -> str:
    """Run a program that has to succeed; what it printed."""
    try:
        done = subprocess.run(command, env=env, input=given, capture_output=True, check=False, timeout=JOB_WITHIN_S)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(command[:4])} did not end within {JOB_WITHIN_S} s\n{error.stderr!r}") from error
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise Failed(f"{' '.join(command[:4])} ended with {done.returncode}\n{said[-4000:]}")
    return done.stdout.decode()


if __name__ == "__main__":
    sys.exit(main())
