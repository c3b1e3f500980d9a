"""Packing of the index of an MP4 to a file that is mapped: see `mp4.packed`.

    pack DESCRIPTOR - - OUT

Prints ``{}``, or the problem and its reason.
"""

import json
import os
import sys

from playhead.media.mp4.boxes import Mp4Unreadable
from playhead.media.mp4.index import read_movie
from playhead.media.mp4.packed import pack
from playhead.media.mp4.source import FileBytes


def main(arguments: list[str]) -> int:
    """Write to the descriptor OUT."""
    answer = {}
    try:
        movie = read_movie(FileBytes(int(arguments[0])))
        with os.fdopen(int(arguments[3]), "wb") as out:
            pack(movie, out)
    except Mp4Unreadable as error:
        answer = {"problem": "unreadable", "reason": error.detail}
    except MemoryError:
        answer = {"problem": "memory"}
    except OSError as error:
        answer = {"problem": "disk", "reason": error.strerror or str(error)}
    sys.stdout.write(json.dumps(answer))
    return 0
