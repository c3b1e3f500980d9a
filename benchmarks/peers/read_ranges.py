"""Read random ranges of a film for some seconds, by so many readers at once; print the bytes a second.

``http URL SIZE LENGTH READERS SECONDS`` over kept connections; ``obstore BUCKET-URL KEY SIZE LENGTH READERS SECONDS``
from the store itself, as the product's own code reads it, but with nothing around it.
"""

import asyncio
import os
import random
import socket
import sys
import threading
import time
from datetime import timedelta
from urllib.parse import urlsplit


def main() -> None:
    kind, where, *rest = sys.argv[1:]
    if kind == "http":
        size, length, readers, seconds = map(int, rest)
        print(over_http(where, size, length, readers, seconds))
    else:
        key, *numbers = rest
        size, length, readers, seconds = map(int, numbers)
        print(asyncio.run(from_store(where, key, size, length, readers, seconds)))


def over_http(url: str, size: int, length: int, readers: int, seconds: int) -> float:
    parts = urlsplit(url)
    end, got = time.monotonic() + seconds, [0] * readers

    def read(number: int) -> None:
        buffer, seed = memoryview(bytearray(1 << 20)), random.Random(number)
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            while time.monotonic() < end:
                first = seed.randrange(size - length)
                connection.sendall(
                    f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\n"
                    f"Range: bytes={first}-{first + length - 1}\r\n\r\n".encode()
                )
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(4096)
                assert head.startswith(b"HTTP/1.1 206"), head
                left = length - len(head.partition(b"\r\n\r\n")[2])
                while left:
                    count = connection.recv_into(buffer[: min(left, len(buffer))])
                    assert count
                    left -= count
                got[number] += length

    began = time.monotonic()
    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(got) / (time.monotonic() - began)


async def from_store(where: str, key: str, size: int, length: int, readers: int, seconds: int) -> float:
    import obstore
    from obstore.store import S3Store

    parts = urlsplit(where)
    store = S3Store(
        parts.path.strip("/"),
        config={"endpoint": f"{parts.scheme}://{parts.netloc}", "region": "us-east-1"},
        client_options={"allow_http": True, "timeout": timedelta(days=1)},
    )
    end, got = time.monotonic() + seconds, [0] * readers

    async def read(number: int) -> None:
        seed = random.Random(number)
        while time.monotonic() < end:
            first = seed.randrange(size - length)
            result = await obstore.get_async(store, key, options={"range": (first, first + length)})
            async for chunk in result.stream(256 << 10):
                got[number] += len(chunk)

    began = time.monotonic()
    await asyncio.gather(*map(read, range(readers)))
    speed = sum(got) / (time.monotonic() - began)
    await asyncio.sleep(0.1)
    return speed


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
