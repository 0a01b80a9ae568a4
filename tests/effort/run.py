"""What a task costs the hand: real keys pressed in the real window, counted, and checked against what the
hotel's books then say.

    python tests/effort/run.py [--json]

One row per task: ``name``, ``keys`` (a modifier counts as one, a scanner's own keys do not), ``clicks``,
``seconds_klm`` (keystroke-level model: 0.28 s a key, 1.1 s a click, 1.35 s to think once per task), ``goal``
(keys), ``holds``. Cash is typed as it is counted: those keys are no effort, and no
task here takes any. Exits 1 when one does not hold.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, Qt, QThreadPool
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import func, select

from pms import duties
from pms.core import i18n
from pms.core.money import Money
from pms.core.options import Options
from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.devices.identity import Identity
from pms.services.guests.person import Person
from pms.services.housekeeping.models import StatusRow
from pms.services.luggage import queries as luggage
from pms.services.luggage import service as bags
from pms.services.night_audit import service as night_audit
from pms.services.night_audit.models import AuditRun
from pms.services.opening.service import FloorPlan, Hotel, TypePlan
from pms.services.reports import queries as reports
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered
from pms.services.stays import queries as stays
from pms.services.stays import service as stay_service
from pms.services.stays.service import Paid
from pms.ui import habits
from pms.ui.kit import safety, theme
from pms.ui.kit.palette import Entry, ranked
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from tests import builders
from tests.authority.people import person
from tests.builders import House

Key, Mod = Qt.Key, Qt.KeyboardModifier
LOOK = Look("en", "light", 100)
KEY, CLICK, THINK = 0.28, 1.1, 1.35
HUNDRED = Hotel(
    "Yunqi",
    "Asia/Shanghai",
    builders.TODAY,
    (TypePlan("TWN", "Twin", 25800, 29800), TypePlan("BIG", "Queen", 26800, 29800)),
    tuple(FloorPlan(n, "BIG" if n % 2 else "TWN", 1, 20) for n in range(2, 7)),
    "boss",
    "Zhang Li",
    builders.PASSWORD,
    options=Options(inventory_days=60, shifts=False),
    years=1,
)
COLA, WATER = "6901234567892", "6923450657713"
NUMBER = "11010519491231002X"


@dataclass(frozen=True)
class Row:
    """What one task took."""

    name: str
    keys: int
    clicks: int
    seconds_klm: float
    goal: int
    holds: bool


class Hands:
    """Presses keys where the focus is and counts them."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.keys, self.clicks = window, 0, 0

    def press(self, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Mod.NoModifier) -> None:
        """Press keys one after another."""
        for key in keys:
            self.keys += 1 if modifier == Mod.NoModifier else 2
            QTest.keyClick(self._focus(), key, modifier)
            settle(0.02)

    def look(self) -> None:
        """Look at the page that has just opened: its filled button waits for that, not for a key."""
        settle(safety.PAUSE / 1000 + 0.05)

    def type(self, text: str) -> None:
        """Type a text, each sign a key."""
        self.keys += len(text)
        self._send(text)

    def scan(self, code: str) -> None:
        """Let a scanner type a code and its Enter."""
        self._send(code)
        QTest.keyClick(self._focus(), Key.Key_Return)
        settle(0.05)

    def _send(self, text: str) -> None:
        QTest.keyClicks(self._focus(), text)
        settle(0.05)

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window


def settle(seconds: float) -> None:
    """Let the window do what it has to."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.002)


def until(holds: Callable[[], Any], seconds: float = 8) -> bool:
    """Wait until something holds; says whether it did."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        settle(0.02)
    return True


@contextmanager
def desk() -> Iterator[tuple[House, Hands]]:
    """A hotel of a hundred rooms with the window at its room board."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "hotel.db"), builders.SECRET)
        schema.upgrade(engine)
        house = builders.office(engine, HUNDRED)
        window = MainWindow(LOOK, lambda _look: None, "FD-1")
        window.attach(house, house.changes, duties.DUTIES)
        window.show()
        window.activateWindow()
        window._came_in(house.clerk)
        until(lambda: QApplication.activeWindow() is window)
        settle(0.3)
        yield house, Hands(window)
        window.close()
        QThreadPool.globalInstance().waitForDone()
        settle(0.3)  # what was under way is told
        window.deleteLater()
        QApplication.sendPostedEvents(
            None, QEvent.Type.DeferredDelete
        )  # no timer of the window may fire when the books are gone
        engine.dispose()


def in_house(house: House, room: str = "301", **fields: Any) -> int:
    """Check a guest in behind the window's back."""
    return int(
        house.do(
            stay_service.check_in.of(
                line_id=house.book(nights=2),
                room_id=house.room_id(room),
                guests=[Person("Chen Zhiyuan")],
                **fields,
            ),
            intent=house.new_intent(),
        )
    )


