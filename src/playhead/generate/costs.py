"""Limits that a request sets to what it will cost. Pure."""

from collections.abc import Sequence

from playhead.errors import Conflict
from playhead.generate.provider import MICROS


def check_cost(estimates: Sequence[int | None], max_cost: float | None, *, accept_unknown: bool) -> None:
    """See that estimates keep a caller's limit.

    Args:
        estimates: Micros; None when nobody knows.
        max_cost: Dollars; None for no limit.

    Raises:
        Conflict: they do not, or nobody knows.
    """
    if max_cost is None:
        return
    unknown = sum(each is None for each in estimates)
    if unknown and not accept_unknown:
        raise Conflict(
            f"Nobody knows the price of {unknown} of {len(estimates)} takes, and at most ${max_cost:.2f} may be spent.",
            hint="Accept an unknown cost, or choose a model with a price.",
            code="cost_unknown",
            title="The cost is not known",
        )
    total = sum(each or 0 for each in estimates) / MICROS
    if total > max_cost:
        raise Conflict(
            f"This would cost about ${total:.2f}; at most ${max_cost:.2f} may be spent.",
            hint="Generate fewer clips, or raise the limit.",
            code="cost_above_limit",
            title="It would cost too much",
        )
