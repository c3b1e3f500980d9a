"""Entries of the ledger as a CSV file (RFC 4180), for a spreadsheet."""

import io
from collections.abc import AsyncIterator, Sequence

from playhead.generate.tables import LedgerRow
from playhead.kit.clock import rfc3339

COLUMNS = ("id", "at", "kind", "usd", "generation_id", "owner_id", "project_id", "provider", "model", "note")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def lines(rows: AsyncIterator[LedgerRow]) -> AsyncIterator[bytes]:
    """The file line by line; an amount that is not known is empty."""
    yield _line(COLUMNS)
    async for row in rows:
        amount = "" if row.amount_micros is None else f"{row.amount_micros / 1_000_000:.6f}"
        texts = (row.generation_id, row.owner_id, row.project_id, row.provider, row.model, row.note)
        yield _line((row.id, rfc3339(row.at), row.kind, amount, *(_text(each) for each in texts)))


def _text(value: str | None) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{value}" if value and value.startswith(_FORMULA) else value or ""


def _line(values: Sequence[str]) -> bytes:
    import csv  # not before it is asked for

    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue().encode()
