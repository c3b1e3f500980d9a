"""The data folder: ours alone, and proved to be writable before anything starts."""

from pathlib import Path

from playhead.db.reserve import FULL
from playhead.settings import SettingsInvalid


def prepare_folder(folder: Path) -> None:
    """Make a folder for us alone, and prove that it can be written; a full disk does not prevent the start.

    Raises:
        SettingsInvalid: it cannot; the sentence says why.
    """
    probe = folder / ".write-test"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe.touch()
        probe.unlink()
    except OSError as error:
        if error.errno in FULL:
            return
        raise SettingsInvalid(
            f"The data folder {folder} cannot be written: {error.strerror}.",
            hint="Choose another with PLAYHEAD_DATA, or give this user the right to write there.",
        ) from error
