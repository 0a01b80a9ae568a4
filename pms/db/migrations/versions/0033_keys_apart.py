"""Seals, marks and the trail have keys that say nothing of one another, and what is sealed is bound to its place; a changed key leaves those of before."""

import sqlalchemy as sa
from alembic import op

from pms.db import past, reseal
from pms.db.migrations import first_seals
from pms.db.migrations.columns import number
from pms.db.reseal import Sheet, Words
from pms.db.sealed import box_of

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None

_SHEETS = (
    Sheet('guest', ('phone', 'address', 'birth'), search=True),
    Sheet('sharer', ('phone', 'address', 'birth')),
    Sheet('reservation', ('phone',), 'number', search=True),
    Sheet('luggage_tag', ('phone',), 'number', search=True),
    Sheet('found_item', ('phone', 'sent_to'), 'number', search=True),
    Sheet('loss_report', ('phone',), 'number', search=True),
)
_WORDS = (
    Words('guest_word', 'guest', 'guest_id'),
    Words('booking_word', 'reservation', 'reservation_id', 'number'),
)


def upgrade() -> None:
    op.create_table(
        'past_key',
        sa.Column('kind', sa.String(8), nullable=False),
        number('until', autoincrement=False, nullable=False),
        sa.Column('sealed', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('kind', 'until', name='pk_past_key'),
    )
    op.add_column('property', sa.Column('key_sign', sa.String(8), nullable=False, server_default=''))
    connection = op.get_bind()
    new, first = box_of(connection), first_seals.box(connection)
    for sheet in _SHEETS:
        reseal.sheet(connection, sheet, lambda sealed, _of: first.open(sealed), new)
    for words in _WORDS:
        reseal.words(connection, words, new)
    keys = getattr(new, 'keys', None)  # an empty database is made without the hotel's key
    records = keys.chain if keys else b''
    reseal.documents(
        connection,
        lambda sealed, _of: first_seals.opened(records, sealed),
        new,
        lambda key, sealed, _what: first_seals.opened(key, sealed),
    )
    reseal.drafts(connection, lambda sealed, _of: first_seals.opened(records, sealed), new)
    if reseal.words_wait(connection):
        past.keep(connection, new, past.MARK, reseal.last_entry(connection), records)

