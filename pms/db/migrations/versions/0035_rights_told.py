"""The trail says what each role may do, and a wait after a wrong password is counted by what no clock moves."""

from alembic import op

from pms.db.migrations import rights
from pms.db.migrations.columns import number

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('sign_in_try', number('ticks', nullable=False, server_default='0'))
    rights.write_down(op.get_bind(), revision)
