"""No more goes back on a transaction number than came by it."""
import sqlalchemy as sa
from alembic import op

from pms.core.duty import Summed
from pms.db import guards

revision = '0063'
down_revision = '0062'
branch_labels = None
depends_on = None


def upgrade() -> None:
    shares = Summed("payment_share", "reference_id", "amount",
                    "(SELECT back FROM payment_reference WHERE id = NEW.reference_id)")
    for statement in guards.never_below(op.get_bind().dialect.name, shares):
        op.execute(sa.text(statement.replace(":", "\\:")))
