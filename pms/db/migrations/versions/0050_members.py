"""Members: levels, cards, what happened, and the stays that count."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0050'
down_revision = '0049'
branch_labels = None
depends_on = None
_WORD = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table('member_level',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_zh', sa.Text(), nullable=False),
    _id('position', nullable=False),
    _id('plan_id', nullable=True),
    sa.Column('free_until', sa.String(length=5), nullable=False),
    _id('multiple', nullable=False),
    sa.Column('card_price', sa.BigInteger(), nullable=False),
    _id('nights_needed', nullable=False),
    _id('points_needed', nullable=False),
    _id('months_valid', nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('multiple >= 0 AND card_price >= 0 AND months_valid >= 0', name=op.f('ck_member_level_amounts')),
    sa.CheckConstraint('nights_needed >= 0 AND points_needed >= 0', name=op.f('ck_member_level_needed')),
    sa.ForeignKeyConstraint(['plan_id'], ['rate_plan.id'], name=op.f('fk_member_level_plan_id_rate_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_level')),
    sa.UniqueConstraint('name', name=op.f('uq_member_level_name'))
    )
    op.create_table('member',
    _id('number', nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=False),
    sa.Column('birth', sa.Text(), nullable=True),
    _id('level_id', nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    _id('guest_id', nullable=True),
    sa.Column('suspended', sa.Text(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_member_guest_id_guest')),
    sa.ForeignKeyConstraint(['level_id'], ['member_level.id'], name=op.f('fk_member_level_id_member_level')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member')),
    sa.UniqueConstraint('number', name=op.f('uq_member_number'))
    )
    live = sa.text('ended_on IS NULL')
    op.create_index('ix_member_live', 'member', ['id'], sqlite_where=live, postgresql_where=live)
    op.create_index('ix_member_guest_id', 'member', ['guest_id'])
    op.create_index('ix_member_level_id', 'member', ['level_id'])
    op.create_table('member_word',
    sa.Column('word', _WORD, nullable=False),
    _id('member_id', nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_word_member_id_member')),
    sa.PrimaryKeyConstraint('word', 'member_id', name=op.f('pk_member_word')),
    sqlite_with_rowid=False
    )
    op.create_index('ix_member_word_member_id', 'member_word', ['member_id'])
    op.create_table('member_card',
    sa.Column('card', sa.String(length=12), nullable=False),
    _id('member_id', nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=False),
    sa.Column('sold_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_card_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_card')),
    sa.UniqueConstraint('card', name=op.f('uq_member_card_card'))
    )
    valid = sa.text("state = 'valid'")
    op.create_index('ix_member_card_member_id', 'member_card', ['member_id'])
    op.create_index('ix_member_card_valid', 'member_card', ['member_id'], unique=True, sqlite_where=valid, postgresql_where=valid)
    op.create_table('member_event',
    _id('member_id', nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_event_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_event'))
    )
    op.create_index('ix_member_event_member_id', 'member_event', ['member_id'])
    op.create_table('member_stay',
    _id('stay_id', nullable=False),
    _id('member_id', nullable=False),
    _id('level_id', nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['level_id'], ['member_level.id'], name=op.f('fk_member_stay_level_id_member_level')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_stay_member_id_member')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_member_stay_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_stay')),
    sa.UniqueConstraint('stay_id', name=op.f('uq_member_stay_stay_id'))
    )
    op.create_index('ix_member_stay_member_id', 'member_stay', ['member_id'])
    for statement in guards.protect(op.get_bind().dialect.name, 'member_event'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    open_account('revenue', 'MEMBERCARD', 'Member card', 'charge')
    desk = ('members:work',)
    leading = (*desk, 'members:edit')
    rights.grant(op.get_bind(), {'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading})
    rights.write_down(op.get_bind(), revision)


def open_account(ledger: str, code: str, name: str, kind: str) -> None:
    """Add an account and its transaction code to books that are open already; new books get both at the founding."""
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES (:ledger, :code, :name, '', 0, :no)"),
                       {"no": False, "ledger": ledger, "code": code, "name": name})
    connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                               "SELECT :code, :name, :kind, id, 0, :no, (SELECT max(position) + 1 FROM transaction_code) FROM account WHERE code = :code"),
                       {"no": False, "code": code, "name": name, "kind": kind})
