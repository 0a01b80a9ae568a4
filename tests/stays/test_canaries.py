"""A document number, birth date, address, phone and visa go in through every operation that takes one; after
erasing they are nowhere: in no table, in the clear or under any key that is left, in no mark of them, and in
no file. On both engines."""

import inspect
import io
import json
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import inspect as look_at
from sqlalchemy import text

from pms.core.defects import DefectLog
from pms.core.errors import NeedsConfirmation, Refused
from pms.core.operation import Operation
from pms.core.settings import Home, Settings
from pms.db import audit, schema
from pms.db.sealed import Box, place, sealed_columns
from pms.services.channels import service as channels
from pms.services.companies import service as companies
from pms.services.drafts import service as drafts
from pms.services.guests import seal
from pms.services.guests import service as guests
from pms.services.guests.overseas import Overseas
from pms.services.guests.person import Person
from pms.services.lost_found import service as lost
from pms.services.luggage import service as luggage
from pms.services.members import service as members
from pms.services.opening import service as opening
from pms.services.opening.after_close import AfterClose
from pms.services.orders import service as orders
from pms.services.orders.reading.proposal import Proposal
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.service import Wish
from pms.services.stays import erasing, one_file, people, queries
from pms.services.stays import service as stays
from tests.builders import SECRET, TODAY, House
from tests.orders.made import order_of
from tests.property.test_settings import set_options
from tests.stays.test_people import QIAN, card
from tests.test_reading import OPERATIONS

DAY = timedelta(days=1)
NUMBER, LATER = "110105196107191231", "P77CNRY01"
BORN = date(1961, 7, 19)
CANARIES = {
    "number": NUMBER,
    "passport": LATER,
    "born": "1961-07-19",
    "address": "金丝雀路77号",
    "address abroad": "Kanarienweg 77",
    "phones": "1397777",
    "visa": "CNRYV7701",
    "port": "CANARYPORT",
}
"""What is hunted; each phone begins with the same figures."""
FIELDS = {"phone", "document", "birth", "address", "person", "guests", "overseas", "typed", "pasted"}
OF_NOBODY = {"property:edit", "property:create"}
"""These take the hotel's own."""


def phone(n: int) -> str:
    return f"139 7777 {n:04}"


def anyway(house: House, operation: Operation, **fields: Any) -> Any:
    """Do something with its key, as a desk does that says yes to whatever is asked."""
    said, key = frozenset[str](), house.new_intent()
    while True:
        try:
            return house.do(operation, intent=key, confirmed=said, **fields)
        except NeedsConfirmation as asked:
            if asked.token in said:
                raise
            said |= {asked.token}


def line_of(house: House, number: int) -> int:
    line: int = house.ask(reservation_queries.lines_of, number=number)[0]
    return line


def sharer(house: House, stay: int, name: str) -> int:
    return next(s.guest_id for s in house.ask(queries.sharers, stay_id=stay) if s.name == name)


TAKING = {
    action
    for action, operation in OPERATIONS.items()
    if FIELDS & set(inspect.signature(inspect.unwrap(operation)).parameters)
} - OF_NOBODY


# ------------------------------------------------------------------ in
@dataclass
class Planted:
    """A hotel into which the canaries go; ``done`` are the operations that took one."""

    house: House
    done: set[str] = field(default_factory=set)

    def do(self, operation: Operation, **fields: Any) -> Any:
        """Do something with its key, as a desk does, whatever is asked."""
        self.done.add(operation.action)
        return anyway(self.house, operation, **fields)


