"""What was done on paper is typed afterwards by a right of its own."""

from alembic import op

from pms.db.migrations import rights

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None

LATER = 'downtime:type'


def upgrade() -> None:
    rights.grant(
        op.get_bind(), {role: [LATER] for role in ('supervisor', 'auditor', 'manager', 'owner')}
    )
