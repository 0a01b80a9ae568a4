"""Nobody is told that a guest comes who is not to be disclosed: the booking itself is marked, by hand or by
the guest's record, and every list, finding, alarm and refusal keeps the name; on both engines."""

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel

from pms.core import offers
from pms.core.errors import Refused
from pms.core.i18n import use
from pms.core.money import Money
from pms.services.figures import queries as figures
from pms.services.guests import queries as guests
from pms.services.guests.person import Person
from pms.services.night_audit import checks
from pms.services.night_audit import queries as audit
from pms.services.receivables import queries as receivables
from pms.services.reports import behind
from pms.services.reservations import queries, service
from pms.services.reservations.service import Wish
from pms.services.room_board import queries as board
from pms.services.stays import people, vacancy
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.ui.kit.parts import Badge
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.reservations.form import BookingForm
from pms.ui.screens.reservations.screen import BookingsScreen
from pms.ui.screens.stays.screen import InHouseScreen
from tests.builders import TODAY, House
from tests.stays.test_people import ZHAO, card, row
from tests.ui.checks import dress

DAY = timedelta(days=1)
NAME, PHONE, HIDDEN = "王雅琴", "13800138000", "Do not disclose"


@pytest.fixture(autouse=True)
def english():
    use("en")


def booked(house: House, **fields) -> int:
    fields.setdefault("do_not_disclose", True)
    return house.book(NAME, phone=PHONE, **fields)


def line(house: House, line_id: int) -> queries.LineRow:
    return house.ask(queries.line, line_id=line_id)


def test_a_booking_is_marked_by_hand_and_kept_so(house):
    line_id = booked(house)
    assert (line(house, line_id).private, line(house, line_id).listed) == (True, HIDDEN)
    r = line(house, line_id)
    wish = Wish(r.type_id, r.arrival, r.departure, plan_id=1)
    house.do(service.amend, line_id=line_id, wish=wish, guest_name=NAME, phone=PHONE)
    assert line(house, line_id).private is True
    house.do(service.amend, line_id=line_id, wish=wish, guest_name=NAME, phone=PHONE, do_not_disclose=False)
    assert line(house, line_id).private is False


@pytest.mark.parametrize(
    ("name", "phone", "hidden"),
    [
        (NAME, PHONE, True),
        (NAME, "+86 138 0013 8000", True),
        (NAME, "", True),
        (NAME, "13900139000", False),
        ("李建国", PHONE, False),
    ],
)
def test_a_booking_of_a_guest_whose_record_says_so_is_marked(house, name, phone, hidden):
    guest = house.do(stays_guest, name=NAME, phone=PHONE)
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    assert line(house, house.book(name, phone=phone)).private is hidden


def stays_guest(work, *, name, phone):
    from pms.services.guests import service as guest_service

    return guest_service.register(work, name=name, phone=phone)


def test_marking_a_guest_marks_the_bookings_to_come_and_of_the_last_month(house):
    coming, other = booked(house, do_not_disclose=False), house.book(NAME, phone="13900139000")
    gone = booked(house, do_not_disclose=False)
    house.do(service.cancel, line_id=gone, reason="ill")
    guest = house.do(stays_guest, name=NAME, phone=PHONE)
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    assert [line(house, x).private for x in (coming, other, gone)] == [True, False, True]
    house.do(people.mark, guest_id=guest, vip=True)
    assert line(house, coming).private is True
    house.do(people.mark, guest_id=guest, do_not_disclose=False)
    assert [line(house, x).private for x in (coming, other, gone)] == [False, False, False]


def test_another_name_given_to_a_booking_is_looked_up_anew(house):
    guest = house.do(stays_guest, name=NAME, phone=PHONE)
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    line_id = house.book("Li")
    r = line(house, line_id)
    wish = Wish(r.type_id, r.arrival, r.departure, plan_id=1)
    house.do(service.amend, line_id=line_id, wish=wish, guest_name=NAME, do_not_disclose=False)
    assert line(house, line_id).private is True


