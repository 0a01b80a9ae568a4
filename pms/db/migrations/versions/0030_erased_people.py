"""Guests' data can be erased: the rights, since when a record is empty, addresses away from what is never changed, and masks that show less."""

import json
import re

import sqlalchemy as sa
from alembic import op

from pms.db import guards
from pms.db.migrations import rights
from pms.db.migrations.first_seals import box as box_of

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

_SHOWN = re.compile(r'[0-9A-Za-z]{4}(?=\*{3,}[0-9A-Za-z]{2})')
"""A mask of an older release: the first four and the last two signs, of eight and more."""
_PART = 1000


def upgrade() -> None:
    op.add_column('guest', sa.Column('erased_on', sa.Date()))
    where = sa.text('erased_on IS NULL')
    op.create_index('ix_guest_kept', 'guest', ['id'], sqlite_where=where, postgresql_where=where)
    phoned = sa.text("phone <> ''")
    op.create_index('ix_reservation_phoned', 'reservation', ['id'], sqlite_where=phoned, postgresql_where=phoned)
    op.add_column('found_item', sa.Column('sent_to', sa.Text(), nullable=False, server_default=''))
    _addresses()
    for table in ('guest', 'sharer', 'luggage_claim', 'found_outcome'):
        _masks(table)
    _papers()
    op.execute(sa.text("DELETE FROM intent WHERE action = 'guests:reveal_document'"))
    rights.grant(
        op.get_bind(),
        {'manager': ['guests:export'], 'owner': ['guests:export', 'guests:erase']},
    )


def _unguarded(table: str, statement: str, rows: list[dict[str, object]]) -> None:
    """Change rows of a table that is otherwise only added to; its guard is back at the end."""
    connection = op.get_bind()
    guarded = table in ('luggage_claim', 'found_outcome')
    guard = f'{table}_no_update' if connection.dialect.name == 'sqlite' else f'{table}_no_change'
    if guarded:
        op.execute(sa.text(f'DROP TRIGGER {guard}' + ('' if connection.dialect.name == 'sqlite' else f' ON {table}')))
    connection.execute(sa.text(statement), rows)
    if guarded:
        for line in guards.protect(connection.dialect.name, table):
            if f'TRIGGER {guard} ' in line:
                op.execute(line)


def _addresses() -> None:
    """Put the address that a thing was sent to where it can be erased."""
    connection = op.get_bind()
    box = box_of(connection)
    rows = connection.execute(
        sa.text("SELECT id, item_id, detail FROM found_outcome WHERE kind = 'sent' AND detail <> ''")
    ).all()
    if not rows:
        return
    connection.execute(
        sa.text('UPDATE found_item SET sent_to = :told WHERE id = :item'),
        [{'item': row.item_id, 'told': box.close(row.detail)} for row in rows],
    )
    _unguarded('found_outcome', "UPDATE found_outcome SET detail = '' WHERE id = :row", [{'row': row.id} for row in rows])


def _masks(table: str) -> None:
    rows = op.get_bind().execute(
        sa.text(f"SELECT id, document_shown FROM {table} WHERE document_shown LIKE '____%***%'")
    ).all()
    changed = [
        {'row': row.id, 'shown': _SHOWN.sub('****', row.document_shown)}
        for row in rows
        if _SHOWN.search(row.document_shown)
    ]
    if changed:
        _unguarded(table, f'UPDATE {table} SET document_shown = :shown WHERE id = :row', changed)


def _papers() -> None:
    """Let the stored papers show no more of a number than new ones."""
    connection, last = op.get_bind(), 0
    while True:
        rows = connection.execute(
            sa.text("SELECT id, slip FROM print_job WHERE id > :last AND slip LIKE '%***%' ORDER BY id LIMIT :part"),
            {'last': last, 'part': _PART},
        ).all()
        if not rows:
            return
        changed = [{'row': row.id, 'slip': _SHOWN.sub('****', row.slip)} for row in rows if _SHOWN.search(row.slip)]
        for one in changed:
            json.loads(str(one['slip']))
        if changed:
            connection.execute(sa.text('UPDATE print_job SET slip = :slip WHERE id = :row'), changed)
        last = rows[-1].id
