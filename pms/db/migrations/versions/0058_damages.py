"""Damages by guests: the price list and what was charged."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0058'
down_revision = '0057'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('damage_item',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('price > 0', name=op.f('ck_damage_item_price')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_damage_item')),
    sa.UniqueConstraint('name', name=op.f('uq_damage_item_name'))
    )
    op.create_table('damage',
    _id('number', nullable=False),
    _id('stay_id', nullable=False),
    sa.Column('room', sa.Text(), nullable=False),
    _id('item_id', nullable=True),
    sa.Column('what', sa.Text(), nullable=False),
    _id('pieces', nullable=False),
    sa.Column('whole', sa.BigInteger(), nullable=False),
    sa.Column('charged', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    _id('transfer_id', nullable=True),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('seen_at', types.Moment(), nullable=True),
    _id('seen_by', nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_damage_some')),
    sa.CheckConstraint('charged >= 0 AND charged <= whole', name=op.f('ck_damage_charged')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_damage_stay_id_stay')),
    sa.ForeignKeyConstraint(['item_id'], ['damage_item.id'], name=op.f('fk_damage_item_id_damage_item')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_damage_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_damage')),
    sa.UniqueConstraint('number', name=op.f('uq_damage_number')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_damage_transfer_id'))
    )
    unseen = sa.text('seen_at IS NULL')
    with op.batch_alter_table('damage', schema=None) as batch_op:
        batch_op.create_index('ix_damage_unseen', ['number'], unique=False, sqlite_where=unseen, postgresql_where=unseen)
        batch_op.create_index(batch_op.f('ix_damage_business_date'), ['business_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_damage_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_damage_stay_id'), ['stay_id'], unique=False)

    dialect = op.get_bind().dialect.name
    for statement in (
        *guards.freeze(dialect, 'damage', 'ROW.id IS NOT NULL', verbs=('DELETE',)),
        *guards.freeze(dialect, 'damage', 'ROW.seen_at IS NOT NULL', verbs=('UPDATE',)),
    ):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('damages:charge',)
    leading = (*desk, 'damages:see', 'damages:edit')
    rights.grant(op.get_bind(), {'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading})
