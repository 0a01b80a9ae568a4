"""A guaranteed guest may be let in after the close; a check-in taken back gives the booking its room again."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('stay', number('assigned_id'))
    op.add_column('stay', sa.Column('let_in_on', sa.Date(), nullable=True))
    op.add_column('booked_room', sa.Column('kept_until', types.Moment(), nullable=True))
    op.create_index('ix_booked_room_kept', 'booked_room', ['kept_until'], unique=False,
                    sqlite_where=sa.text('kept_until IS NOT NULL'), postgresql_where=sa.text('kept_until IS NOT NULL'))
