"""The first day of a new hotel, in the program as it starts on a bare workstation: set up by hand, first
shift, guests who share a room, a mistaken check-in and a mistaken check-out taken back, bags, a sale, both
status sheets, the audit over midnight with guests in house, the reports. What was done is read from the
hotel's own books."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from PySide6.QtCore import QThreadPool, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from sqlalchemy import make_url

from pms import __main__ as program
from pms.core import i18n, settings
from pms.core.settings import Home
from pms.services.folios import queries as folio_queries
from pms.services.housekeeping import queries as sheet_queries
from pms.services.luggage import queries as luggage_queries
from pms.services.opening import store
from pms.services.opening.founding import Founder
from pms.services.print_jobs import queries as print_queries
from pms.services.reports import queries as report_queries
from pms.services.shifts import queries as shift_queries
from pms.services.shop import queries as shop_queries
from pms.services.stays import queries as stay_queries
from pms.ui.kit.desk import Desk
from pms.ui.kit.dialogs import SignatureDialog
from pms.ui.kit.theme import Look
from pms.ui.program import Program
from pms.ui.screens.housekeeping.grid import MARK
from pms.ui.screens.set_up import screen as set_up
from pms.ui.screens.stays.screen import IN_HOUSE
from tests import conftest, invariants
from tests.builders import DAY, PASSWORD, TODAY, Clock
from tests.e2e.hands import Hand, Key, Keyboard, Mouse, Yes
from tests.ui.checks import dress

RUNS = [
    pytest.param(Keyboard, "en", "sqlite", id="keys-en-sqlite"),
    pytest.param(Keyboard, "zh_CN", "postgres", id="keys-zh-postgres"),
    pytest.param(Mouse, "en", "postgres", id="mouse-en-postgres"),
    pytest.param(Mouse, "zh_CN", "sqlite", id="mouse-zh-sqlite"),
]
"""Every hand with every language, every hand on every engine, every language on every engine."""
ROOMS = ["201", "202", "203", "301", "302", "303", "401", "402", "403"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nine in the morning for everything that asks for the time."""
    made = Clock(TODAY, 9)
    monkeypatch.setitem(store.open_office.__kwdefaults__, "clock", made)
    monkeypatch.setattr(Founder.__init__, "__defaults__", (made,))
    monkeypatch.setattr(set_up, "system_clock", made)
    monkeypatch.setattr(Desk, "asker", Yes())
    return made


