import hashlib
import importlib.util
import io
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap_script", ROOT / "scripts/bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


bootstrap = _load()

X86 = "uv-0.13.8-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
ARM = "uv-0.13.8-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl"
ARM_NEWER = "uv-0.13.8-py3-none-manylinux_2_28_aarch64.whl"
MUSL = "uv-0.13.8-py3-none-musllinux_1_1_x86_64.whl"
MAC = "uv-0.13.8-py3-none-macosx_11_0_arm64.whl"
MAC_INTEL = "uv-0.13.8-py3-none-macosx_10_12_x86_64.whl"
WHEELS = [{"url": f"https://example.org/a/b/{name}"} for name in (MAC_INTEL, MAC, X86, ARM, ARM_NEWER, MUSL)]


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("0.13.8", ">=0.13", True),
        ("0.13.0", ">=0.13", True),
        ("0.9.30", ">=0.13", False),
        ("1.0.0", ">=0.13,<0.14", False),
        ("0.13.8", ">=0.13, <0.14", True),
        ("0.13.8", "==0.13.8", True),
        ("0.13.9", "0.13.8", False),
        ("0.13.8", "~=0.13", False),
        (None, ">=0", False),
    ],
)
def test_a_version_is_held_against_what_the_project_asks_for(version: str | None, wanted: str, fits: bool) -> None:
    assert bootstrap.satisfies(version, wanted) is fits


@pytest.mark.parametrize(
    ("system", "machine", "libc", "wheel"),
    [
        ("linux", "x86_64", ("glibc", "2.36"), X86),
        ("linux", "amd64", ("glibc", "2.17"), X86),
        ("linux", "x86_64", ("glibc", "2.12"), MUSL),
        ("linux", "x86_64", ("", ""), MUSL),
        ("linux", "aarch64", ("glibc", "2.36"), ARM_NEWER),
        ("linux", "aarch64", ("glibc", "2.20"), ARM),
        ("linux", "arm64", ("", ""), ARM),
        ("linux", "riscv64", ("glibc", "2.36"), None),
        ("darwin", "arm64", "14.5", MAC),
        ("darwin", "x86_64", "15.0", MAC_INTEL),
        ("darwin", "x86_64", "10.15.7", MAC_INTEL),
        ("win32", "AMD64", ("", ""), None),
    ],
)
def test_the_wheel_for_the_machine_is_picked(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, libc: tuple[str, str] | str, wheel: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: machine)
    monkeypatch.setattr(bootstrap.platform, "libc_ver", lambda: libc)
    monkeypatch.setattr(bootstrap.platform, "mac_ver", lambda: (libc, ("", "", ""), machine))

    picked = bootstrap.pick_wheel(WHEELS, bootstrap.machine_tags())

    assert (picked["url"].rpartition("/")[2] if picked else None) == wheel


def test_the_lock_names_uv_with_a_hash_for_every_wheel() -> None:
    version, wheels = bootstrap.locked_wheels((ROOT / "uv.lock").read_text())

    assert bootstrap.satisfies(version, bootstrap.required_version((ROOT / "pyproject.toml").read_text()))
    assert {wheel["hash"].partition(":")[0] for wheel in wheels} == {"sha256"}


def test_bytes_that_are_not_the_locked_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "machine_tags", lambda: ["manylinux_2_17_x86_64"])
    monkeypatch.setattr(bootstrap, "download", lambda _url: b"something else")
    wheel = {"url": f"https://example.org/{X86}", "hash": "sha256:" + "0" * 64}

    with pytest.raises(bootstrap.Missing, match=r"is not what uv\.lock names"):
        bootstrap.install_wheel(tmp_path / "uv", [wheel])

    assert list(tmp_path.iterdir()) == []


def test_the_binary_of_the_locked_wheel_is_put_in_place_ready_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("uv-0.13.8.data/scripts/uv", "#!/bin/sh\necho uv 0.13.8\n")
        archive.writestr("uv-0.13.8.data/scripts/uvx", "another")
    monkeypatch.setattr(bootstrap, "machine_tags", lambda: ["manylinux_2_17_x86_64"])
    monkeypatch.setattr(bootstrap, "download", lambda _url: packed.getvalue())
    digest = hashlib.sha256(packed.getvalue()).hexdigest()

    bootstrap.install_wheel(tmp_path / "uv", [{"url": f"https://example.org/{X86}", "hash": f"sha256:{digest}"}])

    assert bootstrap.version_of(tmp_path / "uv") == "0.13.8"
    assert [path.name for path in tmp_path.iterdir()] == ["uv"]


def test_the_script_names_no_registry() -> None:
    """Where packages come from is said in one place, the lock."""
    text = (ROOT / "scripts/bootstrap.py").read_text()

    assert "pypi" not in text.lower()
    assert "pythonhosted" not in text.lower()
