"""Memory is swept on the window's thread, when nobody waits."""

import gc
import threading
import weakref

import pytest

from pms.ui.kit import sweeper
from pms.ui.kit.sweeper import Sweeper


class Ring:
    """An object that only the collector can take away."""

    def __init__(self, gone: list[int]) -> None:
        self.me = self
        weakref.finalize(self, lambda: gone.append(threading.get_ident()))


@pytest.fixture
def sweep(qapp):
    gc.collect()
    made = Sweeper()
    made.start()
    yield made
    made.stop()


def test_nothing_is_swept_where_objects_are_made(sweep):
    gone: list[int] = []
    kept: list[list[int]] = []

    def work() -> None:
        Ring(gone)
        kept.extend([] for _n in range(30_000))  # forty times what wakes the collector left to itself

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    work()
    assert gone == []
    assert len(kept) == 60_000


def test_the_sweep_takes_away_what_has_come_up_on_the_windows_thread(sweep, qtbot, monkeypatch):
    monkeypatch.setattr(sweeper, "EVERY", 10)
    sweep.start()
    gone: list[int] = []
    Ring(gone)
    kept = [[] for _n in range(sweeper.DUE[0] + 100)]
    qtbot.waitUntil(lambda: gone == [threading.get_ident()])
    assert kept


def test_the_collector_works_again_after_the_stop(qapp):
    made = Sweeper()
    made.start()
    assert not gc.isenabled()
    made.stop()
    assert gc.isenabled()


def test_what_was_settled_is_not_looked_at_again(sweep):
    before = gc.get_freeze_count()
    gone: list[int] = []
    Ring(gone)
    try:
        sweep.settle()
        gc.collect()
        assert gone == []
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
    gc.collect()
    assert gone
