"""The handover book."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('message',
    sa.Column('text', sa.Text(), nullable=False),
    _id('for_staff_id', nullable=True),
    _id('stay_id', nullable=True),
    sa.Column('written_at', types.Moment(), nullable=False),
    _id('written_by', nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    _id('closed_by', nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['for_staff_id'], ['staff.id'], name=op.f('fk_message_for_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_open', ['id'], unique=False, sqlite_where=sa.text('closed_at IS NULL'),
                              postgresql_where=sa.text('closed_at IS NULL'))
    desk = ['messages:write']
    rights.grant(op.get_bind(), dict.fromkeys(('clerk', 'supervisor', 'auditor', 'manager', 'owner', 'housekeeping'), desk))
