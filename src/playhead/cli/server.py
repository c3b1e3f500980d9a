"""The server of a command: its address and API key, from the options and the environment."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from playhead.cli.terminal import Terminal
from playhead.errors import InvalidInput, NotFound
from playhead.kit.environment import variable

if TYPE_CHECKING:
    from playhead.cli.client import Api

DEFAULT_URL = "http://127.0.0.1:8000"


def connect(terminal: Terminal) -> "Api":
    """Open a client of the server. It is imported here, so that help and usage errors do not wait for it."""
    from playhead.cli.client import Api

    url = terminal.url or variable(os.environ, "PLAYHEAD_URL") or DEFAULT_URL
    return Api(url, read_key(terminal.key_file))


def read_key(key_file: str | None) -> str | None:
    """Read the API key from a file, else from ``PLAYHEAD_API_KEY``; never from a flag, which other users can see."""
    if key_file is None:
        return variable(os.environ, "PLAYHEAD_API_KEY")
    try:
        text = Path(key_file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"The key file {key_file} cannot be read: {error}.") from error
    if not text:
        raise InvalidInput(f"The key file {key_file} is empty.")
    return text
