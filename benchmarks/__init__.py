"""Speed and memory, always beside a peer in the same run: ``make bench``, or ``make bench ARGS="upload stitch"``."""