@pytest.fixture
def planted(house) -> Planted:
    set_options(house, identity_days=1, luggage_outside=True)
    made = Planted(house)
    wish = Wish(house.type_id("BIG"), TODAY, TODAY + DAY, 1, plan_id=1)
    first = made.do(
        reservations.book,
        guest_name="Zhao Min",
        phone=phone(1),
        rooms=[wish],
    )
    line = line_of(house, first)
    made.do(reservations.amend, line_id=line, wish=wish, guest_name="Zhao Min", phone=phone(2))
    zhao = Person(
        "Zhao Min", document_type="id_card", document=NUMBER, phone=phone(3), address="金丝雀路 77号"
    )
    stay = made.do(stays.check_in, line_id=line, room_id=house.room_id("301"), guests=[zhao])
    made.do(people.add_sharer, stay_id=stay, person=Person("Sun Jun", phone=phone(4)))
    sun = sharer(house, stay, "Sun Jun")
    overseas = Overseas("SUN", "JUN", "孙", "L", "CNRYV7701", TODAY + DAY, TODAY, "CANARYPORT")
    passport = Person(
        "Sun Jun",
        sex="M",
        birth=BORN,
        nationality="GBR",
        document_type="passport",
        document=LATER,
        address="Kanarienweg 77",
        overseas=overseas,
        document_until=TODAY - DAY,
    )
    made.do(people.identify, stay_id=stay, guest_id=sun, person=passport)
    min_ = sharer(house, stay, "Zhao Min")
    made.do(
        people.correct, guest_id=min_, person=Person("Zhao Ming", phone=phone(5), address="Kanarienweg 77")
    )
    made.do(guests.reveal_document, guest_id=min_, reason="police")
    made.do(one_file.guest_file, guest_id=min_, reason="asked for it")
    other = made.do(
        stays.walk_in,
        room_id=house.room_id("302"),
        departure=TODAY + DAY,
        guests=[
            Person("Zhao Ming", phone=phone(6), birth=BORN, nationality="GBR", overseas=overseas),
            card("Qian Li", QIAN, phone=phone(7)),
        ],
        adults=2,
        plan_id=1,
    )
    made.do(people.merge, guest_id=min_, other_id=sharer(house, other, "Zhao Ming"))
    made.do(
        guests.register, name="Member", phone=phone(8), birth=BORN, address="金丝雀路77号", overseas=overseas
    )
    taken = [opening.Guest("201", "Taken Over", TODAY + DAY, 20000, phone=phone(9))]
    made.do(opening.take_over, guests=taken)
    typed = {"phone": phone(10), "number": NUMBER, "birth": "1961-07-19"}
    made.do(drafts.keep, word="check_in", what={}, about="Zhao", typed=typed)
    tag = made.do(luggage.store, stay_id=stay, phone=phone(11), pieces=1)
    made.do(luggage.amend, number=tag, place="A1", marks="", phone=phone(12), until=None)
    made.do(
        luggage.claim_without_tag,
        number=tag,
        name="Zhao",
        document_type="id_card",
        document=NUMBER,
        reason="x",
    )
    items = [
        made.do(lost.register, what=what, finder="Liu", kept_in="safe", room="301", stay_id=stay)
        for what in ("ring", "scarf")
    ]
    made.do(lost.give_back, number=items[0], name="Zhao", document_type="passport", document=LATER)
    made.do(
        lost.send_on, number=items[1], name="Zhao", address="Kanarienweg 77, 金丝雀路 77 号", carrier="SF"
    )
    level = made.do(members.add_level, name="Gold")
    club = made.do(members.join, name="Club", phone=phone(20), birth=BORN, level_id=level)
    made.do(members.change, number=club, name="Club", phone=phone(21), birth=BORN)
    report = made.do(lost.report, what="hat", name="Caller", phone=phone(13))
    made.do(lost.close_report, number=report, result="not found")
    lone = made.do(
        reservations.book,
        guest_name="Wu Di",
        phone=phone(14),
        rooms=[wish],
    )
    made.do(reservations.cancel, line_id=line_of(house, lone), reason="ill")
    order = replace(order_of(house.type_id("BIG"), "HMQX4T8ZKA", after=0), phone=phone(20))
    made.do(orders.take_in, order=order, pasted=f"Lin Jiayin {phone(20)}")
    made.do(orders.take_in, order=replace(order, action="cancel"), pasted=f"Cancelled {phone(20)}")
    made.do(orders.refuse, order=Proposal(), pasted=f"Call {phone(21)}", reason="no such channel")
    company = made.do(companies.add, name="Gone Ltd", phone=phone(15), address="Kanarienweg 77")
    ended = {"valid_until": TODAY - DAY}
    made.do(companies.add_signer, number=company, name="Signs No More", phone=phone(16))
    told = {"phone": phone(17), "address": "金丝雀路77号"}
    made.do(companies.edit, number=company, name="Gone Ltd", **told, **ended)
    channel = made.do(channels.add, code="GONE", name="Gone", phone=phone(18))
    made.do(channels.edit, number=channel, code="GONE", name="Gone", phone=phone(19), active=False)
    return made


