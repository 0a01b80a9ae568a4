"""The page of open money: pick a line, take, give back or keep."""

import pytest
from PySide6.QtCore import Qt

from pms.services.receivables import queries
from pms.ui.screens.receivables.screen import ReceivablesScreen
from tests.receivables.test_receivables import left_owing, with_advance
from tests.ui.checks import check_screen, opened

Key = Qt.Key


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_keeps_the_rules_of_every_page(qtbot, desk, language):
    left_owing(desk)
    with_advance(desk, "cancelled")
    check_screen(opened(qtbot, desk, ReceivablesScreen, language))


def test_what_is_owed_is_taken_and_the_line_goes(qtbot, desk):
    stay = left_owing(desk)
    page = opened(qtbot, desk, ReceivablesScreen)
    page.open(stay_id=stay)
    assert page.amount.value() == 5000
    assert page.can_keep()
    page.receive()
    assert "50.00" in page.notes.text
    assert desk.ask(queries.waiting) == []
    assert page.can_receive() == "Choose a line first."


def test_an_advance_is_kept_only_with_a_reason(qtbot, desk):
    line = with_advance(desk, "cancelled")
    page = opened(qtbot, desk, ReceivablesScreen)
    page.open(line_id=line)
    assert page.can_receive()
    page.keep()
    assert len(desk.ask(queries.waiting)) == 1
    page.reason.set_value("cancelled after 18:00")
    page.keep()
    assert desk.ask(queries.waiting) == []


def test_an_advance_is_given_back(qtbot, desk):
    line = with_advance(desk, "cancelled")
    page = opened(qtbot, desk, ReceivablesScreen)
    page.open(line_id=line)
    page.give_back()
    assert desk.ask(queries.waiting) == []