# ------------------------------------------------------------------ the tasks
def status_sheet(house: House, hands: Hands) -> bool:
    """A hundred rooms, every fifth differing in one fact, from the open sheet to the last room."""
    hands.window.workplace.go("housekeeping", {})  # type: ignore[union-attr]
    settle(0.5)
    for n in range(100):
        if n % 5 == 0:
            hands.press((Key.Key_D, Key.Key_2, Key.Key_I, Key.Key_N)[n // 5 % 4])
        hands.press(Key.Key_Return)
    return until(lambda: _written_down(house) == 100, 20)


def _written_down(house: House) -> int:
    return int(house.look(lambda session: session.scalar(select(func.count()).select_from(StatusRow))))


def bag(house: House, hands: Hands) -> bool:
    """A bag of a guest in house, from the room board to the printed tag."""
    hands.press(Key.Key_L, modifier=Mod.AltModifier)
    hands.type("301")
    hands.press(Key.Key_Tab)
    hands.type("2")
    hands.press(Key.Key_F12)
    return until(lambda: [r.pieces for r in house.ask(luggage.stored)] == [2])


def cash_sale(house: House, hands: Hands) -> bool:
    """Two goods by barcode for cash, from the room board to the receipt."""
    hands.press(Key.Key_S, modifier=Mod.AltModifier)
    for code in (COLA, WATER):
        hands.scan(code)
    hands.press(Key.Key_F12)
    return until(
        lambda: [s.method for s in house.ask(shop_queries.sales, business_date=builders.TODAY)] == ["CASH"]
    )


def check_in(house: House, hands: Hands) -> bool:
    """A guest with a booking and an identity card on the reader, from the room board to the cut card."""
    hands.press(Key.Key_F3)
    hands.type("wang")
    until(lambda: hands.window.workplace.bar.search.results().isVisible())  # type: ignore[union-attr]
    settle(0.3)
    hands.press(Key.Key_Return)
    settle(0.3)
    hands.press(Key.Key_I, modifier=Mod.ControlModifier)
    settle(0.3)
    hands.press(Key.Key_U, modifier=Mod.ControlModifier)
    settle(0.5)
    hands.press(Key.Key_F12)
    return until(
        lambda: [s.identity for s in house.ask(stays.in_house, business_date=builders.TODAY)] == ["checked"]
    )


def check_out(house: House, hands: Hands) -> bool:
    """A guest who owes nothing more, from the room board to the printed bill."""
    hands.type("301")
    hands.press(Key.Key_F9)
    hands.look()
    hands.press(Key.Key_F12)
    return until(lambda: house.ask(stays.in_house, business_date=house.house().business_date) == [])


def room_change(house: House, hands: Hands) -> bool:
    """A guest moves into the first free room of the type, from the room board to the slip."""
    hands.type("301")
    hands.press(Key.Key_F7)
    hands.look()
    hands.press(Key.Key_F12)
    hands.type("ac")
    hands.press(Key.Key_Return)
    return until(
        lambda: [s.room for s in house.ask(stays.in_house, business_date=builders.TODAY)] not in ([], ["301"])
    )


def _goods(house: House) -> None:
    for name, code, price in (("Cola", COLA, 600), ("Water", WATER, 500)):
        good = house.do(shop.set_good.of(name=name, price=Money(price), unit="can", barcode=code, par=6))
        house.do(shop.receive.of(lines=[Delivered(good, 20)], reference="DN-1"))


def _reserved(house: House) -> None:
    house.book("Wang Yaqin", room_id=house.room_id("305"))
    house.devices["identity"] = type("Reader", (), {"read": lambda _self: Identity("Wang Yaqin", NUMBER)})()


def _settled(house: House) -> None:
    in_house(house)
    for _night in range(2):
        house.next_day()
    stay = house.ask(stays.in_house, business_date=house.house().business_date)[0]
    from pms.services.folios import service as folios

    house.do(
        folios.pay.of(stay_id=stay.stay_id, method="MOBILE", amount=stay.balance), intent=house.new_intent()
    )
    house.clock.set(builders.TODAY + timedelta(days=2), 10)


def _second_night(house: House) -> None:
    in_house(house)
    house.next_day()
    for step in ("report", "backup"):
        house.do(night_audit.step_done.of(business_date=builders.TODAY, step=step))
    house.clock.set(builders.TODAY + timedelta(days=2), 2)
    house.do(night_audit.begin.of(business_date=builders.TODAY + timedelta(days=1)))


def signs(house: House, hands: Hands) -> bool:
    """The six signs of last night's record, from the night audit's page as its beginning leaves it."""
    hands.window.workplace.go("night_audit", {"signs": True})  # type: ignore[union-attr]
    settle(0.5)
    typed = house.ask(reports.seal_of, day=builders.TODAY)[1][:6]
    hands.type(typed)
    hands.press(Key.Key_Return)
    today = builders.TODAY + timedelta(days=1)
    right = select(AuditRun.paper_right).where(AuditRun.business_date == today)
    return until(lambda: bool(house.look(lambda session: session.scalar(right))))


def _twenty_found(house: House) -> None:
    for n in range(12):
        house.book(f"Late {n}")
    for n in range(8):
        in_house(house, f"3{n + 1:02}", deposit=Paid("BANK", Money(90000)))
    house.clerk = person(house, "auditor")  # nobody approves what they did themselves
    house.at_night()
    house.do(night_audit.begin.of(business_date=builders.TODAY))


def findings(house: House, hands: Hands) -> bool:
    """Twenty findings of two kinds approved, each kind with a remark of its own, from the audit's page."""
    hands.window.workplace.go("night_audit", {})  # type: ignore[union-attr]
    settle(0.5)
    for remark in ("called", "sent"):
        hands.press(Key.Key_A, modifier=Mod.ControlModifier)
        hands.press(Key.Key_A)
        hands.type(remark)
        hands.press(Key.Key_Return)
        settle(0.5)
    return until(lambda: _approved(house) == 20)


def _approved(house: House) -> int:
    marks = house.look(lambda session: session.scalar(select(AuditRun.marks))) or {}
    return sum(mark["state"] == "approved" for mark in marks.values())


def any_list(house: House, hands: Hands) -> bool:
    """Every page that has a tab, one after another from the room board by Ctrl+K, in the fewest keys: letters
    of its title or of its words, then Down. The one that takes most counts."""
    work = hands.window.workplace
    assert work is not None
    worst, there = 0, True
    for duty in (duty for duty in duties.DUTIES if duty.screen and duty.at):
        work.go("room_board", {})
        settle(0.05)
        entries = work.entries() + hands.window._own_entries()
        typed, steps = _fewest(entries, duty.word, habits.chosen(house))
        hands.keys = 0
        hands.press(Key.Key_K, modifier=Mod.ControlModifier)
        hands.type(typed)
        hands.press(*[Key.Key_Down] * steps, Key.Key_Return)
        there = there and until(lambda word=duty.word: work.here[0] == word)  # type: ignore[misc]
        worst = max(worst, hands.keys)
    hands.keys = worst
    return there


def _fewest(entries: list[Entry], word: str, chosen: dict[str, int]) -> tuple[str, int]:
    """Return the letters and the steps down that reach a page in the fewest keys."""
    [page] = [entry for entry in entries if entry.word == word]
    ways = []
    for typed in sorted({name[:n] for name in page.names() for n in (1, 2, 3) if name[:n].isalpha()}):
        if typed.isascii():
            at = [entry.word for entry in ranked(entries, typed, chosen)].index(word)
            ways.append((len(typed) + at, typed, at))
    _keys, typed, at = min(ways)
    return typed, at


def _bags(house: House) -> None:
    for room in ("301", "302", "303"):
        stored = bags.store.of(stay_id=in_house(house, room), pieces=1, place="A1")
        house.do(stored, intent=house.new_intent())


def its_row(_house: House, hands: Hands) -> bool:
    """One row of a list that is open, found by its guest's room; the number that is typed does not count."""
    work = hands.window.workplace
    assert work is not None
    work.go("luggage", {})
    settle(0.3)
    hands.press(Key.Key_F, modifier=Mod.ControlModifier)
    hands.type("303")
    hands.keys -= len("303")
    hands.press(Key.Key_Return)
    page = work.current()
    return until(lambda: page.table.row() is not None and page.table.row().room == "303")


Task = tuple[str, int, Callable[[House], Any], Callable[[House, Hands], bool]]
TASKS: tuple[Task, ...] = (
    ("status sheet, 100 rooms, 20 differing", 160, lambda _house: None, status_sheet),
    ("bag stored, from anywhere to the tag", 8, in_house, bag),
    ("two goods for cash, beside the scans", 6, _goods, cash_sale),
    ("check-in with a booking and a reader", 14, _reserved, check_in),
    ("settled check-out", 6, _settled, check_out),
    ("room change", 10, in_house, room_change),
    ("check code of last night's paper", 7, _second_night, signs),
    ("twenty findings approved", 30, _twenty_found, findings),
    ("any list by Ctrl+K, the farthest", 5, lambda _house: None, any_list),
    ("its row by Ctrl+F, beside what is typed", 3, _bags, its_row),
)


def measure(task: Task) -> Row:
    """Do a task once and return what it took."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    i18n.use(LOOK.language)
    theme.apply(app, LOOK)
    name, goal, prepare, work = task
    with desk() as (house, hands):
        prepare(house)
        settle(0.2)
        done = work(house, hands)
        seconds = round(KEY * hands.keys + CLICK * hands.clicks + THINK, 1)
        return Row(name, hands.keys, hands.clicks, seconds, goal, done and hands.keys <= goal)


def main() -> int:
    """Print the rows."""
    rows = [measure(task) for task in TASKS]
    if "--json" in sys.argv:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        for row in rows:
            print(
                f"{row.name:<40} {row.keys:>4} keys {row.clicks} clicks {row.seconds_klm:>6} s   goal "
                f"{row.goal:>4}   "
                f"{'holds' if row.holds else 'DOES NOT HOLD'}"
            )
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
