"""The picture at the head of papers."""
import sqlalchemy as sa
from alembic import op

from pms.db import guards
from pms.db.migrations.columns import number as _id

revision = '0048'
down_revision = '0047'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('logo',
    sa.Column('sign', sa.String(length=16), nullable=False),
    sa.Column('png', sa.Text(), nullable=False),
    _id('id', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_logo'))
    )
    with op.batch_alter_table('logo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_logo_sign'), ['sign'], unique=False)

    for statement in guards.protect(op.get_bind().dialect.name, 'logo'):
        op.execute(sa.text(statement.replace(":", "\\:")))
