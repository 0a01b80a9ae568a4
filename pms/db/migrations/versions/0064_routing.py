"""Routing rules, and what went by them."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0064'
down_revision = '0063'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('routing_rule',
    _id('stay_id', nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    _id('account_id', nullable=False),
    sa.Column('start', sa.Date(), nullable=True),
    sa.Column('end', sa.Date(), nullable=True),
    sa.Column('most', sa.BigInteger(), nullable=True),
    sa.Column('made_at', types.Moment(), nullable=False),
    _id('made_by', nullable=True),
    sa.Column('ended_at', types.Moment(), nullable=True),
    _id('ended_by', nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('most > 0', name=op.f('ck_routing_rule_most')),
    sa.CheckConstraint('start <= "end"', name=op.f('ck_routing_rule_days')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_routing_rule_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_rule'))
    )
    op.create_index(op.f('ix_routing_rule_account_id'), 'routing_rule', ['account_id'], unique=False)
    op.create_index('ix_routing_rule_stay_id', 'routing_rule', ['stay_id'], unique=False)
    op.create_index('ix_routing_rule_in_force', 'routing_rule', ['code', 'stay_id'], unique=False,
                    sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('routed_charge',
    _id('transfer_id', nullable=False),
    _id('rule_id', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount <> 0', name=op.f('ck_routed_charge_amount')),
    sa.ForeignKeyConstraint(['rule_id'], ['routing_rule.id'], name=op.f('fk_routed_charge_rule_id_routing_rule')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_routed_charge_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routed_charge')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_routed_charge_transfer_id'))
    )
    op.create_index(op.f('ix_routed_charge_rule_id'), 'routed_charge', ['rule_id'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'routed_charge'):
        op.execute(sa.text(statement.replace(":", "\\:")))
