"""find several words at once in PostgreSQL"""

from __future__ import annotations

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# Drafts of several rows have them numbered from 1 on, not from 0. In two steps, for no two rows may bear one number.
OF_SEVERAL = "SELECT draft FROM draft_search GROUP BY draft HAVING min(part) = 0 AND max(part) > 0"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"UPDATE draft_search SET part = -1 - part WHERE draft IN ({OF_SEVERAL})")
        op.execute("UPDATE draft_search SET part = -part WHERE part < 0")
        op.execute("CREATE INDEX ix_draft_search_several ON draft_search USING gin (words) WHERE part > 0")
