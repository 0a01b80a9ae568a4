"""Nothing that is asked every day costs more after ten years: indexes of what is open, and of a stay's own."""
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

GONE = (("block", "ix_block_room_id"), ("booked_room", "ix_booked_room_coming"), ("card", "ix_card_live"))
MADE = (
    ("account", "ix_account_open_deposit", ("id",), {"sqlite": "ledger = 'deposit' AND closed = 0",
                                                     "postgresql": "ledger = 'deposit' AND NOT closed"}),
    ("block", "ix_block_end", ("end",), "lifted_at IS NULL"),
    ("block", "ix_block_room_id", ("room_id", "end"), "lifted_at IS NULL"),
    ("booked_room", "ix_booked_room_coming", ("arrival", "state"), "state IN ('tentative', 'confirmed', 'guaranteed', 'waiting')"),
    ("card", "ix_card_live", ("room_id", "state"), "state IN ('pending', 'failed', 'valid')"),
    ("message", "ix_message_closed_at", ("closed_at",), "closed_at IS NOT NULL"),
    ("night_stay", "ix_night_stay_stay_id", ("stay_id",), None),
    ("shift", "ix_shift_over_short", ("business_date",), "over_short <> 0"),
    ("status_sheet", "ix_status_sheet_unsigned", ("business_date", "part"), "signed_at IS NULL"),
    ("transfer", "ix_transfer_stay_id", ("stay_id", "code"), "stay_id IS NOT NULL"),
    ("wake_up", "ix_wake_up_at", ("at",), None),
)


def upgrade() -> None:
    for table, name in GONE:
        op.drop_index(name, table_name=table)
    dialect = op.get_bind().dialect.name
    for table, name, columns, where in MADE:
        words = where[dialect] if isinstance(where, dict) else where
        only: dict[str, Any] = {f'{dialect}_where': sa.text(words)} if words else {}
        op.create_index(name, table, list(columns), **only)
