"""Authority is one table of roles and kinds with their limits; every use of it is kept."""
import json

import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('authority_limit',
    sa.Column('role_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    number('percent', nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=True),
    sa.Column('until', sa.String(length=5), nullable=False),
    sa.Column('month', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_authority_limit_percent')),
    sa.ForeignKeyConstraint(['role_code'], ['role.code'], name=op.f('fk_authority_limit_role_code_role')),
    sa.PrimaryKeyConstraint('role_code', 'kind', name=op.f('pk_authority_limit')))
    op.create_table('authority_use',
    sa.Column('business_date', sa.Date(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    number('percent', nullable=True),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    number('clerk_id', nullable=True),
    number('by_id', nullable=True),
    sa.Column('action', sa.Text(), nullable=False),
    number('line_id', nullable=True),
    number('stay_id', nullable=True),
    number('id', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authority_use')))
    with op.batch_alter_table('authority_use', schema=None) as batch_op:
        batch_op.create_index('ix_authority_use_business_date', ['business_date'], unique=False)
        batch_op.create_index('ix_authority_use_by_id', ['by_id', 'kind', 'business_date'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'authority_use'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    rights.grant(op.get_bind(), {'owner': ('authority:edit',)})
    _limits()


DEFAULTS = (
    ('clerk', 'price', 5, None), ('clerk', 'over_short', None, 5000),
    ('auditor', 'price', 5, None), ('auditor', 'plan', None, None), ('auditor', 'rebate', None, 10000), ('auditor', 'refund', None, 50000),
    ('auditor', 'over_short', None, 5000),
    ('supervisor', 'price', 10, None), ('supervisor', 'plan', None, None), ('supervisor', 'waiver', None, 5000),
    ('supervisor', 'rebate', None, 10000), ('supervisor', 'refund', None, 50000), ('supervisor', 'over_short', None, 20000),
    ('supervisor', 'write_off', None, 10000),
    ('manager', 'price', 15, None), ('manager', 'plan', None, None), ('manager', 'waiver', 50, None), ('manager', 'rebate', None, 50000),
    ('manager', 'refund', None, 500000), ('manager', 'over_short', None, 100000), ('manager', 'write_off', None, 50000),
    *(('owner', kind, None, None) for kind in ('price', 'plan', 'free', 'waiver', 'rebate', 'refund', 'over_short', 'write_off')),
)


def _limits() -> None:
    """Write the limits of the roles that the hotel has; the discounts that it had set are its prices' limits."""
    connection = op.get_bind()
    roles = set(connection.execute(sa.text("SELECT code FROM role")).scalars())
    stored = connection.execute(sa.text("SELECT options FROM property")).scalar()
    set_by_hand = dict((json.loads(stored) if isinstance(stored, str) else stored or {}).get('discount_limits', ()))
    rows = [{'role': role, 'kind': kind, 'percent': set_by_hand.get(role, percent) if kind == 'price' and role != 'owner' else percent, 'amount': amount}
            for role, kind, percent, amount in DEFAULTS if role in roles]
    if rows:
        connection.execute(sa.text("INSERT INTO authority_limit (role_code, kind, percent, amount, until) "
                                   "VALUES (:role, :kind, :percent, :amount, '')"), rows)
