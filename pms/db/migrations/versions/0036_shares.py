"""What each closed day sold by source and kind of price is summed once."""

import sqlalchemy as sa
from alembic import op

from pms.db import guards
from pms.db.migrations.columns import number

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

SUM_UP = """
INSERT INTO night_share (business_date, source, segment, sold, halves, revenue)
SELECT business_date, source, segment, sum(sold), sum(halves), sum(revenue) FROM (
    SELECT business_date, source, coalesce(segment, '') AS segment, 1 AS sold, 0 AS halves,
           coalesce(net, price) AS revenue FROM night_stay WHERE kind = ''
    UNION ALL
    SELECT business_date, source, segment, 0, halves, revenue FROM night_part
) AS sold
GROUP BY business_date, source, segment
"""


def upgrade() -> None:
    op.create_table('night_share',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('segment', sa.String(length=16), nullable=False),
    number('sold', nullable=False),
    number('halves', nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('business_date', 'source', 'segment', name=op.f('pk_night_share')),
    sqlite_with_rowid=False)
    op.execute(sa.text(SUM_UP))
    dialect = op.get_bind().dialect.name
    for statement in guards.protect(dialect, 'night_share'):
        op.execute(sa.text(statement.replace(":", "\\:")))
