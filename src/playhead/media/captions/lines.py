"""Lines of captions: at most 42 characters each, as alike as may be, the way broadcasters break them."""

from typing import Final

LINE_CHARS: Final = 42
MAX_LINES: Final = 2


def wrapped(text: str) -> str:
    """A text with its longer lines broken; breaks that are there stay."""
    return "\n".join(part for line in text.split("\n") for part in _broken(line))


def fits(text: str) -> bool:
    """Whether a text takes no more than two lines."""
    return len(_broken(text)) <= MAX_LINES


def _broken(line: str) -> list[str]:
    """The fewest lines of whole words, with the least greatest length."""
    if len(line) <= LINE_CHARS:
        return [line]
    words = line.split()
    best = _greedy(words, LINE_CHARS)
    low, high = len(line) // len(best), LINE_CHARS
    while low < high:
        middle = (low + high) // 2
        tried = _greedy(words, middle)
        if len(tried) > len(best):
            low = middle + 1
        else:
            best, high = tried, middle
    return best


def _greedy(words: list[str], most: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    return lines
