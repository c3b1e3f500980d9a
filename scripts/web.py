"""The web interface's tools: `check` (types, style), `fmt`, `test` (unit tests), `gen` (API client), `stale`, `dev`.

Uses the system's Node when it is new enough, else the one in the wheel that the package build uses.
"""

import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import build_web  # type: ignore[import-not-found,unused-ignore]  # beside this script

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web"
_SECOND_TRY = "_PLAYHEAD_NODE_FROM_WHEEL"


class Node:
    """Runs programs of the locked npm packages, which are installed when the lock is newer."""

    def __init__(self) -> None:
        self.node, self.npm = build_web.node_and_npm()
        self.env = {**os.environ, "PATH": os.pathsep.join([str(self.node.parent), os.environ.get("PATH", "")])}
        installed = WEB / "node_modules" / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < (WEB / "package-lock.json").stat().st_mtime:
            self.run([*self.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])

    def run(self, command: list[str]) -> None:
        subprocess.run(command, cwd=WEB, env=self.env, check=True)

    def package(self, script: str, *arguments: str) -> None:
        self.run([str(self.node), str(WEB / "node_modules" / script), *arguments])


def check(node: Node) -> int:
    """Check types, format and lint rules."""
    node.package("typescript/bin/tsc", "--noEmit")
    node.package("@biomejs/biome/bin/biome", "ci", "--error-on-warnings")
    return 0


def fmt(node: Node) -> int:
    """Format the code and fix what the linter can fix."""
    node.package("@biomejs/biome/bin/biome", "check", "--write", "--error-on-warnings")
    return 0


def test(node: Node) -> int:
    """Run the unit tests."""
    node.package("vitest/vitest.mjs", "run")
    return 0


def dev(node: Node) -> int:
    """Serve the interface from its sources, with changes shown at once; PLAYHEAD_URL names the backend."""
    node.package("vite/bin/vite.js")
    return 0


def gen(node: Node) -> int:
    """Write the API description and the client that is made from it."""
    (WEB / "openapi.json").write_bytes(_openapi())
    _client(node, WEB / "openapi.json", WEB / "src/gen")
    return 0


def stale(node: Node) -> int:
    """Fail when the kept description or client is not what the code would give."""
    if (WEB / "openapi.json").read_bytes() != _openapi():
        print("web/openapi.json is stale: run `make gen` and commit what changes.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(dir=WEB / "node_modules") as folder:
        fresh = Path(folder, "gen")
        _client(node, WEB / "openapi.json", fresh)
        if not _same(filecmp.dircmp(fresh, WEB / "src/gen")):
            print("web/src/gen is stale: run `make gen` and commit what changes.", file=sys.stderr)
            return 1
    return 0


def _openapi() -> bytes:
    command = [sys.executable, "-m", "playhead.app.openapi"]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout


def _client(node: Node, description: Path, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    node.package("@hey-api/openapi-ts/bin/run.js", "--input", str(description), "--output", str(out), "--silent")


def _same(compared: "filecmp.dircmp[str]") -> bool:
    compared_badly = compared.left_only or compared.right_only or compared.diff_files or compared.funny_files
    return not compared_badly and all(map(_same, compared.subdirs.values()))


def _with_node_wheel() -> int:
    uv = str(ROOT / ".tools/uv") if (ROOT / ".tools/uv").exists() else "uv"
    command = [uv, "run", "--locked", "--with", build_web.NODE_WHEEL, "python", *sys.argv]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, _SECOND_TRY: "1"}, check=False).returncode


COMMANDS: dict[str, Callable[[Node], int]] = {
    command.__name__: command for command in (check, dev, fmt, gen, stale, test)
}


def main() -> int:
    """Run one of the commands."""
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: python scripts/web.py {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[sys.argv[1]](Node())
    except build_web.WebBuildError as error:
        if _SECOND_TRY not in os.environ:
            return _with_node_wheel()
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode or 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
