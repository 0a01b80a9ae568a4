"""Amounts that are held on a guest's card for a stay, and the kinds of payment that are held so."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0061'
down_revision = '0060'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('payment_kind', sa.Column('holds', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE payment_kind SET holds = (code = 'BANK')")
    op.create_table('preauth',
    _id('number', nullable=False),
    _id('stay_id', nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('last_four', sa.String(length=4), nullable=False),
    sa.Column('trace', sa.Text(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('captured', sa.BigInteger(), nullable=False),
    sa.Column('released', sa.BigInteger(), nullable=False),
    sa.Column('open', sa.BigInteger(), nullable=False),
    _id('steps', nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('taken_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    _id('id', nullable=False),
    sa.CheckConstraint('held > 0 AND captured >= 0 AND released >= 0', name=op.f('ck_preauth_amounts')),
    sa.CheckConstraint('open >= 0 AND held = captured + released + open', name=op.f('ck_preauth_sum')),
    sa.CheckConstraint('captured = 0 OR open = 0', name=op.f('ck_preauth_once')),
    sa.CheckConstraint('(ended_on IS NULL) = (open > 0)', name=op.f('ck_preauth_ended')),
    sa.ForeignKeyConstraint(['kind'], ['payment_kind.code'], name=op.f('fk_preauth_kind_payment_kind')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_preauth_stay_id_stay')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preauth')),
    sa.UniqueConstraint('number', name=op.f('uq_preauth_number'))
    )
    op.create_index(op.f('ix_preauth_stay_id'), 'preauth', ['stay_id'], unique=False)
    op.create_index(op.f('ix_preauth_ended_on'), 'preauth', ['ended_on'], unique=False)
    held = sa.text('open > 0')
    op.create_index('ix_preauth_open', 'preauth', ['valid_until'], unique=False, sqlite_where=held, postgresql_where=held)
    op.create_index('ix_preauth_code', 'preauth', ['kind', 'code', 'last_four'], unique=True, sqlite_where=held, postgresql_where=held)
    op.create_table('preauth_move',
    _id('preauth_id', nullable=False),
    _id('step', nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('held', sa.BigInteger(), nullable=False),
    sa.Column('captured', sa.BigInteger(), nullable=False),
    sa.Column('released', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_preauth_move_some')),
    sa.CheckConstraint('captured >= 0 AND released >= 0 AND captured + released <= held', name=op.f('ck_preauth_move_within')),
    sa.CheckConstraint('captured = 0 OR captured + released = held', name=op.f('ck_preauth_move_once')),
    sa.ForeignKeyConstraint(['preauth_id'], ['preauth.id'], name=op.f('fk_preauth_move_preauth_id_preauth')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_preauth_move')),
    sa.UniqueConstraint('preauth_id', 'step', name=op.f('uq_preauth_move_preauth_id_step'))
    )
    op.create_index(op.f('ix_preauth_move_business_date'), 'preauth_move', ['business_date'], unique=False)
    for statement in guards.protect(op.get_bind().dialect.name, 'preauth_move'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    working = ('preauth:work',)
    rights.grant(op.get_bind(), dict.fromkeys(('clerk', 'supervisor', 'auditor', 'manager', 'owner'), working))
