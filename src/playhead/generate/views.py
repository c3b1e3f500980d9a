"""API resources of generations."""

from collections.abc import Sequence
from typing import Any

from playhead.generate.provider import MICROS
from playhead.generate.shapes.generations import Estimated, Generation
from playhead.generate.tables import GenerationRow
from playhead.reels.prompt_shapes import Cost, Take, TakeError, TotalCost


def generation_resource(row: GenerationRow) -> Generation:
    """One generation, whole."""
    return Generation(
        id=row.id,
        project_id=row.project_id,
        clip_id=row.clip_id,
        parent_id=row.parent_id,
        relation=row.relation,
        prompt=row.prompt,
        provider=row.provider,
        model=row.model,
        parameters=row.parameters,
        inputs=row.inputs,
        state=row.state,
        provider_words=row.provider_words,
        progress=row.progress,
        video_id=row.video_id,
        cost=cost_of(row),
        error=error_of(row),
        job_id=row.job_id,
        external_id=row.external_id,
        sent_at=row.sent_at,
        deadline_at=row.deadline_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        finished_at=row.finished_at,
    )


def take_resource(row: GenerationRow) -> Take:
    """A generation as a take in its project."""
    return Take(
        id=row.id,
        state=row.state,
        video_id=row.video_id,
        progress=row.progress,
        provider=row.provider,
        provider_words=row.provider_words,
        model=row.model,
        cost=cost_of(row),
        error=error_of(row),
        parent_id=row.parent_id,
        relation=row.relation,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def cost_of(row: GenerationRow) -> Cost:
    """What a generation costs, in dollars."""
    return Cost(
        estimated=dollars(row.estimated_micros),
        reserved=dollars(row.reserved_micros),
        actual=dollars(row.actual_micros),
        refunded=dollars(row.refunded_micros),
    )


def error_of(row: GenerationRow) -> TakeError | None:
    """Why it ended badly."""
    if row.error_code is None:
        return None
    side: Any = row.error_side or "us"
    return TakeError(code=row.error_code, message=row.error_message or "", hint=row.error_hint, side=side)


def total_cost(*totals: int | None) -> TotalCost:
    """The values of `ledger.TOTALS`, in dollars."""
    *sums, unknown = totals
    estimated, reserved, actual, refunded = (float(each or 0) / MICROS for each in sums)
    return TotalCost(estimated=estimated, reserved=reserved, actual=actual, refunded=refunded, unknown=unknown or 0)


def dollars(micros: int | None) -> float | None:
    """Millionths of a dollar as dollars; None stays None."""
    return None if micros is None else micros / MICROS


def micros_of(dollars: float | None) -> int | None:
    """Dollars as millionths; None stays None."""
    return None if dollars is None else round(dollars * MICROS)


def sum_of(estimates: Sequence[int | None]) -> Estimated:
    """The sum of estimates in micros; what is not known is counted apart."""
    known = [each for each in estimates if each is not None]
    amount = dollars(sum(known)) if known or not estimates else None
    return Estimated(amount=amount, unknown=len(estimates) - len(known))
