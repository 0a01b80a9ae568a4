"""The search looks at what is here, to come and lately over; a second Enter looks in older records, by index,
and says how many were found."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import select

from pms.core import dates, offers
from pms.core.i18n import use
from pms.services.guests.person import Person
from pms.services.reservations import service as reservations
from pms.services.reservations.models import BookedRoom, BookingWord
from pms.services.rooms import service as rooms
from pms.services.stays import people
from pms.services.stays import service as stays
from pms.services.stays.models import Stay
from tests.builders import TODAY
from tests.ui.test_global_search import window  # noqa: F401

DAY = timedelta(days=1)
Key = Qt.Key


@pytest.fixture(autouse=True)
def english():
    use("en")


def stayed(house, name, days, phone=""):
    """Let somebody have left so many days ago."""
    stay = house.do(
        stays.check_in,
        line_id=house.book(name, phone=phone),
        room_id=house.room_id("301"),
        guests=[Person(name, phone=phone)],
        intent=house.new_intent(),
    )
    house.do(stays.check_out, stay_id=stay, unsettled="later", intent=house.new_intent())
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="clean")
    when = {"departed_on": TODAY - days * DAY, "departure": TODAY - days * DAY}
    house.do(lambda work: work.update_many(Stay, [Stay.id == stay], when))
    return stay


def lost(house, name, days, phone=""):
    """Let somebody have cancelled a booking that would have arrived so many days ago."""
    line = house.book(name, phone=phone)
    house.do(reservations.cancel, line_id=line, reason="ill")
    when = {"arrival": TODAY - days * DAY, "departure": TODAY - (days - 1) * DAY}
    house.do(lambda work: work.update_many(BookedRoom, [BookedRoom.id == line], when))
    return line


def found(house, kind, text):
    return [(h.title, h.sub) for h in house.gather(kind, text=text) if h.word in ("folios", "reservations")]


@pytest.mark.parametrize("text", ["王雅琴", "wangyaqin", "wyq", "yaqin", "138 0013 8000"])
def test_ninety_days_at_the_first_go_and_all_before_at_the_second(house, text):
    stayed(house, "王雅琴", 90, "13800138000")
    stayed(house, "王雅琴", 91, "13800138000")
    stayed(house, "王雅琴", 4000, "13800138000")
    lost(house, "王雅琴", 90, "13800138000")
    lost(house, "王雅琴", 91, "13800138000")
    if text == "138 0013 8000":
        assert found(house, offers.older, "13900138000") == []
    assert sorted(found(house, offers.search, text)) == [
        ("301 王雅琴", "left on 22 Aug 2026"),
        ("王雅琴 R-4", "22 Aug 2026 Cancelled"),
    ]
    assert sorted(found(house, offers.older, text)) == sorted(
        [
            ("301 王雅琴", "left on 21 Aug 2026"),
            ("301 王雅琴", f"left on {dates.day(TODAY - 4000 * DAY, year=True)}"),
            ("王雅琴 R-5", "21 Aug 2026 Cancelled"),
        ]
    )


def test_a_booking_under_another_name_than_the_guests_is_found_when_it_is_old(house):
    line = house.book("Secretary Office")
    house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        guests=[Person("Li Jianguo")],
        intent=house.new_intent(),
    )
    house.do(stays.check_out, stay_id=1, unsettled="later", intent=house.new_intent())
    old = {"arrival": TODAY - 200 * DAY, "departure": TODAY - 199 * DAY}
    house.do(lambda work: work.update_many(BookedRoom, [BookedRoom.id == line], old))
    assert found(house, offers.older, "office secr") == [("Secretary Office R-1", "4 May 2026 Checked out")]
    assert found(house, offers.older, "nobody") == []


def test_a_booking_that_stands_again_or_has_another_name_is_not_found_as_lost(house):
    line = lost(house, "Wang", 0)
    house.do(reservations.reinstate, line_id=line)
    assert found(house, offers.older, "wang") == []
    assert [sub for _title, sub in found(house, offers.search, "wang")] == ["arrives 20 Nov"]


def test_what_is_private_stays_so_in_older_records(house):
    stay = stayed(house, "王雅琴", 200, "13800138000")
    line = lost(house, "王雅琴", 200, "13800138000")
    guest = house.ask(lambda s: s.get(Stay, stay).guest_id)
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    hits = [h for h in house.gather(offers.older, text="wyq") if h.word in ("folios", "reservations")]
    assert {h.icon for h in hits} == {"lock"}
    assert [h for h in hits if "301" in h.title or "2026" in h.sub] == []
    assert {"line_id": line} in [h.what for h in hits]


def test_the_words_are_those_of_the_name_now(house):
    lost(house, "Wang Yaqin", 200)
    words = house.ask(lambda s: set(s.scalars(select(BookingWord.word))))
    assert words == {"wangyaqin", "yaqin"}


def typed(qtbot, window, text):  # noqa: F811
    line = window.workplace.bar.search
    qtbot.keyClick(window, Key.Key_F3)
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, text)
    qtbot.waitUntil(lambda: line.results().isVisible(), timeout=3000)
    return line


def test_nothing_found_and_a_second_enter_looks_in_older_records(qtbot, window, desk):  # noqa: F811
    stay = stayed(desk, "Wang Yaqin", 400)
    line = typed(qtbot, window, "yaqin")
    shown = line.results()
    qtbot.waitUntil(lambda: shown.list.model().rowCount() >= 1)
    titles = [shown.list.rows.row(n).title for n in range(shown.list.model().rowCount())]
    assert titles == ["Wang Yaqin", "Older records"]  # the guest's record, and the way on
    assert shown.about.text() == "In house, to come and of the last 90 days: 1 found."
    qtbot.keyClick(line, Key.Key_Down)
    qtbot.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: shown.about.text() == "Older records: 1 found.", timeout=3000)
    qtbot.keyClick(line, Key.Key_Return)
    assert window.workplace.here[0] == "folios"
    assert window.workplace.current().stay_id == stay


def test_with_nothing_at_all_enter_looks_further_and_says_so(qtbot, window, desk):  # noqa: F811
    lost(desk, "Wang Yaqin", 400)
    line = typed(qtbot, window, "yaqin")
    shown = line.results()
    assert shown.list.model().rowCount() == 0
    assert shown.empty.words.text() == "Nothing found for yaqin. Enter looks in older records."
    qtbot.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: shown.list.model().rowCount() == 1, timeout=3000)
    assert (shown.list.rows.row(0).title, shown.about.text()) == ("Wang Yaqin R-1", "Older records: 1 found.")
    qtbot.keyClick(line, Key.Key_Escape)
    line = typed(qtbot, window, "nobody")
    qtbot.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: "either" in shown.empty.words.text(), timeout=3000)
    qtbot.keyClick(line, Key.Key_Return)
    assert shown.isVisible()
