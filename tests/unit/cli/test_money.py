"""Amounts in words."""

import pytest

from playhead.cli.money import cost_words, estimate_words, money


@pytest.mark.parametrize(
    ("amount", "words"), [(None, "unknown"), (0, "$0.00"), (0.4, "$0.40"), (12.345, "$12.35"), (0.0065, "$0.0065")]
)
def test_an_amount(amount: float | None, words: str) -> None:
    assert money(amount) == words


@pytest.mark.parametrize(
    ("amount", "unknown", "words"),
    [
        (0, 0, "nothing"),
        (1.2, 0, "about $1.20"),
        (1.2, 2, "about $1.20, and 2 of unknown price"),
        (None, 2, "2 of unknown price"),
    ],
)
def test_an_estimate(amount: float | None, unknown: int, words: str) -> None:
    assert estimate_words({"amount": amount, "unknown": unknown}) == words


@pytest.mark.parametrize(
    ("estimated", "actual", "refunded", "words"),
    [
        (0.4, None, None, "about $0.40"),
        (0.4, 0.5, None, "$0.50"),
        (0.4, 0.5, 0.5, "$0.00"),
        (None, None, None, "unknown"),
    ],
)
def test_a_cost(estimated: float | None, actual: float | None, refunded: float | None, words: str) -> None:
    assert cost_words({"estimated": estimated, "actual": actual, "refunded": refunded}) == words
