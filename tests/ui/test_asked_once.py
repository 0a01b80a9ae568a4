"""A page that is opened asks each thing once, not once for every line that it shows."""

from collections import Counter

import pytest
from PySide6.QtTest import QTest
from sqlalchemy import event, text

from pms import duties
from pms.core.money import Money
from pms.services.cards import queries as card_queries
from pms.services.cards import service as cards
from pms.services.guests.person import Person
from pms.services.shifts import queries as shift_queries
from pms.services.shifts import service as shifts
from pms.services.stays import service as stays
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests.shifts.test_shifts import with_shifts
from tests.ui.checks import dress

SETTING = "FROM property"
"""The hotel's row: each question reads it for itself, so as often as a page has questions."""


@pytest.fixture
def work(qtbot, desk):
    """The window at work in a house with guests, cards and a closed shift that waits for the next person."""
    with_shifts(desk)
    desk.do(shifts.open_shift, float_amount=Money(1000), intent=desk.new_intent())
    for room in ("301", "302", "303"):
        stay = desk.do(
            stays.check_in,
            line_id=desk.book(),
            room_id=desk.room_id(room),
            guests=[Person("Wang Yaqin")],
            cards_wanted=1,
            intent=desk.new_intent(),
        )
        for card in desk.ask(card_queries.of_stay, stay_id=stay):
            desk.do(cards.encoded, card_id=card.id, seen=card.valid_to, uid="04")
    shift = desk.ask(shift_queries.current, station=desk.station)
    desk.do(shifts.count, shift_id=shift.id, pieces={"100": 10})
    dress(Look("en", "light", 100))
    desk.offers = duties.offered()
    made = MainWindow(Look("en", "light", 100), lambda _look: None, "desk-1")
    qtbot.addWidget(made)
    made.attach(desk, desk.changes)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    made._came_in(desk.clerk)
    return made.workplace


def asked(qtbot, desk, act, wait=300):
    """Return how often each question reached the database, with what it was asked for."""
    found = Counter()

    def said(_connection, _cursor, statement, parameters, _context, _many):
        found[statement, str(parameters)] += 1

    event.listen(desk.engine, "before_cursor_execute", said)
    act()
    if wait:
        qtbot.wait(wait)
    event.remove(desk.engine, "before_cursor_execute", said)
    return found


@pytest.mark.parametrize("word", [duty.word for duty in duties.DUTIES if duty.screen])
def test_a_page_asks_nothing_over_and_over(qtbot, desk, work, word):
    found = asked(qtbot, desk, lambda: work.go(word, {}))
    often = {key: n for key, n in found.items() if n > 2 and "BEGIN" not in key[0] and SETTING not in key[0]}
    assert often == {}
    assert sum(n for (words, _p), n in found.items() if SETTING in words) <= 10


@pytest.mark.parametrize("word", [duty.word for duty in duties.DUTIES if duty.screen or duty.pages])
def test_what_may_be_pressed_is_judged_without_asking(qtbot, desk, work, word):
    """Every arrow key and every letter judges all buttons of a page anew: none of them asks the database."""
    stay = desk.ask(lambda s: s.execute(text("SELECT min(id) FROM stay")).scalar_one())
    work.go(word, {"stay_id": stay} if word == "folios" else {})
    qtbot.wait(300)
    found = asked(qtbot, desk, work.current().update_actions, wait=0)
    assert {words for words, _parameters in found if "BEGIN" not in words} == set()
