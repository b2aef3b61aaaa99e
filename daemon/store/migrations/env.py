"""Run by Alembic on the connection that `daemon.store.migrate` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from daemon.store import assessments, autosaves, likeness, open_findings, overlay, registers  # noqa: F401 — to be known
from daemon.store.schema import Base
from daemon.store.search import is_in_schema
from daemon.store.types import CleanJson, CleanText, UtcDateTime

PLAIN = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    CleanText: "sa.Text()",
    CleanJson: "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')",
}


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Steps name plain types: one written today must run when our own types have changed."""
    plain = PLAIN.get(type(item)) if kind == "type" else None
    if plain and "postgresql" in plain:
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
    return plain or False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=is_in_schema,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
