"""Alembic's entry: runs revisions on the connection that ``db.migrate`` hands over, in its transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from playhead.db.base import UtcDateTime


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our time column by its name in new revisions."""
    if kind == "type" and isinstance(item, UtcDateTime):
        autogen_context.imports.add("from playhead.db.base import UtcDateTime")
        return "UtcDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
context.run_migrations()
