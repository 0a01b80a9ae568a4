"""Authority is handed over for a period, and every use names the delegation it rests on."""

import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations import rights
from pms.db.migrations.columns import number as _id

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

_LIVE = 'withdrawn_at IS NULL'


def upgrade() -> None:
    op.create_table(
        'delegation',
        sa.Column('business_date', sa.Date(), nullable=False),
        sa.Column('at', types.Moment(), nullable=False),
        _id('giver_id', nullable=False),
        _id('taker_id', nullable=False),
        sa.Column('start', types.Moment(), nullable=False),
        sa.Column('until', types.Moment(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('rights', types.Json(), nullable=False),
        sa.Column('kinds', types.Json(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('withdrawn_at', types.Moment(), nullable=True),
        _id('withdrawn_by', nullable=True),
        _id('id', nullable=False),
        sa.ForeignKeyConstraint(['giver_id'], ['staff.id'], name=op.f('fk_delegation_giver_id_staff')),
        sa.ForeignKeyConstraint(['taker_id'], ['staff.id'], name=op.f('fk_delegation_taker_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_delegation')),
    )
    op.create_index(
        'ix_delegation_live', 'delegation', ['taker_id'], sqlite_where=sa.text(_LIVE), postgresql_where=sa.text(_LIVE)
    )
    # added in place: a rebuilt table would lose its guards
    op.add_column('authority_use', _id('delegation_id', nullable=True))
    op.create_index('ix_authority_use_stay_id', 'authority_use', ['stay_id'])
    op.create_index('ix_authority_use_line_id', 'authority_use', ['line_id'])
    op.add_column('approval', _id('delegation_id', nullable=True))
    dialect = op.get_bind().dialect.name
    for statement in (
        *guards.freeze(dialect, 'delegation', 'ROW.withdrawn_at IS NOT NULL', verbs=('UPDATE',)),
        *guards.freeze(dialect, 'delegation', 'ROW.id IS NOT NULL', verbs=('DELETE',)),
    ):
        op.execute(statement)
    rights.grant(
        op.get_bind(),
        {role: ['authority:delegate'] for role in ('supervisor', 'housekeeping', 'manager', 'owner')},
    )
