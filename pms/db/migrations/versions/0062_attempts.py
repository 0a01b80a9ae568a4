"""Payments in question: the payer calls them done, and nothing has arrived."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0062'
down_revision = '0061'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('payment_attempt',
    _id('number', nullable=False),
    _id('stay_id', nullable=False),
    sa.Column('window', sa.String(length=1), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('told', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    _id('transfer_id', nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('asked_at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('settled_at', types.Moment(), nullable=True),
    sa.Column('settled_on', sa.Date(), nullable=True),
    _id('settled_by', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_payment_attempt_some')),
    sa.CheckConstraint("(state = 'arrived') = (transfer_id IS NOT NULL)", name=op.f('ck_payment_attempt_posted')),
    sa.CheckConstraint("(state = 'unknown') = (settled_on IS NULL)", name=op.f('ck_payment_attempt_settled')),
    sa.ForeignKeyConstraint(['kind'], ['payment_kind.code'], name=op.f('fk_payment_attempt_kind_payment_kind')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_payment_attempt_stay_id_stay')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_payment_attempt_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_attempt')),
    sa.UniqueConstraint('number', name=op.f('uq_payment_attempt_number')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_payment_attempt_transfer_id'))
    )
    op.create_index(op.f('ix_payment_attempt_stay_id'), 'payment_attempt', ['stay_id'], unique=False)
    op.create_index(op.f('ix_payment_attempt_settled_on'), 'payment_attempt', ['settled_on'], unique=False)
    still = sa.text("state = 'unknown'")
    op.create_index('ix_payment_attempt_open', 'payment_attempt', ['number'], unique=False, sqlite_where=still, postgresql_where=still)