@pytest.fixture
def server() -> Iterator[str]:
    """The name of a database that the set-up makes on the server and that is dropped afterwards."""
    name = f"first_day_{uuid.uuid4().hex[:12]}"
    yield name
    if conftest.POSTGRES:
        conftest._admin(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.parametrize(("kind", "language", "engine"), RUNS)
def test_the_first_day_of_a_new_hotel(qtbot, tmp_path, monkeypatch, clock, server, kind, language, engine):
    if engine == "postgres" and not conftest.POSTGRES:
        pytest.skip(conftest.WHY_NOT)
    place = Home(tmp_path / "config", tmp_path / "data")
    dress(Look(language, "light", 100))
    backstage = program.Backstage(place, settings.load(place))
    running = Program(QApplication.instance(), backstage, Look(language, "light", 100))
    try:
        running.start()
        hand = kind(qtbot, running.window)
        set_up_the_hotel(hand, tmp_path, monkeypatch, server if engine == "postgres" else "")
        hand = come_to_the_desk(qtbot, kind, running)
        work_the_day(hand, clock)
        close_over_midnight(hand, clock)
        read_the_reports(hand, place)
        leave_in_the_morning(hand)
        hand.window.office.look(invariants.check, today=TODAY + DAY)
    finally:
        running.window.close()
        QThreadPool.globalInstance().waitForDone()  # whoever asks still has a connection
        backstage.close()
        i18n.use("en")
    assert place.database.exists() == (engine == "sqlite")


# ------------------------------------------------------------------ the set-up
def set_up_the_hotel(hand: Hand, folder: Path, monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    window = hand.window
    smallest(window)
    active(hand)
    hand.press_button(window.choices.buttons["own"])
    hand.into(window.pages[0].form["name"], "First Inn")
    go_on(hand)
    go_on(hand)  # types and prices as they are proposed
    for line in window.pages[2].lines.lines:
        hand.into(line["last"], "3")
    go_on(hand)
    staff = window.pages[3]
    for name, text in (("name", "Zhang Li"), ("login", "boss"), ("password", PASSWORD), ("again", PASSWORD)):
        hand.into(staff.owner[name], text)
    hand.press_button(staff.lines.more)
    for name, text in (("login", "li"), ("name", "Li Na"), ("password", PASSWORD)):
        hand.into(staff.lines.lines[0][name], text)
    go_on(hand)
    go_on(hand)  # no printer yet: papers become files
    if database:
        url = make_url(conftest.POSTGRES)
        page = window.pages[5]
        hand.choose((page.here, page.there), page.there)
        given = {
            "host": url.host,
            "port": str(url.port),
            "database": database,
            "user": url.username,
            "password": url.password or "",
        }
        for name, text in given.items():
            if text:
                hand.into(page.server.form[name], text)
    go_on(hand)
    sheet = folder / "recovery.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(sheet), ""))
    page = window.pages[6]
    hand.press_button(page.save_button)
    hand.into(page.group, asked_group(page, sheet))
    hand.press_button(page.sure)
    go_on(hand)
    hand.qtbot.waitUntil(lambda: window.office is not None, timeout=60_000)
    assert window.notes.tone == "good"
    go_on(hand)  # a new hotel has no guests to take over


def smallest(window) -> None:
    """Show the window as on the smallest screen; the offscreen platform's own is smaller still."""
    window.showNormal()
    window.resize(1366, 768)


def active(hand: Hand) -> None:
    hand.window.activateWindow()
    hand.qtbot.waitUntil(lambda: hand.window.isActiveWindow() and QApplication.focusWidget() is not None)


def go_on(hand: Hand) -> None:
    """Leave a page of the set-up by its filled button; what it refuses stands in the message."""
    at = hand.window.at
    hand.press_next(hand.window.next)
    assert hand.window.notes.tone != "bad", hand.window.notes.text
    assert hand.window.at != at or at >= 6


def asked_group(page, sheet: Path) -> str:
    """Read the group that is asked for from the sheet as it was saved."""
    text = "".join(p.get_textpage().get_text_bounded() for p in PdfDocument(sheet))
    [number] = re.findall(r"\d+", page.group_label.text())
    groups = re.findall(r"\b[0-9A-Z]{4,8}\b", text)
    wanted = page._answer
    assert wanted in groups, f"group {number} is not on the sheet"
    return wanted.lower()


# ------------------------------------------------------------------ the day
def come_to_the_desk(qtbot, kind, running) -> Hand:
    qtbot.waitUntil(lambda: getattr(running.window, "door", None) is not None, timeout=20_000)
    window = running.window
    hand = kind(qtbot, window)
    smallest(window)
    qtbot.waitUntil(lambda: window.office is not None, timeout=30_000)
    active(hand)
    for field, text in ((window.door.login, "boss"), (window.door.password, PASSWORD)):
        hand.into(field, text)
    hand.press_next(window.door.enter)
    qtbot.waitUntil(lambda: window._at_work() is not None, timeout=20_000)
    hand.reach("room_board")
    return hand


def work_the_day(hand: Hand, clock: Clock) -> None:
    office = hand.window.office
    open_the_shift(hand, office)
    record_the_sheet(hand, office, "AM")
    clock.set(TODAY, 15)
    share_a_room(hand, office)
    check_in_by_mistake(hand, office)
    check_out_by_mistake(hand, office)
    store_bags(hand, office)
    sell_water(hand, office)
    clock.set(TODAY, 19)
    record_the_sheet(hand, office, "PM")


def open_the_shift(hand: Hand, office) -> None:
    """Follow what the sign-in offers."""
    hand.until(lambda: hand.window.workplace.welcome.isVisible())
    hand.press_remedy(hand.window.workplace.welcome)
    hand.reach("shifts")
    hand.into(hand.page.opening["float_amount"], "500")
    hand.primary()
    hand.until(lambda: office.look(shift_queries.current, station=office.station))
    assert office.look(shift_queries.current, station=office.station).float_amount == 50000


def walk_in(hand: Hand, office, room: str, name: str, more: str = "") -> int:
    """Check a walk-in in from the board, with ``more`` sharing the room."""
    before = {s.stay_id for s in in_house(office)}
    hand.go("room_board")
    hand.room(room)
    hand.do("check_in")
    hand.reach("check_in")
    hand.into(hand.page.guests.lines[0].name, name)
    if more:
        hand.do("add_guest")
        hand.into(hand.page.guests.lines[1].name, more)
    hand.do("check_in_now")
    hand.until(lambda: {s.stay_id for s in in_house(office)} - before)
    [stay] = {s.stay_id for s in in_house(office)} - before
    return stay


def in_house(office):
    return office.look(stay_queries.in_house, business_date=office.house().business_date)


def share_a_room(hand: Hand, office) -> None:
    """Two come together, a third is registered later."""
    stay = walk_in(hand, office, "201", "Wang Yaqin", more="Chen Zhiyuan")
    hand.go("stays")
    chips = hand.page.tabs.chips
    hand.choose(list(chips.values()), chips[IN_HOUSE])
    hand.do("party")
    hand.reach("party")
    hand.into(hand.page.line.name, "Zhao Min")
    hand.do("register")
    hand.until(lambda: len(office.look(stay_queries.sharers, stay_id=stay)) == 3)
    names = {g.name for g in office.look(stay_queries.sharers, stay_id=stay)}
    assert names == {"Wang Yaqin", "Chen Zhiyuan", "Zhao Min"}


def check_in_by_mistake(hand: Hand, office) -> None:
    stay = walk_in(hand, office, "302", "Liu Wei")
    hand.do("folio")
    hand.reach("folios")
    hand.do("undo")
    hand.into(hand.page.forms["undo"]["reason"], "wrong room")
    hand.primary()
    hand.until(lambda: stay not in {s.stay_id for s in in_house(office)})


def check_out_by_mistake(hand: Hand, office) -> None:
    stay = walk_in(hand, office, "303", "Sun Li")
    hand.go("room_board")
    hand.room("303")
    leave(hand, office, stay)
    hand.do("undo")
    hand.into(hand.page.undoing["reason"], "wrong guest")
    hand.primary()
    hand.until(lambda: stay in {s.stay_id for s in in_house(office)})


def leave(hand: Hand, office, stay: int) -> None:
    """Check the guest of the room in hand out, paying what is to be paid."""
    hand.do("check_out")
    hand.reach("check_out")
    if hand.page.slip.isVisible():
        hand.into(hand.page.slip, f"D-{the_stay(office, stay).number}")
    if hand.page.received.isVisible():
        hand.into(hand.page.received, f"{hand.page.plan.to_pay / 100:.2f}")
    hand.do("check_out")
    hand.until(lambda: the_stay(office, stay).state == "departed")


def the_stay(office, stay: int):
    return office.look(stay_queries.stay, stay_id=stay, business_date=office.house().business_date)


def store_bags(hand: Hand, office) -> None:
    hand.go("luggage")
    form = hand.page.store_form
    if not form["who"].isVisible():
        hand.do("store")
    hand.into(form["who"], "303")
    hand.into(form["pieces"], "2")
    hand.primary()
    hand.until(lambda: office.look(luggage_queries.stored))
    [bag] = office.look(luggage_queries.stored)
    assert (bag.room, bag.pieces) == ("303", 2)


def sell_water(hand: Hand, office) -> None:
    hand.go("shop")
    hand.do("new_good")
    form = hand.page.good_form
    for name, text in (("name", "Water"), ("barcode", "6923450657713"), ("price", "5"), ("unit", "bottle")):
        hand.into(form[name], text)
    hand.primary()
    hand.until(lambda: office.look(shop_queries.goods))
    hand.go("shop")  # back to the till
    hand.into(hand.page.till.scan, "6923450657713")
    hand.press_enter()
    hand.primary()
    hand.until(lambda: office.look(shop_queries.sales, business_date=TODAY))
    [sale] = office.look(shop_queries.sales, business_date=TODAY)
    assert (sale.total, sale.method) == (500, "CASH")


def record_the_sheet(hand: Hand, office, part: str) -> None:
    """Record every room as the desk has it, sign and hand in."""
    hand.go("housekeeping")
    assert hand.page.part == part
    view = hand.page.view
    assert [line.number for line in view.model_.lines] == ROOMS
    for at in range(len(ROOMS)):
        hand.mark(view, at, MARK)
    hand.until(lambda: not hand.page.saver.busy() and view.next_missing() is None)
    sign(hand, hand.primary)
    hand.until(lambda: hand.page.sheet is not None and hand.page.sheet.signed_at is not None)
    assert office.look(sheet_queries.differences) == []


def sign(hand: Hand, how) -> None:
    """Do what asks for a signature, and type the password into the dialog that comes up."""
    typed = []

    def type_password() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, SignatureDialog) and not typed:
            typed.append(True)
            QTest.keyClicks(dialog.password.line, PASSWORD)
            QTest.keyClick(dialog.password.line, Key.Key_Return)

    look = QTimer()
    look.timeout.connect(type_password)
    look.start(20)
    how()
    look.stop()
    assert typed, "no signature was asked for"
    active(hand)  # the offscreen platform does not give it back when a dialog closes


# ------------------------------------------------------------------ the night and the morning
def close_over_midnight(hand: Hand, clock: Clock) -> None:
    office = hand.window.office
    clock.set(TODAY, 23.9)
    hand.go("night_audit")
    assert hand.page.night.stage == "early"
    clock.set(TODAY + DAY, 2)
    for _step in range(40):
        if office.house().business_date > TODAY:
            break
        hand.primary()
        hand.qtbot.wait(250)
    assert office.house().business_date == TODAY + DAY
    page = hand.page
    hand.until(lambda: page.night.stage == "early" and not (page.running or page.looking))
    nights = {s.room: s.balance for s in in_house(office)}
    assert nights.keys() == {"201", "303"}
    clock.set(TODAY + DAY, 10)


def read_the_reports(hand: Hand, place: Home) -> None:
    office = hand.window.office
    hand.go("reports")

    def printed():
        return [j for j in office.look(print_queries.jobs, limit=500) if j.kind.startswith("report_")]

    for _try in range(5):  # the night's last news may draw the report anew just when the button is pressed
        hand.until(lambda: hand.page.slip is not None)
        hand.primary()
        hand.qtbot.wait(500)
        if printed():
            break
    assert printed()
    assert office.look(report_queries.closed_days) == [TODAY]
    hand.until(lambda: list((place.data / "paper").rglob("*.pdf")))


def leave_in_the_morning(hand: Hand) -> None:
    office = hand.window.office
    [stay] = [s.stay_id for s in in_house(office) if s.room == "303"]
    hand.go("room_board")
    hand.room("303")
    leave(hand, office, stay)
    assert {a.balance for a in office.look(folio_queries.folios, stay_id=stay)} == {0}
