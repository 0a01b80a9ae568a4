"""One measurement of the window, in a process of its own: ``python -m tests.bench.desk bare|window|board|repaint [DATABASE]``.

Prints one number: milliseconds from ``PMS_BENCH_START`` (a reading of the monotonic clock) to the first painted window, from the
verified password to the painted board, or for one repaint of the board.
"""
from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
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
    """Paint the whole visible board again, as after a change of every tile: the median of 21 at this machine's speed."""
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


def _office(database: str) -> Any:
    from pms.db.engine import open_engine
    from pms.db.office import DatabaseOffice
    from pms.duties import collectors
    from pms.services.business_day.queries import context
    from pms.services.staff import service as staff
    from tests.bench.house import KEY, OWNER, TODAY

    moment = datetime(TODAY.year, TODAY.month, TODAY.day, 15, tzinfo=UTC)
    office = DatabaseOffice(open_engine(database, KEY), KEY, context, lambda: moment, reminders=collectors(), door=staff)
    office.sign_in(OWNER[0], OWNER[2])
    return office


MODES: dict[str, Callable[..., float]] = {"bare": bare, "window": window, "board": board, "repaint": repaint}

if __name__ == "__main__":
    print(MODES[sys.argv[1]](*sys.argv[2:]), flush=True)
    os._exit(0)
