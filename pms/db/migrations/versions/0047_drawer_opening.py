"""The drawer opened without a sale."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0047'
down_revision = '0046'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('drawer_opening',
    _id('shift_id', nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('by', nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_drawer_opening_shift_id_shift')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drawer_opening'))
    )
    with op.batch_alter_table('drawer_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drawer_opening_shift_id'), ['shift_id'], unique=False)

    for statement in guards.protect(op.get_bind().dialect.name, 'drawer_opening'):
        op.execute(sa.text(statement.replace(":", "\\:")))
