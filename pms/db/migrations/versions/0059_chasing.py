"""Debt chasing: the log of what guests were told, promised and paid."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0059'
down_revision = '0058'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('chase_call',
    _id('stay_id', nullable=False),
    sa.Column('result', sa.String(length=10), nullable=False),
    sa.Column('until', types.Moment(), nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_chase_call_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chase_call'))
    )
    op.create_index(op.f('ix_chase_call_stay_id'), 'chase_call', ['stay_id'], unique=False)
    op.create_index(op.f('ix_chase_call_business_date'), 'chase_call', ['business_date'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'chase_call'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('chasing:work',)
    leaders = ('chasing:work', 'chasing:decide')
    roles = dict.fromkeys(('clerk', 'auditor'), desk) | dict.fromkeys(('supervisor', 'manager', 'owner'), leaders)
    rights.grant(op.get_bind(), roles)
