"""What is typed and not done yet is kept, sealed, for its workstation."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'draft',
        sa.Column('station', sa.Text(), nullable=False),
        sa.Column('page', sa.Text(), nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.Column('kept_at', types.Moment(), nullable=False),
        _id('clerk_id', nullable=False),
        sa.ForeignKeyConstraint(['clerk_id'], ['staff.id'], name=op.f('fk_draft_clerk_id_staff')),
        sa.PrimaryKeyConstraint('station', 'page', name=op.f('pk_draft')),
    )
