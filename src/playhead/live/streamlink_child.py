"""streamlink in a process with a guard: ``python -m playhead.live.streamlink_child public|any ARGUMENTS``.

streamlink follows redirects by itself, and takes keys, segments and streams from wherever a playlist or a page of a
stranger says: other hosts of our network, and ``file:``. Under the guard it connects to public addresses alone
(``any``: to private ones, too), and reads no file but its own code, certificates, and what ``--config`` names.
"""

import sys
import tempfile

from playhead.kit.guard import Guard


def main() -> None:
    """Run streamlink with the arguments that follow the first one."""
    allowed, *arguments = sys.argv[1:]
    from streamlink_cli.main import main as run  # before the guard: Python keeps its bytecode

    sys.dont_write_bytecode = True
    sys.argv = ["streamlink", *arguments]
    config = [word.partition("=")[2] for word in arguments if word.startswith("--config=")]
    # It joins separate audio by ffmpeg, through named pipes.
    guard = Guard(allow_private=allowed == "any", may_start=True, readable=config, writable=tempfile.gettempdir())
    sys.addaudithook(guard)
    sys.exit(run())  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
