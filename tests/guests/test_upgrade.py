"""The guests of an older release: what stood in one field is parted, each stay keeps whom it had, and every
guest is found by any spelling; on both engines."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.errors import StoreTrouble
from pms.db import guards, schema, sealed
from pms.db.sealed import Box
from pms.services.guests import queries
from pms.services.guests.models import Guest
from pms.services.guests.search import fits
from pms.services.lost_found.models import FoundItem
from pms.services.luggage.models import LuggageTag
from pms.services.reservations.models import Reservation
from pms.services.stays.models import Sharer
from tests import builders
from tests.test_migrations import empty

__all__ = ["empty"]

BEFORE = """
INSERT INTO room_type (id, code, name, beds, overbook, position, small_hours, active)
VALUES (7, 'TWN', 'Twin', 2, 0, 0, '0.5', true);
INSERT INTO room (id, number, floor, type_id, features, lock_id, joined, house_use, active, clean, remarks)
VALUES (7, '301', 3, 7, '', '', '', false, true, 'clean', '[]');
INSERT INTO reservation (id, number, guest_name, search, phone, source, channel, reference, company,
hold_until, remarks, made_on, made_at)
VALUES (7, 7, 'Müller', 'müller', '138-0013-8000', 'phone', '', '', '', '18:00', '', '2026-11-20',
'2026-11-20 06:00:00');
INSERT INTO booked_room (id, reservation_id, type_id, counted_type_id, room_id, arrival, departure,
adults, children, breakfast, state, before, state_at, reason)
VALUES (7, 7, 7, 7, 7, '2026-11-20', '2026-11-21', 2, 0, 0, 'in_house', '', '2026-11-20 06:00:00', '');
INSERT INTO guest (id, name, search, sex, birth, nationality, phone, address, document_type, document,
document_shown, document_mark, identity, do_not_disclose, vip) VALUES
(1, '吕小明', '吕小明', 'M', '1986-05-17', '维', '+86 138 0013 8000', '杭州市西湖区 1 号', 'id_card', '',
'', 'a', 'checked', false, false),
(2, 'SMITH JOHN', 'smith john', 'M', NULL, 'GBR', '', '', 'passport', '', '', 'b', 'checked', false, false),
(3, 'Müller', 'müller', '', NULL, '', '', '', '', '', '', NULL, 'pending', true, false),
(4, 'SMITH J', 'smith j', 'M', NULL, 'GBR', '', '', 'passport', '', '', 'b', 'checked', false, false);
INSERT INTO stay (id, number, line_id, room_id, guest_id, state, kind, arrival, departure, arrived_at,
adults, children, unsettled, settled_by, remark)
VALUES (7, 7, 7, 7, 1, 'in_house', '', '2026-11-20', '2026-11-21', '2026-11-20 06:00:00', 2, 0,
false, '', '');
INSERT INTO sharer (stay_id, guest_id, first) VALUES (7, 3, false)
"""


def test_what_an_older_release_kept_of_its_guests_is_taken_over(empty):
    from alembic import command

    engine = empty()
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), "0014")
        for statement in BEFORE.split(";"):
            connection.exec_driver_sql(statement)
    schema.upgrade(engine)
    with engine.connect() as connection:
        ask = lambda question: [tuple(row) for row in connection.execute(text(question))]  # noqa: E731
        assert ask(
            "SELECT id, nationality, ethnic, document_state, document_mark FROM guest ORDER BY id"
        ) == [
            (1, "CHN", "维", "CHN", "a"),
            (2, "GBR", "", "GBR", None),  # of two records with one document the later is found by it
            (3, "", "", "", None),
            (4, "GBR", "", "GBR", "b"),
        ]
        assert ask("SELECT guest_id, name, identity FROM sharer WHERE stay_id = 7 AND first") == [
            (1, "吕小明", "checked")
        ]
        assert ask("SELECT guest_id, name, identity FROM sharer WHERE stay_id = 7 AND NOT first") == [
            (3, "Müller", "pending")
        ]
        assert ask("SELECT guest_name, pending FROM stay") == [("吕小明", 1)]
        words = {word for (word,) in ask("SELECT word FROM guest_word WHERE guest_id = 1")}
        whole, last = Box(builders.SECRET).phone_marks("13800138000")
        assert {"吕小明", "lvxiaoming", "luxiaoming", "lyuxiaoming", "lxm", whole, last} <= words
        assert ask("SELECT search, do_not_disclose FROM reservation") == [
            (f" muller mueller {whole} {last}", True)
        ]


def test_birth_phone_and_address_of_an_older_release_are_sealed(empty):
    from alembic import command

    engine = empty()
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), "0014")
        for statement in BEFORE.split(";"):
            connection.exec_driver_sql(statement)
        command.upgrade(schema._config(connection), "0026")
        told = {
            *connection.exec_driver_sql(
                "SELECT phone FROM guest UNION SELECT phone FROM reservation"
            ).scalars()
        }
        assert {"+86 138 0013 8000", "138-0013-8000"} <= told  # as it was until this release
    schema.upgrade(engine)
    with Session(engine) as session:
        for table in (Guest, Sharer):
            row = session.scalars(select(table).where(table.name == "吕小明")).one()
            assert (row.birth, row.phone, row.address) == (
                date(1986, 5, 17),
                "+86 138 0013 8000",
                "杭州市西湖区 1 号",
            )
        assert session.scalars(select(Reservation.phone)).all() == ["138-0013-8000"]
        for typed in ("13800138000", "8000"):
            assert [g.id for g in queries.find(session, text=typed)] == [1]
        for table in ("guest", "sharer", "reservation", "guest_word", "booking_word"):
            for row in session.execute(text(f"SELECT * FROM {table}")).all():
                assert not [v for v in row if "138" in str(v)[:60] and "8000" in str(v)], (table, row)
                assert "1986-05-17" not in map(str, row)
                assert not [v for v in row if "杭州" in str(v)]


KEPT = """
INSERT INTO found_item (id, number, what, kind, marks, search, place, guest_name, phone, found_at,
found_on, finder, keeper,
kept_in, keep_until, state, registered_at) VALUES (7, 7, 'ring', 'other', '', ' ring #13900139000',
'', 'Li Na',
'13900139000', '2026-11-20 06:00:00', '2026-11-20', 'Liu', 'Li', 'safe', '2027-11-20', 'sent',
'2026-11-20 06:00:00');
INSERT INTO found_outcome (id, item_id, kind, name, document_type, document_shown, detail,
reference, at, business_date)
VALUES (7, 7, 'sent', 'Li Na', '', '', 'SF, 杭州市西湖区 1 号', 'SF1', '2026-11-20 06:00:00', '2026-11-20');
INSERT INTO luggage_tag (id, number, source, guest_name, search, phone, room, pieces, pieces_left,
marks, place, word,
stored_at, stored_on) VALUES (7, 7, 'outside', 'Li Na', ' li na #13900139000', '139 0013 9000', '',
1, 0, '', '', '',
'2026-11-20 06:00:00', '2026-11-20');
INSERT INTO luggage_claim (id, tag_id, pieces, proof, name, document_type, document_shown, reason,
at, business_date,
station) VALUES (7, 7, 1, 'identity', 'Li Na', 'id_card', '1101************2X', 'lost',
'2026-11-20 06:00:00',
'2026-11-20', 'desk-1');
INSERT INTO print_job (id, slip, kind, number, title, station, state, at, record, record_id,
reprint, attempts, trouble,
printer) VALUES (7, '{"blocks":[{"pairs":[["Document","ID card 1101************2X"],["B","*******47"]]}]}',
'luggage_claim',
'T-7', 'Claim', 'desk-1', 'printed', '2026-11-20 06:00:00', 'luggage_tag', 7, 0, 0, '', '');
INSERT INTO intent (key, action, arguments, result, at) VALUES
('a', 'guests:reveal_document', '', '{"value":"11010519491231002X"}', '2026-11-20 06:00:00'),
('b', 'guests:register', '', '{"value":1}', '2026-11-20 06:00:00')
"""


def test_masks_addresses_and_kept_results_of_an_older_release_say_no_more(empty):
    from alembic import command

    engine = empty()
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), "0026")
        for statement in KEPT.split(";"):
            connection.exec_driver_sql(statement)
    schema.upgrade(engine)
    with engine.connect() as connection:
        ask = lambda question: [tuple(row) for row in connection.execute(text(question))]  # noqa: E731
        assert ask("SELECT document_shown FROM luggage_claim") == [("****************2X",)]
        assert ask("SELECT detail, reference FROM found_outcome") == [("", "SF1")]
        [(slip,)] = ask("SELECT slip FROM print_job")
        assert '"ID card ****************2X"' in slip
        assert '"*******47"' in slip
        assert ask("SELECT key FROM intent") == [("b",)]
        assert guards.lacking(connection) == []
    with Session(engine) as session:
        assert session.scalars(select(FoundItem.sent_to)).all() == ["SF, 杭州市西湖区 1 号"]
        for table, phone in ((FoundItem, "13900139000"), (LuggageTag, "139 0013 9000")):
            assert session.scalars(select(table.phone)).all() == [phone]
            for typed in ("13900139000", "9000"):
                found = session.scalars(select(table.id).where(fits(session, table.search, typed))).all()
                assert found == [7]
    for table in ("found_outcome", "luggage_claim"):
        with pytest.raises(DBAPIError, match="never changed"), engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE {table} SET name = 'x'")


def test_nothing_is_sealed_without_the_hotels_key(empty):
    from alembic import command

    engine = empty()
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), "0014")
        for statement in BEFORE.split(";"):
            connection.exec_driver_sql(statement)
    sealed.under(engine, b"")
    with pytest.raises(StoreTrouble, match="on a workstation of the hotel"):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.revision(connection) == "0014"
