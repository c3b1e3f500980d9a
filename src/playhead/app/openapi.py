"""The OpenAPI document, written without a server: ``python -m playhead.app.openapi [FILE]``."""

import json
import sys
import tempfile
from pathlib import Path

from playhead.app.api import create_app
from playhead.app.domains import open_services
from playhead.settings import Settings


def document() -> str:
    """The document as JSON text, keys in their order, one line break at the end."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(open_services(Settings(data=Path(folder))))
        return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(document())
    else:
        sys.stdout.write(document())
