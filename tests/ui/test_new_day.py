"""No page keeps yesterday across a close."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from pms import duties
from pms.services.stays import service as stays
from pms.ui.kit.amounts import Day
from pms.ui.kit.parts import Button
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.register import Register
from pms.ui.kit.table import Table
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


def told(page) -> list[str]:
    """Return everything that is to be read on a page."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # what was replaced goes
    found = [w.text() for w in page.findChildren(QLabel) if w.isVisibleTo(page) and w.pixmap().isNull()]
    found += [w.words for w in page.findChildren(Button) if w.isVisibleTo(page)]
    found += [w.text() for w in page.findChildren(QLineEdit) if w.isVisibleTo(page)]
    for table in page.findChildren(Table):
        lines, columns = range(table.rows.rowCount()), range(table.rows.columnCount())
        found += [table.rows.cell(at, n).text for at in lines for n in columns]
    return found


@pytest.mark.parametrize("word", SCREENS)
def test_after_a_close_a_page_that_was_open_reads_as_one_opened_afresh(qtbot, desk, word):
    dress(Look("en", "light", 100))
    for room, nights in (("301", 1), ("302", 4)):
        line = desk.book(f"Guest {room}", nights=nights)
        desk.do(stays.check_in, line_id=line, room_id=desk.room_id(room), intent=desk.new_intent())
    desk.book("Tomorrow", start=TODAY + DAY)

    def made():
        page = duties.resolve(SCREENS[word])(desk, ChangeSignal(desk.changes))
        qtbot.addWidget(page)
        page.resize(1206, 716)
        page.show()
        page.open()
        return page

    kept = made()
    desk.next_day()
    fresh = made()
    if isinstance(kept, Register) and kept.table.row() is not None:  # a row in hand stays in hand
        fresh.table.pick(kept.table.rows.key(kept.table.row()))
    qtbot.waitUntil(lambda: told(kept) == told(fresh), timeout=20_000)


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
