"""Prices that include tax: each night keeps what is left for the house; how a code is taxed is a rule of the hotel; a service charge."""
import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('night_stay', sa.Column('net', sa.BigInteger(), nullable=True))
    op.drop_column('transaction_code', 'taxed')
    open_account()


def open_account() -> None:
    """Add the service charge to books that are open already, and call what is given back in part a rebate; new books get both at the founding."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES ('revenue', 'SERVICE', 'Service charge', '', 0, :no)"),
                       {"no": False})
    connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                               "SELECT 'SERVICE', 'Service charge', 'charge', id, 0, :no, (SELECT max(position) + 1 FROM transaction_code) FROM account WHERE code = 'SERVICE'"),
                       {"no": False})
    for table in ('account', 'transaction_code'):
        connection.execute(sa.text(f"UPDATE {table} SET name = 'Rebate' WHERE code = 'ADJUST'"))