def test_the_mark_goes_with_the_guest_at_check_in_and_back(house):
    line_id = booked(house)
    stay = house.do(
        stays.check_in,
        line_id=line_id,
        room_id=house.room_id("301"),
        guests=[card(NAME, ZHAO)],
        intent=house.new_intent(),
    )
    r = row(house, stay)
    assert (r.private, r.listed) == (True, HIDDEN)
    assert house.ask(guests.one, guest_id=r.guest_id).do_not_disclose is True
    house.do(stays.check_out, stay_id=stay, unsettled="later", intent=house.new_intent())
    again = house.book("王雅琴 ", phone="")
    assert line(house, again).private is True


def test_a_guest_whose_record_says_so_marks_the_booking_by_coming(house):
    guest = house.do(stays_guest, name=NAME, phone=PHONE)
    line_id = house.book(NAME, phone="13900139000")
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    assert line(house, line_id).private is False
    house.do(
        stays.check_in,
        line_id=line_id,
        room_id=house.room_id("301"),
        guests=[card(NAME, ZHAO, guest_id=guest)],
        intent=house.new_intent(),
    )
    assert line(house, line_id).private is True


def test_no_list_board_finding_alarm_or_refusal_tells_the_name(house):
    line_id = booked(house, room_id=house.room_id("301"), state="guaranteed")
    house.do(
        service.take_advance, line_id=line_id, method="CASH", amount=Money(10000), intent=house.new_intent()
    )
    by_day = booked(house, nights=0, start=TODAY + 3 * DAY, room_id=house.room_id("302"))
    lost = booked(house)
    house.do(
        service.take_advance, line_id=lost, method="CASH", amount=Money(10000), intent=house.new_intent()
    )
    house.do(service.cancel, line_id=lost, reason="ill")
    told = [
        *(t.due_in for t in house.ask(board.board)),
        *(b.label for b in house.ask(board.tape, start=TODAY, end=TODAY + 5 * DAY)),
        *house.ask(queries.room_users, room_id=house.room_id("301"), start=TODAY, end=TODAY + DAY),
        str(house.ask(vacancy.obstacle, room_id=house.room_id("301"), start=TODAY, end=TODAY + DAY)),
        *(r.guest for r in house.ask(figures.booked_for, night=TODAY)),
        *(r.listed for r in house.ask(queries.arrivals, business_date=TODAY)),
    ]
    every = checks.listed(house.offers)
    found = house.ask(audit.findings, business_date=TODAY, checks=every)
    assert {"arrivals", "advances"} <= {f.kind for f in found}
    told += [f"{f.title} {f.detail}" for f in found]
    with pytest.raises(Refused, match=f"R-2 {HIDDEN}") as refused:
        house.book("Stays over", start=TODAY + 2 * DAY, nights=3, room_id=house.room_id("302"))
    told.append(str(refused.value))
    assert line(house, by_day).listed == HIDDEN
    house.next_day()
    told += [str(a) for a in house.gather(offers.alarms, now=house.clock.now + 3 * DAY)]
    assert [r.guest for r in house.ask(behind.lost, day=TODAY)] == [HIDDEN, HIDDEN]
    assert [x for x in told if NAME in x] == []
    assert len([x for x in told if HIDDEN in x]) >= 8


def test_a_receivable_keeps_the_name_of_whoever_is_owed(house):
    line_id = booked(house)
    house.do(
        service.take_advance, line_id=line_id, method="CASH", amount=Money(10000), intent=house.new_intent()
    )
    house.do(service.cancel, line_id=line_id, reason="ill")
    assert [x.guest for x in house.ask(receivables.waiting)] == [NAME]


def test_search_by_name_says_nothing_but_do_not_disclose_and_by_number_no_name(house):
    booked(house)
    [hit] = [h for h in house.gather(offers.search, text=NAME) if h.word == "reservations"]
    assert (hit.icon, NAME in hit.title, "20 Nov" in hit.sub) == ("lock", True, False)
    [hit] = house.gather(offers.search, text="R-1")
    assert hit.title == f"R-1 {HIDDEN}"


def test_the_lists_hide_the_name_and_the_booking_in_hand_shows_it(qtbot, desk):
    booked(desk)
    dress(Look("en", "light", 100))
    for made in (BookingsScreen, InHouseScreen):
        page = made(desk, ChangeSignal(desk.changes))
        qtbot.addWidget(page)
        page.show()
        page.open()
        cells = [page.table.rows.cell(0, c).text for c in range(page.table.model().columnCount())]
        assert HIDDEN in cells
        assert NAME not in cells
        assert PHONE not in cells
        shown = {x.text() for x in page.findChildren(QLabel)}
        assert NAME in shown
        assert HIDDEN in {x.text for x in page.findChildren(Badge)}
        page.hide()


