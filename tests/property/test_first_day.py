"""The list of a hotel's first day says what the books say, leads to each page, and goes away."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import update
from sqlalchemy.orm import Session

from pms import duties
from pms.core import offers
from pms.core.money import Money
from pms.core.options import Options
from pms.db.base import PrintJob
from pms.services.print_jobs.models import PrinterRecord
from pms.services.property import queries, service
from pms.services.property.first_steps import waiting
from pms.services.property.models import Property
from pms.services.rates.models import RatePrice
from pms.services.shifts import service as shifts
from pms.services.shifts.models import DrawerOpening
from pms.services.stays import service as stays
from pms.ui.screens.property.first_day import FirstDayScreen
from pms.ui.screens.set_up.draft import Draft
from tests.authority.people import person
from tests.ui.checks import check_screen, look_around, opened

Key = Qt.Key
LINES = {
    10: "property",
    20: "rooms",
    30: "rates",
    40: "staff",
    50: "print_jobs",
    60: "property",
    70: "shifts",
    80: "shifts",
    90: "check_in",
}


def begin(house, **rules):
    """Be a hotel that was set up a moment ago."""
    house.offers = duties.offered()
    with Session(house.engine) as session, session.begin():
        session.execute(update(Property).values(options={"first_day": True, **rules}))


def steps(house):
    return {step.place: step for step in house.gather(offers.first_steps)}


def done(house):
    return {place for place, step in steps(house).items() if step.done}


def add(house, *records):
    with Session(house.engine) as session, session.begin():
        session.add_all(records)


def test_each_line_says_what_the_books_say(house):
    begin(house)
    assert {place: step.word for place, step in steps(house).items()} == LINES
    before = done(house)
    assert {10, 40, 50, 70, 80, 90}.isdisjoint(before - {40})
    begin(house, address="18 Road")
    assert 10 not in done(house)
    begin(house, address="18 Road", phone="0571 1234")
    assert 10 in done(house)
    assert 60 in done(house)
    begin(house, backups=False)
    assert 60 not in done(house)


def test_a_price_for_every_type_is_asked_for(house):
    begin(house)
    assert {20, 30} <= done(house)
    with Session(house.engine) as session, session.begin():
        session.query(RatePrice).filter(RatePrice.type_id == house.type_id("BIG")).delete()
    found = steps(house)[30]
    assert not found.done
    assert found.how.startswith("1 of 2")


def test_people_shift_drawer_and_guest_are_found_as_they_come(house):
    begin(house)
    person(house, "clerk")
    assert 40 in done(house)
    shift = house.do(shifts.open_shift, float_amount=Money(0), intent="shift")
    assert 70 in done(house)
    assert 80 not in done(house)
    add(house, DrawerOpening(shift_id=shift, reason="try", at=house.now(), by=None))
    assert 80 in done(house)
    house.do(
        stays.check_in,
        line_id=house.book("王雅琴"),
        room_id=house.room_id("301"),
        cards_wanted=0,
        intent="in",
    )
    assert 90 in done(house)


def test_a_printer_is_tried_when_a_paper_has_come_out_of_it_and_a_folder_is_none(house):
    begin(house)

    def printed(by):
        return PrintJob(
            slip={},
            kind="bill",
            number="",
            title="",
            station="s",
            at=house.now(),
            state="printed",
            printer=by,
        )

    add(house, PrinterRecord(name="Folder", kind="folder", address="x"), printed("Folder"))
    assert "PDF" in steps(house)[50].how
    add(house, PrinterRecord(name="Desk", kind="network", address="10.0.0.9"))
    assert not steps(house)[50].done
    assert "try" in steps(house)[50].how
    add(house, printed("Desk"))
    assert steps(house)[50].done


def test_it_waits_until_it_is_put_away_and_only_for_who_may(house):
    assert house.look(lambda session: waiting(session, now=house.now())) == []
    begin(house)
    [due] = [d for d in house.gather(offers.waiting, now=house.now()) if d.word == "first_day"]
    assert due.grave == 2
    boss, house.clerk = house.clerk, person(house, "clerk")
    assert [d for d in house.gather(offers.waiting, now=house.now()) if d.word == "first_day"] == []
    assert house.gather(offers.first_steps) == []
    house.clerk = boss
    before = house.ask(queries.setting)
    house.do(service.end_first_day)
    assert house.look(lambda session: waiting(session, now=house.now())) == []
    house.do(service.edit, name=before.name, options=before.options)
    assert not house.ask(queries.setting).options.first_day, (
        "a page that was open meanwhile does not bring it back"
    )


def test_a_set_up_begins_with_it_and_a_hotel_of_before_has_none():
    draft = Draft(
        property={
            "name": "A",
            "zone": "Asia/Shanghai",
            "day": None,
            "currency": "CNY",
            "phone": "",
            "address": "",
        },
        owner={"login": "owner", "name": "Wang", "password": "secret"},
    )
    assert draft.hotel().options.first_day
    assert not Options().first_day


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_f12_opens_the_first_line_that_is_open_and_arrows_go_through_them(qtbot, desk, language):
    begin(desk)
    page = opened(qtbot, desk, FirstDayScreen, language)
    check_screen(page)
    assert page.steps[0].text in page.big.words
    assert page.doors[0].hasFocus()
    look_around()
    qtbot.keyClick(page, Key.Key_F12)
    assert page.gone == [("property", {})]
    qtbot.keyClick(page.doors[0], Key.Key_Down)
    assert page.doors[1].hasFocus()
    page.doors[4].click()
    assert page.gone[-1] == ("print_jobs", {"page": "printers"})


def test_it_is_put_away_by_hand_or_goes_by_itself_when_all_is_done(qtbot, desk, monkeypatch):
    begin(desk)
    page = opened(qtbot, desk, FirstDayScreen)
    page.acts["put_away"].press()
    assert not desk.ask(queries.setting).options.first_day
    page.acts["put_away"].press()
    assert "already" in page.notes.text
    begin(desk)
    all_done = [offers.FirstStep(10, "Prices", True, "3 of 3", "rates")]
    monkeypatch.setattr(desk, "gather", lambda kind, **_asked: all_done if kind is offers.first_steps else [])
    page.open()
    assert not desk.ask(queries.setting).options.first_day
    assert page.notes.tone == "good"


def test_whoever_only_reads_sees_no_line_and_ends_nothing(qtbot, desk):
    begin(desk)
    desk.clerk = person(desk, "auditor")
    page = opened(qtbot, desk, FirstDayScreen)
    assert page.steps == []
    assert desk.ask(queries.setting).options.first_day
