"""The shop is counted, as blind as the drawer, when a shift is closed; papers are found by their number."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards, types
from pms.db.migrations.columns import number as _id

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shelf_count',
    _id('shift_id', nullable=False),
    sa.Column('lines', types.Json(), nullable=False),
    sa.Column('last_move', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('by', nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['shift_id'], ['shift.id'], name=op.f('fk_shelf_count_shift_id_shift')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shelf_count'))
    )
    with op.batch_alter_table('shelf_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shelf_count_shift_id'), ['shift_id'], unique=False)
    # added in place: rebuilding the table would drop the triggers that freeze closed shifts
    op.add_column('shift', sa.Column('shop', types.Json(), nullable=True))
    op.create_index('ix_transfer_slip', 'transfer', ['slip'], unique=False, sqlite_where=sa.text("slip <> ''"),
                    postgresql_where=sa.text("slip <> ''"))
    op.create_index('ix_print_job_number', 'print_job', ['number'], unique=False, sqlite_where=sa.text("number <> ''"),
                    postgresql_where=sa.text("number <> ''"))
    for statement in guards.protect(op.get_bind().dialect.name, 'shelf_count'):
        op.execute(sa.text(statement.replace(":", "\\:")))
