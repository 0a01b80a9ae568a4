"""One measurement of the window, in a process of its own: ``python -m tests.bench.desk
bare|window|tiles|board|repaint|sheet|registers|long [DATABASE]``.

Prints one number: milliseconds from ``PMS_BENCH_START`` (a reading of the monotonic clock) to the first
painted window, from the verified password to the painted board, for one look at the tiles, or for one repaint
of the board. ``sheet`` prints three: from a key in the status sheet to its paint (median), the processor time
of the slowest key in the window's thread, and from a key to its commit (median), at this machine's speed.
``registers`` prints the time to the painted page of each register, then the same for the first time, when the
page is also made.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

START = float(os.environ.get("PMS_BENCH_START", "0"))


def until_painted(app: Any, widget: Any) -> None:
    """Process events until the widget has been painted."""
    from PySide6.QtCore import QEvent, QObject

    class Watch(QObject):
        seen = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.seen = self.seen or event.type() == QEvent.Type.Paint
            return False

    watch = Watch()
    widget.installEventFilter(watch)
    limit = time.monotonic() + 30
    while not watch.seen:
        app.processEvents()
        if time.monotonic() > limit:
            raise SystemExit("nothing was painted")
    widget.removeEventFilter(watch)


def bare() -> float:
    """Start Qt with an empty window."""
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])
    window = QWidget()
    window.resize(1366, 768)
    window.show()
    until_painted(app, window)
    return (time.monotonic() - START) * 1000


def window() -> float:
    """Start the program as a desk does, to its first painted window."""
    from PySide6.QtWidgets import QApplication

    from pms.__main__ import main

    def painted(*_args: Any) -> int:
        app = QApplication.instance()
        until_painted(app, QApplication.topLevelWidgets()[0])
        print((time.monotonic() - START) * 1000, flush=True)
        os._exit(0)

    QApplication.exec = painted  # type: ignore[method-assign]
    raise SystemExit(main([]))


def tiles(database: str) -> float:
    """Ask for every tile of the board: the median of 21 at this machine's speed."""
    from pms.services.room_board import queries as room_board
    from tests.bench.run import milliseconds

    made = _office(database)
    return milliseconds(lambda: made.ask(room_board.board))


def board(database: str) -> float:
    """Go from a verified password and a loaded engine to the painted board."""
    from PySide6.QtWidgets import QApplication

    from pms.ui.kit import theme
    from pms.ui.kit.sweeper import Sweeper
    from pms.ui.kit.theme import Look
    from pms.ui.main_window import MainWindow

    app, look = QApplication([]), Look("zh_CN", "light", 100)
    sweeper = Sweeper(app)
    sweeper.start()
    theme.apply(app, look)
    shown = MainWindow(look, lambda _look: None, "desk-1")
    shown.show()
    until_painted(app, shown)
    made = _office(database)
    shown.attach(made, made.changes)
    app.processEvents()
    sweeper.settle()
    start = time.perf_counter()
    shown.door.signed_in.emit(made.clerk)
    page = shown.workplace.current() if shown.workplace is not None else None
    until_painted(app, page.view.viewport())  # type: ignore[union-attr]
    return (time.perf_counter() - start) * 1000


def repaint(database: str) -> float:
    """Paint the whole visible board again, as after a change of every tile: the median of 21 at this
    machine's speed."""
    from PySide6.QtWidgets import QApplication

    from pms.ui.kit import theme
    from pms.ui.kit.refresh import ChangeSignal
    from pms.ui.kit.theme import Look
    from pms.ui.screens.room_board.screen import RoomBoardScreen
    from tests.bench.run import milliseconds

    app = QApplication([])
    theme.apply(app, Look("zh_CN", "light", 100))
    made = _office(database)
    screen = RoomBoardScreen(made, ChangeSignal(made.changes))
    screen.resize(1920, 1080)
    screen.show()
    until_painted(app, screen.view.viewport())
    return milliseconds(screen.view.viewport().repaint)


KEYS = 210


