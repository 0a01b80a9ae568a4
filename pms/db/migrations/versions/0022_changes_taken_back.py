"""How a stay stood before it was changed is written down, so that a change can be taken back."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'stay_change',
        _id('stay_id', nullable=False),
        sa.Column('kind', sa.String(length=8), nullable=False),
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('at', types.Moment(), nullable=False),
        _id('clerk_id', nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        _id('room_id', nullable=False),
        _id('new_room_id', nullable=True),
        sa.Column('departure', sa.Date(), nullable=False),
        sa.Column('new_departure', sa.Date(), nullable=True),
        _id('type_id', nullable=False),
        sa.Column('clean', sa.String(length=10), nullable=False),
        _id('cards', nullable=False),
        sa.Column('nights', types.Json(), nullable=False),
        sa.Column('undone_at', types.Moment(), nullable=True),
        _id('undone_by', nullable=True),
        sa.Column('undone_reason', sa.Text(), nullable=False),
        _id('id', nullable=False),
        sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_stay_change_stay_id_stay')),
        sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_stay_change_room_id_room')),
        sa.ForeignKeyConstraint(['new_room_id'], ['room.id'], name=op.f('fk_stay_change_new_room_id_room')),
        sa.ForeignKeyConstraint(['type_id'], ['room_type.id'], name=op.f('fk_stay_change_type_id_room_type')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_stay_change')),
    )
    op.create_index(op.f('ix_stay_change_stay_id'), 'stay_change', ['stay_id'], unique=False)
    op.create_index(op.f('ix_stay_change_business_date'), 'stay_change', ['business_date'], unique=False)
