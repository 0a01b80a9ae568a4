"""The day of each number of a money paper is found at once, however old the hotel is."""
from alembic import op

revision = '0071'
down_revision = '0070'
branch_labels = None
depends_on = None

DAYS = (
    ('rental', 'out_on'),
    ('preauth', 'taken_on'),
    ('company_bill', 'billed_on'),
    ('company_receipt', 'business_date'),
    ('channel_bill', 'billed_on'),
    ('channel_bill', 'transfer_id'),
    ('channel_receipt', 'business_date'),
    ('handover', 'business_date'),
    ('invoice', 'wanted_at'),
)


def upgrade() -> None:
    for table, day in DAYS:
        op.create_index(f'ix_{table}_{day}', table, [day], unique=False)
