"""What is sealed in a column is read by who has the key, looks different each time, and is not told where it
was changed past the program; on both engines."""

from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from pms.core.errors import Refused, StoreTrouble
from pms.db import audit, keys, schema
from pms.db.base import AuditEntry
from pms.db.sealed import BROKEN, Box
from pms.services.guests import queries, service
from pms.services.guests.models import Guest
from pms.services.opening import sealed_proof
from tests.builders import SECRET

FACTS = {"phone": "138 0013 8000", "birth": date(1986, 5, 17), "address": "杭州市西湖区文三路 12 号"}


def raw(house, what="phone, birth, address, search"):
    with house.engine.connect() as connection:
        return [
            tuple(map(str, row)) for row in connection.execute(text(f"SELECT {what} FROM guest ORDER BY id"))
        ]


def test_phone_birth_and_address_are_read_through_the_key_only(house):
    first, second = (house.do(service.register, name=name, **FACTS) for name in ("Wang Wei", "Li Na"))
    row = house.ask(queries.one, guest_id=first)
    assert (row.phone, row.birth, row.address) == tuple(FACTS.values())
    one, other = raw(house)
    assert not set(one[:3]) & set(other[:3])  # one number never looks the same twice
    for told in (*one, *other):
        assert not [part for part in ("138", "0013", "1986", "杭州", "文三路") if part in told], told
    for typed in ("13800138000", "8000", "+86 138-0013-8000"):
        assert {g.id for g in house.ask(queries.find, text=typed)} == {first, second}
    for typed in ("0013", "1380013800", "80013800", "5000"):
        assert house.ask(queries.find, text=typed) == []


def test_nothing_stays_nothing(house):
    made = house.do(service.register, name="Wang Wei")
    assert raw(house)[0][:3] == ("", "None", "")
    row = house.ask(queries.one, guest_id=made)
    assert (row.phone, row.birth, row.address) == ("", None, "")


def test_the_trail_says_that_it_was_told_and_not_what(house):
    made = house.do(service.register, name="Wang Wei", **FACTS)
    [entry] = house.ask(
        lambda s: s.scalars(select(AuditEntry.changes).where(AuditEntry.record == "guest")).all()
    )
    assert {entry[name] for name in ("phone", "birth", "address", "search")} == {"*"}
    assert made


def test_what_was_changed_past_the_program_is_no_number_of_anybody(house):
    made = house.do(service.register, name="Wang Wei", **FACTS)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE guest SET phone = address, address = '12345', birth = 'AAAA'"))
    row = house.ask(queries.one, guest_id=made)
    assert (row.phone, row.birth, row.address) == (BROKEN, None, BROKEN)


def test_a_number_copied_into_another_guests_record_does_not_open_there(house):
    """Nor does one that is put back into another column, or into a row that is made for it."""
    one, other = (house.do(service.register, name=name, **FACTS) for name in ("Wang Wei", "Li Na"))
    with house.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE guest SET phone = (SELECT phone FROM guest WHERE id = :one), "
                "birth = (SELECT birth FROM guest WHERE id = :one) WHERE id = :other"
            ),
            {"one": one, "other": other},
        )
    row = house.ask(queries.one, guest_id=other)
    assert (row.phone, row.birth, row.address) == (BROKEN, None, FACTS["address"])
    row = house.ask(queries.one, guest_id=one)
    assert (row.phone, row.birth) == (FACTS["phone"], FACTS["birth"])


def test_a_document_copied_to_another_guest_with_its_key_is_refused(house):
    card = {"document_type": "passport", "nationality": "DEU"}
    one = house.do(service.register, name="Wang Wei", document="C01X00T47", **card)
    other = house.do(service.register, name="Li Na", document="C01X00T48", **card)
    with house.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE guest SET document = (SELECT document FROM guest WHERE id = :one) WHERE id = :other"
            ),
            {"one": one, "other": other},
        )
    with pytest.raises(Refused, match="is another guest's"):
        house.do(service.reveal_document, guest_id=other, reason="police")
    with house.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE guest_key SET sealed = (SELECT sealed FROM guest_key WHERE guest_id = :one) "
                "WHERE guest_id = :other"
            ),
            {"one": one, "other": other},
        )
    with pytest.raises(Refused, match="is another guest's"):
        house.do(service.reveal_document, guest_id=other, reason="police")
    assert house.do(service.reveal_document, guest_id=one, reason="police") == "C01X00T47"


