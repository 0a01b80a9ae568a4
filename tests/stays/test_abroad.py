"""Guests from abroad at the check-in: the fields open with the document, one read of the passport fills them,
the card prints them."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from pms.core import mrz
from pms.db.base import PrintJob
from pms.db.work import Work, operation
from pms.services.guests import records
from pms.services.guests.models import Guest
from pms.services.guests.overseas import Overseas
from pms.services.guests.person import Person
from pms.services.stays import queries, service
from pms.ui.screens.stays.check_in import CheckInScreen
from tests.builders import TODAY
from tests.stays.test_front_screens import in_house, press
from tests.stays.test_front_screens import shown as shown_screen
from tests.ui.checks import check_screen, seen

Key = Qt.Key
DAY = timedelta(days=1)
LINE1 = "P<GBRSMITH<<JOHN<PAUL".ljust(44, "<")
LINE2 = "5334013720GBR8005067M3001019<<<<<<<<<<<<<<08"
RECORD = Overseas("SMITH", "JOHN", "史密斯", "L", "A1234567", date(2026, 12, 20), date(2026, 11, 18), "PVG")


def shown(qtbot, desk, kind, **what):
    made = shown_screen(qtbot, desk, kind, **what)
    qtbot.wait(20)  # a line that is added to a page already shown appears with the next event
    return made


def told(desk, guest_id):
    found = []

    @operation(None)
    def look(work: Work) -> None:
        """Read as a paper does."""
        found.append(records.overseas_of(work, work.session.get_one(Guest, guest_id)))

    desk.do(look)
    return found[0]


def passport(screen):
    line = screen.guests.lines[0]
    line.kind.combo.setCurrentIndex(line.kind.combo.findData("passport"))
    return line


def test_the_fields_open_with_a_foreign_document_and_close_again(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Smith"))
    line = screen.guests.lines[0]
    assert not line.abroad.isVisible()
    passport(screen)
    assert line.abroad.isVisible()
    qtbot.wait(80)
    check_screen(screen)
    line.kind.combo.setCurrentIndex(line.kind.combo.findData("id_card"))
    assert not line.abroad.isVisible()


def test_a_scanner_that_types_the_zone_fills_the_guest(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith"))
    line = screen.guests.lines[0]
    line.number.line.setFocus()
    qtbot.keyClicks(line.number.line, LINE1)
    qtbot.keyClick(line.number.line, Key.Key_Return)
    assert line.number.line.hasFocus()  # the second line follows
    qtbot.keyClicks(line.number.line, LINE2)
    assert (line.kind.value(), line.name.value(), line.number.value()) == (
        "passport",
        "SMITH JOHN PAUL",
        "533401372",
    )
    assert (line.abroad.surname.value(), line.abroad.nationality.value(), line.abroad.birth.value()) == (
        "SMITH",
        "GBR",
        date(1980, 5, 6),
    )
    assert "Entry date" in line.about.text()
    assert screen.guests.state() == ("1 detail to follow", "warn")
    qtbot.keyClicks(line.abroad.entry_date.line, "11-18")
    assert screen.guests.state() == ("1 guest", "good")
    qtbot.keyClicks(line.abroad.visa_number.line, "A1234567")
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert (stay.guest, stay.identity) == ("SMITH JOHN PAUL", "checked")
    record = told(desk, stay.guest_id)
    assert (record.surname, record.given_name, record.visa_number, record.entry_date) == (
        "SMITH",
        "JOHN PAUL",
        "A1234567",
        date(2026, 11, 18),
    )


def test_a_misread_zone_says_which_part_and_takes_nothing(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith"))
    line = screen.guests.lines[0]
    qtbot.keyClicks(line.number.line, LINE1 + LINE2.replace("800506", "800507"))
    assert "date of birth" in line.about.text()
    assert line.name.value() == "John Smith"


@pytest.mark.parametrize(
    ("field", "typed", "why"),
    [
        ("nationality", "GRB", "Three letters"),
        ("birth", "2027-01-01", "No date of birth"),
        ("entry_date", "+1", "not after today"),
    ],
)
def test_what_cannot_be_right_is_said_in_its_place(qtbot, desk, field, typed, why):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith"))
    line = passport(screen)
    qtbot.keyClicks(line.number.line, "533401372")
    made = getattr(line.abroad, field)
    qtbot.keyClicks(made.line, typed)
    press(qtbot, screen)
    assert why in screen.notes.text
    assert made.line.hasFocus()
    assert in_house(desk) == []


def test_a_permission_that_ends_before_the_departure_is_named(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith", nights=5))
    line = passport(screen)
    qtbot.keyClicks(line.abroad.stay_until.line, "+2")
    assert "allowed until 22 Nov only" in line.about.text()
    press(qtbot, screen)
    assert len(in_house(desk)) == 1


def test_the_registration_card_prints_what_was_told_with_the_visa_masked(house):
    guest = Person(
        "SMITH JOHN",
        sex="M",
        birth=date(1980, 5, 6),
        nationality="GBR",
        document_type="passport",
        document="533401372",
        overseas=RECORD,
    )
    house.do(
        service.check_in,
        line_id=house.book("Smith"),
        room_id=house.room_id("301"),
        guests=[guest],
        intent="in",
    )
    [content] = house.ask(
        lambda s: list(s.scalars(select(PrintJob.slip).where(PrintJob.kind == "registration_card")))
    )
    text = str(content)
    assert all(
        word in text
        for word in ("SMITH", "史密斯", "Kingdom", "6 May 1980", "20 Dec 2026", "18 Nov 2026", "PVG")
    )
    assert "A1234567" not in text
    assert "533401372" not in text


def test_a_known_guest_tells_the_new_visa_without_the_document(house):
    person = Person(
        "SMITH JOHN", nationality="GBR", document_type="passport", document="533401372", overseas=RECORD
    )
    first = house.do(
        service.check_in,
        line_id=house.book("Smith"),
        room_id=house.room_id("301"),
        guests=[person],
        intent="1",
    )
    guest = house.ask(queries.stay, stay_id=first, business_date=TODAY).guest_id
    again = Person("SMITH JOHN", guest_id=guest, overseas=Overseas(visa_type="FREE", entry_date=TODAY))
    house.do(
        service.check_in,
        line_id=house.book("Smith"),
        room_id=house.room_id("302"),
        guests=[again],
        intent="2",
        confirmed=frozenset({f"elsewhere:{guest}:301"}),
    )
    assert told(house, guest) == Overseas("SMITH", "JOHN", "史密斯", "FREE", entry_date=TODAY)


def test_without_a_document_what_was_told_is_kept_and_the_identity_stays_open(house):
    person = Person("SMITH JOHN", nationality="GBR", overseas=RECORD)
    stay = house.do(
        service.check_in,
        line_id=house.book("Smith"),
        room_id=house.room_id("301"),
        guests=[person],
        intent="1",
    )
    row = house.ask(queries.stay, stay_id=stay, business_date=TODAY)
    assert row.identity == "pending"
    assert told(house, row.guest_id) == RECORD


def test_every_field_of_the_flow_has_a_name(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith"))
    line = passport(screen)
    assert all(field.editor.accessibleName() for field in line.abroad.fields())
    assert len(seen(line.abroad, type(line.abroad.surname))) >= 5


@pytest.mark.parametrize(
    "stray", ["phone", "surname", "nationality", "visa_number", "entry_port", "entry_date"]
)
def test_a_zone_typed_into_the_wrong_field_finds_the_document(qtbot, desk, stray):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith"))
    line = passport(screen)
    field = line.phone if stray == "phone" else getattr(line.abroad, stray)
    field.line.setFocus()
    qtbot.keyClicks(field.line, LINE1)
    qtbot.keyClick(field.line, Key.Key_Return)
    qtbot.keyClicks(line.number.line, LINE2)
    assert (line.number.value(), line.abroad.surname.value()) == ("533401372", "SMITH")
    assert line.phone.value() == ""
    assert "GBR" in line.abroad.nationality.value()


def test_an_expired_passport_is_named_and_asked_about(qtbot, desk, monkeypatch):
    asked = []
    monkeypatch.setattr(CheckInScreen.asker, "confirm", lambda parent, message: asked.append(message) or True)
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("John Smith"))
    line = passport(screen)
    old = "200101" + mrz.check_figure("200101")
    below = LINE2.replace("3001019", old)[:43]
    qtbot.keyClicks(
        line.number.line, LINE1 + below + mrz.check_figure(below[:10] + below[13:20] + below[21:])
    )
    assert "expired on" in line.about.text()
    press(qtbot, screen)
    assert "expired on 1 Jan 2020" in asked[0]
    [stay] = in_house(desk)
    assert (stay.guest, stay.identity) == ("SMITH JOHN PAUL", "checked")


def test_full_width_figures_of_an_identity_number_are_read(qtbot, desk):
    screen = shown(qtbot, desk, CheckInScreen, line_id=desk.book("Wang"))
    line = screen.guests.lines[0]
    line.number.line.setText("１１０１０５１９４９１２３１００２Ｘ")
    press(qtbot, screen)
    [stay] = in_house(desk)
    assert stay.identity == "checked"
