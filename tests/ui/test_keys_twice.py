"""A key that opens a page never fires it: every key of every page is pressed twice, and the books stand as
one press leaves them."""

import shutil
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, Qt, QThreadPool, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from sqlalchemy import text

from pms import duties
from pms.core.money import Money
from pms.core.options import Options
from pms.db.base import Table
from pms.db.engine import open_engine, sqlite_url
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.luggage import service as luggage
from pms.services.property import service as property_service
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from pms.services.wake_ups import service as wake_ups
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders
from tests.builders import TODAY, House

from .checks import dress, look_around, takes_keys

Key, Mod = Qt.Key, Qt.KeyboardModifier
DAY = timedelta(days=1)
LOOK = Look("en", "light", 100)
GAPS = (0, 60, 200)
EVERYWHERE = ("F12", "Return", "Space", "Esc", "F1", "F3", "F11", "Ctrl+K", "Ctrl+L")
NOT_BOOKS = {
    "audit_entry",
    "print_job",
    "topic",
    "workplace",
    "sign_in_try",
    "access",
    "number_series",
    "intent",
}
"""What a page, a print-out or a number drawn writes down: none of it is money, a stay or a promise."""


# ------------------------------------------------------------------ the house and its books
@pytest.fixture(scope="module")
def full(founded, tmp_path_factory):
    """A file with a house in full swing: guests due out who owe, owe nothing and have a deposit, one who
    stays, one to come, a bag, goods and a call."""
    path = tmp_path_factory.mktemp("full") / "hotel.db"
    shutil.copy(founded, path)
    with _house(path) as house:
        rules = replace(house.context_options(), day_use_bands=Options().day_use_bands)
        house.do(property_service.edit, name="Yunqi Hotel", options=rules)
        owes = _guest(house, "Wang Yaqin", "301", 1)
        _guest(house, "Chen Zhiyuan", "302", 1, deposit=Paid("CASH", Money(40000)))
        house.do(wake_ups.take, stay_id=owes, day=TODAY + 2 * DAY, time="06:30")
        good = house.do(shop.set_good, name="Cola", price=Money(600), unit="can", barcode="69012345", par=6)
        house.do(shop.receive, lines=[Delivered(good, 20)], reference="DN-1")
        even = _guest(house, "Liu Bei", "304", 1)
        house.next_day()
        house.clock.set(TODAY + DAY, 11)
        house.do(folios.pay, stay_id=even, method="MOBILE", amount=Money(29800), intent=house.new_intent())
        house.do(luggage.store, stay_id=_guest(house, "Lin Daiyu", "303", 3), pieces=2)
        house.book("Zhang Wei", type_code="TWN", room_id=house.room_id("204"))
    return path


def _guest(house: House, name: str, room: str, nights: int, **fields) -> int:
    return int(
        house.do(
            stays.check_in,
            line_id=house.book(name, nights=nights),
            room_id=house.room_id(room),
            guests=[Person(name)],
            intent=house.new_intent(),
            **fields,
        )
    )


@contextmanager
def _house(path):
    engine = open_engine(sqlite_url(path), builders.SECRET)
    made = builders.office(engine, found=False)
    made.offers = duties.offered()
    yield made
    engine.dispose()


def books(house: House) -> dict[str, list]:
    """Return every row of every table that money, stays and promises stand in."""
    tables = [t for t in Table.metadata.sorted_tables if t.name not in NOT_BOOKS]
    return house.ask(lambda s: {t.name: sorted(map(repr, s.execute(t.select()))) for t in tables})


class Books:
    """The books as they stood, read again only where somebody has written meanwhile."""

    def __init__(self, house: House) -> None:
        self._house, self._before = house, books(house)
        self._watch = house.engine.raw_connection()  # one that is in no transaction
        self._writes = self._count()

    def _count(self) -> int:
        cursor = self._watch.cursor()
        (writes,) = cursor.execute("PRAGMA data_version").fetchone()
        cursor.close()
        return int(writes)

    def changed(self) -> bool:
        """Return whether a row is another than it was."""
        if (writes := self._count()) == self._writes:
            return False
        self._writes = writes
        return books(self._house) != self._before

    def close(self) -> None:
        """Watch no longer."""
        self._watch.close()


@contextmanager
def at_desk(path, folder, numbers=count()):
    """The window over a copy of the file."""
    copy = folder / f"copy{next(numbers)}.db"
    shutil.copy(path, copy)
    with _house(copy) as house:
        house.clock.set(TODAY + DAY, 11)
        presses = count(1)
        house.ids = lambda: f"press-{next(presses)}"  # none of the keys that built the hotel comes again
        window = MainWindow(LOOK, lambda look: None, "FD-1")
        window.attach(house, house.changes)
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        window._came_in(house.clerk)
        spin(50)
        try:
            yield house, window
        finally:
            window.close()
            QThreadPool.globalInstance().waitForDone()
            spin(20)
            window.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


# ------------------------------------------------------------------ hands
def spin(milliseconds: int) -> None:
    """Let the window do what it has to."""
    timer = QElapsedTimer()
    timer.start()
    while timer.elapsed() < milliseconds:
        QApplication.processEvents()
        QTest.qSleep(1)


