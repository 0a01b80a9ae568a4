"""What waits to be done, under the navigation: the worst first, opened by keyboard alone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from pms import duties
from pms.core import offers
from pms.core.clock import local
from pms.core.offers import AHEAD, MOST_DUE, Due
from pms.core.pressing import worst
from pms.services.guests.person import Person
from pms.services.stays import service as stays
from pms.services.wake_ups import service as wake_ups
from pms.ui.kit import background
from pms.ui.kit.theme import Look
from tests.authority.people import person
from tests.builders import TODAY

from .checks import at_work, cut_texts, dress

Key = Qt.Key
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
DUES = st.builds(
    Due,
    st.just("x"),
    st.just("y"),
    st.integers(-600, 600).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    st.integers(0, 2),
)


@given(st.lists(DUES, max_size=20))
def test_the_worst_stands_first_and_nothing_far_away_is_shown(found):
    shown = worst(found, NOW)
    near = [due for due in found if due.at <= NOW + AHEAD]
    assert len(shown) == min(len(near), MOST_DUE)
    late = [due.at <= NOW for due in shown]
    assert late == sorted(late, reverse=True)  # what is past its time comes first
    for one, other in pairwise(shown):
        if (one.at <= NOW) == (other.at <= NOW):
            assert (one.grave, one.at) <= (other.grave, other.at)


def called(desk, room, minutes):
    """Let a guest in and promise a call so many minutes from now."""
    line = desk.book(nights=2)
    stay = desk.do(
        stays.check_in,
        line_id=line,
        room_id=desk.room_id(room),
        guests=[Person("Wang Yaqin")],
        intent=desk.new_intent(),
    )
    wall = local(desk.now() + timedelta(minutes=minutes), "Asia/Shanghai")
    return desk.do(
        wake_ups.take, stay_id=stay, day=wall.date(), time=f"{wall:%H:%M}", intent=desk.new_intent()
    )


@pytest.fixture(params=("en", "zh_CN"))
def window(qtbot, desk, request):
    """The window at work, two calls promised: one soon, one tomorrow."""
    [desk.soon], _later = called(desk, "301", 45), called(desk, "302", 600)
    yield at_work(qtbot, desk, Look(request.param, "light", 100))
    dress(Look("en", "light", 100))


def test_alt_w_and_enter_open_the_row_that_is_due(qtbot, window):
    work = window.workplace
    qtbot.waitUntil(lambda: any(d.word == "wake_ups" for d in work.waiting.found), timeout=5000)
    at = next(n for n, d in enumerate(work.waiting.found) if d.word == "wake_ups")
    assert work.waiting.found[at].what == {"wake_up_id": window.office.soon}
    assert [d.what for d in work.waiting.found if d.word == "wake_ups"] == [
        {"wake_up_id": window.office.soon}
    ]
    qtbot.keyClick(window, Key.Key_W, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: work.waiting.lines[0].hasFocus(), timeout=2000)
    for _step in range(at):
        qtbot.keyClick(window.focusWidget(), Key.Key_Down)
    assert work.waiting.lines[at].hasFocus()
    qtbot.keyClick(window.focusWidget(), Key.Key_Return)
    assert work.here[0] == "wake_ups"
    assert work.current().table.row().id == window.office.soon
    assert cut_texts(work.waiting) == []


def test_a_click_opens_it_too_and_what_is_done_leaves_the_list(qtbot, window):
    work = window.workplace
    qtbot.waitUntil(lambda: any(d.word == "wake_ups" for d in work.waiting.found), timeout=5000)
    line = next(line for line in work.waiting.lines if line.due and line.due.word == "wake_ups")
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert work.current().table.row().id == window.office.soon
    work.current().answered()
    qtbot.waitUntil(lambda: all(d.word != "wake_ups" for d in work.waiting.found), timeout=5000)


def test_who_may_not_see_it_is_not_told(qtbot, window):
    work = window.workplace
    qtbot.waitUntil(lambda: any(d.word == "wake_ups" for d in work.waiting.found), timeout=5000)
    window.office.clerk = person(window.office, "attendant")
    work.show_clerk(window.office.clerk)
    assert work.waiting.found == ()  # at once, before the new answer
    qtbot.waitUntil(lambda: not background.Job.running, timeout=5000)
    assert {d.word for d in work.waiting.found} <= {"housekeeping", "lost_found"}


def test_it_asks_once_a_minute_at_most_when_nothing_is_written(qtbot, window, monkeypatch):
    work, asked = window.workplace, []
    qtbot.waitUntil(lambda: not background.Job.running, timeout=5000)
    monkeypatch.setattr(work.waiting, "ask", lambda: asked.append(1))
    work.waiting.look_at_clock()
    assert asked == []
    work.waiting._asked -= 61
    work.waiting.look_at_clock()
    assert asked == [1]


def test_in_a_low_window_nothing_of_the_navigation_is_lost(qtbot, window):
    work = window.workplace
    qtbot.waitUntil(lambda: bool(work.waiting.found), timeout=5000)
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: lowest(work.nav) <= work.nav.height() - work.waiting.height(), timeout=2000)
    assert work.waiting.geometry().bottom() <= work.nav.height()
    qtbot.keyClick(window, Key.Key_W, Qt.KeyboardModifier.AltModifier)  # without room: the worst
    assert work.waiting.lines[0].hasFocus() or work.here[0] == work.waiting.found[0].word


def lowest(nav):
    """Return where the last entry that is seen ends."""
    seen = (item for item in nav.items.values() if not item.isHidden())
    return max(item.mapTo(nav, item.rect().bottomLeft()).y() for item in seen)


def test_a_guest_over_time_and_the_close_wait_with_their_moment(house):
    house.offers = duties.offered()
    line = house.book(nights=1)
    stay = house.do(
        stays.check_in,
        line_id=line,
        room_id=house.room_id("301"),
        guests=[Person("Wang Yaqin")],
        intent=house.new_intent(),
    )
    words = {d.word for d in house.gather(offers.waiting, now=house.now())}
    assert "stays" not in words
    assert "night_audit" not in words
    house.next_day()
    house.clock.set(TODAY + timedelta(days=1), 12.5)
    found = {d.word: d for d in house.gather(offers.waiting, now=house.now())}
    assert found["stays"].what == {"stay_id": stay}
    assert f"{local(found['stays'].at, 'Asia/Shanghai'):%H:%M}" == "12:00"
    house.clock.set(TODAY + timedelta(days=2), 3.0)
    found = worst(house.gather(offers.waiting, now=house.now()), house.now())
    assert "night_audit" in {d.word for d in found}
