"""The receiver of the guide: it takes what is signed, refuses what is not, and handles each event once."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx2

from playhead.kit.clock import utc_now
from playhead.kit.standard_webhooks import new_secret, signed_headers
from tests.fixtures.patience import PATIENCE_S
from tests.fixtures.ports import free_port

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "webhooks.md"
BODY = '{"type":"video.ready","timestamp":"2026-03-01T12:00:00.000Z","data":{"id":"vid_1"}}'


@contextmanager
def running(secret: str, port: int) -> "Iterator[subprocess.Popen[str]]":
    [program] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def post(port: int, headers: dict[str, str]) -> int:
    limit = time.monotonic() + PATIENCE_S
    with httpx2.Client(trust_env=False) as client:
        while True:
            try:
                return client.post(f"http://127.0.0.1:{port}/", content=BODY, headers=headers).status_code
            except httpx2.ConnectError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.05)


def test_the_receiver_of_the_guide() -> None:
    secret, now, port = new_secret(), utc_now(), free_port()
    good = signed_headers([new_secret(), secret], "evt_1", now, BODY)  # as during a change of the secret
    with running(secret, port) as process:
        answers = [
            post(port, good),
            post(port, good),
            post(port, signed_headers([new_secret()], "evt_2", now, BODY)),
            post(port, signed_headers([secret], "evt_3", now - timedelta(minutes=6), BODY)),
            post(port, {}),
            post(port, signed_headers([secret], "evt_4", now, BODY)),
        ]
    assert process.stdout is not None
    assert answers == [204, 204, 401, 401, 401, 204]
    assert process.stdout.read().splitlines() == ["video.ready {'id': 'vid_1'}"] * 2
