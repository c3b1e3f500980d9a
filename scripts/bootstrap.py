"""Put a `uv` binary at `.tools/uv`, with nothing but Python's standard library.

A `uv` on PATH is used when it is new enough. Else the wheel that `uv.lock` names for this machine is
downloaded and its hash checked; else pip is asked. Needs neither pip nor venv, which Debian leaves out.
"""

from __future__ import annotations  # an old Python must get as far as the sentence in main()

import hashlib
import io
import os
import platform
import re
import shutil
import ssl
import stat
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
OLDEST_PYTHON = (3, 11)
TIMEOUT_S = 60


class Missing(Exception):
    """Something this machine lacks; the message says what and what to do."""


def main() -> int:
    """Make sure that `.tools/uv` works; say one line when something had to be done."""
    if sys.version_info < OLDEST_PYTHON:
        print(f"Playhead needs Python 3.11 or newer; {sys.executable} is {platform.python_version()}.", file=sys.stderr)
        print("Name another with: make PYTHON=python3.12 ...", file=sys.stderr)
        return 1
    try:
        ensure_uv(TOOLS / "uv")
    except Missing as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


def ensure_uv(target: Path) -> None:
    """Leave what works; else link, download or install."""
    wanted = required_version((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if satisfies(version_of(target), wanted):
        return
    target.parent.mkdir(exist_ok=True)
    found = shutil.which("uv")
    if found and satisfies(version_of(Path(found)), wanted):
        replace_link(target, Path(found).resolve())
        print(f"uv: {found}")
        return
    version, wheels = locked_wheels((ROOT / "uv.lock").read_text(encoding="utf-8"))
    try:
        install_wheel(target, wheels)
    except Missing as first:
        print(f"{first}\nTrying pip.", file=sys.stderr)
        install_with_pip(target, version, first)
    if not satisfies(version_of(target), wanted):
        raise Missing(f"uv {version} was installed at {target}, but does not run on this machine.")
    print(f"uv: {version} in {target.parent.name}/")


def required_version(pyproject: str) -> str:
    """What `[tool.uv] required-version` asks for."""
    import tomllib

    return str(tomllib.loads(pyproject)["tool"]["uv"].get("required-version", ">=0"))


def satisfies(version: str | None, wanted: str) -> bool:
    """Tell whether a version fits a list such as `>=0.13,<0.14`."""
    if version is None:
        return False
    return all(_fits(_numbers(version), clause.strip()) for clause in wanted.split(","))


def _fits(version: tuple[int, ...], clause: str) -> bool:
    match = re.fullmatch(r"(>=|<=|==|>|<)?\s*([\d.]+)", clause)
    if match is None:
        return False
    bound, sign = _numbers(match[2]), match[1] or "=="
    return {
        ">=": version >= bound,
        "<=": version <= bound,
        ">": version > bound,
        "<": version < bound,
        "==": version == bound,
    }[sign]


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return tuple(parts + [0] * (3 - len(parts)))


def version_of(binary: Path) -> str | None:
    """What a `uv` says of itself; None when it does not run."""
    try:
        said = subprocess.run([str(binary), "--version"], capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\d+\.\d+\.\d+", said.stdout)
    return match[0] if match else None


def locked_wheels(lock: str) -> tuple[str, list[dict[str, str]]]:
    """The locked version of uv and its wheels, each with `url` and `hash`."""
    import tomllib

    for package in tomllib.loads(lock)["package"]:
        if package["name"] == "uv":
            return package["version"], package.get("wheels", [])
    raise Missing("uv.lock does not name uv itself. Install uv by hand and run this again.")


def pick_wheel(wheels: list[dict[str, str]], tags: list[str]) -> dict[str, str] | None:
    """The first wheel that fits, by the order of the machine's tags."""
    for tag in tags:
        for wheel in wheels:
            name = wheel["url"].rpartition("/")[2].removesuffix(".whl")
            if tag in name.split("-")[-1].split("."):
                return wheel
    return None


def machine_tags() -> list[str]:
    """Platform tags of this machine, best first (PEP 600, PEP 656; macOS by release)."""
    arch = platform.machine().lower()
    if sys.platform == "darwin":
        return mac_tags(platform.mac_ver()[0], arch)
    if sys.platform != "linux":
        return []
    arch = {"amd64": "x86_64", "arm64": "aarch64"}.get(arch, arch)
    name, version = platform.libc_ver()
    musl = [f"musllinux_1_{minor}_{arch}" for minor in range(5, -1, -1)]
    if name != "glibc":
        return musl
    return [f"manylinux_2_{minor}_{arch}" for minor in range(_numbers(version)[1], 4, -1)] + musl


def mac_tags(release: str, arch: str) -> list[str]:
    """Tags such as `macosx_11_0_arm64` for this release and all before it."""
    major, minor = _numbers(release)[:2]
    newer = [f"macosx_{number}_0_{arch}" for number in range(major, 10, -1)]
    return newer + [f"macosx_10_{number}_{arch}" for number in range(15 if major > 10 else minor, 5, -1)]


def install_wheel(target: Path, wheels: list[dict[str, str]]) -> None:
    """Download the wheel for this machine, check its hash, take the binary out."""
    wheel = pick_wheel(wheels, machine_tags())
    if wheel is None:
        raise Missing(f"uv has no wheel for {sys.platform} on {platform.machine()}.")
    packed = download(wheel["url"])
    algorithm, _, digest = wheel["hash"].partition(":")
    found = hashlib.new(algorithm, packed).hexdigest()
    if found != digest:
        raise Missing(f"{wheel['url']} is not what uv.lock names: {algorithm} {found}, wanted {digest}.")
    place(target, binary_in(packed))


def download(url: str) -> bytes:
    """Fetch over https, through the proxy and with the certificates that the environment names."""
    host = urllib.parse.urlsplit(url).hostname
    context = ssl.create_default_context(cafile=certificates())
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S, context=context) as answer:
            return bytes(answer.read())
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise Missing(
                f"The certificate of {host} is not trusted here ({error.reason.verify_message}). "
                "Install ca-certificates, or name your authority's file in SSL_CERT_FILE."
            ) from error
        raise Missing(f"{host} cannot be reached: {error.reason}. Behind a proxy, set HTTPS_PROXY.") from error
    except OSError as error:
        raise Missing(f"The download from {host} broke off: {error}.") from error


def certificates() -> str | None:
    """A file of certificates that the environment names for others; OpenSSL itself reads SSL_CERT_FILE."""
    for name in ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and Path(path).is_file():
            return path
    return None


def binary_in(packed: bytes) -> bytes:
    """The `uv` binary of a wheel."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        for name in archive.namelist():
            if re.search(r"\.data/scripts/uv$", name):
                return archive.read(name)
    raise Missing("The wheel of uv holds no binary where it should.")


def place(target: Path, binary: bytes) -> None:
    """Write a program aside and rename it into place."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix="uv-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(binary)
    aside = Path(name)
    aside.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    aside.replace(target)


def replace_link(target: Path, binary: Path) -> None:
    """Point the target at a program that is there already."""
    aside = target.with_name(f"uv-{os.getpid()}")
    aside.symlink_to(binary)
    aside.replace(target)


def install_with_pip(target: Path, version: str, first: Missing) -> None:
    """Let pip install uv into a folder of its own: it may know a mirror that the lock does not."""
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", folder, f"uv=={version}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        binary = Path(folder, "bin", "uv")
        if done.returncode != 0 or not binary.is_file():
            said = (done.stderr.strip().splitlines() or ["pip did not install it"])[-1]
            raise Missing(
                f"uv could not be installed.\n  by download: {first}\n  by pip: {said}\n"
                "Install uv by hand (https://docs.astral.sh/uv/), put it on PATH, and run this again."
            )
        place(target, binary.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
