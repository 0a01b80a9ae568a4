"""A booking that came to nothing is found by any spelling of its name however long ago it was, without reading every booking."""
import sqlalchemy as sa
from alembic import op

from pms.core.names import words
from pms.db.migrations.columns import number

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation='C'), 'postgresql')


def upgrade() -> None:
    op.create_table('booking_word',
    sa.Column('word', _TEXT, nullable=False),
    number('reservation_id', nullable=False),
    sa.ForeignKeyConstraint(['reservation_id'], ['reservation.id'], name=op.f('fk_booking_word_reservation_id_reservation')),
    sa.PrimaryKeyConstraint('word', 'reservation_id', name=op.f('pk_booking_word')),
    sqlite_with_rowid=False)
    op.create_index('ix_booking_word_reservation_id', 'booking_word', ['reservation_id'], unique=False)
    connection = op.get_bind()
    # imported bookings bear no name, only their line in the file
    lost = connection.execute(sa.text(
        "SELECT id, guest_name AS name, phone FROM reservation r WHERE import_key IS NULL AND (EXISTS (SELECT 1 FROM booked_room b "
        "WHERE b.reservation_id = r.id AND b.state IN ('cancelled', 'no_show')) OR EXISTS (SELECT 1 FROM booked_room b "
        "JOIN stay s ON s.line_id = b.id WHERE b.reservation_id = r.id AND s.guest_name <> r.guest_name))")).all()
    for at in range(0, len(lost), 1000):
        rows = [{'word': word, 'id': b.id} for b in lost[at:at + 1000] for word in sorted(words(b.name, b.phone))]
        if rows:
            connection.execute(sa.text('INSERT INTO booking_word (word, reservation_id) VALUES (:word, :id)'), rows)
