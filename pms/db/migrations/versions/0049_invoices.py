"""Invoices, their red letters, and how much of each stay is invoiced."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0049'
down_revision = '0048'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('invoice',
    _id('number', nullable=False),
    _id('stay_id', nullable=False),
    sa.Column('special', sa.Boolean(), nullable=False),
    sa.Column('individual', sa.Boolean(), nullable=False),
    sa.Column('buyer', sa.Text(), nullable=False),
    sa.Column('tax_number', sa.String(length=20), nullable=False),
    sa.Column('address_phone', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('red', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('wanted_at', types.Moment(), nullable=False),
    _id('wanted_by', nullable=True),
    sa.Column('serial', sa.String(length=20), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    _id('closed_by', nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_invoice_amount')),
    sa.CheckConstraint('red >= 0 AND red <= amount', name=op.f('ck_invoice_red')),
    sa.CheckConstraint("(state = 'issued') = (serial IS NOT NULL)", name=op.f('ck_invoice_serial')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_invoice_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice')),
    sa.UniqueConstraint('number', name=op.f('uq_invoice_number')),
    sa.UniqueConstraint('serial', name=op.f('uq_invoice_serial'))
    )
    wanted = sa.text("state = 'wanted'")
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invoice_stay_id'), ['stay_id'], unique=False)
        batch_op.create_index('ix_invoice_wanted', ['number'], unique=False, sqlite_where=wanted, postgresql_where=wanted)

    op.create_table('red_letter',
    _id('invoice_id', nullable=False),
    sa.Column('serial', sa.String(length=20), nullable=False),
    sa.Column('confirmation', sa.String(length=20), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(length=8), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('clerk_id', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_red_letter_amount')),
    sa.ForeignKeyConstraint(['invoice_id'], ['invoice.id'], name=op.f('fk_red_letter_invoice_id_invoice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_red_letter')),
    sa.UniqueConstraint('serial', name=op.f('uq_red_letter_serial'))
    )
    with op.batch_alter_table('red_letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_red_letter_invoice_id'), ['invoice_id'], unique=False)

    op.create_table('invoiced_stay',
    _id('stay_id', nullable=False),
    sa.Column('invoiced', sa.BigInteger(), nullable=False),
    sa.Column('payable', sa.BigInteger(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('invoiced >= 0 AND invoiced <= payable', name=op.f('ck_invoiced_stay_never_more')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_invoiced_stay_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoiced_stay')),
    sa.UniqueConstraint('stay_id', name=op.f('uq_invoiced_stay_stay_id'))
    )
    for statement in guards.protect(op.get_bind().dialect.name, 'red_letter'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('invoices:work',)
    leading = (*desk, 'invoices:red')
    rights.grant(op.get_bind(), {'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading})
