"""Channel orders."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0060'
down_revision = '0059'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('channel_order',
    _id('number', nullable=False),
    _id('channel_number', nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('site', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    _id('reservation_id', nullable=True),
    sa.Column('arrival', sa.Date(), nullable=True),
    sa.Column('departure', sa.Date(), nullable=True),
    _id('rooms', nullable=True),
    sa.Column('payment', sa.String(length=24), nullable=False),
    sa.Column('sell', sa.BigInteger(), nullable=True),
    sa.Column('settle', sa.BigInteger(), nullable=True),
    sa.Column('commission', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('taken_at', types.Moment(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    _id('taken_by', nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['reservation_id'], ['reservation.id'], name=op.f('fk_channel_order_reservation_id_reservation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_order')),
    sa.UniqueConstraint('channel_number', 'reference', name=op.f('uq_channel_order_channel_number_reference')),
    sa.UniqueConstraint('number', name=op.f('uq_channel_order_number'))
    )
    op.create_index(op.f('ix_channel_order_reservation_id'), 'channel_order', ['reservation_id'])
    op.create_index(op.f('ix_channel_order_taken_on'), 'channel_order', ['taken_on'])
    asked = sa.text("state = 'cancel_request'")
    op.create_index('ix_channel_order_asked', 'channel_order', ['number'], sqlite_where=asked, postgresql_where=asked)
    told = sa.text("text <> ''")
    op.create_index('ix_channel_order_told', 'channel_order', ['id'], sqlite_where=told, postgresql_where=told)
    op.create_table('channel_room',
    _id('channel_number', nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    _id('type_id', nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_channel_room_type_id_room_type')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_room')),
    sa.UniqueConstraint('channel_number', 'words', name=op.f('uq_channel_room_channel_number_words'))
    )
    desk = ['orders:work']
    rights.grant(op.get_bind(), dict.fromkeys(('clerk', 'supervisor', 'auditor', 'manager', 'owner'), desk))
