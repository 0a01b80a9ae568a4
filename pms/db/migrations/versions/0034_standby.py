"""What is known of a second server that follows the first stands where every desk reads it."""

import sqlalchemy as sa
from alembic import op

from pms.db import types

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'standby',
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('synchronous', sa.Boolean(), nullable=False),
        sa.Column('since', types.Moment(), nullable=False),
        sa.Column('seen_at', types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_standby')),
    )
