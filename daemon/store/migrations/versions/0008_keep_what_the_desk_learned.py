"""keep what the desk learned over the files, and which requests were answered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('overlay',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('unit', sa.String(length=200), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_by', sa.Text(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_overlay'))
    )
    op.create_table('answered_requests',
    sa.Column('journal', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['journal'], ['journal.id'], name=op.f('fk_answered_requests_journal')),
    sa.PrimaryKeyConstraint('journal', name=op.f('pk_answered_requests'))
    )
