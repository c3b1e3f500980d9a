"""A guard for a process that runs somebody else's client on a URL of a user: an audit hook (PEP 578).

Such clients look hosts up by themselves, follow redirects, and open ``file:`` and whatever else a document names. The
guard sees each connection with its address and each file when it is opened, and refuses what must not be; it does not
see code in C that bypasses Python.
"""

import os
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

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
    """The audit hook, for ``sys.addaudithook``.

    Args:
        allow_private: Whether addresses of this computer and of private networks may be connected to.
        may_start: Whether it may start programs; they are not guarded.
        readable: Files that may be read besides Python's code and certificates.
        writable: Folder in which files may be written; None for none.

    Attributes:
        refused: What it stopped first, in words for people.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        may_start: bool = False,
        readable: Collection[str] = (),
        writable: str | None = None,
    ) -> None:
        self._allow_private, self._may_start = allow_private, may_start
        self._readable = {os.path.realpath(path) for path in readable}
        self._writable = None if writable is None else f"{os.path.realpath(writable)}/"
        self.refused: str | None = None

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _CONNECTS and not self._may_connect(args[1]):
            self._refuse(f"It leads to {_host(args[1])}, which is not a public address.")
        elif event in _STARTS and not self._may_start:
            self._refuse("It would start a program on the server.")
        elif event == "open" and not self._may_open(*args):
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

    def _may_open(self, path: Any, mode: Any, flags: Any) -> bool:
        if isinstance(path, int):
            return True
        name = os.path.realpath(os.fsdecode(path))
        if set(mode or "") & set("wax+") or (isinstance(flags, int) and flags & _WRITES):
            return self._writable is not None and f"{name}/".startswith(self._writable)
        return name in DEVICES or name in self._readable or name.startswith(READABLE)

    def _refuse(self, why: str) -> None:
        self.refused = self.refused or why
        raise PermissionError(why)


def _host(address: Any) -> str:
    return str(address[0]) if isinstance(address, tuple) else "a socket of this computer"