def test_the_booking_form_ticks_and_takes_the_mark(qtbot, desk):
    dress(Look("en", "light", 100))
    guest = desk.do(stays_guest, name=NAME, phone=PHONE)
    desk.do(people.mark, guest_id=guest, do_not_disclose=True)
    form = BookingForm(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(form)
    form.show()
    form.open(guest="Li Ming", type_id=desk.type_id("BIG"))
    assert form.secret.value() is False
    form._known(desk.ask(guests.one, guest_id=guest))
    assert form.secret.value() is True
    form.name.set_value("Li Ming")
    form.phone.set_value("")
    assert form.typed()["secret"] is True
    form.save()
    assert line(desk, desk.ask(queries.lines_of, number=1)[0]).private is True
    form.open(line_id=desk.ask(queries.lines_of, number=1)[0])
    assert form.secret.value() is True


# ------------------------------------------------------------------ who shares the room
LI, SUN = "110101199003078515", "110101199003071807"


def secret_stay(house: House, *guests) -> int:
    fields = {"line_id": booked(house), "room_id": house.room_id("301"), "guests": guests}
    stay: int = house.do(stays.check_in, **fields, intent=house.new_intent())
    return stay


def marked(house: House, stay: int) -> dict[str, bool]:
    here = house.ask(stay_queries.sharers, stay_id=stay)
    return {s.name: house.ask(guests.one, guest_id=s.guest_id).do_not_disclose for s in here}


def test_who_comes_together_is_not_disclosed_either(house):
    stay = secret_stay(house, card(NAME, ZHAO), card("李建国", LI))
    assert marked(house, stay) == {NAME: True, "李建国": True}


def test_who_joins_later_is_not_disclosed_either(house):
    stay = secret_stay(house, card(NAME, ZHAO))
    guest = house.do(people.add_sharer, stay_id=stay, person=card("李建国", LI))
    assert house.ask(guests.one, guest_id=guest).do_not_disclose is True
    assert marked(house, stay) == {NAME: True, "李建国": True}
    other = house.book("Sun Jie")
    open_ = house.do(
        stays.check_in,
        line_id=other,
        room_id=house.room_id("302"),
        guests=[card("Sun Jie", SUN)],
        intent=house.new_intent(),
    )
    free = house.do(people.add_sharer, stay_id=open_, person=Person("Qian Duo"))
    assert house.ask(guests.one, guest_id=free).do_not_disclose is False


def test_who_turns_out_to_be_somebody_known_and_who_comes_back_are_not_disclosed(house):
    stay = secret_stay(house, card(NAME, ZHAO), Person("李建国"))
    [entry] = [s for s in house.ask(stay_queries.sharers, stay_id=stay) if s.name == "李建国"]
    known = house.do(stays_guest, name="李建国", phone="")
    house.do(people.mark, guest_id=known, do_not_disclose=False)
    guest = house.do(people.identify, stay_id=stay, guest_id=entry.guest_id, person=card("李建国", LI))
    assert house.ask(guests.one, guest_id=guest).do_not_disclose is True
    house.do(people.leave_alone, stay_id=stay, guest_id=guest)
    house.do(people.mark, guest_id=guest, do_not_disclose=False)
    house.do(people.take_back, stay_id=stay, guest_id=guest)
    assert marked(house, stay)["李建国"] is True


def test_the_booked_guest_who_joins_the_others_marks_the_booking(house):
    guest = house.do(stays_guest, name=NAME, phone=PHONE)
    line_id = house.book(NAME, phone="13900139000")
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    stay = house.do(
        stays.check_in,
        line_id=line_id,
        room_id=house.room_id("301"),
        guests=[card("李建国", LI)],
        intent=house.new_intent(),
    )
    assert line(house, line_id).private is False
    house.do(people.add_sharer, stay_id=stay, person=card(NAME, ZHAO, guest_id=guest))
    assert line(house, line_id).private is True
