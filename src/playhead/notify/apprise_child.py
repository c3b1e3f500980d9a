"""The process that sends one message through Apprise: started by a worker for the message, and gone after it.

Apprise has HTTP, mail and MQTT clients of its own, and plugins that read files or start programs; whatever is in a URL
that a user entered, this process opens public addresses alone, reads nothing but its own code and certificates, writes
no file and starts no program. Audit hooks (PEP 578) refuse the rest; they do not see code in C that bypasses Python.

Input is a line of JSON, ``{"url", "title", "body", "allow_private"}``; output is ``{"error": sentence or null}``.
"""

import json
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any, Final

from playhead.kit.text import one_line, shorten
from playhead.kit.urls import is_public

READABLE: Final = tuple(
    f"{folder}/"
    for folder in {sys.prefix, sys.base_prefix, str(Path(os.__file__).parent), "/etc/ssl", "/usr/lib", "/usr/share"}
)
DEVICES: Final = {"/dev/null", "/dev/urandom", "/etc/hosts", "/etc/resolv.conf", "/etc/mime.types"}

_CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Guard:
    """The audit hook. ``refused`` says what it stopped, in words for people."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self.refused: str | None = None

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _CONNECTS and not self._may_connect(args[1]):
            self._refuse(f"It leads to {_host(args[1])}, which is not a public address.")
        elif event in _STARTS:
            self._refuse("It would start a program on the server.")
        elif event == "open" and not _may_open(*args):
            self._refuse("It would use a file of the server.")

    def _may_connect(self, address: Any) -> bool:
        if not isinstance(address, tuple):  # a Unix socket
            return False
        if self._allow_private:
            return True
        try:
            return is_public(address[0])
        except ValueError:  # a name that nobody has looked up yet
            return False

    def _refuse(self, why: str) -> None:
        self.refused = self.refused or why
        raise PermissionError(why)


class Warnings(logging.Handler):
    """The last warning of Apprise, which says why a message was not sent."""

    last: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning."""
        self.last = record.getMessage()


def main() -> None:
    """Send the message of standard input."""
    wanted = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps({"error": _send(**wanted)}) + "\n")


def _send(url: str, title: str, body: str, allow_private: bool) -> str | None:
    try:
        import apprise
    except ImportError:
        return "Apprise is not installed on the worker: pip install 'playhead[apprise]'."
    warnings, guard = Warnings(logging.WARNING), Guard(allow_private=allow_private)
    logger = logging.getLogger("apprise")
    logger.handlers, logger.propagate = [warnings], False
    asset = apprise.AppriseAsset(app_id="Playhead", app_desc="Playhead", storage_mode="memory", secure_logging=True)
    # Before the guard: Python keeps their bytecode.
    apprise.NotificationManager().load_modules()  # type: ignore[no-untyped-call]
    sys.dont_write_bytecode = True
    sys.addaudithook(guard)
    try:
        service = apprise.Apprise.instantiate(url, asset=asset)
        if service is None:
            return guard.refused or "Apprise does not know this URL. Its documentation lists the form of each service."
        sent = service.notify(body=body, title=title)
    except Exception as error:
        return guard.refused or f"Apprise failed: {type(error).__name__}."
    if sent:
        return None
    return guard.refused or without_secrets(warnings.last or "The service did not take the message.", url)


def without_secrets(sentence: str, url: str) -> str:
    """Leave out of a sentence what is in a URL: each piece of it may be a token."""
    for piece in sorted(re.findall(r"[\w-]{6,}", url.partition("://")[2]), key=len, reverse=True):
        sentence = sentence.replace(piece, "…")
    return shorten(one_line(sentence), 300)


def _host(address: Any) -> str:
    return str(address[0]) if isinstance(address, tuple) else "a socket of this computer"


def _may_open(path: Any, mode: Any, flags: Any) -> bool:
    if isinstance(path, int):
        return True
    if set(mode or "") & set("wax+") or (isinstance(flags, int) and flags & _WRITES):
        return False
    name = os.path.realpath(os.fsdecode(path))
    return name in DEVICES or name.startswith(READABLE)


if __name__ == "__main__":
    main()
