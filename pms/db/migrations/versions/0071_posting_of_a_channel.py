"""The line of a channel's account is found by its posting."""
from alembic import op

revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_channel_bill_transfer_id', 'channel_bill', ['transfer_id'], unique=False)
