"""Nobody is told that a guest is here who is not to be disclosed: every search, list, finding, report and
paper is looked through, on both engines; the guest's own folio and papers bear the name."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from sqlalchemy import select

from pms import duties
from pms.core import offers
from pms.core.errors import NeedsConfirmation
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.printing.cells import Line, lay_out
from pms.printing.slip import Slip
from pms.services.folios import service as folios
from pms.services.lost_found import service as lost
from pms.services.luggage import service as luggage
from pms.services.messages import service as messages
from pms.services.night_audit import checks
from pms.services.night_audit import queries as audit
from pms.services.reports import printouts
from pms.services.reports.rolls import ROLLS
from pms.services.shop import service as shop
from pms.services.stays import people, vacancy
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.services.wake_ups import service as wake_ups
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.table import Table
from pms.ui.kit.theme import Look
from tests.builders import TODAY, House
from tests.stays.test_people import ZHAO, card, row
from tests.ui.checks import dress

DAY = timedelta(days=1)
NAME, PINYIN, PHONE, ROOM = "王雅琴", "wangyaqin", "13800138000", "301"
OWN = {
    "registration_card",
    "deposit_receipt",
    "receipt",
    "bill",
    "shop_receipt",
    "luggage_claim",
    "lost_found_out",
}
"""Papers of the guest, or signed by whoever fetches something."""
DESK = {"guests", "folios", "check_out", "check_in", "reservations"}
"""Pages on which the desk works with one guest, whose name it needs."""


@pytest.fixture
def secret(house: House) -> House:
    """A guest not to be disclosed with everything a stay leaves behind, due out today and not gone."""
    return made(house)


def made(house: House) -> House:
    line = house.book(NAME, nights=1, phone=PHONE)
    stay = house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id(ROOM),
        guests=[card(NAME, ZHAO, phone=PHONE)],
        deposit=Paid("CASH", Money(30000)),
        intent=house.new_intent(),
    )
    house.do(people.mark, guest_id=row(house, stay).guest_id, do_not_disclose=True)
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(1800), intent=house.new_intent())
    house.do(luggage.store, stay_id=stay, pieces=2)
    house.do(lost.register, what="umbrella", finder="Li", kept_in="A", room=ROOM, stay_id=stay)
    house.do(lost.report, what="ring", name=NAME, phone=PHONE, room=ROOM, stay_id=stay)
    house.do(messages.write, text="calls back at nine", stay_id=stay)
    house.do(wake_ups.take, stay_id=stay, day=TODAY + DAY, time="6:30")
    cola = house.do(shop.set_good, name="Cola", price=Money(800))
    house.do(shop.receive, lines=[shop.Delivered(cola, 9)], reference="1")
    house.do(shop.sell, lines=[shop.Item(cola, 1)], method="ROOM", stay_id=stay, intent=house.new_intent())
    house.do(luggage.print_list, which="here")
    house.next_day()
    house.book(NAME, nights=1, start=TODAY + 5 * DAY, phone=PHONE)
    return house


def telling(texts) -> list[str]:
    return [text for text in texts if NAME in text]


def hits(house: House, typed: str) -> list[offers.Hit]:
    return house.gather(offers.search, text=typed)


def numbers(house: House) -> list[str]:
    jobs = house.ask(lambda s: list(s.scalars(select(PrintJob.number).where(PrintJob.number != ""))))
    return [*jobs, "T-1", "LF-1", "LR-1", ROOM]


def test_no_search_by_room_or_paper_tells_the_name(secret):
    asked = numbers(secret)
    assert {x[:2] for x in asked} >= {"D-", "T-", "LF", "LR"}
    found = {typed: hits(secret, typed) for typed in asked}
    assert len([typed for typed, some in found.items() if some]) >= 5
    for typed, some in found.items():
        assert telling(f"{h.title} {h.sub}" for h in some) == [], typed


@pytest.mark.parametrize("typed", [NAME, PINYIN, PHONE])
def test_no_search_by_name_or_phone_tells_the_room(secret, typed):
    found = [h for h in hits(secret, typed)]
    assert {h.word for h in found} >= {"folios", "reservations"}
    assert [h for h in found if ROOM in f"{h.title} {h.sub}"] == []
    by_name = [h for h in found if NAME in h.title]
    assert by_name
    assert all(h.icon == "lock" and "disclose" in h.sub for h in by_name)


def test_no_handover_alarm_reminder_or_list_of_whoever_is_in_the_way_tells_the_name(secret):
    items = secret.gather(offers.handover)
    assert {i.word for i in items} >= {"stays", "luggage", "lost_found"}
    assert telling(str(i) for i in items) == []
    assert telling(str(a) for a in secret.gather(offers.alarms, now=secret.clock.now + 30 * DAY)) == []
    day = TODAY + DAY
    users = secret.gather(offers.room_users, room_id=secret.room_id(ROOM), start=day, end=day + DAY)
    assert users
    assert telling(users) == []
    obstacle = secret.ask(vacancy.obstacle, room_id=secret.room_id(ROOM), start=day, end=day + DAY)
    assert obstacle.kind == "occupied"
    assert telling([str(obstacle)]) == []


def test_no_finding_and_no_posting_of_the_audit_tells_the_name(secret):
    every = checks.listed(secret.offers)
    found = secret.ask(audit.findings, business_date=TODAY + DAY, checks=every)
    assert "departures" in {f.kind for f in found}
    assert telling(f"{f.title} {f.detail}" for f in found) == []
    for question in (audit.rehearsal, audit.changes, audit.three_ways):
        rows = secret.ask(question, business_date=TODAY + DAY)
        assert telling(str(r) for r in rows) == [], question.__name__


def test_no_report_tells_the_name(secret):
    for word in printouts.REPORTS:
        for roll in (None, ROLLS.get(word)):
            slip = secret.ask(printouts.report, word=word, day=TODAY, roll=roll)
            assert telling([text_of(slip)]) == [], word
    assert "Do not disclose" in text_of(secret.ask(printouts.report, word="balances", day=TODAY))


def test_no_paper_but_the_guests_own_tells_the_name(secret):
    slips = [Slip.from_dict(s) for s in secret.ask(lambda x: list(x.scalars(select(PrintJob.slip))))]
    assert {"luggage_tag", "lost_found_slip", "luggage_list"} <= {s.kind for s in slips}
    for slip in slips:
        told = telling([text_of(slip)])
        assert told == [] or slip.kind in OWN, slip.kind


def test_whoever_claims_something_is_not_told_whose_it_is(secret):
    told = {"name": "Li Ming", "document_type": "other", "document": "X1"}
    with pytest.raises(NeedsConfirmation, match="stored for Do not disclose, not for Li Ming"):
        secret.do(luggage.claim_without_tag, number=1, reason="lost", intent=secret.new_intent(), **told)
    with pytest.raises(NeedsConfirmation, match="kept for Do not disclose, not for Li Ming"):
        secret.do(lost.give_back, number=1, intent=secret.new_intent(), **told)


def text_of(slip: Slip) -> str:
    return "\n".join(piece.text for piece in lay_out(slip) if isinstance(piece, Line))


def test_no_page_shows_the_name(qtbot, desk):
    house = made(desk)
    dress(Look("en", "light", 100))
    pages = []  # all stay until the end, as in the window
    for word in sorted(set(duties.screens()) - DESK):
        page = duties.resolve(duties.screens()[word])(house, ChangeSignal(house.changes))
        qtbot.addWidget(page)
        pages.append(page)
        page.show()
        page.open()
        shown = [label.text() for label in page.findChildren(QLabel)]
        for table in page.findChildren(Table):
            model = table.model()
            for at in range(model.rowCount()):
                for column in range(model.columnCount()):
                    tip = model.index(at, column).data(Qt.ItemDataRole.ToolTipRole)
                    cell = table.rows.cell(at, column)
                    shown += [cell.text, cell.sub, str(tip or "")]
        assert telling(shown) == [], word
        page.hide()
