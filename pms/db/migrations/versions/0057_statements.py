"""Statements of providers and banks, and what was cleared of them."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0057'
down_revision = '0056'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('statement',
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('sort', sa.String(length=10), nullable=False),
    sa.Column('merchant', sa.Text(), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    _id('lines', nullable=False),
    _id('known', nullable=False),
    sa.Column('doubled', types.Json(), nullable=False),
    sa.Column('closing', sa.BigInteger(), nullable=True),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('first <= last', name=op.f('ck_statement_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
    sa.UniqueConstraint('digest', name=op.f('uq_statement_digest'))
    )
    op.create_index(op.f('ix_statement_last'), 'statement', ['last'], unique=False)
    op.create_table('statement_line',
    _id('statement_id', nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('sort', sa.String(length=10), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    _id('row', nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('gross', sa.BigInteger(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('order_number', sa.Text(), nullable=False),
    sa.Column('trade', sa.Text(), nullable=False),
    sa.Column('refund', sa.Text(), nullable=False),
    sa.Column('refund_trade', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('party', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_statement_line_statement_id_statement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_line')),
    sa.UniqueConstraint('source', 'sort', 'key', name=op.f('uq_statement_line_source_sort_key'))
    )
    op.create_index(op.f('ix_statement_line_statement_id'), 'statement_line', ['statement_id'], unique=False)
    op.create_index(op.f('ix_statement_line_day'), 'statement_line', ['day'], unique=False)
    op.create_table('statement_clearing',
    _id('line_id', nullable=True),
    _id('transfer_id', nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('(line_id IS NULL) <> (transfer_id IS NULL)', name=op.f('ck_statement_clearing_one')),
    sa.ForeignKeyConstraint(['line_id'], ['statement_line.id'], name=op.f('fk_statement_clearing_line_id_statement_line')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_statement_clearing_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_clearing')),
    sa.UniqueConstraint('line_id', name=op.f('uq_statement_clearing_line_id')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_statement_clearing_transfer_id'))
    )
    for table in ('statement', 'statement_line', 'statement_clearing'):
        for statement in guards.protect(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    working = ('statements:match',)
    rights.grant(op.get_bind(), {'auditor': working, 'manager': working, 'owner': working})
