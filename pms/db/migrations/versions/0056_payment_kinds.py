"""Kinds of payment are data, and electronic payments keep their transaction number."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0056'
down_revision = '0055'
branch_labels = None
depends_on = None

ACCOUNTS = (('WECHAT', 'WeChat Pay'), ('ALIPAY', 'Alipay'), ('UNIONPAY', 'UnionPay code'), ('VOUCHER', 'Voucher'))
KINDS = (
    # code, number, shape, drawer, back, counted, offered
    ('CASH', 'none', 'free', True, 'same', 'notes', True),
    ('WECHAT', 'needed', 'trade', False, 'same', 'slips', True),
    ('ALIPAY', 'needed', 'trade', False, 'same', 'slips', True),
    ('UNIONPAY', 'needed', 'trade', False, 'same', 'slips', True),
    ('BANK', 'asked', 'slip', False, 'same', 'slips', True),
    ('WIRE', 'asked', 'free', False, 'same', 'nothing', True),
    ('VOUCHER', 'needed', 'free', False, 'not', 'slips', False),
    ('MOBILE', 'none', 'trade', False, 'same', 'slips', False),
)


def upgrade() -> None:
    op.create_table('payment_kind',
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    sa.Column('offered', sa.Boolean(), nullable=False),
    _id('position', nullable=False),
    sa.Column('number', sa.String(length=8), nullable=False),
    sa.Column('shape', sa.String(length=8), nullable=False),
    sa.Column('drawer', sa.Boolean(), nullable=False),
    sa.Column('back', sa.String(length=8), nullable=False),
    sa.Column('counted', sa.String(length=8), nullable=False),
    sa.ForeignKeyConstraint(['code'], ['transaction_code.code'], name=op.f('fk_payment_kind_code_transaction_code')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_payment_kind'))
    )
    op.create_table('payment_reference',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('back', sa.Boolean(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint("number <> ''", name=op.f('ck_payment_reference_number')),
    sa.ForeignKeyConstraint(['kind'], ['payment_kind.code'], name=op.f('fk_payment_reference_kind_payment_kind')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_reference')),
    sa.UniqueConstraint('kind', 'number', name=op.f('uq_payment_reference_kind_number'))
    )
    op.create_index(op.f('ix_payment_reference_business_date'), 'payment_reference', ['business_date'], unique=False)
    op.create_index(op.f('ix_payment_reference_at'), 'payment_reference', ['at'], unique=False)
    op.create_table('payment_share',
    _id('reference_id', nullable=False),
    _id('transfer_id', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_payment_share_amount')),
    sa.ForeignKeyConstraint(['reference_id'], ['payment_reference.id'], name=op.f('fk_payment_share_reference_id_payment_reference')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_payment_share_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_share'))
    )
    op.create_index(op.f('ix_payment_share_reference_id'), 'payment_share', ['reference_id'], unique=False)
    op.create_index(op.f('ix_payment_share_transfer_id'), 'payment_share', ['transfer_id'], unique=False)
    for table in ('payment_reference', 'payment_share'):
        for statement in guards.protect(op.get_bind().dialect.name, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    open_kinds()


def open_kinds() -> None:
    """Add the accounts and kinds to books that are open already; new books get them at the founding."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    position = connection.execute(sa.text("SELECT max(position) + 1 FROM transaction_code")).scalar() or 0
    for code, name in ACCOUNTS:
        connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES ('payment', :code, :name, '', 0, :no)"),
                           {"code": code, "name": name, "no": False})
        connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                                   "SELECT :code, :name, 'payment', id, 0, :no, :position FROM account WHERE code = :code"),
                           {"code": code, "name": name, "no": False, "position": position})
        position += 1
    columns = ('code', 'number', 'shape', 'drawer', 'back', 'counted', 'offered')
    for place, kind in enumerate(KINDS, 1):
        connection.execute(sa.text("INSERT INTO payment_kind (code, name, name_zh, offered, position, number, shape, drawer, back, counted) "
                                   "VALUES (:code, '', '', :offered, :position, :number, :shape, :drawer, :back, :counted)"),
                           {**dict(zip(columns, kind, strict=True)), "position": place})