def sheet(database: str) -> tuple[float, ...]:
    """Type a status sheet and return key to painted (median; slowest in processor time) and key to committed
    (median)."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from pms.ui.kit import theme
    from pms.ui.kit.refresh import ChangeSignal
    from pms.ui.kit.theme import Look
    from pms.ui.screens.housekeeping.screen import HousekeepingScreen
    from tests.bench.run import calibration

    class Watch(QObject):
        painted = False

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.painted = self.painted or event.type() == QEvent.Type.Paint
            return False

    app = QApplication([])
    theme.apply(app, Look("zh_CN", "light", 100))
    made = _office(database)
    page = HousekeepingScreen(made, ChangeSignal(made.changes))
    page.resize(1206, 716)
    page.show()
    page.open(part="AM")
    page.view.setFocus()
    until_painted(app, page.view.viewport())
    _pump(app, 0.5)
    watch = Watch()
    page.view.viewport().installEventFilter(watch)
    typed = (
        Qt.Key.Key_Return,
        Qt.Key.Key_D,
        Qt.Key.Key_Return,
        Qt.Key.Key_2,
        Qt.Key.Key_N,
        Qt.Key.Key_Return,
        Qt.Key.Key_Return,
    )
    painted, own, committed, speed, speed_own = [], [], [], [], []
    for n in range(KEYS):
        speed.append(calibration())
        speed_own.append(calibration(time.thread_time))
        watch.painted = False
        start, of_thread = time.perf_counter(), time.thread_time()
        QTest.keyClick(page.view, typed[n % len(typed)])
        while not watch.painted:
            app.processEvents()
        painted.append((time.perf_counter() - start) * 1000)
        own.append((time.thread_time() - of_thread) * 1000)
        while page.saver.busy():
            app.processEvents()
        committed.append((time.perf_counter() - start) * 1000)
        _pump(app, 0.05)
    slow = 45 / statistics.median(speed)
    return (
        statistics.median(painted) * slow,
        max(own) * 45 / statistics.median(speed_own),
        statistics.median(committed) * slow,
    )


REGISTERS = ("luggage", "lost_found", "shop", "messages", "wake_ups", "shifts")


def registers(database: str) -> tuple[float, ...]:
    """Open each register, made before, and return the milliseconds to its painted page, then those of the
    first opening; at this machine's speed."""
    from PySide6.QtWidgets import QApplication

    from pms import duties
    from pms.ui.kit import theme
    from pms.ui.kit.theme import Look
    from pms.ui.main_window import MainWindow
    from tests.bench.run import calibration

    app, look = QApplication([]), Look("zh_CN", "light", 100)
    theme.apply(app, look)
    for dotted in duties.screens().values():
        duties.resolve(dotted)  # the program loads them while nobody waits
    shown = MainWindow(look, lambda _look: None, "desk-1")
    shown.show()
    made = _office(database)
    shown.attach(made, made.changes)
    shown.door.signed_in.emit(made.clerk)
    _pump(app, 2)
    work = shown.workplace
    assert work is not None

    def opened(word: str) -> float:
        speed = statistics.median(calibration() for _ in range(3))
        start = time.perf_counter()
        work.go(word, {})
        until_painted(app, work.current())
        taken = (time.perf_counter() - start) * 1000 * 45 / speed
        _pump(app, 0.3)
        return taken

    first = [opened(word) for word in REGISTERS]
    return (*(opened(word) for word in REGISTERS), *first)


def long(database: str) -> tuple[float, float]:
    """Open a list of 100,000 lines and scroll through it; returns the milliseconds to the painted page, and
    to each further picture (median of 60), at this machine's speed."""
    from PySide6.QtWidgets import QApplication

    from pms.ui.kit import theme
    from pms.ui.kit.refresh import ChangeSignal
    from pms.ui.kit.theme import Look
    from tests.bench.run import calibration
    from tests.ui.long_list import Long

    app = QApplication([])
    theme.apply(app, Look("zh_CN", "light", 100))
    office = _office(database)
    page = Long(office, ChangeSignal(office.changes))
    page.resize(1206, 716)
    speed = statistics.median(calibration() for _ in range(3))
    start = time.perf_counter()
    page.show()
    until_painted(app, page.table.viewport())
    opened = time.perf_counter() - start
    bar, taken = page.table.verticalScrollBar(), []
    for _step in range(60):
        start = time.perf_counter()
        bar.setValue(bar.value() + page.table.viewport().height())
        page.table.viewport().repaint()
        taken.append(time.perf_counter() - start)
    slow = 45 / speed
    return opened * 1000 * slow, statistics.median(taken) * 1000 * slow


