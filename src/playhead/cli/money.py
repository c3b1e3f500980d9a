"""Amounts of money in words: what is not known is never zero."""

from typing import Any


def money(amount: float | None) -> str:
    """``$0.40``, ``$0.0065``, or ``unknown``."""
    if amount is None:
        return "unknown"
    return f"${amount:.2f}" if amount == 0 or amount >= 0.01 else f"${amount:.4f}"


def estimate_words(estimated: dict[str, Any]) -> str:
    """``about $1.20``, ``nothing``, ``about $1.20, and 2 of unknown price``."""
    amount, unknown = estimated["amount"], estimated["unknown"]
    if not unknown:
        return "nothing" if amount == 0 else f"about {money(amount)}"
    others = f"{unknown} of unknown price"
    return f"about {money(amount)}, and {others}" if amount is not None else others


def cost_words(cost: dict[str, Any]) -> str:
    """What a take cost, or ``about`` what is reserved for it while nobody knows."""
    if cost["actual"] is not None:
        return money(cost["actual"] - (cost["refunded"] or 0))
    return f"about {money(cost['estimated'])}" if cost["estimated"] is not None else "unknown"
