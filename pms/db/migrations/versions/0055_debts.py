"""What companies owe: bills, what came in on them, and a debt that is written off."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0055'
down_revision = '0054'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('company_bill',
    _id('number', nullable=False),
    _id('company_id', nullable=False),
    _id('stay_id', nullable=False),
    _id('stay_number', nullable=False),
    sa.Column('guest', sa.Text(), nullable=False),
    sa.Column('room', sa.Text(), nullable=False),
    sa.Column('arrival', sa.Date(), nullable=False),
    sa.Column('departure', sa.Date(), nullable=False),
    sa.Column('signer', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('left', sa.BigInteger(), nullable=False),
    sa.Column('billed_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    _id('transfer_id', nullable=False),
    sa.Column('voided_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('amount > 0 AND "left" >= 0 AND "left" <= amount', name=op.f('ck_company_bill_left')),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_company_bill_company_id_company')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_company_bill_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_bill')),
    sa.UniqueConstraint('number', name=op.f('uq_company_bill_number')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_company_bill_transfer_id'))
    )
    still_open = sa.text('"left" > 0')
    with op.batch_alter_table('company_bill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_bill_stay_id'), ['stay_id'], unique=False)
        batch_op.create_index('ix_company_bill_billed', ['company_id', 'billed_on'], unique=False)
        batch_op.create_index('ix_company_bill_open', ['company_id', 'billed_on', 'due_on', 'left'], unique=False, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table('company_receipt',
    _id('number', nullable=False),
    _id('company_id', nullable=False),
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
    sa.CheckConstraint('amount <> 0', name=op.f('ck_company_receipt_some')),
    sa.ForeignKeyConstraint(['company_id'], ['company.id'], name=op.f('fk_company_receipt_company_id_company')),
    sa.ForeignKeyConstraint(['reverses'], ['company_receipt.id'], name=op.f('fk_company_receipt_reverses_company_receipt')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_company_receipt_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_receipt')),
    sa.UniqueConstraint('number', name=op.f('uq_company_receipt_number')),
    sa.UniqueConstraint('reverses', name=op.f('uq_company_receipt_reverses')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_company_receipt_transfer_id'))
    )
    with op.batch_alter_table('company_receipt', schema=None) as batch_op:
        batch_op.create_index('ix_company_receipt_on', ['company_id', 'business_date'], unique=False)
    op.create_table('company_allocation',
    _id('receipt_id', nullable=False),
    _id('bill_id', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_company_allocation_some')),
    sa.ForeignKeyConstraint(['bill_id'], ['company_bill.id'], name=op.f('fk_company_allocation_bill_id_company_bill')),
    sa.ForeignKeyConstraint(['receipt_id'], ['company_receipt.id'], name=op.f('fk_company_allocation_receipt_id_company_receipt')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_allocation'))
    )
    with op.batch_alter_table('company_allocation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_company_allocation_bill_id'), ['bill_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_company_allocation_receipt_id'), ['receipt_id'], unique=False)
    connection = op.get_bind()
    for table in ('company_receipt', 'company_allocation'):
        for statement in guards.protect(connection.dialect.name, table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('debts:bill',)
    leading = (*desk, 'debts:exceed')
    rights.grant(connection, {**dict.fromkeys(('clerk', 'auditor', 'supervisor'), desk), **dict.fromkeys(('manager', 'owner'), leading)})
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar():
        _open_accounts(connection)


def _open_accounts(connection: sa.Connection) -> None:
    """Add the codes of company accounts to books that are open already."""
    for code, name, kind, ledger in (('COMPANY', 'On account', 'city', 'city'), ('BADDEBT', 'Debt written off', 'internal', 'expense')):
        told = {'code': code, 'name': name, 'kind': kind, 'ledger': ledger, 'no': False}
        connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES (:ledger, :code, :name, '', 0, :no)"), told)
        connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                                   "SELECT :code, :name, :kind, id, 0, :no, (SELECT max(position) + 1 FROM transaction_code) FROM account WHERE code = :code"), told)
