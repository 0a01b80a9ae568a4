"""Reports on screen: read as they print, print, save."""

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from pms.services.reports import printouts
from pms.services.stays import service as stays
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.theme import Look
from pms.ui.screens.reports.screen import ReportsScreen
from tests.builders import TODAY
from tests.ui.checks import check_screen, dress

Key = Qt.Key


def page(qtbot, desk, language="en"):
    dress(Look(language, "light", 100))
    made = ReportsScreen(desk, ChangeSignal(desk.changes))
    qtbot.addWidget(made)
    made.resize(1206, 716)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.start().setFocus()
    return made


@pytest.fixture
def closed(desk):
    """One closed day with one guest."""
    desk.do(
        stays.check_in, line_id=desk.book(nights=3), room_id=desk.room_id("301"), intent=desk.new_intent()
    )
    desk.next_day()
    return desk


def test_before_the_first_audit_it_says_so(qtbot, desk):
    screen = page(qtbot, desk)
    assert "No day has been closed yet" in screen.notes.text
    screen.press_primary()
    assert screen.notes.text == "Choose a closed day first."


def test_every_report_is_shown_as_it_prints(qtbot, closed):
    screen = page(qtbot, closed)
    for line, word in enumerate(printouts.REPORTS):
        screen.list.selectRow(line)
        qtbot.waitUntil(
            lambda word=word: screen.slip is not None and screen.slip.kind == f"report_{word}", timeout=5000
        )
        assert screen.paper.sheets.pages


def test_f12_prints_the_one_that_is_shown(qtbot, closed):
    screen = page(qtbot, closed)
    screen.open(day=TODAY, report="trial_balance")
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    qtbot.keyClick(screen, Key.Key_F12)
    assert screen.notes.tone == "good"
    assert "report_trial_balance" in closed.ask(
        lambda session: session.scalars(text("SELECT kind FROM print_job")).all()
    )


def test_a_report_that_is_still_being_drawn_is_printed_and_what_must_wait_says_so(qtbot, closed):
    screen = page(qtbot, closed)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    screen.open(day=TODAY, report="balances")
    assert screen.slip is None, "drawn off the window's thread"
    screen.acts["save_pdf"].press()
    assert screen.notes.text.startswith("The report is being drawn")
    screen.acts["print_one"].press()
    assert screen.notes.text == "1 reports are printed."
    assert "report_balances" in closed.ask(
        lambda session: session.scalars(text("SELECT kind FROM print_job")).all()
    )
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)


def test_the_set_is_saved_as_spreadsheet_and_a_report_as_pdf(qtbot, closed, tmp_path):
    screen = page(qtbot, closed)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    screen.where = lambda kind: tmp_path / f"set.{kind}"
    screen.acts["save_sheet"].press()
    qtbot.waitUntil((tmp_path / "set.xlsx").exists, timeout=10000)
    screen.acts["save_pdf"].press()
    assert (tmp_path / "set.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written_is_named(qtbot, closed, tmp_path):
    screen = page(qtbot, closed)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    screen.where = lambda kind: tmp_path / "nowhere" / f"set.{kind}"
    screen.acts["save_pdf"].press()
    assert "could not be saved" in screen.notes.text


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_holds_to_the_rules(qtbot, closed, language):
    screen = page(qtbot, closed, language)
    qtbot.waitUntil(lambda: screen.slip is not None, timeout=5000)
    qtbot.wait(50)
    check_screen(screen)
    dress(Look("en", "light", 100))
