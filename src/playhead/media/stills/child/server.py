"""Server of the decoder process: answers each request in its own fork, so that a hostile file harms one still alone.

The process that forks reads nothing but single bytes from its parent. A fork costs 3 ms; starting Python and
importing libav would cost 120 ms.
"""

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import Any

import av

from playhead.media.stills.child.frames import NoFrame
from playhead.media.stills.child.images import animated_webp, jpeg, upright
from playhead.media.stills.child.operations import OPERATIONS

ALLOWED_S = 60
"""Seconds after which the kernel ends a request; the parent is less patient, but may be gone."""


def serve(descriptor: int) -> None:
    """Answer until the parent closes its end.

    One byte reports that everything is imported. Each message is one byte with two descriptors: a stream of the request
    and its answer, and the video. One byte goes back when the fork has ended.
    """
    av.logging.set_level(av.logging.PANIC)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the parent
    warm_up()
    gc.freeze()  # the collector of a fork scans its own objects alone
    channel = socket.socket(fileno=descriptor)
    channel.sendall(b"+")
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 1, 2)
        if not message:
            return
        fork = os.fork()
        if not fork:
            channel.close()
            _answer(*descriptors)
        for each in descriptors:
            os.close(each)
        os.waitpid(fork, 0)
        channel.sendall(b".")


def warm_up() -> None:
    """Do once what every fork would do anew: Pillow finds its plugins, scalers and decoders make their tables."""
    frame = av.VideoFrame(32, 32, "yuv420p")
    image = upright(frame, 1.0, 16)
    jpeg(image)
    animated_webp([image, image], 100, 50)
    for codec in ("h264", "hevc", "vp9", "mpeg4"):
        with suppress(av.error.FFmpegError):
            context = av.CodecContext.create(codec, "r")
            context.thread_count = 1
            context.open()


def _answer(stream: int, video: int) -> None:
    code = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(ALLOWED_S)
        with socket.socket(fileno=stream) as connection:
            facts, image = _result(_request(connection), video)
            head = json.dumps(facts).encode()
            connection.sendall(len(head).to_bytes(4, "big") + head + image)
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _request(connection: socket.socket) -> dict[str, Any]:
    blocks = []
    while block := connection.recv(65536):
        blocks.append(block)
    request: dict[str, Any] = json.loads(b"".join(blocks))
    return request


def _result(request: dict[str, Any], video: int) -> tuple[dict[str, Any], bytes]:
    try:
        return OPERATIONS[request["operation"]](video, request)
    except NoFrame as error:
        return {"problem": "no_frame", "reason": str(error)}, b""
    except av.error.FFmpegError as error:
        return {"problem": "unreadable", "reason": error.strerror or type(error).__name__}, b""
    except MemoryError:
        return {"problem": "memory", "reason": "it takes more memory than it may"}, b""
