"""The budget, wake-up calls, and the right to read reports."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('budget',
    sa.Column('month', sa.Date(), nullable=False),
    _id('sold', nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('sold >= 0 AND revenue >= 0', name=op.f('ck_budget_positive')),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_budget'))
    )
    op.create_table('wake_up',
    _id('stay_id', nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('way', sa.String(length=8), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('taken_at', types.Moment(), nullable=False),
    _id('taken_by', nullable=True),
    _id('id', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wake_up'))
    )
    with op.batch_alter_table('wake_up', schema=None) as batch_op:
        batch_op.create_index('ix_wake_up_due', ['at'], unique=False, sqlite_where=sa.text("state = 'due'"), postgresql_where=sa.text("state = 'due'"))
        batch_op.create_index(batch_op.f('ix_wake_up_stay_id'), ['stay_id'], unique=False)
    op.create_table('wake_up_try',
    _id('wake_up_id', nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('by', nullable=True),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['wake_up_id'], ['wake_up.id'], name=op.f('fk_wake_up_try_wake_up_id_wake_up')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wake_up_try'))
    )
    with op.batch_alter_table('wake_up_try', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_wake_up_try_wake_up_id'), ['wake_up_id'], unique=False)
    calls, reading = ['wake_ups:work'], ['wake_ups:work', 'reports:read']
    rights.grant(op.get_bind(), {'clerk': calls, **dict.fromkeys(('supervisor', 'auditor', 'manager', 'owner'), reading)})
