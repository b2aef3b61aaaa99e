"""find nearly the same drafts"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('draft_fingerprints',
    sa.Column('key', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('draft', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_draft_fingerprints_draft'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('key', 'draft', name=op.f('pk_draft_fingerprints'))
    )
    with op.batch_alter_table('draft_fingerprints', schema=None) as batch_op:
        batch_op.create_index('ix_draft_fingerprints_draft', ['draft'], unique=False)

    op.create_table('draft_relations',
    sa.Column('draft', sa.Integer(), nullable=False),
    sa.Column('other', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['draft'], ['drafts.id'], name=op.f('fk_draft_relations_draft'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other'], ['drafts.id'], name=op.f('fk_draft_relations_other'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('draft', 'other', 'kind', name=op.f('pk_draft_relations'))
    )
    with op.batch_alter_table('draft_relations', schema=None) as batch_op:
        batch_op.create_index('ix_draft_relations_other', ['other'], unique=False)
