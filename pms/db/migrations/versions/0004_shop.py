"""The shop: goods, sales, moves of stock, purchase requests, and its account in the books."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('purchase_request',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('asked_at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_request')),
    sa.UniqueConstraint('number', name=op.f('uq_purchase_request_number'))
    )
    with op.batch_alter_table('purchase_request', schema=None) as batch_op:
        batch_op.create_index('ix_purchase_request_open', ['number'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('shop_good',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('search', sa.Text(), nullable=False),
    sa.Column('barcode', sa.Text(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('cost', sa.BigInteger(), nullable=False),
    sa.Column('par', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('price >= 0 AND cost >= 0 AND par >= 0', name=op.f('ck_shop_good_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_good')),
    sa.UniqueConstraint('barcode', name=op.f('uq_shop_good_barcode'))
    )
    op.create_table('purchase_line',
    sa.Column('request_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('good_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stock', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_purchase_line_quantity')),
    sa.ForeignKeyConstraint(['good_id'], ['shop_good.id'], name=op.f('fk_purchase_line_good_id_shop_good')),
    sa.ForeignKeyConstraint(['request_id'], ['purchase_request.id'], name=op.f('fk_purchase_line_request_id_purchase_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase_line'))
    )
    with op.batch_alter_table('purchase_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_purchase_line_request_id'), ['request_id'], unique=False)

    op.create_table('shop_sale',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('method', sa.String(length=8), nullable=False),
    sa.Column('stay_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('tax', sa.BigInteger(), nullable=False),
    sa.Column('of_sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['of_sale_id'], ['shop_sale.id'], name=op.f('fk_shop_sale_of_sale_id_shop_sale')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_shop_sale_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_sale')),
    sa.UniqueConstraint('number', name=op.f('uq_shop_sale_number'))
    )
    with op.batch_alter_table('shop_sale', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shop_sale_business_date'), ['business_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_shop_sale_of_sale_id'), ['of_sale_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_shop_sale_stay_id'), ['stay_id'], unique=False)

    op.create_table('shop_move',
    sa.Column('good_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('cost', sa.BigInteger(), nullable=False),
    sa.Column('sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('of_move_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('quantity <> 0', name=op.f('ck_shop_move_quantity')),
    sa.ForeignKeyConstraint(['good_id'], ['shop_good.id'], name=op.f('fk_shop_move_good_id_shop_good')),
    sa.ForeignKeyConstraint(['of_move_id'], ['shop_move.id'], name=op.f('fk_shop_move_of_move_id_shop_move')),
    sa.ForeignKeyConstraint(['sale_id'], ['shop_sale.id'], name=op.f('fk_shop_move_sale_id_shop_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shop_move'))
    )
    with op.batch_alter_table('shop_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shop_move_business_date'), ['business_date'], unique=False)
        batch_op.create_index(batch_op.f('ix_shop_move_of_move_id'), ['of_move_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_shop_move_sale_id'), ['sale_id'], unique=False)
        batch_op.create_index('ix_shop_move_stock', ['good_id', 'quantity'], unique=False)

    dialect = op.get_bind().dialect.name
    for table in ('shop_sale', 'shop_move'):
        for statement in guards.protect(dialect, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('shop:sell', 'shop:receive', 'shop:count')
    leading = (*desk, 'shop:issue', 'shop:edit')
    rights.grant(op.get_bind(), {'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading})
    open_accounts()


def open_accounts() -> None:
    """Add the shop's accounts and code to books that are open already; new books get them at the founding."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    for ledger, code, name in (('revenue', 'SHOP', 'Shop'), ('guest', 'COUNTER', 'Shop counter')):
        connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES (:ledger, :code, :name, '', 0, :no)"),
                           {"ledger": ledger, "code": code, "name": name, "no": False})
    position = connection.execute(sa.text("SELECT max(position) + 1 FROM transaction_code")).scalar()
    connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, taxed, by_hand, position) "
                               "SELECT 'SHOP', 'Shop', 'charge', id, 0, :yes, :no, :position FROM account WHERE code = 'SHOP'"),
                       {"yes": True, "no": False, "position": position or 0})
