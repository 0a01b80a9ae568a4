"""Joined rooms: the leading stay of each."""
import sqlalchemy as sa
from alembic import op

from pms.db.migrations.columns import number as _id

revision = '0070'
down_revision = '0069'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('stay', _id('joined_to', nullable=True))
    there = sa.text('joined_to IS NOT NULL')
    op.create_index('ix_stay_joined_to', 'stay', ['joined_to'], unique=False, sqlite_where=there, postgresql_where=there)
