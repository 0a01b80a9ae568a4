"""Members' stored value: what was paid and what was given on top, apart, and two liabilities for it."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0051'
down_revision = '0050'
branch_labels = None
depends_on = None
ACCOUNTS = (('stored', 'STORED', 'Stored value', 'stored'), ('stored', 'STOREDGIFT', 'Stored value, gift part', 'stored'),
            ('expense', 'GIFT', 'Gifts to members', 'internal'))


def upgrade() -> None:
    op.create_table('member_purse',
    _id('member_id', nullable=False),
    sa.Column('paid', sa.BigInteger(), nullable=False),
    sa.Column('gift', sa.BigInteger(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('paid >= 0 AND gift >= 0', name=op.f('ck_member_purse_never_below_zero')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_purse_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_purse')),
    sa.UniqueConstraint('member_id', name=op.f('uq_member_purse_member_id'))
    )
    op.create_table('member_purse_row',
    _id('member_id', nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('paid', sa.BigInteger(), nullable=False),
    sa.Column('gift', sa.BigInteger(), nullable=False),
    sa.Column('over', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(length=10), nullable=False),
    _id('stay_id', nullable=True),
    _id('paid_transfer', nullable=True),
    _id('gift_transfer', nullable=True),
    _id('reverses', nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['gift_transfer'], ['transfer.id'], name=op.f('fk_member_purse_row_gift_transfer_transfer')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_purse_row_member_id_member')),
    sa.ForeignKeyConstraint(['paid_transfer'], ['transfer.id'], name=op.f('fk_member_purse_row_paid_transfer_transfer')),
    sa.ForeignKeyConstraint(['reverses'], ['member_purse_row.id'], name=op.f('fk_member_purse_row_reverses_member_purse_row')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_member_purse_row_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_purse_row')),
    sa.UniqueConstraint('reverses', name=op.f('uq_member_purse_row_reverses'))
    )
    for column in ('business_date', 'member_id', 'stay_id', 'paid_transfer', 'gift_transfer'):
        op.create_index(f'ix_member_purse_row_{column}', 'member_purse_row', [column])
    for statement in guards.protect(op.get_bind().dialect.name, 'member_purse_row'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    open_accounts()


def open_accounts() -> None:
    """Add the accounts and their transaction codes to books that are open already; new books get them at the founding."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    for ledger, code, name, kind in ACCOUNTS:
        connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES (:ledger, :code, :name, '', 0, :no)"),
                           {"no": False, "ledger": ledger, "code": code, "name": name})
        connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                                   "SELECT :code, :name, :kind, id, 0, :no, (SELECT max(position) + 1 FROM transaction_code) FROM account WHERE code = :code"),
                           {"no": False, "code": code, "name": name, "kind": kind})
