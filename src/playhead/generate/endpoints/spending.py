"""``/spending``: what generations cost, and the entries of the ledger."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import AfterValidator, AwareDatetime

from playhead.access.dependencies import GuardedRoute, requires
from playhead.access.principals import Principal
from playhead.api.cursors import FIRST_PAGE, MAX_YEAR, MIN_YEAR
from playhead.api.paging import Cursor, Limit
from playhead.api.problems import problem_responses
from playhead.api.services import Needs
from playhead.generate import spending_csv
from playhead.generate.ledger import Ledger
from playhead.generate.shapes.spending import (
    Spending,
    SpendingEntryPage,
    cap_shape,
    entry_shape,
    in_dollars,
    sum_shape,
)
from playhead.generate.spending import Group, Span
from playhead.generate.spending import Spending as Reading

router = APIRouter(prefix="/spending", tags=["generate"], route_class=GuardedRoute)

Reader = Annotated[Principal, Depends(requires("generate:read"))]


def _storable(time: AwareDatetime) -> AwareDatetime:
    if not MIN_YEAR <= time.year <= MAX_YEAR:
        raise ValueError(f"the year is before {MIN_YEAR} or after {MAX_YEAR}")
    return time


Time = Annotated[AwareDatetime, AfterValidator(_storable)]
Since = Annotated[Time | None, Query(alias="from", description="RFC 3339 with a zone; inclusive.")]
Until = Annotated[Time | None, Query(alias="to", description="The same; exclusive.")]


@router.get("", responses=problem_responses(401, 403, 422))
async def read_spending(
    principal: Reader,
    spending: Needs[Reading],
    ledger: Needs[Ledger],
    since: Since = None,
    until: Until = None,
    group: Annotated[Group, Query(description="Days (UTC) newest first, others dearest first.")] = "day",
) -> Spending:
    """Sum up generations that were requested in a span: yours, for an admin all. Unknown costs are not in them."""
    span = Span(since, until)
    total, groups = await spending.total(principal, span), await spending.groups(principal, span, group)
    return Spending(
        total=sum_shape(total),
        groups=[sum_shape(each) for each in groups],
        caps=[cap_shape(each) for each in await spending.caps(principal)],
        unknown_as=in_dollars(ledger.caps.unknown_as),
    )


@router.get(
    "/entries",
    response_model=SpendingEntryPage,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}, **problem_responses(400, 401, 403, 422)},
)
async def list_spending_entries(
    principal: Reader,
    spending: Needs[Reading],
    since: Since = None,
    until: Until = None,
    limit: Limit = FIRST_PAGE,
    cursor: Cursor = None,
    format: Annotated[Literal["json", "csv"] | None, Query(description="Omitted: as Accept says.")] = None,  # noqa: A002
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response | SpendingEntryPage:
    """List entries of the ledger, newest first; as `text/csv` all of the span, oldest first."""
    span = Span(since, until)
    if format == "csv" or (format is None and accept.partition(",")[0].strip().startswith("text/csv")):
        lines: AsyncIterator[bytes] = spending_csv.lines(spending.every_entry(principal, span))
        headers = {"Content-Disposition": 'attachment; filename="spending.csv"', "Cache-Control": "no-store"}
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)
    page = await spending.entries(principal, span, limit=limit, cursor=cursor)
    return SpendingEntryPage(items=[entry_shape(row) for row in page.items], next_cursor=page.next_cursor)
