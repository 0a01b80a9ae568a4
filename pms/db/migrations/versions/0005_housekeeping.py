"""Housekeeping: the twice-a-day room status sheet, and how differences were cleared."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('status_sheet',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('part', sa.String(length=2), nullable=False),
    sa.Column('opened_at', types.Moment(), nullable=False),
    _id('opened_by', nullable=True),
    sa.Column('signed_at', types.Moment(), nullable=True),
    _id('signed_by', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint("part IN ('AM', 'PM')", name=op.f('ck_status_sheet_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_sheet')),
    sa.UniqueConstraint('business_date', 'part', name='uq_status_sheet_day')
    )
    op.create_table('status_row',
    _id('sheet_id', nullable=False),
    _id('room_id', nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    _id('floor', nullable=False),
    sa.Column('type_code', sa.Text(), nullable=False),
    _id('version', nullable=False),
    _id('desk_persons', nullable=True),
    sa.Column('desk_clean', sa.String(length=10), nullable=False),
    sa.Column('desk_block', sa.String(length=4), nullable=False),
    _id('persons', nullable=False),
    sa.Column('clean', sa.String(length=10), nullable=False),
    sa.Column('remarks', types.Json(), nullable=False),
    sa.Column('odd', sa.String(length=6), nullable=False),
    sa.Column('before', types.Json(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('by', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('persons >= 0', name=op.f('ck_status_row_persons')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_status_row_room_id_room')),
    sa.ForeignKeyConstraint(['sheet_id'], ['status_sheet.id'], name=op.f('fk_status_row_sheet_id_status_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_status_row')),
    sa.UniqueConstraint('sheet_id', 'room_id', name='uq_status_row_room')
    )
    op.create_table('clearing',
    _id('room_id', nullable=False),
    sa.Column('kind', sa.String(length=6), nullable=False),
    _id('desk_persons', nullable=True),
    _id('seen_persons', nullable=False),
    sa.Column('seen_at', types.Moment(), nullable=True),
    _id('seen_by', nullable=True),
    sa.Column('action', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('by', nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_clearing_room_id_room')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clearing'))
    )
    with op.batch_alter_table('clearing', schema=None) as batch_op:
        batch_op.create_index('ix_clearing_business_date', ['business_date'], unique=False)

    dialect = op.get_bind().dialect.name
    signed = "(SELECT signed_at FROM status_sheet WHERE id = ROW.sheet_id) IS NOT NULL"
    for statement in (*guards.freeze(dialect, 'status_sheet', 'ROW.signed_at IS NOT NULL', verbs=('UPDATE', 'DELETE')),
                      *guards.freeze(dialect, 'status_row', signed), *guards.protect(dialect, 'clearing')):
        op.execute(sa.text(statement.replace(":", "\\:")))
    lead = ('housekeeping:sheet', 'housekeeping:sign', 'housekeeping:clear')
    rights.grant(op.get_bind(), {**dict.fromkeys(('housekeeping', 'supervisor', 'manager', 'owner'), lead), 'auditor': lead[2:]})

