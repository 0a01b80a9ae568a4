"""The columns that a person leaves out of a list."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'list_choice',
        _id('staff_id', nullable=False),
        sa.Column('name', sa.String(40), nullable=False),
        sa.Column('away', types.Json(), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_list_choice_staff_id_staff')),
        sa.PrimaryKeyConstraint('staff_id', 'name', name=op.f('pk_list_choice')),
    )
