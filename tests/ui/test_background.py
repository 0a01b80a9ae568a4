"""Work off the window's thread: whatever a page lent it is let go on the window's thread, which alone may
take a page apart."""

import threading
import weakref

import pytest
from PySide6.QtCore import QThreadPool
from PySide6.QtWidgets import QWidget

from pms.ui.kit import background

ROUNDS = 300


class Lent:
    """Something of a page, of which only the work knows by the end; it writes down where it went."""

    def __init__(self, gone: list[int]) -> None:
        weakref.finalize(self, lambda: gone.append(threading.get_ident()))

    def work(self) -> int:
        """Be quick."""
        return 1

    def fails(self) -> int:
        """Fail, with all of this in the traceback."""
        raise ValueError(self)


def test_what_a_page_lends_its_work_goes_on_the_windows_thread(qtbot):
    gone: list[int] = []
    done: list[int] = []
    owner = QWidget()
    qtbot.addWidget(owner)
    for n in range(ROUNDS):
        work = Lent(gone).work if n % 2 else Lent(gone).fails
        background.run(owner, work, done.append, lambda _error: done.append(0))
        del work
        qtbot.waitUntil(lambda n=n: len(done) == n + 1)
    QThreadPool.globalInstance().waitForDone()
    qtbot.waitUntil(lambda: len(gone) == ROUNDS)
    assert set(gone) == {threading.get_ident()}
    assert done == [0, 1] * (ROUNDS // 2)


def test_what_a_press_lends_goes_on_the_windows_thread_too(qtbot):
    gone: list[int] = []
    for _n in range(ROUNDS):
        assert background.waiter.result(Lent(gone).work, print) == 1
        with pytest.raises(ValueError, match="Lent"):
            background.waiter.result(Lent(gone).fails, print)
    assert background.waiter.result(threading.get_ident, print) != threading.get_ident()
    assert gone == [threading.get_ident()] * ROUNDS * 2
