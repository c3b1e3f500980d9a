"""What the API says of money: dollars as numbers, and null for what is not known."""

from typing import Annotated, Literal

from pydantic import Field

from playhead.api.shapes import PageShape, Shape, Timestamp
from playhead.generate.ledger import CapName
from playhead.generate.provider import MICROS
from playhead.generate.spending import Cap, Sum
from playhead.generate.tables import EntryKind, LedgerRow

Currency = Literal["USD"]


class SpendingSum(Shape):
    """Sums of some generations, in dollars."""

    key: Annotated[str | None, Field(description="What they share; null for those without a project, and for a total.")]
    title: Annotated[str | None, Field(description="Of a project; of a user the address.")]
    generations: int
    estimated: Annotated[float, Field(description="Of those whose price was known.")]
    reserved: Annotated[float, Field(description="Of those whose cost is not known yet.")]
    actual: Annotated[float, Field(description="Charged, before refunds.")]
    refunded: float
    unknown: Annotated[int, Field(description="Generations whose cost nobody knows; it is in no sum.")]


class SpendingCap(Shape):
    """A limit, and what counts against it now."""

    name: CapName
    limit: float
    spent: float
    reserved: float
    unknown: int
    counted: Annotated[float, Field(description="What counts: spent, reserved, and each unknown one as `unknown_as`.")]


class Spending(Shape):
    """What was spent on generations that were requested in a span."""

    currency: Currency = "USD"
    total: SpendingSum
    groups: list[SpendingSum]
    caps: Annotated[list[SpendingCap], Field(description="Of a day: the installation's today. Of a user: your month.")]
    unknown_as: float


class SpendingEntry(Shape):
    """One entry of the ledger."""

    id: str
    at: Timestamp
    kind: EntryKind
    amount: Annotated[float | None, Field(description="Dollars; null: not known.")]
    generation_id: str
    owner_id: str
    project_id: str | None
    provider: str
    model: str
    note: str | None


class SpendingEntryPage(PageShape[SpendingEntry]):
    """A page of entries."""


def in_dollars(micros: int) -> float:
    """An amount for JSON."""
    return micros / MICROS


def sum_shape(each: Sum) -> SpendingSum:
    """Sums as the API shows them."""
    return SpendingSum(
        key=each.key,
        title=each.title,
        generations=each.generations,
        estimated=in_dollars(each.estimated),
        reserved=in_dollars(each.reserved),
        actual=in_dollars(each.actual),
        refunded=in_dollars(each.refunded),
        unknown=each.unknown,
    )


def cap_shape(each: Cap) -> SpendingCap:
    """A cap as the API shows it."""
    return SpendingCap(
        name=each.name,
        limit=in_dollars(each.limit),
        spent=in_dollars(each.used.spent),
        reserved=in_dollars(each.used.reserved),
        unknown=each.used.unknown,
        counted=in_dollars(each.counted),
    )


def entry_shape(row: LedgerRow) -> SpendingEntry:
    """An entry as the API shows it."""
    return SpendingEntry(
        id=row.id,
        at=row.at,
        kind=row.kind,
        amount=None if row.amount_micros is None else in_dollars(row.amount_micros),
        generation_id=row.generation_id,
        owner_id=row.owner_id,
        project_id=row.project_id,
        provider=row.provider,
        model=row.model,
        note=row.note,
    )
