"""A press that takes long never stops the window: it paints on, takes no second press, and comes back."""

import threading
from concurrent.futures import Future

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from pms.core.errors import NeedsConfirmation, Refused
from pms.services.rooms import service as rooms
from pms.ui.kit import background
from pms.ui.kit.desk import Screen
from pms.ui.kit.parts import col
from pms.ui.kit.refresh import ChangeSignal

Key = Qt.Key


class Slow:
    """An office whose server takes its time: each call waits until it is let go on."""

    def __init__(self, office):
        self.office, self.calls, self.threads = office, 0, []
        self.go_on = threading.Event()

    def __getattr__(self, name):
        return getattr(self.office, name)

    def do(self, call, **more):
        self.calls += 1
        self.threads.append(threading.current_thread())
        assert self.go_on.wait(10)
        return self.office.do(call, **more)


class Page(Screen):
    TOPICS = frozenset({"rooms"})

    def build(self):
        self.typed, self.press, self.shown, self.outcome = QLineEdit(), QPushButton("Go"), QLabel(), None
        self.clicks, self.paints, self.busy, self.refreshed = 0, 0, [], 0
        self.press.clicked.connect(self.clicked)
        return col(self.typed, self.press, self.shown, self.notes)

    def refresh(self):
        self.refreshed += 1

    def clicked(self):
        self.clicks += 1
        call = rooms.set_clean.of(room_ids=[self.room_id], clean=self.state)
        self.outcome = self.run(call, said="Done.")

    def show_busy(self, busy):
        self.busy.append(busy)
        super().show_busy(busy)


@pytest.fixture
def page(qtbot, desk):
    made = Page(Slow(desk), ChangeSignal(desk.changes))
    made.room_id, made.state = desk.room_id("301"), "dirty"
    qtbot.addWidget(made)
    made.show()
    assert QTest.qWaitForWindowExposed(made)
    return made


def meanwhile(milliseconds, act):
    QTimer.singleShot(milliseconds, act)


def test_a_long_press_shows_busy_paints_on_and_comes_back_with_its_outcome(qtbot, page):
    page.typed.setText("half a sentence")
    ticks = []
    timer = QTimer(page)
    timer.timeout.connect(lambda: ticks.append(page.cursor().shape()))
    timer.start(10)
    meanwhile(350, page.office.go_on.set)
    qtbot.mouseClick(page.press, Qt.MouseButton.LeftButton)
    assert page.outcome
    assert page.busy == [True, False]
    assert ticks.count(Qt.CursorShape.BusyCursor) >= 5, "timers and paints go on while the server works"
    assert page.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert page.typed.text() == "half a sentence"
    assert page.notes.text.startswith("Done.")
    assert page.office.threads != [threading.main_thread()]


def test_no_second_press_is_taken_while_it_is_busy(qtbot, page):
    def hands():
        qtbot.mouseClick(page.press, Qt.MouseButton.LeftButton)
        qtbot.keyClick(page.press, Key.Key_Space)
        qtbot.keyClick(page.typed, Key.Key_X)
        page.close()

    meanwhile(200, hands)
    meanwhile(400, page.office.go_on.set)
    qtbot.mouseClick(page.press, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    assert (page.clicks, page.office.calls, page.typed.text()) == (1, 1, "")
    assert page.isVisible(), "a window that waits for its books is not closed"
    qtbot.keyClick(page.typed, Key.Key_X)
    assert page.typed.text() == "x"


def test_what_was_touched_is_announced_before_the_call_site_goes_on(qtbot, page):
    page.office.go_on.set()
    before = page.refreshed
    page.clicked()
    assert page.refreshed == before + 1
    assert page.busy == [], "a quick press never looks busy"


def test_a_refusal_after_a_long_wait_is_shown_in_place(qtbot, page):
    page.state = "spotless"
    meanwhile(250, page.office.go_on.set)
    page.clicked()
    assert not page.outcome
    assert page.notes.tone == "bad"
    assert page.busy == [True, False]


def test_a_question_after_a_long_wait_is_asked_and_the_call_repeated(page, monkeypatch):
    answers = iter([NeedsConfirmation("x", "Sure?"), None])
    asked = []

    def do(call, **more):
        answer = next(answers)
        if answer is not None:
            raise answer
        assert more["confirmed"] == {"x"}
        return 7

    page.office.do = do
    page.asker = type("Asker", (), {"confirm": lambda self, _page, words: asked.append(words) or True})()
    assert page.run(rooms.set_clean.of(room_ids=[1], clean="clean")).value == 7
    assert asked == ["Sure?"]


def test_a_timer_that_presses_meanwhile_is_carried_out_where_it_is(qtbot, page):
    inner = []
    meanwhile(200, lambda: inner.append(background.waiter.result(lambda: threading.current_thread(), print)))
    meanwhile(400, page.office.go_on.set)
    page.clicked()
    assert page.outcome
    assert inner == [threading.main_thread()]


def test_a_refused_answer_has_no_value(page):
    page.office.do = lambda call, **more: (_ for _ in ()).throw(Refused("No."))
    outcome = page.run(rooms.set_clean.of(room_ids=[1], clean="clean"))
    with pytest.raises(IndexError):
        outcome.value  # noqa: B018


def test_an_answer_that_comes_before_the_window_begins_to_wait_ends_the_wait(qapp):
    """Between the last look and the wait the answer may come: the window must not wait for it for ever."""
    future: Future[int] = Future()
    future.set_result(7)
    seen: list[bool] = []
    late: list[str] = []
    rescue = QTimer()
    rescue.timeout.connect(lambda: (late.append("it waited for ever"), qapp.exit()))
    rescue.start(3000)
    background._paint_until(future, seen.append)
    rescue.stop()
    assert (seen, late) == ([True, False], [])
