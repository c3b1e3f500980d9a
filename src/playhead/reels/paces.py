"""How long a stitch takes here: the model of `media.render.costs`, corrected by what the latest stitches took.

A stitch that ran without a stop writes what it took beside its job's arguments: seconds by the clock against seconds
by the model, for rendering (by codec) and for all the rest. That holds what no model knows: the processors, how many
parts run side by side, what else the hosts do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from playhead.jobs.tables import JobRow

if TYPE_CHECKING:
    from playhead.media.render.costs import Work

POSTER_S = 1.0
"""Seconds of work for the poster of a reel, about."""

LATEST = 12
"""Number of stitches that count: enough for a median, few enough to follow a change of the hosts."""

LEAST_S = 0.5
"""Shortest work that is measured: less says more about starting a tool than about its pace."""

REST = "rest"
UNKNOWN = (0.6, 1.0, 3.0)
"""Where nothing was measured yet, content and processors move the model's seconds this far, see `costs`."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds by the clock: between *low* and *high* in most cases."""

    low_s: float
    likely_s: float
    high_s: float


class Paces:
    """Seconds by the clock for a second by the model, by kind of work: a codec, or ``rest``."""

    def __init__(self, measured: Mapping[str, Sequence[float]]) -> None:
        self._measured = measured

    def estimate(self, work: "Work") -> Estimate:
        """How long some work will take."""
        render, rest = self._range(work.codec), self._range(REST)
        low, likely, high = (work.render_s * a + work.rest_s * b for a, b in zip(render, rest, strict=True))
        return Estimate(low, likely, high)

    def _range(self, kind: str) -> tuple[float, float, float]:
        paces = self._measured.get(kind) or self._of_other_codecs(kind)
        if not paces:
            return UNKNOWN
        if len(paces) < 3:
            return min(paces), median(paces), max(paces)
        low, _, high = quantiles(paces, n=4)
        return max(low, min(paces)), median(paces), min(high, max(paces))

    def _of_other_codecs(self, kind: str) -> Sequence[float]:
        others = [] if kind == REST else [paces for name, paces in self._measured.items() if name != REST]
        return [pace for paces in others for pace in paces]


def measured(work: "Work", *, render_s: float, rest_s: float) -> dict[str, list[Any]]:
    """What a stitch took, as `latest_paces` reads it: by kind of work, seconds by the model and by the clock."""
    took = {work.codec: [work.render_s, render_s], REST: [work.rest_s, rest_s]}
    return {kind: [round(seconds, 3) for seconds in pair] for kind, pair in took.items() if pair[0] >= LEAST_S}


async def latest_paces(session: AsyncSession) -> Paces:
    """Paces of the latest stitches of all owners."""
    statement = (
        select(JobRow.args["measured"])
        .where(JobRow.kind == "stitch", JobRow.state == "succeeded")
        .order_by(JobRow.finished_at.desc())
        .limit(LATEST)
    )
    paces: dict[str, list[float]] = {}
    for facts in await session.scalars(statement):
        for kind, (model_s, clock_s) in (facts or {}).items():
            paces.setdefault(kind, []).append(clock_s / model_s)
    return Paces(paces)
