"""A guest who leaves early keeps the planned departure for the undoing; what the police ask of overseas guests is kept sealed."""
import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('stay', sa.Column('planned', sa.Date(), nullable=True))
    op.add_column('guest', sa.Column('overseas', sa.Text(), nullable=True))
