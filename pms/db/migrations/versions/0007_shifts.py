"""Shifts: who answers for a drawer, the blind counts, the handovers, and the shift of every posting."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shift',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('clerk_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('opened_at', types.Moment(), nullable=False),
    sa.Column('float_amount', sa.BigInteger(), nullable=False),
    sa.Column('expected', sa.BigInteger(), nullable=True),
    sa.Column('counted', sa.BigInteger(), nullable=True),
    sa.Column('over_short', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('left', sa.BigInteger(), nullable=False),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.Column('closed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("state IN ('open', 'counted', 'closed')", name=op.f('ck_shift_state')),
    sa.CheckConstraint('float_amount >= 0', name=op.f('ck_shift_float_amount')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_shift_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift')),
    sa.UniqueConstraint('number', name=op.f('uq_shift_number'))
    )
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.create_index('ix_shift_live', ['station'], unique=True, sqlite_where=sa.text("state <> 'closed'"), postgresql_where=sa.text("state <> 'closed'"))
        batch_op.create_index('ix_shift_station', ['station', 'number'], unique=False)

    op.create_table('shift_count',
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces', types.Json(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=False),
    sa.Column('expected', sa.BigInteger(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_shift_count_shift_id_shift')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift_count'))
    )
    with op.batch_alter_table('shift_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shift_count_shift_id'), ['shift_id'], unique=False)

    op.create_table('handover',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('next_shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('given_by', sa.Text(), nullable=False),
    sa.Column('taken_by', sa.Text(), nullable=False),
    sa.Column('figures', types.Json(), nullable=False),
    sa.Column('items', types.Json(), nullable=False),
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['next_shift_id'], ['shift.id'], name=op.f('fk_handover_next_shift_id_shift')),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_handover_shift_id_shift')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    sa.UniqueConstraint('number', name=op.f('uq_handover_number')),
    sa.UniqueConstraint('shift_id', name=op.f('uq_handover_shift_id'))
    )
    # added in place: rebuilding the ledger's table would drop the triggers that protect it
    op.add_column('transfer', sa.Column('shift_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
    op.create_index('ix_transfer_shift_id', 'transfer', ['shift_id'], unique=False, sqlite_where=sa.text('shift_id IS NOT NULL'),
                    postgresql_where=sa.text('shift_id IS NOT NULL'))

    dialect = op.get_bind().dialect.name
    for statement in (*guards.freeze(dialect, 'shift', "ROW.state = 'closed'", verbs=('UPDATE', 'DELETE')),
                      *guards.protect(dialect, 'shift_count'), *guards.protect(dialect, 'handover')):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk, leading = ('shifts:work',), ('shifts:work', 'shifts:pay_out')
    rights.grant(op.get_bind(), {'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading})
    open_accounts()


def open_accounts() -> None:
    """Add the safe, what is paid out and cash over and short to books that are open already; new books get them at the founding."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    position = connection.execute(sa.text("SELECT max(position) + 1 FROM transaction_code")).scalar() or 0
    for ledger, code, name in (('payment', 'SAFE', 'Safe'), ('expense', 'PAYOUT', 'Paid out'), ('expense', 'OVERSHORT', 'Cash over and short')):
        connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES (:ledger, :code, :name, '', 0, :no)"),
                           {"ledger": ledger, "code": code, "name": name, "no": False})
        connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, taxed, by_hand, position) "
                                   "SELECT :code, :name, 'internal', id, 0, :no, :no, :position FROM account WHERE code = :code"),
                           {"code": code, "name": name, "no": False, "position": position})
        position += 1
