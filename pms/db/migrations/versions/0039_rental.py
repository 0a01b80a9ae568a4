"""Item rental."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rental_item',
    sa.Column('name', sa.Text(), nullable=False),
    _id('pieces', nullable=False),
    sa.Column('deposit', sa.BigInteger(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('pieces >= 0', name=op.f('ck_rental_item_pieces')),
    sa.CheckConstraint('deposit >= 0 AND price >= 0', name=op.f('ck_rental_item_amounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rental_item')),
    sa.UniqueConstraint('name', name=op.f('uq_rental_item_name'))
    )
    op.create_table('rental',
    _id('number', nullable=False),
    _id('item_id', nullable=False),
    _id('stay_id', nullable=False),
    _id('pieces', nullable=False),
    _id('pieces_out', nullable=False),
    sa.Column('deposit', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(length=10), nullable=False),
    sa.Column('slip', sa.String(length=20), nullable=False),
    sa.Column('due_at', types.Moment(), nullable=False),
    sa.Column('out_at', types.Moment(), nullable=False),
    sa.Column('out_on', sa.Date(), nullable=False),
    _id('out_by', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_rental_some')),
    sa.CheckConstraint('pieces_out >= 0 AND pieces_out <= pieces', name=op.f('ck_rental_out')),
    sa.ForeignKeyConstraint(['item_id'], ['rental_item.id'], name=op.f('fk_rental_item_id_rental_item')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_rental_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rental')),
    sa.UniqueConstraint('number', name=op.f('uq_rental_number'))
    )
    still_out = sa.text('pieces_out > 0')
    with op.batch_alter_table('rental', schema=None) as batch_op:
        batch_op.create_index('ix_rental_out', ['due_at'], unique=False, sqlite_where=still_out, postgresql_where=still_out)
        batch_op.create_index(batch_op.f('ix_rental_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rental_stay_id'), ['stay_id'], unique=False)

    op.create_table('rental_return',
    _id('rental_id', nullable=False),
    _id('pieces', nullable=False),
    sa.Column('how', sa.String(length=10), nullable=False),
    sa.Column('charged', sa.BigInteger(), nullable=False),
    sa.Column('refunded', sa.BigInteger(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_rental_return_some')),
    sa.ForeignKeyConstraint(['rental_id'], ['rental.id'], name=op.f('fk_rental_return_rental_id_rental')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rental_return'))
    )
    with op.batch_alter_table('rental_return', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rental_return_business_date'), ['business_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_rental_return_rental_id'), ['rental_id'], unique=False)

    for statement in guards.protect(op.get_bind().dialect.name, 'rental_return'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('rental:lend',)
    leading = (*desk, 'rental:edit')
    rights.grant(op.get_bind(), {'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading})
