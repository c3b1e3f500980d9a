"""URLs of unfinished uploads: one small file each in the user's state folder (XDG)."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_state_path


def file_name(path: Path) -> str:
    """The name of a file as UTF-8, also in the C locale."""
    return os.fsencode(path.name).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was when its upload began; the same path with other content is another source."""

    path: Path
    size_bytes: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> "Source":
        """Inspect a file."""
        stat = path.stat()
        return cls(path.absolute(), stat.st_size, stat.st_mtime_ns)


class Unfinished:
    """The URL of each unfinished upload.

    Args:
        folder: Folder of the notes; the user's state folder by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _state_folder() / "uploads"

    def find(self, server: str, source: Source) -> str | None:
        """The URL to resume the upload of this source, or None; an unreadable note counts as None."""
        try:
            kept = json.loads(self._file(server, source).read_text(encoding="utf-8"))
            return str(kept["upload"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, server: str, source: Source, upload: str) -> None:
        """Note an upload; without a writable folder it cannot be resumed later."""
        text = json.dumps({"upload": upload, "server": server, "file": str(source.path)})
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(self._file(server, source))
        except OSError:
            return

    def forget(self, server: str, source: Source) -> None:
        """Remove the note of an upload that is complete or gone."""
        try:
            self._file(server, source).unlink(missing_ok=True)
        except OSError:
            return

    def _file(self, server: str, source: Source) -> Path:
        name = json.dumps([server, str(source.path), source.size_bytes, source.modified_ns])
        return self.folder / f"{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"


def _state_folder() -> Path:
    try:
        return user_state_path("playhead", appauthor=False)
    except RuntimeError:  # neither HOME nor a user with this number
        return Path(os.devnull)
