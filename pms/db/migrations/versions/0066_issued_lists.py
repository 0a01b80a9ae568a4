"""Invoices given to the platform in its workbook, and the lists of issued ones that come back."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0066'
down_revision = '0065'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('invoice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('exported_at', types.Moment(), nullable=True))
    op.create_table('issued_list',
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('seller', sa.String(length=20), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    _id('lines', nullable=False),
    _id('noted', nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    _id('id', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issued_list')),
    sa.UniqueConstraint('digest', name=op.f('uq_issued_list_digest'))
    )
    op.create_table('issued_line',
    _id('list_id', nullable=False),
    sa.Column('serial', sa.String(length=20), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('buyer', sa.Text(), nullable=False),
    sa.Column('tax_number', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('red_of', sa.String(length=20), nullable=False),
    _id('times', nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['list_id'], ['issued_list.id'], name=op.f('fk_issued_line_list_id_issued_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issued_line'))
    )
    op.create_index(op.f('ix_issued_line_list_id'), 'issued_line', ['list_id'], unique=False)
    op.create_index(op.f('ix_issued_line_serial'), 'issued_line', ['serial'], unique=False)
    for table in ('issued_list', 'issued_line'):
        for statement in guards.protect(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
