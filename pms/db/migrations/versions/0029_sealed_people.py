"""Birth dates, phones and addresses are sealed; a phone is found by the marks of the whole number and of its last four figures."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from pms.db.migrations.first_seals import FirstBox as Box
from pms.db.migrations.first_seals import box as box_of

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

_PART = 1000
_SEARCHED = ('guest', 'reservation', 'luggage_tag', 'found_item', 'loss_report')
_NUMBER = re.compile(r' #\d+')


def upgrade() -> None:
    op.drop_index('ix_reservation_phone', table_name='reservation')
    # renamed in place: a rebuilt table would lose its partial indexes on the way
    for table in ('guest', 'sharer'):
        op.execute(sa.text(f'ALTER TABLE {table} RENAME COLUMN birth TO birth_told'))
        op.add_column(table, sa.Column('birth', sa.Text()))
    box = box_of(op.get_bind())
    for table in _SEARCHED:
        _seal(box, table, _searched(box))
    _seal(box, 'sharer', lambda _row: {})
    for table, owner, key in (('guest_word', 'guest', 'guest_id'), ('booking_word', 'reservation', 'reservation_id')):
        _words(box, table, owner, key)
    for table in ('guest', 'sharer'):
        op.execute(sa.text(f'ALTER TABLE {table} DROP COLUMN birth_told'))


def _parts(table: str, columns: tuple[sa.ColumnClause[Any], ...]) -> Iterator[Any]:
    """Read a table a thousand rows at a time, so that a big hotel fits into memory."""
    source, last = sa.table(table, sa.column('id', sa.Integer), *columns), 0
    while True:
        question = sa.select(source).where(source.c.id > last).order_by(source.c.id).limit(_PART)
        rows = op.get_bind().execute(question).all()
        if not rows:
            return
        yield rows
        last = rows[-1].id


def _seal(box: Box, table: str, more: Any) -> None:
    """Seal what a table says of people, and whatever else follows from it."""
    told: list[sa.ColumnClause[Any]] = [sa.column('phone', sa.Text)]
    if table in _SEARCHED:
        told.append(sa.column('search', sa.Text))
    if table in ('guest', 'sharer'):
        told += [sa.column('address', sa.Text), sa.column('birth_told', sa.Date)]
    for rows in _parts(table, tuple(told)):
        changed = [{**_sealed(box, row), **more(row), 'row': row.id} for row in rows]
        sets = ', '.join(f'{name} = :{name}' for name in changed[0] if name != 'row')
        op.get_bind().execute(sa.text(f'UPDATE {table} SET {sets} WHERE id = :row'), changed)


def _sealed(box: Box, row: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = {'phone': box.close(row.phone) if row.phone else ''}
    if hasattr(row, 'address'):
        born: date | None = row.birth_told
        found['address'] = box.close(row.address) if row.address else ''
        found['birth'] = box.close(born.isoformat()) if born else None
    return found


def _searched(box: Box) -> Any:
    """Put the marks of a phone where its figures stood."""

    def marks(row: Any) -> dict[str, str]:
        return {'search': ''.join([_NUMBER.sub('', row.search), *(f' {mark}' for mark in box.phone_marks(row.phone))])}

    return marks


def _words(box: Box, table: str, owner: str, key: str) -> None:
    """Put the marks of a phone where its figures were a word."""
    op.execute(sa.text(f"DELETE FROM {table} WHERE word LIKE '#%' AND {key} NOT IN (SELECT id FROM {owner} WHERE phone <> '')"))
    known = {
        number
        for (number,) in op.get_bind().execute(sa.text(f"SELECT DISTINCT {key} FROM {table} WHERE word LIKE '#%'")).all()
    }
    op.execute(sa.text(f"DELETE FROM {table} WHERE word LIKE '#%'"))
    for rows in _parts(owner, (sa.column('phone', sa.Text),)):
        made = [
            {'word': word, 'id': row.id}
            for row in rows
            if row.id in known and row.phone
            for word in box.phone_marks(box.open(row.phone))
        ]
        if made:
            op.get_bind().execute(sa.text(f'INSERT INTO {table} (word, {key}) VALUES (:word, :id)'), made)
