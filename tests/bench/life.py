"""The whole program in a process of its own: ``python -m tests.bench.life start|day``.

``start`` prints the milliseconds from ``PMS_BENCH_START`` (a reading of the monotonic clock) to the moment at
which somebody can sign in. ``day`` signs in, opens every page, goes round them fifty times and then does
nothing: it prints the resident memory after all pages (MiB), by how many per cent the rounds made it grow,
and the processor time of thirty seconds at rest (per cent of one core).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.desk import START

ROUNDS = 50
REST = 30
"""Seconds."""
STEADY = 20
"""Seconds before the rest is looked at: what was begun by the last round ends."""


def start() -> None:
    """Start the program as a desk does, until somebody can sign in."""
    _begin(lambda _app, _shown: print((time.monotonic() - START) * 1000, flush=True))


def day() -> None:
    """Live through a day of looking at pages."""
    _begin(_live)


def _begin(then: Callable[[Any, Any], None]) -> None:
    from PySide6.QtWidgets import QApplication

    from pms.__main__ import main

    def opened(*_args: Any) -> int:
        from pms.ui.main_window import MainWindow

        app = QApplication.instance()
        shown = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
        limit = time.monotonic() + 60
        while shown.office is None:
            app.processEvents()  # type: ignore[union-attr]
            if time.monotonic() > limit:
                raise SystemExit(f"the books do not open: {shown.door.notes.text}")
        then(app, shown)
        os._exit(0)

    QApplication.exec = opened  # type: ignore[method-assign]
    raise SystemExit(main([]))


def _live(_app: Any, shown: Any) -> None:
    from pms.duties import DUTIES
    from tests.bench.house import OWNER

    office = shown.office
    office.sign_in(OWNER[0], OWNER[2])
    shown.door.signed_in.emit(office.clerk)
    _rest(2)
    work = shown.workplace
    words = [duty.word for duty in DUTIES if duty.screen]

    def all_pages() -> None:
        for word in words:
            work.go(word, {})
            work.current().repaint()
            _rest(0.1)

    all_pages()
    _rest(2)
    before = _resident()
    for _round in range(ROUNDS):
        all_pages()
    _rest(2)
    after = _resident()
    work.go("room_board", {})
    _rest(STEADY)
    spent = time.process_time()
    _rest(REST)
    spent = time.process_time() - spent
    print(before, (after / before - 1) * 100, spent * 100 / REST, flush=True)


def _rest(seconds: float) -> None:
    """Let the window work as it does by itself: asleep until something wakes it."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    {"start": start, "day": day}[sys.argv[1]]()