def strike(window: QWidget, key: str) -> None:
    """Press a key where the keys go now."""
    combination = QKeySequence(key)[0]
    QTest.keyClick(takes_keys(window), combination.key(), combination.keyboardModifiers())


def close_dialogs() -> None:
    """Leave every question unanswered."""
    for _depth in range(4):
        if isinstance(top := QApplication.activeModalWidget() or QApplication.activePopupWidget(), QDialog):
            top.reject()
        elif top is not None:
            top.close()


def press(window: QWidget, key: str, times: int, gap: int) -> None:
    """Press a key so many times with a gap between, whatever question comes up meanwhile."""
    for n in range(times):
        QTimer.singleShot(n * gap, window, lambda: strike(window, key))
    QTimer.singleShot((times - 1) * gap + 25, window, close_dialogs)
    spin((times - 1) * gap + 35)
    close_dialogs()
    spin(5)


def settle(window, page, what) -> None:
    """Open a page and look at it, as it stands before a key is pressed."""
    close_dialogs()
    if window._at_work() is None:
        window._show_work()
    window.workplace._past.clear()
    window.workplace._open(page, dict(what))
    spin(15)
    look_around()


# ------------------------------------------------------------------ every page
def _stay(room):
    return lambda house: {
        "stay_id": next(
            s.stay_id
            for s in house.ask(stay_queries.in_house, business_date=house.house().business_date)
            if s.room == room
        )
    }


def _line(house):
    return {"line_id": house.ask(lambda s: s.execute(_LINE).scalar_one())}


def _nothing(_house):
    return {}


_LINE = text("SELECT id FROM booked_room WHERE state NOT IN ('in_house', 'departed') ORDER BY id LIMIT 1")
OPENED = ("folios", "booking", "check_in", "check_out", "extend", "room_change", "price_change")
"""The pages that stand below with what they are opened for."""
PAGES = [
    *((word, word, _nothing) for word in duties.screens() if word not in OPENED),
    ("folio that owes", "folios", _stay("301")),
    ("folio with a deposit", "folios", _stay("302")),
    ("check-out that owes", "check_out", _stay("301")),
    ("check-out with nothing open", "check_out", _stay("304")),
    ("check-out with a deposit", "check_out", _stay("302")),
    ("extend a stay", "extend", _stay("301")),
    ("change a room", "room_change", _stay("303")),
    ("change a price", "price_change", _stay("303")),
    ("a new booking", "booking", _nothing),
    ("a booking", "booking", _line),
    ("check-in of a booking", "check_in", _line),
    ("walk-in", "check_in", _nothing),
    ("board at a guest who owes", "room_board", lambda house: {"room_id": house.room_id("301")}),
    ("board at a guest due out", "room_board", lambda house: {"room_id": house.room_id("304")}),
]


ROW_BY_ROW = {("housekeeping", "Return")}
"""Where each press takes the next row a quick second one is meant: a room of the sheet as the desk has it."""


def keys_of(window, page) -> list[str]:
    """Return the keys that mean something on a page, and those that mean something on all of them."""
    own = [act.spec.key for act in window.workplace.page(page).acts.values() if act.spec.key]
    return [key for key in dict.fromkeys((*EVERYWHERE, *own)) if (page, key) not in ROW_BY_ROW]


def _face(window) -> tuple:
    """Return what is seen: where one is, and the filled button."""
    here = window._at_work()
    button = here.current().filled_button() if here else None
    return here and here.here[0], button and button.words


@pytest.mark.parametrize(("page", "what"), [p[1:] for p in PAGES], ids=[p[0] for p in PAGES])
def test_no_key_pressed_twice_does_what_one_press_does_not(qapp, full, tmp_path, page, what):
    dress(LOOK)
    todo: list[str] = []
    changed = _tried(full, tmp_path, page, what, todo)
    while changed is not None:
        key, gap = changed
        assert _after(full, tmp_path, page, what, key, 2, gap) == _after(
            full, tmp_path, page, what, key, 1, gap
        ), f"{key} twice, {gap} ms apart"
        changed = _tried(full, tmp_path, page, what, todo) if todo else None


def _tried(full, folder, page, what, todo) -> tuple[str, int] | None:
    """Press the keys that are left twice each; return the first that changed the books."""
    with at_desk(full, folder) as (house, window):
        where, before = what(house), Books(house)
        todo += [] if todo else keys_of(window, page)
        while todo:
            key = todo.pop(0)
            for gap in GAPS:
                settle(window, page, where)
                face = _face(window)
                press(window, key, 2, gap)
                if before.changed():
                    before.close()
                    return key, gap
                if _face(window) == face and window._at_work():
                    break  # nothing has opened: a slower second press meets the same page
        before.close()
    return None


def _after(full, folder, page, what, key, times, gap) -> dict:
    with at_desk(full, folder) as (house, window):
        settle(window, page, what(house))
        press(window, key, times, gap)
        return books(house)
