"""The page of channels, by keys and by the rules."""

import pytest
from PySide6.QtCore import Qt

from pms.services.channels import queries
from pms.ui.kit.theme import Look
from pms.ui.screens.channels.screen import ChannelsScreen
from tests.ui.checks import check_screen, dress, opened


def type_in(qtbot, field, text):
    field.line.setFocus()
    field.line.selectAll()
    qtbot.keyClicks(field.line, text)


def test_a_channel_is_entered_and_changed_by_keys(qtbot, desk):
    page = opened(qtbot, desk, ChannelsScreen)
    qtbot.keyClick(page, Qt.Key.Key_Insert)
    page.new_form["name"].set_value("同程")  # an input method types it
    type_in(qtbot, page.new_form["code"], "tc")
    type_in(qtbot, page.new_form["commission"], "12.5 %")
    page.press_primary()
    assert page.notes.text == "同程 is saved."
    assert desk.ask(queries.channel, number=9).commission == 1250
    page.acts["edit"].press()
    form = page.forms["edit"]
    assert form["commission"].line.text() == "12.5"
    type_in(qtbot, form["commission"], "x")
    page.press_primary()
    assert "per cent such as" in form["commission"].shown_error()
    type_in(qtbot, form["commission"], "8")
    form["active"].setChecked(False)
    page.press_primary()
    row = desk.ask(queries.channel, number=9)
    assert (row.commission, row.active) == (800, False)
    page.open(number=9)
    assert (page.view, page.table.row().code) == ("ended", "TC")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, desk, language):
    page = opened(qtbot, desk, ChannelsScreen, language, number=3)
    check_screen(page)
    page.acts["edit"].press()
    check_screen(page)
    dress(Look("en", "light", 100))
