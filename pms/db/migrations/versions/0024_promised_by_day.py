"""The count of a type and night says where a room is promised by day, so that whoever sells a night in the midst of which it lies looks."""
import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # added in place: a rebuilt table would lose its guards
    op.add_column('inventory', sa.Column('by_day', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text(
        'UPDATE inventory SET by_day = true WHERE EXISTS (SELECT 1 FROM booked_room b WHERE b.counted_type_id = inventory.type_id '
        "AND b.arrival = inventory.night AND b.departure = b.arrival AND b.state IN ('tentative', 'confirmed', 'guaranteed', 'in_house'))"))
