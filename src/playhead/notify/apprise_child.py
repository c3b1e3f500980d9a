"""The process that sends one message through Apprise: started by a worker for the message, and gone after it.

Apprise has HTTP, mail and MQTT clients of its own, and plugins that read files or start programs; whatever is in a URL
that a user entered, this process opens public addresses alone, reads nothing but its own code and certificates, writes
no file and starts no program. `kit.guard` refuses the rest.

Input is a line of JSON, ``{"url", "title", "body", "allow_private"}``; output is ``{"error": sentence or null}``.
"""

import json
import logging
import re
import sys

from playhead.kit.guard import Guard
from playhead.kit.text import one_line, shorten


class Warnings(logging.Handler):
    """The last warning of Apprise, which says why a message was not sent."""

    last: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a warning."""
        self.last = record.getMessage()


def main() -> None:
    """Send the message of standard input."""
    wanted = json.loads(sys.stdin.readline())
    sys.stdout.write(json.dumps({"error": _send(**wanted)}) + "\n")


def _send(url: str, title: str, body: str, allow_private: bool) -> str | None:
    try:
        import apprise
    except ImportError:
        return "Apprise is not installed on the worker: pip install 'playhead[apprise]'."
    warnings, guard = Warnings(logging.WARNING), Guard(allow_private=allow_private)
    logger = logging.getLogger("apprise")
    logger.handlers, logger.propagate = [warnings], False
    asset = apprise.AppriseAsset(app_id="Playhead", app_desc="Playhead", storage_mode="memory", secure_logging=True)
    # Before the guard: Python keeps their bytecode.
    apprise.NotificationManager().load_modules()  # type: ignore[no-untyped-call]
    sys.dont_write_bytecode = True
    sys.addaudithook(guard)
    try:
        service = apprise.Apprise.instantiate(url, asset=asset)
        if service is None:
            return guard.refused or "Apprise does not know this URL. Its documentation lists the form of each service."
        sent = service.notify(body=body, title=title)
    except Exception as error:
        return guard.refused or f"Apprise failed: {type(error).__name__}."
    if sent:
        return None
    return guard.refused or without_secrets(warnings.last or "The service did not take the message.", url)


def without_secrets(sentence: str, url: str) -> str:
    """Leave out of a sentence what is in a URL: each piece of it may be a token."""
    for piece in sorted(re.findall(r"[\w-]{6,}", url.partition("://")[2]), key=len, reverse=True):
        sentence = sentence.replace(piece, "…")
    return shorten(one_line(sentence), 300)


if __name__ == "__main__":
    main()
