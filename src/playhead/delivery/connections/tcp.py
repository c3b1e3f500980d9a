"""Linux TCP: acknowledged bytes, the cork, and a limit of unsent bytes."""

import fcntl
import socket
import struct
import sys
import termios

from playhead.kit.units import MIB

IS_LINUX = sys.platform == "linux"

UNSENT_BYTES = MIB
"""Limit of unsent bytes in the kernel for one connection; its own limit is up to 4 MiB."""

_NOTSENT_LOWAT = getattr(socket, "TCP_NOTSENT_LOWAT", 25)
_BYTES_ACKED_AT = 120
"""Offset of ``tcpi_bytes_acked`` in ``struct tcp_info`` (linux/tcp.h since 4.1)."""


def bound_unsent(tcp: socket.socket) -> None:
    """Limit unsent bytes in the kernel, so that many slow viewers take little memory."""
    tcp.setsockopt(socket.IPPROTO_TCP, _NOTSENT_LOWAT, UNSENT_BYTES)


def cork(tcp: socket.socket, on: bool) -> None:
    """Send only full packets while on; off sends the rest."""
    tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, on)


def unacked_bytes(tcp: socket.socket) -> int:
    """Bytes in the kernel that the client has not acknowledged; right after a reset, too, until the socket closes."""
    return int(struct.unpack("i", fcntl.ioctl(tcp.fileno(), termios.TIOCOUTQ, b"\0\0\0\0"))[0])


def acked_bytes(tcp: socket.socket) -> int:
    """Bytes that the client has acknowledged since the connection began."""
    info = tcp.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _BYTES_ACKED_AT + 8)
    return int(struct.unpack_from("Q", info, _BYTES_ACKED_AT)[0])


def is_tcp(connection: "socket.socket | None") -> bool:
    """Whether a socket is a TCP socket, which these functions need."""
    return connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6)
