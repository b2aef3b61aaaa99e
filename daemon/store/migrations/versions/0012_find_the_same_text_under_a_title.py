"""find the same text under a title that many drafts bear"""

from __future__ import annotations

from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index('ix_drafts_title_key')
        batch_op.create_index('ix_drafts_title_text_key', ['title_key', 'text_key'], unique=False)
