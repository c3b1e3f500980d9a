"""The secrets file: made once, for its owner alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from playhead.access.errors import SecretsUnreadable
from playhead.access.secrets_file import load_secrets, rotate_signing_key
from playhead.access.signed import Signer


def test_the_first_start_makes_it_and_the_next_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "secrets.json"

    assert load_secrets(path) == load_secrets(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: load_secrets(path), range(8)))

    assert all(each == found[0] for each in found)


def test_a_file_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    load_secrets(path)
    path.chmod(0o644)

    with pytest.raises(SecretsUnreadable) as caught:
        load_secrets(path)

    assert caught.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"\xff", b'{"current": "a", "signing_keys": {}, "fingerprint_key": ""}']
)
def test_a_damaged_file_is_refused_and_stays(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(raw)
    path.chmod(0o600)

    with pytest.raises(SecretsUnreadable):
        load_secrets(path)

    assert path.read_bytes() == raw


def test_links_survive_two_rotations_and_not_the_third(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = load_secrets(path)
    signature = Signer(first.signing_keys, first.current).sign("file", "vid_1", 100)

    rotate_signing_key(path)
    second = rotate_signing_key(path)
    Signer(second.signing_keys, second.current).verify("file", "vid_1", 100, *signature, 0)
    third = rotate_signing_key(path)

    assert first.current not in third.signing_keys
    assert len(third.signing_keys) == 3
    assert third.fingerprint_key == first.fingerprint_key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_secrets_do_not_show(tmp_path: Path) -> None:
    secrets = load_secrets(tmp_path / "secrets.json")

    assert str(secrets.fingerprint_key) not in repr(secrets)
    assert str(secrets.signing_keys[secrets.current]) not in repr(secrets)
