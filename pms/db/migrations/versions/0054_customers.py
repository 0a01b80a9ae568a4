"""Bookings know their member, company and channel by number; a stay knows until when its departure is free."""
import sqlalchemy as sa
from alembic import op

from pms.db.migrations.columns import number as _id

revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for kind in ('member', 'company', 'channel'):
        op.add_column('reservation', _id(f'{kind}_number', nullable=True))
    op.add_column('stay', sa.Column('free_until', sa.String(length=5), server_default='', nullable=False))