def test_verify_names_every_value_that_does_not_open_where_it_stands(house):
    card = {"document_type": "passport", "nationality": "DEU"}
    one = house.do(service.register, name="Wang Wei", document="C01X00T47", **card, **FACTS)
    other = house.do(service.register, name="Li Na", document="C01X00T48", **card, **FACTS)
    assert house.ask(lambda s: list(sealed_proof.faults(s))) == []
    for column, statement in (
        (
            "address",
            "UPDATE guest SET address = (SELECT address FROM guest WHERE id = :one) WHERE id = :other",
        ),
        (
            "document",
            "UPDATE guest SET document = (SELECT document FROM guest WHERE id = :one) WHERE id = :other",
        ),
        (
            "guest's key",
            "UPDATE guest_key SET sealed = (SELECT sealed FROM guest_key WHERE guest_id = :one) "
            "WHERE guest_id = :other",
        ),
    ):
        with house.engine.begin() as connection:
            connection.execute(text(statement), {"one": one, "other": other})
        told = house.ask(lambda s: list(sealed_proof.faults(s)))
        assert [line for line in told if f"guest {other} " in line and f"{column} does not open" in line], (
            told
        )
        assert not [line for line in told if f"guest {one} " in line]


def test_the_sub_keys_say_nothing_of_one_another():
    """Each is made from the hotel's key alone, and none is made from another."""
    found = keys.derive(bytes(range(32)))
    subs = [found.database, found.seal, found.mark, found.chain]
    assert len(set(subs)) == 4
    purposes = (
        b"pms database",
        b"pms seals",
        b"pms marks",
        b"pms records",
        b"pms columns",
        b"pms phone marks",
    )
    for known in subs:
        assert not {keys.sub_key(known, purpose) for purpose in purposes} & set(subs)
    for known in subs:  # what is sealed does not open with what is known of another
        if known is not found.seal:
            wrong = keys.Keys(known, known, known, known, "")
            assert Box(wrong).open(Box(found).close("8000", "guest.phone.1"), "guest.phone.1") == BROKEN
        if known is not found.mark:
            assert Box(keys.Keys(known, known, known, known, "")).mark("a", "b") != Box(found).mark("a", "b")
    assert found.seal.hex() not in repr(found)


def test_what_is_sealed_is_written_only_where_its_row_is_known(house):
    with pytest.raises(StatementError, match="is written with its row"), house.engine.begin() as connection:
        connection.execute(update(Guest).values(phone="138"))


def test_marks_of_two_hotels_and_of_two_kinds_have_nothing_in_common():
    one, other = Box(keys.derive(bytes(32))), Box(keys.derive(bytes([1]) * 32))
    whole, last = one.phone_marks("+86 138-0013-8000")
    assert (whole, last) == (one.asked_mark("13800138000"), one.asked_mark("8000"))
    assert not {whole, last} & {*other.phone_marks("13800138000")}
    assert whole[2:] != last[2:]
    assert one.phone_marks("") == one.phone_marks("call back") == ()
    assert one.open(one.close("王", "a"), "a") == "王"
    assert other.open(one.close("王", "a"), "a") == one.open(one.close("王", "a"), "b") == BROKEN


def test_nothing_is_sealed_with_the_key_of_another_hotel(house):
    """A workstation with a wrong key must not bring a server's database to this release."""
    house.do(service.register, name="Wang Wei", **FACTS)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0026'"))
    with pytest.raises(StoreTrouble, match="does not belong to this hotel"):
        schema.upgrade(house.engine, fits=lambda connection: audit.fits(Session(connection), bytes(32)))
    with house.engine.connect() as connection:
        assert schema.revision(connection) == "0026"
    with Session(house.engine) as session:
        assert audit.fits(session, SECRET)