BEAT = 5


def night(database: str, folder: str) -> tuple[float, float]:
    """Run the night from the audit's page; returns the longest time the window did not answer (ms), and
    reports and backup (s)."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from pms import duties
    from pms.core.settings import Home, Settings
    from pms.db import keys
    from pms.printing import ahead
    from pms.services.opening.after_close import AfterClose
    from pms.ui.kit import theme
    from pms.ui.kit.desk import Asker
    from pms.ui.kit.refresh import ChangeSignal
    from pms.ui.kit.sweeper import Sweeper
    from pms.ui.kit.theme import Look
    from pms.ui.screens.night_audit.screen import NightAuditScreen
    from tests.bench.house import HOTEL
    from tests.bench.run import calibration

    app = QApplication([])
    theme.apply(app, Look("zh_CN", "light", 100))
    for dotted in duties.screens().values():
        duties.resolve(dotted)
    ahead.load()  # as the program does once its books are open
    sweeper = Sweeper(app)
    sweeper.start()
    made = _office(database, hours=11)  # two in the morning
    home, kept = Home(Path(folder), Path(folder)), Settings(database=str(made.engine.url.database))
    keys.save(home, kept, HOTEL)
    made.after_close = AfterClose(made, home, kept)
    NightAuditScreen.asker = type("Yes", (Asker,), {"confirm": lambda *_: True})()
    page = NightAuditScreen(made, ChangeSignal(made.changes))
    page.resize(1206, 716)
    page.show()
    until_painted(app, page)
    _pump(app, 1)
    sweeper.settle()
    day, gaps, last = made.house().business_date, [0.0], time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    heart = QTimer()
    heart.timeout.connect(beat)
    speed = calibration()
    last = time.perf_counter()
    heart.start(BEAT)
    page.go_on()  # begins
    _wait(app, lambda: page.night is not None and page.night.stage == "close" and not page.running, 60)
    _pump(app, 0.2)  # each is a press of its own, and the window has its turn between two presses
    page.list.pick_all([item.finding.key for item in page.list.items()])  # nothing is left to be looked at
    _pump(app, 0.2)
    page.go_on()  # posts, closes, reports, backs up
    _wait(app, lambda: made.house().business_date > day, 60)
    start = time.perf_counter()
    _wait(app, lambda: _closed_and_done(page.night, day) and not page.running, 120)
    taken = time.perf_counter() - start
    heart.stop()
    slow = 45 / statistics.mean((speed, calibration()))
    return max(gaps) * 1000 * slow, taken * slow


def _closed_and_done(night: Any, day: date) -> bool:
    return (
        night is not None
        and night.business_date > day
        and night.before is not None
        and night.before.step == "done"
    )


def _wait(app: Any, holds: Callable[[], bool], limit: float) -> None:
    end = time.monotonic() + limit
    while not holds():
        app.processEvents()
        time.sleep(0.001)
        if time.monotonic() > end:
            raise SystemExit("the audit's page does not go on")


def _pump(app: Any, seconds: float) -> None:
    """Let the window do what waits."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.001)


def _office(database: str, hours: int = 0) -> Any:
    from pms.db.engine import open_engine
    from pms.duties import offered
    from pms.services.approvals import door
    from pms.services.business_day.queries import context
    from tests.bench.house import KEY, OWNER, RECORDS, TODAY
    from tests.builders import Direct

    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 15, tzinfo=UTC) + timedelta(hours=hours)
    office = Direct(open_engine(database, KEY), RECORDS, context, lambda: moment, offers=offered(), door=door)
    office.sign_in(OWNER[0], OWNER[2])
    return office


MODES: dict[str, Callable[..., float | tuple[float, ...]]] = {
    "bare": bare,
    "window": window,
    "tiles": tiles,
    "board": board,
    "repaint": repaint,
    "sheet": sheet,
    "registers": registers,
    "long": long,
    "night": night,
}

if __name__ == "__main__":
    found = MODES[sys.argv[1]](*sys.argv[2:])
    print(*(found if isinstance(found, tuple) else (found,)), flush=True)
    os._exit(0)
