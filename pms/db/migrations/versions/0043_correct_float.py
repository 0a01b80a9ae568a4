"""The right to correct a float."""
from alembic import op

from pms.db.migrations import rights

revision = '0043'
down_revision = '0039'
branch_labels = None
depends_on = None


def upgrade() -> None:
    leading = ('shifts:correct_float',)
    rights.grant(op.get_bind(), {'supervisor': leading, 'manager': leading, 'owner': leading})
