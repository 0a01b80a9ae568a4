"""Who was given a password sets an own one, a session ends with its password, a PIN opens the lock, and wrong passwords
are counted by person and by where they were typed."""

import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # added in place: a rebuilt table would lose its guards
    op.add_column('staff', sa.Column('must_change', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('staff', _id('password_no', nullable=False, server_default='0'))
    op.add_column('staff', sa.Column('pin', sa.Text(), nullable=True))
    op.drop_table('sign_in_try')
    op.create_table(
        'sign_in_try',
        sa.Column('login', sa.Text(), nullable=False),
        sa.Column('source', sa.Text(), nullable=False),
        _id('wrong', nullable=False),
        sa.Column('last_at', types.Moment(), nullable=False),
        sa.Column('came_at', types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint('login', 'source', name=op.f('pk_sign_in_try')),
    )
