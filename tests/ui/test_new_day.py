"""No page keeps yesterday across a close."""

from datetime import timedelta

import pytest

from pms import duties
from pms.ui.kit.forms import Day
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from tests.builders import TODAY

from .checks import dress

DAY = timedelta(days=1)
SCREENS = duties.screens()


@pytest.mark.parametrize("word", SCREENS)
def test_after_a_close_every_field_of_every_page_counts_from_the_new_date(qtbot, desk, word):
    dress(Look("en", "light", 100))
    page = duties.resolve(SCREENS[word])(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(page)
    page.show()
    desk.next_day()
    page.hide()
    desk.next_day()  # closed while the page was not seen
    page.show()
    for field in page.findChildren(Day):
        field.line.setText("+1")
        assert field.value() == TODAY + 3 * DAY, field.title


def test_a_day_that_was_proposed_follows_and_one_that_was_typed_stays(qtbot):
    dress(Look("en", "light", 100))
    proposed, typed, set_ = (Day("Found on", today=TODAY, value=TODAY) for _n in range(3))
    for field in (proposed, typed, set_):
        qtbot.addWidget(field)
    typed.line.clear()
    qtbot.keyClicks(typed.line, "20")
    set_.set_value(TODAY)  # what a stored record holds
    for field in (proposed, typed, set_):
        field.turn(TODAY + DAY)
    assert (proposed.value(), typed.value(), set_.value()) == (TODAY + DAY, TODAY, TODAY)
