"""The audit keeps which signs of the trail the auditor typed from last night's paper."""

import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        number('paper_entry'),
        sa.Column('paper_signs', sa.String(6)),
        sa.Column('paper_right', sa.Boolean()),
        sa.Column('paper_tries', types.BigId, nullable=False, server_default=sa.text('0')),
        number('paper_by'),
        sa.Column('paper_at', types.Moment()),
    ):
        op.add_column('audit_run', column)