# ------------------------------------------------------------------ the hunt
def plain(told: str) -> str:
    """Small letters, no blanks, hyphens or dots between figures: one way to write it finds all."""
    return re.sub(r"[\s\-()+,/.]", "", told).casefold()


WANTED = {name: [plain(value)] for name, value in CANARIES.items()}
WANTED["born"] += [plain("19 Jul 1961")]  # as an English paper writes it


def named(told: str) -> set[str]:
    near = plain(told)
    return {name for name, values in WANTED.items() if any(value in near for value in values)}


def rows(house: House, *, through: bool = True) -> Iterator[tuple[str, list[str]]]:
    """Yield every row of every table as it stands, and ``through`` its seals what they hold."""
    with house.engine.connect() as connection:
        for table in look_at(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                told = [str(value) for value in row.values() if value is not None]
                yield table, [*told, *(unsealed(table, row) if through else ())]


def unsealed(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the hotel's key opens of a row."""
    box, tables = Box(SECRET), schema.metadata().tables
    for column in sealed_columns(tables[table]) if table in tables else ():
        if row[column.name]:
            yield box.open(row[column.name], place(table, column.name, row[column.type.row]))
    if table == "draft":
        yield box.open(row["sealed"], place(table, "sealed", f"{row['station']}/{row['page']}"))


def keys(house: House) -> list[bytes]:
    """Return every key that is left in the hotel, and the hotel's own."""
    with house.engine.connect() as connection:
        rows = connection.execute(text("SELECT guest_id, sealed FROM guest_key")).all()
        return [SECRET[:32], *(seal.taken_up(connection, guest, sealed) for guest, sealed in rows)]


def opened(value: str, known: list[bytes]) -> Iterator[str]:
    """Yield a value as it stands, and opened by whatever opens it."""
    yield value
    if len(value) < 38 or not re.fullmatch(r"[A-Za-z0-9+/]+=*", value):
        return
    for key in known:
        for what in ("document", "overseas"):
            with suppress(Refused):
                yield seal.reveal(key, value, what)


def in_tables(house: House) -> dict[str, set[str]]:
    """Return which canaries stand in which table, in the clear or sealed under a key that is there."""
    known, found = keys(house), dict[str, set[str]]()
    for table, values in rows(house):
        for value in values:
            for told in opened(value, known):
                if seen := named(told):
                    found.setdefault(table, set()).update(seen)
    return found


def in_clear(house: House) -> set[tuple[str, str]]:
    return {
        (table, name)
        for table, values in rows(house, through=False)
        for value in values
        for name in named(value)
    }


def marks(house: House) -> set[str]:
    """Return which keyed marks of the canaries are left: with the key, a mark says if a guess is right."""
    box = Box(SECRET)
    made = {mark for n in range(1, 22) for mark in box.phone_marks(phone(n))}
    made |= {box.whole_mark("document", number) for number in (NUMBER, LATER)}
    return {mark for _table, values in rows(house) for mark in made if any(mark in value for value in values)}


def in_files(folder: Path) -> dict[str, set[str]]:
    """Return which canaries stand in which file, whatever it is packed into."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and (seen := {name for told in texts(path) for name in named(told)}):
            found[path.name] = seen
    return found


def texts(path: Path) -> Iterator[str]:
    data = path.read_bytes()
    for code in ("utf-8", "gb18030", "utf-16-le"):
        yield data.decode(code, "ignore")
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(data)
        yield "".join(page.get_textpage().get_text_range() for page in document)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            yield from (packed.read(name).decode() for name in packed.namelist())


# ------------------------------------------------------------------ out
def test_every_operation_that_takes_what_tells_who_somebody_is_was_planted(planted):
    assert planted.done >= TAKING


def test_what_was_planted_is_found_before_and_nowhere_after(planted, tmp_path):
    house = planted.house
    before = in_tables(house)
    assert {name for seen in before.values() for name in seen} == set(CANARIES)  # the hunt finds
    for table, wanted in {
        "guest": {"number", "passport", "born", "address", "address abroad", "phones", "visa", "port"},
        "sharer": {"number", "passport", "born", "address abroad", "phones", "visa", "port"},
        "reservation": {"phones"},
        "luggage_tag": {"phones"},
        "found_item": {"address", "address abroad"},
        "loss_report": {"phones"},
        "member": {"born", "phones"},
        "company": {"phones", "address"},
        "company_signer": {"phones"},
        "channel": {"phones"},
        "channel_order": {"phones"},
        "draft": {"number", "born", "phones"},
        "print_job": {"address", "address abroad", "phones", "born"},
    }.items():
        assert wanted <= before.get(table, set()), (table, before.get(table))
    assert {table for table, _name in in_clear(house)} <= {"print_job"}
    assert len(marks(house)) > 10
    place = Home(tmp_path / "config", tmp_path / "data")
    closing = AfterClose(house, place, Settings())
    log = logging.getLogger("canary")
    log.addHandler(DefectLog(place.log))
    _fail(house, log)
    _everybody_leaves(house)
    anyway(house, members.end, number=1)
    for _day in range(4):
        day = house.house().business_date
        house.next_day()
        closing.report(day)
    assert closing._erase()
    if house.engine.dialect.name == "sqlite":  # no page of before is left in the log, or in a free place
        assert Path(f"{house.engine.url.database}-wal").stat().st_size == 0
        assert house.ask(lambda s: s.execute(text("PRAGMA secure_delete")).scalar()) == 1
    assert house.do(erasing.erase_due) == 0
    assert in_tables(house) == {}
    assert marks(house) == set()
    assert list(place.data.rglob("*.pdf"))
    assert place.log.exists()
    assert in_files(tmp_path) == {}
    assert house.ask(lambda s: list(audit.broken_links(s, SECRET))) == []
    names = {row[0] for row in house.ask(lambda s: s.execute(text("SELECT name FROM guest")).all())}
    assert {"Zhao Ming", "Sun Jun", "Qian Li", "Member"} <= names


def _fail(house: House, log: logging.Logger) -> None:
    """Let a defect happen with a canary in hand."""
    try:
        guests.register(
            None, name="Zhao", phone=phone(1), document=NUMBER, birth=BORN, address="金丝雀路77号"
        )
    except Exception:
        log.exception("defect")


def _everybody_leaves(house: House) -> None:
    for stay in house.ask(lambda s: list(s.scalars(text("SELECT id FROM stay WHERE state = 'in_house'")))):
        anyway(house, stays.check_out, stay_id=stay)


def test_the_hunt_sees_through_seals_cases_and_blanks(planted, tmp_path):
    """A hunt that finds nothing proves nothing."""
    (tmp_path / "a.txt").write_text("… 13977 77-0001 …")
    (tmp_path / "b.json").write_text(json.dumps({"told": "KANARIENWEG  77"}))
    (tmp_path / "c.bin").write_bytes("金丝雀路 77 号".encode("gb18030"))
    assert in_files(tmp_path) == {"a.txt": {"phones"}, "b.json": {"address abroad"}, "c.bin": {"address"}}
    key = keys(planted.house)[1]
    assert named("".join(opened(seal.close(key, NUMBER, "document"), [key]))) == {"number", "born"}
    sealed = {"id": 9, "number": 9, "phone": Box(SECRET).close(phone(9), "reservation.phone.9")}
    assert named("".join(unsealed("reservation", sealed))) == {"phones"}
