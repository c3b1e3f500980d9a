"""Engines that turn speech into words. Each runs in a child process alone: its libraries are never imported here."""

import importlib.util
from dataclasses import dataclass
from typing import Final, Literal

from playhead.errors import InvalidInput
from playhead.media.speech.errors import EngineMissing

EngineName = Literal["faster-whisper", "pocketsphinx"]


@dataclass(frozen=True, slots=True)
class Engine:
    """A speech engine.

    Attributes:
        module: Python package whose presence means that it is installed.
        extra: Extra of Playhead that installs it.
        languages: BCP 47 tags that it knows; empty: about a hundred, and it finds out which is spoken.
        note: What to expect of it, for people.
    """

    name: EngineName
    module: str
    extra: str
    languages: tuple[str, ...]
    note: str

    @property
    def is_installed(self) -> bool:
        """Whether it can run on this host."""
        return importlib.util.find_spec(self.module) is not None

    @property
    def install(self) -> str:
        """Command that installs it."""
        return f"pip install 'playhead[{self.extra}]'"


ENGINES: Final = (
    Engine("faster-whisper", "faster_whisper", "whisper", (), "Good words in about a hundred languages."),
    Engine(
        "pocketsphinx",
        "pocketsphinx",
        "pocketsphinx",
        ("en",),
        "A small English model: few words are right, their times are. Works without a network.",
    ),
)

_COSTS: Final = {"tiny": 0.15, "base": 0.3, "small": 0.8, "medium": 2.2, "large": 4.5, "distil": 1.5, "turbo": 1.5}
"""Processor seconds for a second of speech, until a transcription here was measured."""

_COST_OF_SPHINX: Final = 0.6


def choose_engine(wanted: str) -> Engine:
    """The engine of a name; for ``auto`` the first that is installed.

    Raises:
        EngineMissing: it is not installed; the hint says how to install it.
    """
    named = [engine for engine in ENGINES if wanted in ("auto", engine.name)]
    found = next((engine for engine in named if engine.is_installed), None)
    if found is None:
        what = "No speech engine" if wanted == "auto" else f"The speech engine {wanted}"
        commands = " or ".join(engine.install for engine in named) or "pip install 'playhead[whisper]'"
        raise EngineMissing(
            f"{what} is {'installed' if wanted == 'auto' else 'not installed'} here.",
            hint=f"Where Playhead's workers run: {commands}. Then start Playhead again.",
        )
    return found


def check_language(engine: Engine, language: str | None) -> None:
    """Refuse a language that an engine does not know; None has it found out.

    Raises:
        InvalidInput
    """
    if language and engine.languages and language.partition("-")[0] not in engine.languages:
        known = ", ".join(engine.languages)
        raise InvalidInput(
            f"{engine.name} knows {known}, not {language[:45]}.",
            hint=f"Install faster-whisper: {ENGINES[0].install}.",
            code="language_not_transcribed",
            title="Language not supported by this engine",
        )


def usual_cost(engine: Engine, model: str) -> float:
    """Processor seconds that a second of speech takes, about."""
    if engine.name == "pocketsphinx":
        return _COST_OF_SPHINX
    return next((cost for name, cost in _COSTS.items() if name in model), _COSTS["small"])
