"""The page of statements: files by a key and by dropping, tabs by state, cleared by keys."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from pms.core import progress
from pms.services.statements import queries
from pms.services.statements.matching import CLEARED, HERE, MATCHED
from pms.ui.kit import background
from pms.ui.kit.theme import Look
from pms.ui.screens.statements.screen import FILES, TOTALS, StatementsScreen
from tests.builders import TODAY
from tests.rental.test_rental import guest_in
from tests.ui.checks import check_screen, dress, opened

from .samples import bill
from .test_statements import OTHER, PAID, SPAN, pay

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def file(tmp_path):
    """A bill of today with two payments."""
    made = tmp_path / "bill.csv"
    made.write_bytes(
        bill((f"{TODAY} 10:00:00", PAID, "HT0001", "268.00"), (f"{TODAY} 11:00:00", OTHER, "HT0002", "12.50"))
    )
    return made


@pytest.fixture
def page(qtbot, desk):
    """The page, with one of the two payments in the books."""
    pay(desk, guest_in(desk), PAID, 26800)
    return opened(qtbot, desk, StatementsScreen)


def test_a_file_is_read_in_by_a_key_and_a_line_is_cleared(qtbot, page, file, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a: ([str(file)], ""))
    qtbot.keyClick(page, Key.Key_O, Ctrl)
    qtbot.waitUntil(lambda: page.notes.text == "bill.csv is read in.")
    assert page.title.text() == "1 line open, 12.50"
    assert [page.tabs.counts()[word] for word in (HERE, MATCHED, TOTALS, FILES)] == ["1", "1", "1", "1"]
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_J, Ctrl)
    page.forms["clear"]["reason"].set_value("asked")
    page.press_primary()
    assert page.notes.text == "HT0002 is cleared."
    assert [p.number for p in page.office.ask(queries.compared, **SPAN).of(CLEARED)] == ["HT0002"]
    assert page.title.text() == "Nothing is open."


def test_a_large_file_tells_how_far_it_is_and_the_window_goes_on(qtbot, desk, tmp_path, monkeypatch):
    monkeypatch.setattr(background, "BUSY_AFTER", 0)
    monkeypatch.setattr(background, "PATIENCE", 0.0)
    large = tmp_path / "large.csv"
    at = (f"{TODAY} {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}" for n in range(3000))
    large.write_bytes(bill(*((moment, f"42{n:026}", f"HT{n}", "1.00") for n, moment in enumerate(at))))
    page = opened(qtbot, desk, StatementsScreen)
    seen, ticks = list[int](), list[bool]()
    page.bar.valueChanged.connect(seen.append)
    clock = QTimer(page, interval=5)
    clock.timeout.connect(lambda: ticks.append(page.bar.isVisible()))
    clock.start()
    page.take([large])
    qtbot.waitUntil(lambda: page.notes.text == "large.csv is read in.", timeout=30_000)
    clock.stop()
    assert any(0 < n < progress.WHOLE for n in seen)  # it moved on its way
    assert ticks.count(True) > 2  # and the window lived meanwhile
    assert not page.bar.isVisible()
    assert page.tabs.counts()[HERE] == "3000"


def test_a_file_is_read_in_by_dropping_it_and_a_wrong_one_is_told(qtbot, page, file, tmp_path):
    def drop(*paths) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        page.dropEvent(
            QDropEvent(
                QPointF(9, 9),
                Qt.DropAction.CopyAction,
                data,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )

    wrong = tmp_path / "photo.csv"
    wrong.write_bytes(b"hello")
    drop(wrong)
    qtbot.waitUntil(lambda: "no statement that is known here" in page.notes.text)
    drop(file)
    qtbot.waitUntil(lambda: page.notes.text == "bill.csv is read in.")
    drop(file)
    qtbot.waitUntil(lambda: "was read in already" in page.notes.text)
    drop(tmp_path / "gone.csv")
    assert "cannot be read" in page.notes.text


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("zh_CN", "dark")])
def test_the_page_keeps_the_rules_of_every_page(qtbot, page, file, language, theme):
    page.take([file])
    qtbot.waitUntil(lambda: bool(page.rows[HERE]))
    desk = page.office
    made = opened(qtbot, desk, StatementsScreen, language)
    dress(Look(language, theme, 100))
    shown = [made.refresh, made.acts["clear"].press]
    for show in (*shown, *(lambda word=word: made.show_view(word) for word in (MATCHED, TOTALS, FILES))):
        show()
        qtbot.wait(20)
        check_screen(made)
        made.step_back()
    dress(Look("en", "light", 100))
