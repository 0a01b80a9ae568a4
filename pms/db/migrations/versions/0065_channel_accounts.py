"""What channels owe and are owed, what came in on it, and how an order is paid."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0065'
down_revision = '0064'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('reservation', sa.Column('settles', sa.String(length=8), server_default='', nullable=False))
    op.create_table('channel_bill',
    _id('number', nullable=False),
    _id('channel_id', nullable=False),
    sa.Column('what', sa.String(length=10), nullable=False),
    sa.Column('on_credit', sa.Boolean(), nullable=False),
    _id('stay_id', nullable=True),
    _id('stay_number', nullable=True),
    _id('booking', nullable=True),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('guest', sa.Text(), nullable=False),
    sa.Column('room', sa.Text(), nullable=False),
    sa.Column('arrival', sa.Date(), nullable=False),
    sa.Column('departure', sa.Date(), nullable=False),
    _id('points', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('left', sa.BigInteger(), nullable=False),
    sa.Column('billed_on', sa.Date(), nullable=False),
    _id('transfer_id', nullable=True),
    sa.Column('voided_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('arrival <= departure', name=op.f('ck_channel_bill_nights')),
    sa.ForeignKeyConstraint(['channel_id'], ['channel.id'], name=op.f('fk_channel_bill_channel_id_channel')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_channel_bill_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_bill')),
    sa.UniqueConstraint('number', name=op.f('uq_channel_bill_number'))
    )
    still_open, of_stay = sa.text('"left" <> 0'), sa.text('stay_id IS NOT NULL')
    op.create_index(op.f('ix_channel_bill_reference'), 'channel_bill', ['reference'], unique=False)
    op.create_index('ix_channel_bill_billed', 'channel_bill', ['channel_id', 'billed_on'], unique=False)
    op.create_index('ix_channel_bill_stay', 'channel_bill', ['stay_id', 'what'], unique=True, sqlite_where=of_stay, postgresql_where=of_stay)
    op.create_index('ix_channel_bill_open', 'channel_bill', ['channel_id', 'billed_on', 'number', 'left'], unique=False, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table('channel_receipt',
    _id('number', nullable=False),
    _id('channel_id', nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    _id('transfer_id', nullable=False),
    _id('reverses', nullable=True),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_channel_receipt_some')),
    sa.ForeignKeyConstraint(['channel_id'], ['channel.id'], name=op.f('fk_channel_receipt_channel_id_channel')),
    sa.ForeignKeyConstraint(['reverses'], ['channel_receipt.id'], name=op.f('fk_channel_receipt_reverses_channel_receipt')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_channel_receipt_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_receipt')),
    sa.UniqueConstraint('number', name=op.f('uq_channel_receipt_number')),
    sa.UniqueConstraint('reverses', name=op.f('uq_channel_receipt_reverses')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_channel_receipt_transfer_id'))
    )
    op.create_index('ix_channel_receipt_on', 'channel_receipt', ['channel_id', 'business_date'], unique=False)
    op.create_table('channel_allocation',
    _id('receipt_id', nullable=False),
    _id('bill_id', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_channel_allocation_some')),
    sa.ForeignKeyConstraint(['bill_id'], ['channel_bill.id'], name=op.f('fk_channel_allocation_bill_id_channel_bill')),
    sa.ForeignKeyConstraint(['receipt_id'], ['channel_receipt.id'], name=op.f('fk_channel_allocation_receipt_id_channel_receipt')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_allocation'))
    )
    op.create_index(op.f('ix_channel_allocation_bill_id'), 'channel_allocation', ['bill_id'], unique=False)
    op.create_index(op.f('ix_channel_allocation_receipt_id'), 'channel_allocation', ['receipt_id'], unique=False)
    _statements()
    connection = op.get_bind()
    for table in ('channel_receipt', 'channel_allocation', 'channel_statement', 'channel_statement_line', 'channel_clearing'):
        for statement in guards.protect(connection.dialect.name, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    rights.grant(connection, dict.fromkeys(('auditor', 'manager', 'owner'), ('settlements:settle',)))
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar():
        _open_accounts(connection)


def _open_accounts(connection: sa.Connection) -> None:
    """Add the codes of channel accounts to books that are open already."""
    for code, name, kind, ledger in (('CHANNEL', 'Paid by the channel', 'city', 'city'), ('COMMISSION', 'Commission', 'internal', 'expense')):
        told = {'code': code, 'name': name, 'kind': kind, 'ledger': ledger, 'no': False}
        connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES (:ledger, :code, :name, '', 0, :no)"), told)
        connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                                   "SELECT :code, :name, :kind, id, 0, :no, (SELECT max(position) + 1 FROM transaction_code) FROM account WHERE code = :code"), told)


def _statements() -> None:
    """Channels' statements, their lines, and what was cleared of them."""
    op.create_table('channel_statement',
    _id('channel_number', nullable=False),
    sa.Column('sort', sa.String(length=10), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    _id('lines', nullable=False),
    _id('known', nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('paid', types.Json(), nullable=False),
    sa.Column('doubled', types.Json(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('first <= last', name=op.f('ck_channel_statement_days')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_statement')),
    sa.UniqueConstraint('digest', name=op.f('uq_channel_statement_digest'))
    )
    op.create_index(op.f('ix_channel_statement_channel_number'), 'channel_statement', ['channel_number'], unique=False)
    op.create_table('channel_statement_line',
    _id('file_id', nullable=False),
    _id('channel_number', nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    _id('row', nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=False),
    sa.Column('arrival', sa.Date(), nullable=True),
    sa.Column('departure', sa.Date(), nullable=True),
    _id('room_nights', nullable=False),
    sa.Column('guest', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('damaged', sa.Boolean(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['channel_statement.id'], name=op.f('fk_channel_statement_line_file_id_channel_statement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_statement_line')),
    sa.UniqueConstraint('channel_number', 'key', name=op.f('uq_channel_statement_line_channel_number_key'))
    )
    op.create_index(op.f('ix_channel_statement_line_file_id'), 'channel_statement_line', ['file_id'], unique=False)
    op.create_index(op.f('ix_channel_statement_line_reference'), 'channel_statement_line', ['reference'], unique=False)
    op.create_table('channel_clearing',
    _id('line_id', nullable=True),
    _id('bill_id', nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('(line_id IS NULL) <> (bill_id IS NULL)', name=op.f('ck_channel_clearing_one')),
    sa.ForeignKeyConstraint(['bill_id'], ['channel_bill.id'], name=op.f('fk_channel_clearing_bill_id_channel_bill')),
    sa.ForeignKeyConstraint(['line_id'], ['channel_statement_line.id'], name=op.f('fk_channel_clearing_line_id_channel_statement_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_channel_clearing')),
    sa.UniqueConstraint('bill_id', name=op.f('uq_channel_clearing_bill_id')),
    sa.UniqueConstraint('line_id', name=op.f('uq_channel_clearing_line_id'))
    )
