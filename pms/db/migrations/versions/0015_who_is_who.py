"""A guest is known by kind, state and number of the document and found by any spelling; a stay keeps what was registered with it."""
import sqlalchemy as sa
from alembic import op

from pms.core.names import search_text, words
from pms.db import types
from pms.db.migrations.columns import number

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')
_FACTS = ('name', 'sex', 'birth', 'nationality', 'ethnic', 'phone', 'address', 'document_type', 'document_state', 'document', 'document_shown',
          'overseas', 'identity')


def upgrade() -> None:
    # added in place: a rebuilt table would lose its partial indexes on the way
    for table, columns in (
            ('guest', (_text('ethnic'), _text('document_state', 3), sa.Column('document_until', sa.Date()))),
            ('stay', (_text('guest_name'), number('pending', nullable=False, server_default='0'))),
            ('sharer', (sa.Column('came_at', types.Moment()), sa.Column('left_at', types.Moment()), _text('name'), _text('sex', 1),
                        sa.Column('birth', sa.Date()), _text('nationality', 3), _text('ethnic'), _text('phone'), _text('address'),
                        _text('document_type'), _text('document_state', 3), _text('document'), _text('document_shown'),
                        sa.Column('document_until', sa.Date()), sa.Column('overseas', sa.Text()),
                        sa.Column('identity', sa.String(length=8), nullable=False, server_default='pending')))):
        for column in columns:
            op.add_column(table, column)
    op.create_table('guest_word',
    sa.Column('word', _TEXT, nullable=False),
    number('guest_id', nullable=False),
    sa.ForeignKeyConstraint(['guest_id'], ['guest.id'], name=op.f('fk_guest_word_guest_id_guest')),
    sa.PrimaryKeyConstraint('word', 'guest_id', name=op.f('pk_guest_word')),
    sqlite_with_rowid=False)
    op.create_index('ix_guest_word_guest_id', 'guest_word', ['guest_id'], unique=False)
    for index in ('document_mark', 'phone', 'search'):
        op.drop_index(f'ix_guest_{index}', table_name='guest')
    _who()
    op.create_index('ix_guest_document', 'guest', ['document_mark', 'document_type', 'document_state'], unique=True,
                    sqlite_where=sa.text('document_mark IS NOT NULL'), postgresql_where=sa.text('document_mark IS NOT NULL'))
    _found_by()
    _registered()


def _text(name: str, length: int | None = None) -> 'sa.Column[str]':
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=False, server_default='')


def _who() -> None:
    """Part ethnic group and nationality, which stood in one field; say who issued a document; of two records with one document the later
    is found by it."""
    connection = op.get_bind()
    for (told,) in connection.execute(sa.text("SELECT DISTINCT nationality FROM guest WHERE nationality <> ''")).all():
        if not (told.isascii() and told.isalpha() and told.isupper() and len(told) == 3):
            connection.execute(sa.text("UPDATE guest SET ethnic = :group, nationality = 'CHN' WHERE nationality = :told"),
                               {'group': '' if told.isascii() else told.removesuffix('族') or told, 'told': told})
    for statement in (
            "UPDATE guest SET document_state = CASE WHEN document_type IN ('id_card', 'residence_permit', 'travel_permit') THEN 'CHN' "
            "ELSE nationality END WHERE document_mark IS NOT NULL",
            "UPDATE guest SET document_mark = NULL WHERE document_mark IS NOT NULL AND EXISTS (SELECT 1 FROM guest other "
            "WHERE other.document_mark = guest.document_mark AND other.document_type = guest.document_type AND other.id > guest.id)"):
        connection.execute(sa.text(statement))


def _found_by() -> None:
    """Write how each guest and each booking is found."""
    connection = op.get_bind()
    guests = connection.execute(sa.text('SELECT id, name, phone FROM guest')).all()
    for at in range(0, len(guests), 1000):
        part = guests[at:at + 1000]
        connection.execute(sa.text('UPDATE guest SET search = :search WHERE id = :id'),
                           [{'id': g.id, 'search': search_text(g.name, g.phone)} for g in part])
        connection.execute(sa.text('INSERT INTO guest_word (word, guest_id) VALUES (:word, :id)'),
                           [{'word': word, 'id': g.id} for g in part for word in sorted(words(g.name, g.phone))])
    for table, named in (('reservation', 'guest_name'), ('luggage_tag', 'guest_name'), ('shop_good', 'name'),
                         ('found_item', "what || ' ' || marks || ' ' || place || ' ' || guest_name"),
                         ('loss_report', "what || ' ' || marks || ' ' || place || ' ' || name")):
        phone = "''" if table == 'shop_good' else 'phone'
        rows = connection.execute(sa.text(f'SELECT id, {named} AS name, {phone} AS phone FROM {table}')).all()
        for at in range(0, len(rows), 1000):
            connection.execute(sa.text(f'UPDATE {table} SET search = :search WHERE id = :id'),
                               [{'id': r.id, 'search': search_text(r.name, r.phone)} for r in rows[at:at + 1000]])


def _registered() -> None:
    """Write down with every stay who was registered, as known now; the first guest gets a row too."""
    facts = ', '.join(_FACTS)
    of_guest = ', '.join(f'g.{fact}' for fact in _FACTS)
    for statement in (
            *(f'UPDATE sharer SET {fact} = (SELECT g.{fact} FROM guest g WHERE g.id = sharer.guest_id)' for fact in _FACTS),
            'UPDATE sharer SET came_at = (SELECT arrived_at FROM stay WHERE stay.id = sharer.stay_id)',
            f'INSERT INTO sharer (stay_id, guest_id, first, came_at, {facts}) SELECT s.id, s.guest_id, true, s.arrived_at, {of_guest} '
            'FROM stay s JOIN guest g ON g.id = s.guest_id',
            'UPDATE stay SET guest_name = (SELECT name FROM guest WHERE guest.id = stay.guest_id)',
            "UPDATE stay SET pending = (SELECT count(*) FROM sharer WHERE sharer.stay_id = stay.id AND sharer.identity = 'pending') "
            "WHERE state = 'in_house'"):
        op.execute(sa.text(statement))
