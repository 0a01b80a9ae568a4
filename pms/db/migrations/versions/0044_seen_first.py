"""What was taken from the desk on a status sheet."""
import sqlalchemy as sa
from alembic import op

revision = '0044'
down_revision = '0043'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('status_row', sa.Column('taken', sa.Boolean(), nullable=True))
