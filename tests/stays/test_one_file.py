"""Everything that is kept of one guest in one file, by who may, for a reason that is written down; of nobody
else. On both engines."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from pms.core.errors import NotPermitted, Refused
from pms.core.money import Money
from pms.db.base import Intent
from pms.duties import ROLES
from pms.services.folios import service as folios
from pms.services.guests.overseas import Overseas
from pms.services.guests.person import Person
from pms.services.lost_found import service as lost
from pms.services.luggage import service as luggage
from pms.services.messages import service as messages
from pms.services.staff import log
from pms.services.stays import erasing, one_file
from pms.services.stays import service as stays
from pms.services.wake_ups import service as wake_ups
from tests.authority.people import person
from tests.builders import TODAY, House
from tests.stays.test_people import QIAN, arrive, card, row

SMITH = Person(
    "SMITH JOHN",
    phone="+44 20 7946 0958",
    sex="M",
    birth=date(1981, 2, 3),
    nationality="GBR",
    document_type="passport",
    document="533401372",
    address="10 High Street",
    overseas=Overseas(
        "SMITH", "JOHN", "史密斯", "L", "A1234567", date(2026, 12, 20), date(2026, 11, 19), "PVG"
    ),
)


def read(house: House, guest: int, **how) -> dict:
    return json.loads(house.do(one_file.guest_file, guest_id=guest, reason="asked for it", **how))


@pytest.fixture
def stay(house) -> int:
    """John Smith and Qian Li in 301, with something at every duty."""
    made = arrive(house, "301", SMITH, card("Qian Li", QIAN, phone="13900139000", address="杭州市西湖区"))
    house.do(folios.charge, stay_id=made, code="MINIBAR", amount=Money(900), intent="m")
    house.do(luggage.store, stay_id=made, pieces=2, marks="red")
    house.do(lost.register, what="ring", finder="Liu", kept_in="safe", room="301", stay_id=made)
    house.do(lost.report, what="scarf", name="SMITH JOHN", phone="13800138000", stay_id=made)
    house.do(wake_ups.take, stay_id=made, day=date(2026, 11, 21), time="6:30")
    house.do(messages.write, text="wants a quiet room", stay_id=made)
    house.book("Smith John", phone="+44 20 7946 0958", remarks="comes again")
    return made


def test_it_holds_what_every_duty_keeps_of_the_guest_and_of_nobody_else(house, stay):
    told = read(house, row(house, stay).guest_id)
    [guest] = told["Guest"]
    assert (guest["Document"], guest["Phone"], guest["Date of birth"], guest["Address"]) == (
        "533401372",
        "+44 20 7946 0958",
        "1981-02-03",
        "10 High Street",
    )
    assert (guest["Visa"], guest["Chinese name"], guest["Entry port"]) == ("L A1234567", "史密斯", "PVG")
    [here] = told["Stays"]
    assert (here["Room"], here["Registered as"]["Document"]) == ("301", "533401372")
    assert [(b["Guest"], b["Phone"]) for b in told["Bookings"]] == [
        ("SMITH JOHN", "+44 20 7946 0958"),
        ("Smith John", "+44 20 7946 0958"),
    ]
    assert [(f["Item"], f["Charge"]) for f in told["Folio"]] == [("MINIBAR", 900)]
    assert [t["Marks"] for t in told["Luggage"]] == ["red"]
    assert [(i["Item"], i["Phone"]) for i in told["Lost & found"]] == [
        ("ring", "+44 20 7946 0958"),
        ("scarf", "13800138000"),
    ]
    assert [len(told[title]) for title in ("Wake-up calls", "Handover book", "Print-outs")] == [1, 1, 1]
    assert told["Audit trail"][0]["Action"] == "stays:walk_in"
    text = json.dumps(told, ensure_ascii=False)
    assert not [other for other in (QIAN, "13900139000", "杭州", "Qian") if other in text]


def test_who_took_it_and_why_is_written_down_and_no_copy_is_kept(house, stay):
    guest = row(house, stay).guest_id
    with pytest.raises(Refused, match="what the file is for"):
        house.do(one_file.guest_file, guest_id=guest, reason=" ")
    read(house, guest, intent="file")
    rows = house.ask(log.entries, start=TODAY, end=TODAY)
    assert ("exported", "Zhang Li", f"G-{guest}: asked for it") in [(r.kind, r.who, r.what) for r in rows]
    assert "file" not in house.ask(lambda s: s.scalars(select(Intent.key)).all())


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_take_it_out_gets_it(house, stay, role):
    guest = row(house, stay).guest_id
    if role != "owner":
        house.clerk = person(house, role)
    if role in ("owner", "manager"):
        assert read(house, guest)["Guest"]
        return
    with pytest.raises(NotPermitted):
        read(house, guest)


def test_after_erasing_it_says_that_nothing_is_left_but_the_name(house):
    made = arrive(house, "301", SMITH)
    guest = row(house, made).guest_id
    house.do(stays.check_out, stay_id=made, intent="out")
    house.do(erasing.erase, guest_id=guest, reason="asked for it")
    told = read(house, guest)
    assert (told["Guest"][0]["Guest"], told["Guest"][0]["Data erased on"]) == ("SMITH JOHN", "2026-11-20")
    text = json.dumps(told, ensure_ascii=False)
    for gone in ("533401372", "7946", "1981", "High Street", "A1234567", "史密斯", "PVG"):
        assert gone not in text
