"""Setting of words into lines: balanced, within a width, each word with its own place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from playhead.media.text.faces import Faces, visible
from playhead.media.text.fonts import Font, runs

_LEAST = 0.5
"""Letters shrink to this share before a text takes more lines than it should."""


@dataclass(frozen=True, slots=True)
class SetWord:
    """A word on its line.

    Attributes:
        number: Its number in the text, counted from 0; of a word that was cut, all pieces have the same.
        x: Pixels from the line's left end.
        runs: Pieces of one face each.
    """

    number: int
    text: str
    x: int
    width: int
    runs: Sequence[tuple[str, Font]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words; *width* in pixels."""

    words: tuple[SetWord, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one size.

    Attributes:
        ascent, descent: Pixels above and below a baseline that letters take.
        step: Pixels from one baseline to the next.
    """

    lines: tuple[Line, ...]
    em: int
    ascent: int
    descent: int
    step: int

    @property
    def width(self) -> int:
        """Pixels of the widest line."""
        return max(line.width for line in self.lines)

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the bottom of the last."""
        return self.ascent + self.descent + self.step * (len(self.lines) - 1)


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets words with some faces, in one weight."""

    faces: Faces
    weight: int

    def fit(self, text: str, em: int, max_width: int, max_lines: int, line_height: float) -> Block:
        """Set a text at a size, or smaller where it takes more lines; at half of it, in as many lines as it takes."""
        smallest = max(8, round(em * _LEAST))
        block = self.set(text, em, max_width, line_height)
        while len(block.lines) > max(max_lines, text.count("\n") + 1) and block.em > smallest:
            block = self.set(text, max(smallest, round(block.em * 0.92)), max_width, line_height)
        return block

    def set(self, text: str, em: int, max_width: int, line_height: float) -> Block:
        """Set a text at a size; a line feed begins a new line."""
        lines: list[Line] = []
        count = 0
        for part in visible(text).split("\n"):
            words = part.split()
            if words or not lines:
                lines += self._balanced(words, count, em, max_width)
            count += len(words)
        ascent, descent = round(em * 1.0), round(em * 0.28)
        return Block(tuple(lines), em, ascent, descent, round(em * line_height))

    def width(self, text: str, em: int) -> int:
        """Pixels that a text is wide."""
        return round(sum(font.getlength(run) for run, font in runs(self.faces, text, em, self.weight)))

    def _balanced(self, words: Sequence[str], first: int, em: int, max_width: int) -> list[Line]:
        """Lines as alike as may be: the least width that gives no more lines than the greatest."""
        pieces = [
            (number, piece) for number, word in enumerate(words, first) for piece in self._pieces(word, em, max_width)
        ]
        best = self._wrapped(pieces, em, max_width)
        low, high = max((self.width(piece, em) for _, piece in pieces), default=0), max_width
        while low < high:
            middle = (low + high) // 2
            tried = self._wrapped(pieces, em, middle)
            if len(tried) > len(best):
                low = middle + 1
            else:
                best, high = tried, middle
        return best

    def _wrapped(self, pieces: Sequence[tuple[int, str]], em: int, max_width: int) -> list[Line]:
        space = self.width(" ", em)
        lines: list[Line] = []
        line: list[SetWord] = []
        x = 0
        for number, piece in pieces:
            width = self.width(piece, em)
            gap = 0 if not line or line[-1].number == number else space
            if line and x + gap + width > max_width:
                lines.append(Line(tuple(line), x))
                line, x, gap = [], 0, 0
            line.append(SetWord(number, piece, x + gap, width, runs(self.faces, piece, em, self.weight)))
            x += gap + width
        return [*lines, Line(tuple(line), x)]

    def _pieces(self, word: str, em: int, max_width: int) -> Iterator[str]:
        """A word; one that is wider than a line is cut, as writing without blanks must be."""
        rest = word
        while len(rest) > 1 and (width := self.width(rest, em)) > max_width:
            cut = max(1, len(rest) * max_width // width)
            while cut > 1 and self.width(rest[:cut], em) > max_width:
                cut -= 1
            yield rest[:cut]
            rest = rest[cut:]
        yield rest
