"""The secrets of an installation: generated once into the data folder, readable only by its owner.

Several hosts that serve the same videos share one file, or a URL signed by one is refused by the next.
"""

import json
import os
import secrets
import stat
import tempfile
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from pathlib import Path

from playhead.access.errors import SecretsUnreadable
from playhead.access.tokens import random_text

KEY_BYTES = 32
KEPT_KEYS = 3
"""Signing keys that stay valid after a rotation, the new one included."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the file holds.

    Args:
        signing_keys: For signed URLs, by key id, oldest first.
        current: The key id that signs.
        fingerprint_key: For hashes of request bodies, which may hold passwords.
    """

    signing_keys: dict[str, bytes] = field(repr=False)
    current: str
    fingerprint_key: bytes = field(repr=False)


def load_secrets(path: Path) -> Secrets:
    """Read the secrets; make them when the file is missing. Two processes that start at once agree on one.

    Raises:
        SecretsUnreadable: damaged, or readable by every user of the host.
        OSError: the folder cannot be written.
    """
    if not path.exists():
        _create(path, _generate())
    if path.stat().st_mode & stat.S_IRWXO:
        raise SecretsUnreadable(f"Every user of this host can read {path}.", hint=f"chmod 600 {path}")
    try:
        return _parse(path.read_bytes())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SecretsUnreadable(
            f"{path} does not hold Playhead's secrets.",
            hint="Restore it from a backup, or remove it: then every signed link made so far ends.",
        ) from error


def rotate_signing_key(path: Path) -> Secrets:
    """Sign with a new key from the next start on; links made with the last two keys stay good until they expire."""
    old = load_secrets(path)
    key_id = random_text(6)
    keys = {**old.signing_keys, key_id: secrets.token_bytes(KEY_BYTES)}
    kept = dict(list(keys.items())[-KEPT_KEYS:])
    renewed = Secrets(signing_keys=kept, current=key_id, fingerprint_key=old.fingerprint_key)
    _write(path, renewed, replace=True)
    return renewed


def _generate() -> Secrets:
    key_id = random_text(6)
    return Secrets(
        signing_keys={key_id: secrets.token_bytes(KEY_BYTES)},
        current=key_id,
        fingerprint_key=secrets.token_bytes(KEY_BYTES),
    )


def _create(path: Path, made: Secrets) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, made, replace=False)


def _write(path: Path, made: Secrets, *, replace: bool) -> None:
    # mkstemp makes the file 0600 from the start; link fails where another process came first.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_format(made))
            file.flush()
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            _link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _link(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return


def _format(made: Secrets) -> bytes:
    return json.dumps(
        {
            "current": made.current,
            "signing_keys": {key_id: b64encode(key).decode() for key_id, key in made.signing_keys.items()},
            "fingerprint_key": b64encode(made.fingerprint_key).decode(),
        },
        indent=2,
    ).encode()


def _parse(raw: bytes) -> Secrets:
    document = json.loads(raw)
    keys = {str(key_id): b64decode(key, validate=True) for key_id, key in document["signing_keys"].items()}
    fingerprint_key = b64decode(document["fingerprint_key"], validate=True)
    if document["current"] not in keys or min(map(len, [*keys.values(), fingerprint_key])) < KEY_BYTES:
        raise ValueError("a key is missing or short")
    return Secrets(signing_keys=keys, current=document["current"], fingerprint_key=fingerprint_key)
