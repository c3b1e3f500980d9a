"""One attempt at a delivery through Apprise, in a process of its own."""

import asyncio
import json
import subprocess
import sys
import time
from typing import Final

from playhead.media.children import Limits, child, log_tail
from playhead.notify.messages import Message
from playhead.notify.send import Outcome

TIMEOUT_S: Final = 60.0
"""With the start of Python and the import of Apprise, 0.3 s of a core."""

LIMITS: Final = Limits(cpu_s=30, data_bytes=512 << 20)

REFUSED_SCHEMES: Final = frozenset({"dbus", "qt", "glib", "kde", "gnome", "macosx", "syslog", "windows", "file"})
"""Services of the server's own desktop and log."""


async def send_by_apprise(url: str, message: Message, *, allow_private: bool) -> Outcome:
    """Send a message once. Never raises what a service can cause.

    Args:
        url: Of Apprise; a secret, so it goes over standard input and not into the list of processes.
    """
    began = time.monotonic()
    wanted = {"url": url, "title": message.title, "body": message.body, "allow_private": allow_private}
    command = [sys.executable, "-I", "-m", "playhead.notify.apprise_child"]
    try:
        async with asyncio.timeout(TIMEOUT_S), child(command, limits=LIMITS, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdin.write(json.dumps(wanted).encode() + b"\n")
            process.stdin.close()
            output, _ = await asyncio.gather(process.stdout.read(), log_tail(process.stderr))
        error = _error_of(output)
    except TimeoutError:
        error = f"The service did not respond within {TIMEOUT_S:g} s."
    except OSError as failed:
        error = f"No process could be started for it: {failed.strerror}."
    return Outcome(error=error, duration_s=round(time.monotonic() - began, 3))


def _error_of(output: bytes) -> str | None:
    try:
        error = json.loads(output.splitlines()[-1])["error"]
    except (ValueError, IndexError, KeyError, TypeError):
        return "Apprise ended without saying whether the message was sent."
    return None if error is None else str(error)
