"""The check of the demo's reel, fetched without credentials."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import httpx2

from playhead.errors import PlayheadError
from playhead.media.probe import probe

DURATION_TOLERANCE_S = 0.1
"""Tolerance: a frame of the slowest sample and a packet of audio."""


def check_reel(url: str, video: dict[str, Any], duration_s: float, out: Path) -> None:
    """Fetch the file and a range of it without credentials, and check both.

    Raises:
        PlayheadError: with the first difference.
    """
    with httpx2.Client(timeout=30, trust_env=False) as client:
        digest = _fetch(client, url, out)
        size = out.stat().st_size
        _expect("size", size, video["size_bytes"])
        _expect("sha256", digest, video["sha256"])
        start = size // 2
        part = client.get(url, headers={"Range": f"bytes={start}-{start + 999}"})
    _expect("status of a range", part.status_code, 206)
    _expect("Content-Range", part.headers.get("Content-Range"), f"bytes {start}-{start + 999}/{size}")
    with out.open("rb") as file:
        file.seek(start)
        _expect("range", hashlib.sha256(part.content).hexdigest(), hashlib.sha256(file.read(1000)).hexdigest())
    found = asyncio.run(probe(out))
    _expect("audio", found.audio is not None, True)
    if abs(found.duration_s - duration_s) > DURATION_TOLERANCE_S:
        raise PlayheadError(
            f"The reel lasts {found.duration_s:.3f} s, the project {duration_s:.3f} s.",
            code="reel_wrong",
            title="The reel is wrong",
        )


def _fetch(client: httpx2.Client, url: str, out: Path) -> str:
    digest = hashlib.sha256()
    with out.open("wb") as file, client.stream("GET", url) as answer:
        _expect("status", answer.status_code, 200)
        for block in answer.iter_bytes():
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise PlayheadError(
            f"The reel's {what} is {found}, not {wanted}.", code="reel_wrong", title="The reel is wrong"
        )
