"""How often a person has chosen a page by its name."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0045'
down_revision = '0044'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'page_choice',
        _id('staff_id', nullable=False),
        sa.Column('word', sa.String(40), nullable=False),
        sa.Column('times', types.BigId, nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_page_choice_staff_id_staff')),
        sa.PrimaryKeyConstraint('staff_id', 'word', name=op.f('pk_page_choice')),
    )
