"""Design of a title clip: its cards, colours, motion and chord, all derived from text and seed. Pure."""

import colorsys
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CARD_WORDS = 14
"""Most words of one card: as many as are read in the time of a card."""

CARD_S = 2.0
"""Least seconds of a card."""

_CARD_CHARS = 110
_HUES = {
    **dict.fromkeys(("red", "fire", "blood", "lava", "rose"), 355),
    **dict.fromkeys(("sunset", "dawn", "orange", "autumn", "desert"), 22),
    **dict.fromkeys(("gold", "golden", "yellow", "sun", "sand"), 42),
    **dict.fromkeys(("forest", "green", "grass", "jungle", "spring"), 135),
    **dict.fromkeys(("sea", "ocean", "water", "river", "lake", "rain"), 195),
    **dict.fromkeys(("sky", "blue", "ice", "snow", "winter"), 212),
    **dict.fromkeys(("night", "space", "storm", "city", "moon"), 235),
    **dict.fromkeys(("purple", "violet", "dream", "magic"), 275),
    **dict.fromkeys(("pink", "flower", "love", "candy"), 325),
}
_ROOTS_HZ = (196.0, 220.0, 246.9, 261.6, 293.7)
_CHORDS = ((1.0, 1.25, 1.5), (1.0, 1.2, 1.5), (1.0, 1.3348, 1.5), (1.0, 1.25, 1.6667))


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleClip:
    """A title clip to render.

    Attributes:
        width: Even, in pixels, as is the height.
        seed: The same text, seed and form give the same clip.
        image: Image to show behind the words, untrusted, with a slow zoom; colours without one.
    """

    text: str
    width: int
    height: int
    fps: int
    duration_s: float
    seed: int = 0
    audio: bool = True
    image: Path | None = None

    @property
    def frames(self) -> int:
        """Number of frames, at least one."""
        return max(1, round(self.duration_s * self.fps))

    @property
    def exact_s(self) -> float:
        """Seconds of these frames."""
        return self.frames / self.fps


@dataclass(frozen=True, slots=True)
class Card:
    """Words that are shown over the half-open span ``[start_s, end_s)``."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Orbit:
    """Path of a glow around the middle; amplitudes and size as fractions of the canvas, speeds in radians a second."""

    size: float
    across: float
    down: float
    speed_x: float
    speed_y: float
    phase: float


@dataclass(frozen=True, slots=True)
class Design:
    """What a title clip looks and sounds like.

    Attributes:
        colours: Of the gradient, dark enough for white words, as ``0xrrggbb``.
        glow: Red, green and blue of the glows.
        drift: Speed of the gradient, as ffmpeg's ``gradients`` takes it.
        chord_hz: Three notes.
    """

    cards: tuple[Card, ...]
    colours: tuple[str, ...]
    glow: tuple[int, int, int]
    orbits: tuple[Orbit, ...]
    drift: float
    chord_hz: tuple[float, ...]


def design_of(clip: TitleClip) -> Design:
    """Derive the design; nothing in it is left to chance."""
    dice = _dice(clip.text, clip.seed)
    hue = _hue(clip.text, next(dice)) / 360
    step = 0.05 + 0.06 * next(dice)
    root = _ROOTS_HZ[int(next(dice) * len(_ROOTS_HZ))]
    chord = _CHORDS[int(next(dice) * len(_CHORDS))]
    tones = ((0.0, 0.13), (step, 0.27), (-step, 0.2))
    return Design(
        cards=tuple(_cards(clip.text, clip.exact_s)),
        colours=tuple(_hex(hue + turn, light) for turn, light in tones),
        glow=_rgb(hue + step / 2, 0.6),
        orbits=tuple(_orbit(dice) for _ in range(2)),
        drift=round(0.004 + 0.012 * next(dice), 4),
        chord_hz=tuple(round(root * ratio, 2) for ratio in chord),
    )


def _dice(text: str, seed: int) -> Iterator[float]:
    """Endless numbers of ``[0, 1)``, the same on every machine."""
    number = 0
    while True:
        digest = hashlib.sha256(f"{seed}:{number}:{text}".encode()).digest()
        yield from (int.from_bytes(digest[i : i + 4], "big") / 2**32 for i in range(0, 32, 4))
        number += 1


def _hue(text: str, chance: float) -> float:
    """Degrees: of the first word that has a colour, give or take ten; else by chance."""
    named = (_HUES[word] for word in re.findall(r"[a-z]+", text.lower()) if word in _HUES)
    hue = next(named, None)
    return 360 * chance if hue is None else hue + 20 * chance - 10


def _rgb(hue: float, light: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hls_to_rgb(hue % 1.0, light, 0.62)
    return round(red * 255), round(green * 255), round(blue * 255)


def _hex(hue: float, light: float) -> str:
    return "0x{:02x}{:02x}{:02x}".format(*_rgb(hue, light))


def _orbit(dice: Iterator[float]) -> Orbit:
    size, across, down = 0.5 + 0.6 * next(dice), 0.15 + 0.3 * next(dice), 0.15 + 0.3 * next(dice)
    speed_x, speed_y = 0.3 + 0.6 * next(dice), 0.3 + 0.6 * next(dice)
    return Orbit(*(round(value, 3) for value in (size, across, down, speed_x, speed_y, 6.28 * next(dice))))


def _cards(text: str, duration_s: float) -> Iterator[Card]:
    chunks = list(_chunks(text))
    most = max(1, int(duration_s / CARD_S))
    if len(chunks) > most:
        chunks = [*chunks[: most - 1], chunks[most - 1].rstrip(".,;:!?") + "…"]
    each = duration_s / max(1, len(chunks))
    for number, chunk in enumerate(chunks):
        yield Card(chunk, round(number * each, 3), round((number + 1) * each, 3))


def _chunks(text: str) -> Iterator[str]:
    """Split a text into what one card holds, at the ends of sentences where they are near."""
    held: list[str] = []
    for word in text.split():
        long = len(held) >= CARD_WORDS or sum(map(len, held)) + len(held) + len(word) > _CARD_CHARS
        if held and (long or held[-1][-1] in ".!?。！？"):
            yield " ".join(held)
            held = []
        held.append(word[:_CARD_CHARS])
    if held:
        yield " ".join(held)
