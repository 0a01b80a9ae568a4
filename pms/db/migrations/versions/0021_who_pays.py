"""Every booking and stay says who pays: the guest, the channel or the company."""
import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # added in place; what was booked before is the guest's to pay, as it was handled
    for table in ('reservation', 'stay'):
        op.add_column(table, sa.Column('payer', sa.String(length=8), nullable=False, server_default='guest'))
