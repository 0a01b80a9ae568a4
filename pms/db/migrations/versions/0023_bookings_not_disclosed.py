"""A booking of a guest who is not to be disclosed says so itself, as it has no link to the guest's record."""
import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # added in place: a rebuilt table would lose its guards
    op.add_column('reservation', sa.Column('do_not_disclose', sa.Boolean(), nullable=False, server_default=sa.false()))
    # until today whoever bears the name was hidden by it in the search
    op.execute(sa.text('UPDATE reservation SET do_not_disclose = true WHERE guest_name IN (SELECT name FROM guest WHERE do_not_disclose)'))
