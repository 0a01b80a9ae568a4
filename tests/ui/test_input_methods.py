"""Input methods are off where figures, codes and letters that act are struck, on where names are typed."""

from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodQueryEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit

from pms import duties
from pms.ui.kit.amounts import Day, Figures
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Code, Secret, Text
from pms.ui.kit.lines import LineEdit
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.search import SearchBox
from pms.ui.kit.theme import Look
from pms.ui.kit.times import Time
from pms.ui.screens.stays.guest_line import GuestLine

from .checks import dress

PLAIN = Figures | Code | Day | Time | Secret
SCREENS = duties.screens()


def asks(widget):
    """Say whether the platform is told that an input method may work in a widget, as it asks itself."""
    question = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(widget, question)
    return question.value(Qt.InputMethodQuery.ImEnabled)


@pytest.mark.parametrize("word", SCREENS)
def test_no_list_grid_amount_code_or_date_opens_an_input_method(qtbot, desk, word):
    dress(Look("en", "light", 100))
    page = duties.resolve(SCREENS[word])(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(page)
    page.show()
    for view in page.findChildren(QAbstractItemView):
        if isinstance(view, QHeaderView) or view.window() is not page.window():  # a head, a list that pops up
            continue
        view.setFocus()
        if view.model() is not None and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))
        assert not asks(view), view
    for field in page.findChildren(Text):
        if isinstance(field, PLAIN):
            assert field.line.plain, field.title
        if field.line.isEnabledTo(page) and not field.line.isReadOnly():
            assert asks(field.line) is not field.line.plain, field.title
    for line in page.findChildren(QLineEdit):  # none stands beside the kit's
        assert isinstance(line, LineEdit | SearchBox) or line.objectName().startswith("qt_"), line


def test_a_name_takes_an_input_method_and_a_number_of_figures_does_not(qtbot):
    dress(Look("en", "light", 100))
    line = GuestLine(lambda _text: (), first=True, today=date(2026, 11, 20))
    qtbot.addWidget(line)
    assert isinstance(line.name, Finder)
    assert (asks(line.name.line), asks(line.phone.line), asks(line.number.line)) == (True, False, False)
    line.kind.set_value("other")
    line.kind.changed.emit()
    assert asks(line.number.line)  # 军字第1234567号
