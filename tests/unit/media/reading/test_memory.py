"""A program that reads untrusted files and watches its own memory, where the kernel does not."""

import subprocess
import sys

PROGRAM = """
from playhead.media.reading.memory import ran_out, watch
import time
assert not ran_out()
watch(64 << 20)
held = bytearray(b"x" * (100 << 20))
time.sleep(20)
"""


def test_a_program_that_takes_too_much_ends_and_says_why() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=20)

    assert ended.stdout == '{"problem": "memory"}'
