"""What is sealed in a column is read by who has the key, looks different each time, and is not told where it
was changed past the program; on both engines."""

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from pms.core.errors import StoreTrouble
from pms.db import audit, schema
from pms.db.base import AuditEntry
from pms.db.sealed import BROKEN, Box
from pms.services.guests import queries, service
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
    assert row.phone == FACTS["address"]  # a seal that is whole opens wherever it was put
    assert (row.birth, row.address) == (None, BROKEN)


def test_marks_of_two_hotels_and_of_two_kinds_have_nothing_in_common():
    one, other = Box(bytes(32)), Box(bytes([1]) * 32)
    whole, last = one.phone_marks("+86 138-0013-8000")
    assert (whole, last) == (one.asked_mark("13800138000"), one.asked_mark("8000"))
    assert not {whole, last} & {*other.phone_marks("13800138000")}
    assert whole[2:] != last[2:]
    assert one.phone_marks("") == one.phone_marks("call back") == ()
    assert one.open(one.close("王")) == "王"
    assert other.open(one.close("王")) == BROKEN


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
