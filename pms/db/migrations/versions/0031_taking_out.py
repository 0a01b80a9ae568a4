"""Taking data out as a file has rights of its own."""

from alembic import op

from pms.db.migrations import rights

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

DAY, BULK = 'reports:take_out', 'reports:take_out_bulk'


def upgrade() -> None:
    rights.grant(
        op.get_bind(),
        {'supervisor': [DAY], 'auditor': [DAY], 'manager': [DAY, BULK], 'owner': [DAY, BULK]},
    )
