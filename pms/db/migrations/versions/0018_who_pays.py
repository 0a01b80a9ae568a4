"""Every booking and stay says who pays: the guest, the channel or the company."""
import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # added in place; what was booked before is the guest's to pay, as it was handled
    for table in ('reservation', 'stay'):
        op.add_column(table, sa.Column('payer', sa.String(length=8), nullable=False, server_default='guest'))
