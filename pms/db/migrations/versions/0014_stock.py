"""The stock of a good is a figure that is carried forward with each move."""
import sqlalchemy as sa
from alembic import op

from pms.db.migrations.columns import number

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_shop_move_stock', table_name='shop_move')
    op.create_index('ix_shop_move_good_id', 'shop_move', ['good_id', 'id'])
    op.create_table('shop_stock',
    number('good_id', nullable=False),
    number('quantity', nullable=False),
    sa.ForeignKeyConstraint(['good_id'], ['shop_good.id'], name=op.f('fk_shop_stock_good_id_shop_good')),
    sa.PrimaryKeyConstraint('good_id', name=op.f('pk_shop_stock')))
    op.execute(sa.text("INSERT INTO shop_stock (good_id, quantity) SELECT g.id, coalesce((SELECT sum(m.quantity) FROM shop_move m "
                       "WHERE m.good_id = g.id), 0) FROM shop_good g"))
