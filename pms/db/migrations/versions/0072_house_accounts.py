"""House accounts: folios with a name and without a stay."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0072'
down_revision = '0071'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('house_account',
    _id('number', nullable=False),
    _id('account_id', nullable=False),
    *(sa.Column(name, sa.Text(), nullable=False) for name in ('name', 'reason', 'responsible')),
    sa.Column('credit_limit', sa.BigInteger(), nullable=False),
    sa.Column('opened_at', types.Moment(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    _id('opened_by', nullable=True),
    sa.Column('closed_at', types.Moment(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('credit_limit > 0', name=op.f('ck_house_account_limit')),
    sa.CheckConstraint('(closed_on IS NULL) = (closed_at IS NULL)', name=op.f('ck_house_account_closed')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_house_account_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_house_account')),
    sa.UniqueConstraint('account_id', name=op.f('uq_house_account_account_id')),
    sa.UniqueConstraint('number', name=op.f('uq_house_account_number'))
    )
    op.create_index(op.f('ix_house_account_closed_on'), 'house_account', ['closed_on'], unique=False)
    still_open = sa.text('closed_on IS NULL')
    op.create_index('ix_house_account_name', 'house_account', ['name'], unique=True, sqlite_where=still_open,
                    postgresql_where=still_open)
    op.create_table('house_account_event',
    _id('house_id', nullable=False),
    sa.Column('what', sa.String(length=8), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['house_id'], ['house_account.id'], name=op.f('fk_house_account_event_house_id_house_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_house_account_event'))
    )
    op.create_index(op.f('ix_house_account_event_house_id'), 'house_account_event', ['house_id'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'house_account_event'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    desk = ('house_accounts:work',)
    leading = (*desk, 'house_accounts:open')
    rights.grant(op.get_bind(), {
        'clerk': desk, 'auditor': desk, 'supervisor': leading, 'manager': leading, 'owner': leading,
    })
