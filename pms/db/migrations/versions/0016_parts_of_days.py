"""Half and full days are posted by hand, are room revenue and count as half a night and a night."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards
from pms.db.migrations.columns import number

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("UPDATE transaction_code SET by_hand = :yes WHERE code IN ('HALF', 'FULL')").bindparams(yes=True))
    op.add_column('night_figure', number('halves'))  # added in place: a rebuilt table would lose its triggers
    op.create_table('night_part',
    sa.Column('business_date', sa.Date(), nullable=False),
    number('stay_id', nullable=False),
    number('room_id', nullable=False),
    number('type_id', nullable=False),
    number('halves', nullable=False),
    sa.Column('revenue', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('segment', sa.String(length=16), nullable=False),
    sa.Column('room', sa.Text(), nullable=False),
    sa.Column('guest', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('business_date', 'stay_id', name=op.f('pk_night_part')),
    sqlite_with_rowid=False)
    dialect = op.get_bind().dialect.name
    for statement in guards.protect(dialect, 'night_part'):
        op.execute(sa.text(statement.replace(":", "\\:")))
