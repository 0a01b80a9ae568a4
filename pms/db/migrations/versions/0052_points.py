"""Members' points."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0052'
down_revision = '0051'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('member_points',
    _id('member_id', nullable=False),
    _id('points', nullable=False),
    _id('id', nullable=False),
    sa.CheckConstraint('points >= 0', name=op.f('ck_member_points_never_below_zero')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_points_member_id_member')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_points')),
    sa.UniqueConstraint('member_id', name=op.f('uq_member_points_member_id'))
    )
    op.create_table('member_points_row',
    _id('member_id', nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    _id('points', nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    _id('stay_id', nullable=True),
    _id('transfer_id', nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    sa.Column('business_date', sa.Date(), nullable=False),
    _id('clerk_id', nullable=True),
    sa.Column('station', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_member_points_row_member_id_member')),
    sa.ForeignKeyConstraint(['stay_id'], ['stay.id'], name=op.f('fk_member_points_row_stay_id_stay')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_member_points_row_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_member_points_row')),
    sa.UniqueConstraint('key', name=op.f('uq_member_points_row_key'))
    )
    for column in ('member_id', 'stay_id', 'transfer_id'):
        op.create_index(f'ix_member_points_row_{column}', 'member_points_row', [column])
    there = sa.text('expires_on IS NOT NULL')
    op.create_index('ix_member_points_row_expires', 'member_points_row', ['expires_on'], sqlite_where=there, postgresql_where=there)
    for statement in guards.protect(op.get_bind().dialect.name, 'member_points_row'):
        op.execute(sa.text(statement.replace(":", "\\:")))
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM account")).scalar() == 0:
        return
    connection.execute(sa.text("INSERT INTO account (ledger, code, name, \"window\", balance, closed) VALUES ('expense', 'POINTS', 'Points spent', '', 0, :no)"),
                       {"no": False})
    connection.execute(sa.text("INSERT INTO transaction_code (code, name, kind, account_id, price, by_hand, position) "
                               "SELECT 'POINTS', 'Points spent', 'stored', id, 0, :no, (SELECT max(position) + 1 FROM transaction_code) FROM account WHERE code = 'POINTS'"),
                       {"no": False})
