"""Run all benchmarks, or those named."""

import importlib
import sys

NAMES = ("start", "upload", "lists", "media", "edit", "live_finalise", "delivery", "proxy", "queue", "generate", "live")


def main() -> None:
    """Run one after the other: two at once would measure each other."""
    wanted = sys.argv[1:] or NAMES
    for name in wanted:
        if name not in NAMES:
            sys.exit(f"There is no benchmark {name}; there are {', '.join(NAMES)}.")
        print(f"== {name}")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
