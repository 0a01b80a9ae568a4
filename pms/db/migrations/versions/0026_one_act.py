"""An approval stands for one act and is used once; what was refused or looked at is written down."""

import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

_UNSEEN = "how = 'phone' AND seen_at IS NULL AND used_at IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        'approval',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('at', types.Moment(), nullable=False),
        _id('staff_id', nullable=False),
        _id('clerk_id', nullable=True),
        sa.Column('station', sa.Text(), nullable=False),
        sa.Column('action', sa.Text(), nullable=False),
        sa.Column('act', sa.String(length=64), nullable=False),
        sa.Column('reasons', types.Json(), nullable=False),
        sa.Column('how', sa.String(length=9), nullable=False),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('used_at', types.Moment(), nullable=True),
        sa.Column('seen_at', types.Moment(), nullable=True),
        _id('id', nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_approval_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_approval')),
    )
    op.create_index('ix_approval_business_date', 'approval', ['business_date'])
    op.create_index(
        'ix_approval_unseen', 'approval', ['staff_id'], sqlite_where=sa.text(_UNSEEN), postgresql_where=sa.text(_UNSEEN)
    )
    op.create_table(
        'access',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('at', types.Moment(), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        _id('clerk_id', nullable=True),
        sa.Column('station', sa.Text(), nullable=False),
        sa.Column('what', sa.Text(), nullable=False),
        _id('id', nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_access')),
    )
    op.create_index('ix_access_business_date', 'access', ['business_date'])
    dialect = op.get_bind().dialect.name
    for statement in (
        *guards.protect(dialect, 'access'),
        *guards.freeze(
            dialect,
            'approval',
            "ROW.used_at IS NOT NULL AND (ROW.how <> 'phone' OR ROW.seen_at IS NOT NULL)",
            verbs=('UPDATE',),
        ),
        *guards.freeze(dialect, 'approval', 'ROW.used_at IS NOT NULL', verbs=('DELETE',)),
    ):
        op.execute(statement)
    desk = ['authority:phone', 'guests:read', 'folios:read']
    leading = [*desk, 'access:read', 'staff:read']
    rights.grant(
        op.get_bind(),
        {
            'clerk': desk,
            'auditor': [*desk, 'staff:read'],
            'administrator': ['staff:read'],
            **dict.fromkeys(('supervisor', 'manager', 'owner'), leading),
        },
    )
