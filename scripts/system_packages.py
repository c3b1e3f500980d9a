"""Make sure that the tests have what no package of Python holds: a Chromium, and some programs that people download by.

What is missing is installed with apt as root; else it is said how. Only Chromium is needed: a test that uses another
program is skipped without it, and says so.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji")
PROGRAMS = {
    "strace": "strace",
    "curl": "curl",
    "wget": "wget",
    "aria2c": "aria2",
    "mpv": "mpv",
    "nginx": "nginx-light",
    "caddy": "caddy",
    "slowhttptest": "slowhttptest",
}
"""Of some tests, and the packages that hold them."""
FILES = {"/usr/lib/nginx/modules/ngx_rtmp_module.so": "libnginx-mod-rtmp"}
"""The same for what is not a program: the live sources of tests are published to this one."""


def find_chromium() -> str | None:
    """The browser that the tests will use."""
    on_path = (found for found in map(shutil.which, NAMES) if found)
    return next(on_path, None) or next((path for path in MAC if Path(path).exists()), None)


def main() -> int:
    """Exit 0 when there is a browser afterwards, else 1 with the command that would help."""
    missing = [package for program, package in PROGRAMS.items() if _which(program) is None]
    missing += [package for path, package in FILES.items() if not Path(path).exists()]
    if sys.platform == "linux" and missing:
        _try(missing)
    if find_chromium():
        return 0
    apt = shutil.which("apt-get")
    by_hand = f"apt-get install -y {' '.join(PACKAGES)}" if apt else "install Google Chrome or Chromium"
    if apt is None or os.geteuid() != 0:
        print(f"The browser tests need Chromium. Run: {'sudo ' if apt else ''}{by_hand}", file=sys.stderr)
        return 1
    print(f"Installing {', '.join(PACKAGES)} for the browser tests")
    install = [apt, "install", "-y", "--no-install-recommends", *PACKAGES]
    if not _run(install) and not (_run([apt, "update"]) and _run(install)):
        print(f"apt-get could not install Chromium. Look at its words above, then run: {by_hand}", file=sys.stderr)
        return 1
    return 0 if find_chromium() else 1


def _try(packages: Sequence[str]) -> None:
    apt = shutil.which("apt-get")
    install = [apt or "", "install", "-y", "--no-install-recommends", *packages]
    if apt is None or os.geteuid() != 0 or not (_run(install) or (_run([apt, "update"]) and _run(install))):
        print(f"Some tests are skipped without: {', '.join(packages)}.", file=sys.stderr)


def _which(program: str) -> str | None:
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")


def _run(command: Sequence[str]) -> bool:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
