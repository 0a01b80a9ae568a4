"""A morning and an evening of a hundred-room house, worked in the real window by keys, and the same registers
by mouse; then handed over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from pms import duties
from pms.core import places
from pms.core.money import Money
from pms.core.options import Options
from pms.db import schema
from pms.db.engine import open_engine, sqlite_url
from pms.services.guests.person import Person
from pms.services.housekeeping import queries as sheets
from pms.services.lost_found import queries as lost_found
from pms.services.luggage import queries as luggage
from pms.services.opening.service import FloorPlan, Hotel, TypePlan
from pms.services.print_jobs import queries as print_queries
from pms.services.shifts import queries as shifts
from pms.services.shop import queries as shop_queries
from pms.services.shop import service as shop
from pms.services.shop.service import Delivered
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.ui.kit.dialogs import SignatureDialog
from pms.ui.kit.palette import Palette
from pms.ui.kit.parts import Button
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.housekeeping.grid import MARK
from tests import builders
from tests.builders import TODAY
from tests.ui.checks import dress, look_around, takes_keys

Key, Mod, LEFT = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton.LeftButton
HUNDRED = Hotel(
    "Yunqi",
    "Asia/Shanghai",
    TODAY,
    (TypePlan("TWN", "Twin", 25800, 29800), TypePlan("BIG", "Queen", 26800, 29800)),
    tuple(FloorPlan(n, "BIG" if n % 2 else "TWN", 1, 20) for n in range(2, 7)),
    "boss",
    "Zhang Li",
    builders.PASSWORD,
    options=Options(inventory_days=60, float_amount=50000),
    years=1,
)
COLA, WATER = "6901234567892", "6923450657713"
INSIDE = tuple(f"{floor}{n:02d}" for floor in (2, 3) for n in range(1, 21))
SKIPS, SLEEPS, HEADS = ("201", "202", "203"), ("401", "402", "403"), ("301", "302", "303", "304")
"""The ten that are planted: rooms the desk has but nobody is in, rooms where somebody is, and rooms with one
head more."""


class Day:
    """The house, its window, and hands."""

    def __init__(self, qtbot, house, window) -> None:
        self.qtbot, self.house, self.window = qtbot, house, window

    @property
    def page(self):
        return self.window.workplace.current()

    def focus(self):
        return takes_keys(self.window)

    def press(self, *keys, modifier=Mod.NoModifier):
        for key in keys:
            look_around()
            QTest.keyClick(self.focus(), key, modifier)

    def type(self, text):
        QTest.keyClicks(self.focus(), text)

    def tab_to(self, field):
        """Walk with Tab until the field, or something within it, has the keys."""
        for _key in range(40):
            at = self.focus()
            if at is field or field.isAncestorOf(at):
                return
            self.press(Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {field.objectName() or type(field).__name__}")

    def walk_to(self, pick, wanted):
        """Walk over the chips with the arrow keys, at the end of a line to the next one, and choose with
        Space."""
        chip = pick.chips.chips[wanted]
        for _key in range(8):
            if (at := self.focus()) is chip:
                break
            self.press(Key.Key_Right)
            if self.focus() is at:
                self.press(Key.Key_Down)
        self.press(Key.Key_Space)
        assert pick.value() == wanted

    def go_to(self, words, word):
        """Open a page by the command palette."""
        self.press(Key.Key_K, modifier=Mod.ControlModifier)
        self.until(
            lambda: isinstance(QApplication.activeModalWidget() or QApplication.activePopupWidget(), Palette)
        )
        self.type(words)
        self.press(Key.Key_Return)
        self.until(lambda: self.window.workplace.here[0] == word)
        self.window.activateWindow()  # the offscreen platform does not give it back when a dialog closes
        self.until(self.window.isActiveWindow)

    def sign(self, how, *, as_other=""):
        """Do what asks for a signature, and type name and password into the dialog that comes up."""
        said = []

        def type_password():
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, SignatureDialog):
                return
            if said:  # a refusal would keep the dialog open for ever
                if dialog.notes.text:
                    said.append(dialog.notes.text)
                    dialog.reject()
                return
            said.append(str(dialog.person.value()))
            if as_other:
                QTest.keyClicks(dialog.person.combo, as_other)
                said[0] = str(dialog.person.value())
            QTest.keyClicks(dialog.password.line, builders.PASSWORD)
            QTest.keyClick(dialog.password.line, Key.Key_Return)

        look_around()
        look = QTimer()
        look.timeout.connect(type_password)
        look.start(20)
        how()
        look.stop()
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        return said

    def menu(self, view, where, words):
        """Press the right button there and choose from the menu that opens."""
        window = view.window().windowHandle()
        QTest.mouseClick(window, Qt.MouseButton.RightButton, pos=view.viewport().mapTo(view.window(), where))
        self.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        QTest.mouseClick(
            menu, LEFT, pos=menu.actionGeometry(next(a for a in menu.actions() if a.text() == words)).center()
        )
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)

    def until(self, holds):
        self.qtbot.waitUntil(holds, timeout=15000)

    def click(self, said, within=None):
        """Click the button that says this."""

        def seen():
            return [
                b for b in (within or self.window).findChildren(Button) if b.isVisible() and b.words == said
            ]

        self.until(lambda: bool(seen()))
        [button] = seen()
        QTest.mouseClick(button, LEFT)

    def click_on(self, widget):
        QTest.mouseClick(widget, LEFT)

    def open_by_mouse(self, word):
        """Click the place of a page, then its tab."""
        work = self.window.workplace
        self.click_on(work.nav.items[places.place_of(work.index, word).word])
        if work.here[0] != word:
            self.click_on(work.tabs.tabs.chips[word])


@pytest.fixture
def day(qtbot, tmp_path):
    """Nine in the morning: forty guests in house, two goods on the shelf, a colleague for the evening."""
    dress(Look("en", "light", 100))
    engine = open_engine(sqlite_url(tmp_path / "hotel.db"), builders.SECRET)
    schema.upgrade(engine)
    house = builders.office(engine, HUNDRED)
    house.station = "FD-1"
    house.do(shop_rules, shifts=False)
    for number in INSIDE:
        house.do(
            stays.walk_in.of(
                room_id=house.room_id(number),
                departure=TODAY + timedelta(days=2),
                guests=[Person("Chen Zhiyuan")],
                plan_id=1,
            ),
            intent=house.new_intent(),
        )
    house.do(shop_rules, shifts=True)
    for name, code, price in (("Cola", COLA, 600), ("Water", WATER, 500)):
        good = house.do(shop.set_good.of(name=name, price=Money(price), unit="can", barcode=code, par=5))
        house.do(shop.receive.of(lines=[Delivered(good, 20)], reference="DN-1"))
    house.do(staff.take_on.of(login="li", name="Li Na", password=builders.PASSWORD, role="clerk"))
    builders.settle(house)
    house.clock.set(TODAY, 9)
    window = MainWindow(Look("en", "light", 100), lambda _look: None, "FD-1")
    qtbot.addWidget(window)
    window.attach(house, house.changes, duties.DUTIES)
    window.show()
    assert QTest.qWaitForWindowExposed(window)
    window.activateWindow()
    window._came_in(house.clerk)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=5000)
    made = Day(qtbot, house, window)
    yield made
    window.close()
    engine.dispose()


def shop_rules(work, *, shifts):
    """Switch shifts on or off, so that forty walk-ins need no drawer."""
    from pms.services.property import service as property_

    return property_.edit(work, name="Yunqi", options=replace(work.setting.options, shifts=shifts))


shop_rules.permission, shop_rules.money, shop_rules.action = None, False, "property:edit"


def fill_sheet(day, planted):
    """Record every room by keys: Enter where it is as the desk has it."""
    lines = day.page.view.model_.lines
    for number in [x.number for x in lines]:
        if planted and number in SKIPS:
            QTest.keyClick(day.page.view, Key.Key_V)
        elif planted and number in SLEEPS:
            QTest.keyClick(day.page.view, Key.Key_1)
        elif planted and number in HEADS:
            QTest.keyClick(day.page.view, Key.Key_2)
        QTest.keyClick(day.page.view, Key.Key_Return)
    day.until(lambda: not day.page.saver.busy())
    day.until(lambda: len(day.page.found) == (10 if planted else 0))
    assert day.sign(lambda: QTest.keyClick(day.page.view, Key.Key_F12)) == ["boss"]
    day.until(lambda: day.page.sheet.signed_at is not None)


def test_a_morning_and_an_evening_are_worked_by_keys_and_handed_over(day):
    house = day.house
    day.go_to("Shift", "shifts")
    day.press(Key.Key_F12)  # the float, as the house's rules have it
    assert house.look(shifts.current, station="FD-1").float_amount == 50000

    day.go_to("Status sheet", "housekeeping")
    assert day.page.part == "AM"
    fill_sheet(day, planted=True)
    found = house.look(sheets.differences)
    assert sorted((d.number, d.kind) for d in found) == sorted(
        [(n, "skip") for n in SKIPS] + [(n, "sleep") for n in SLEEPS] + [(n, "person") for n in HEADS]
    )
    assert (day.page.moves[0].out_of.number, day.page.moves[0].into.number) == ("201", "401")
    for _difference in range(9):  # one stays open for the next shift
        QTest.keyClick(day.page.view, Key.Key_X)
        day.tab_to(day.page.reason)
        day.type("looked into")
        day.press(Key.Key_Return)
    assert len(house.look(sheets.differences)) == 1
    assert len(house.look(sheets.cleared, business_date=TODAY)) == 9

    for number in ("305", "306", "307"):  # three bags
        day.press(Key.Key_L, modifier=Mod.AltModifier)
        day.type(number)
        day.press(Key.Key_Tab)
        day.type("2")
        day.press(Key.Key_F12)
    assert sorted((b.room, b.pieces) for b in house.look(luggage.stored)) == [
        ("305", 2),
        ("306", 2),
        ("307", 2),
    ]

    day.press(Key.Key_F, modifier=Mod.AltModifier)  # a lost ring
    day.press(Key.Key_Insert)
    for name, text in (("what", "gold ring"), ("room", "308"), ("finder", "Mei"), ("kept_in", "safe")):
        day.tab_to(day.page.found_form[name])
        day.type(text)
    day.press(Key.Key_F12)
    [ring] = house.look(lost_found.kept)
    assert (ring.what, ring.room, ring.guest) == ("gold ring", "308", "Chen Zhiyuan")

    day.press(Key.Key_S, modifier=Mod.AltModifier)  # fifteen sales, every third to a room
    for n in range(15):
        assert day.page.till.scan.isAncestorOf(day.focus())  # after each sale the scanner has the keys again
        day.type(COLA if n % 2 else WATER)
        day.press(Key.Key_Return)
        if n % 3 == 2:
            day.tab_to(day.page.payment.method)
            day.walk_to(day.page.payment.method, "ROOM")
            day.tab_to(day.page.payment.room)
            day.type("310")
        day.press(Key.Key_F12)
    sales = house.look(shop_queries.sales, business_date=TODAY)
    assert len(sales) == 15
    cash = sum(s.total for s in sales if s.method == "CASH")
    assert len([s for s in sales if s.method == "ROOM"]) == 5

    house.clock.set(TODAY, 19)
    day.go_to("Status sheet", "housekeeping")
    day.tab_to(day.page.head.parts)
    day.press(Key.Key_Right)
    assert day.page.part == "PM"
    for number in (*SKIPS, *SLEEPS, *HEADS):
        assert number in [x.number for x in day.page.view.model_.lines]
    fill_sheet(day, planted=False)

    day.go_to("Shift", "shifts")  # count the drawer and the shop, explain, close
    day.press(Key.Key_F12)
    left = 50000 + cash
    for kind, field in day.page.grid.fields.items():
        pieces, left = divmod(left, kind)
        assert field.isAncestorOf(day.focus())
        day.type(str(pieces))
        day.press(Key.Key_Return)
    counts = {"Cola": 20 - 7, "Water": 20 - 8 - 1}
    for good_id, field in day.page.shelf.fields.items():
        assert field.isAncestorOf(day.focus())
        day.type(str(counts[house.look(shop_queries.good, good_id=good_id).name]))
        day.press(Key.Key_Return)
    assert day.page.stage == "close"
    [reason] = day.page.closing.shop_reasons.values()
    assert reason.title == "Water \u22121"
    day.tab_to(reason)
    day.type("bottle broke")
    day.press(Key.Key_Return)
    assert day.page.stage == "take"
    most = len(day.page.open_items.items)
    for _group in range(most):  # each group is opened and accepted, with no more keys than there are items
        if day.page.open_items.left():
            QTest.keyClick(day.page.open_items.list, Key.Key_Space)
    signed = day.sign(lambda: QTest.keyClick(day.page.open_items.list, Key.Key_F12), as_other="Li")
    assert signed == ["li"]
    [handed] = house.look(shifts.handovers)
    sheet = house.look(shifts.handover, number=handed.number)
    assert (sheet.taken_by, sheet.figures.over_short, sheet.figures.counted) == ("Li Na", 0, 50000 + cash)
    assert [(x.name, x.gap, x.reason) for x in sheet.figures.shop if x.gap] == [("Water", -1, "bottle broke")]
    words = [i["word"] for i in sheet.items]
    assert (words.count("luggage"), words.count("lost_found"), words.count("housekeeping")) == (3, 1, 0)
    kinds = [j.kind for j in house.look(print_queries.jobs, limit=500)]
    assert (
        kinds.count("status_sheet"),
        kinds.count("luggage_tag"),
        kinds.count("shop_receipt"),
        kinds.count("handover_sheet"),
    ) == (2, 3, 15, 1)
    assert house.look(shop_queries.good, good_id=next(iter(day.page.shelf.fields))).stock in (13, 11)


def test_the_same_registers_are_worked_by_mouse(day):
    house = day.house
    day.open_by_mouse("shifts")
    day.click("Open shift")
    day.open_by_mouse("housekeeping")
    view = day.page.view
    for at in range(4):  # as the desk has it: the mark at the front of the row
        where = view.visualRect(view.model_.index(at, MARK)).center()
        QTest.mouseClick(view.viewport(), LEFT, pos=where)
    where = view.visualRect(view.model_.index(4, 4)).center()
    day.menu(view, where, "Vacant")
    day.until(lambda: len(day.page.found) == 1 and not day.page.saver.busy())
    [difference] = day.page.found
    assert (difference.number, difference.kind) == ("205", "skip")
    day.click("Clear", day.page.list.parentWidget())
    day.until(day.page.reason.isVisible)
    day.click_on(day.page.reason.line)
    day.type("slept out")
    day.click("Clear it")
    day.until(lambda: house.look(sheets.differences) == [])

    day.open_by_mouse("luggage")
    form = day.page.store_form
    if not form["who"].isVisible():
        day.click("Store bags")
    day.click_on(form["who"].line)
    day.type("305")
    day.click_on(form["pieces"].line)
    form["pieces"].line.selectAll()
    day.type("2")
    day.click(form.button.words)
    [bag] = house.look(luggage.stored)
    assert (bag.room, bag.pieces) == ("305", 2)

    day.open_by_mouse("lost_found")
    day.click("Register a find")
    for name, text in (("what", "gold ring"), ("room", "308"), ("finder", "Mei"), ("kept_in", "safe")):
        day.click_on(day.page.found_form[name].line)
        day.type(text)
    day.click(day.page.found_form.button.words)
    assert [e.what for e in house.look(lost_found.kept)] == ["gold ring"]

    day.open_by_mouse("shop")
    day.click_on(day.page.till.scan.line)
    day.type("Cola")
    day.until(day.page.till.scan.suggesting)
    listed = day.page.till.scan.suggestions().list
    QTest.mouseClick(listed.viewport(), LEFT, pos=listed.visualRect(listed.model().index(0, 0)).center())
    day.click("Sell")
    assert [s.total for s in house.look(shop_queries.sales, business_date=TODAY)] == [600]

    day.open_by_mouse("shifts")
    day.click("Count the drawer")
    day.click_on(day.page.grid.fields[100].line)
    day.type("506")
    day.click("Take count")
    for field, n in zip(day.page.shelf.fields.values(), ("19", "20"), strict=True):
        day.click_on(field.line)
        day.type(n)
    day.click("Take count")
    day.click("Close shift")
    assert day.page.stage == "take"
    table = day.page.open_items.list
    while day.page.open_items.left():  # the first click opens a group, the second accepts it
        rows = [table.rows.row(at) for at in range(table.rows.rowCount())]
        at = next(n for n, line in enumerate(rows) if line.item is None and not line.accepted)
        QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(at, 1)).center())
    assert day.sign(lambda: day.click("Take over", day.page.pages), as_other="Li") == ["li"]
    assert house.look(shifts.current, station="FD-1").clerk == "Li Na"
