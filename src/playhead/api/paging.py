"""Query parameters of every list. Apart from the cursors, which a worker imports without FastAPI."""

from typing import Annotated

from fastapi import Query

MAX_LIMIT = 200

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Most items on the page.")]
Cursor = Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before this one.")]
