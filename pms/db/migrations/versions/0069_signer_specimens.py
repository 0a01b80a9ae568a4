"""How the signers of a company sign, as small pictures."""
import sqlalchemy as sa
from alembic import op

from pms.db import types
from pms.db.migrations.columns import number as _id

revision = '0069'
down_revision = '0068'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('signer_specimen',
    _id('signer_id', nullable=False),
    sa.Column('png', sa.Text(), nullable=False),
    sa.Column('at', types.Moment(), nullable=False),
    _id('clerk_id', nullable=True),
    _id('id', nullable=False),
    sa.ForeignKeyConstraint(['signer_id'], ['company_signer.id'],
                            name=op.f('fk_signer_specimen_signer_id_company_signer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signer_specimen')),
    sa.UniqueConstraint('signer_id', name=op.f('uq_signer_specimen_signer_id'))
    )
