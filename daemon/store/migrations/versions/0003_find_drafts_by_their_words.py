"""find drafts by their words"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from daemon.store.search import make_tables, put_texts

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Named here, since the classes of the schema are those of a later program.
WHAT_THERE_IS = sa.text("""
    SELECT d.id, d.title, d.receipt, d.document_number, d.issuer, d.unit, d.body_text, a.name, a.text
    FROM drafts d LEFT JOIN draft_attachments a ON a.draft = d.id
    WHERE NOT d.secret AND d.id > :after AND d.id <= :after + 500 ORDER BY d.id, a.ordinal
""")


def upgrade() -> None:
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index('ix_drafts_desk_due_at', ['desk_due_at'], unique=False)
    connection = op.get_bind()
    make_tables(connection)
    last = connection.scalar(sa.text("SELECT max(id) FROM drafts")) or 0
    for after in range(0, last, 500):
        rows = connection.execute(WHAT_THERE_IS, {"after": after}).all()
        for number, files in groupby(rows, key=lambda row: row[0]):
            put_texts(connection, {number: text_of([tuple(row) for row in files])})


def text_of(files: list[Sequence[Any]]) -> str:
    names, body = files[0][1:6], files[0][6]
    return "\n".join(part for part in (*names, *(row[7] for row in files), body, *(row[8] for row in files)) if part)
