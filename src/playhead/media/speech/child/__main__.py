"""Started as ``python -I -m playhead.media.speech.child``; the only place that imports speech engines."""

import json
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

Say = Callable[..., None]


def main() -> int:
    """Recognise what a request names; say words as they are found."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # libraries print what they like

    def say(**facts: Any) -> None:
        lines.write(json.dumps(facts) + "\n")

    try:
        wanted = json.loads(sys.stdin.readline())
        language = _engine(wanted["engine"])(wanted, say)
    except ImportError as error:
        say(problem="engine", detail=str(error)[:300])
        return 0
    except LookupError as error:
        say(problem="model", detail=str(error)[:300])
        return 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    say(done=round(used.ru_utime + used.ru_stime, 2), language=language)
    return 0


def _engine(name: str) -> Callable[[dict[str, Any], Say], str]:
    if name == "pocketsphinx":
        from playhead.media.speech.child.sphinx import recognise

        return recognise
    from playhead.media.speech.child.whisper import recognise as whisper

    return whisper


if __name__ == "__main__":
    sys.exit(main())
