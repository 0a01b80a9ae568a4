"""What an article costs from when on; who sees the shop's margin."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0068'
down_revision = '0067'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shop_cost',
    _id('good_id', nullable=False),
    sa.Column('cost', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('cost >= 0', name=op.f('ck_shop_cost_not_negative')),
    sa.ForeignKeyConstraint(['good_id'], ['shop_good.id'], name=op.f('fk_shop_cost_good_id_shop_good')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_cost'))
    )
    op.create_index('ix_shop_cost_good_id', 'shop_cost', ['good_id', 'id'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'shop_cost'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    rights.grant(op.get_bind(), dict.fromkeys(('auditor', 'manager', 'owner'), ('margin:see',)))
