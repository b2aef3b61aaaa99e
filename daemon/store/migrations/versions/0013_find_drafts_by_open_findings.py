"""find drafts by the findings that are open"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

WHAT_THERE_IS = {
    "sqlite": "SELECT DISTINCT json_extract(f.value, '$.code'), d.id FROM drafts d, json_each(d.findings) f"
    " WHERE json_extract(f.value, '$.settled') IS NULL",
    "postgresql": "SELECT DISTINCT f.value ->> 'code', d.id FROM drafts d, jsonb_array_elements(d.findings) f"
    " WHERE f.value ->> 'settled' IS NULL",
}


def upgrade() -> None:
    op.create_table('draft_open_findings',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('draft', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_draft_open_findings_draft'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('code', 'draft', name=op.f('pk_draft_open_findings'))
    )
    with op.batch_alter_table('draft_open_findings', schema=None) as batch_op:
        batch_op.create_index('ix_draft_open_findings_draft', ['draft'], unique=False)
    found = WHAT_THERE_IS[op.get_bind().dialect.name]
    op.execute(f"INSERT INTO draft_open_findings (code, draft) {found}")
