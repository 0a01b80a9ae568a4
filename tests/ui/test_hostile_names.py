"""Whatever a guest, a clerk or the hotel is called: no page reads it as markup, and no sign of it is
swallowed."""

import re
from inspect import signature

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction, QGuiApplication, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QMessageBox,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from pms import duties
from pms.core.errors import NeedsApproval, Reason, Refused
from pms.core.money import Money
from pms.core.options import Options
from pms.printing.printers import Printer
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.lost_found import service as lost_found
from pms.services.luggage import service as luggage
from pms.services.messages import service as messages
from pms.services.print_jobs import service as print_jobs
from pms.services.property import service as property_
from pms.services.rates import service as rates
from pms.services.rooms import service as rooms
from pms.services.shop import service as shop
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from pms.services.wake_ups import service as wake_ups
from pms.ui.kit.dialogs import ApprovalDialog, ConfirmDialog
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import plain
from pms.ui.kit.refresh import ChangeSignal
from pms.ui.kit.table import Table
from tests.builders import DAY, PASSWORD, TODAY
from tests.ui.test_main_window import at_work, window  # noqa: F401

MARKUP = "<b>x</b><img src=file:///x>&n &lt;i> z"
LONG = "<i>" + "W" * 33
_ROOT = QModelIndex()
NAMES = pytest.mark.parametrize("name", [MARKUP, LONG], ids=["markup", "long"])


def furnished(desk, name):
    """Call everything so that may have a name, and return what pages are opened for."""
    desk.do(
        property_.edit, name=name, options=Options(shifts=False, wifi=name, address=name, house_rules=name)
    )
    desk.do(staff.take_on, login="second", name=name, password=PASSWORD + "2", role="manager")
    desk.do(rooms.add_type, code="HOS", name=name, beds=2)
    desk.do(rates.add_plan, code="HOS", name=name, kind="agreement", conditions=name)
    line = desk.book(name, company=name, remarks=name, reference=name)
    desk.book(name, remarks=name)
    stay = desk.do(
        stays.check_in,
        line_id=line,
        room_id=desk.room_id("301"),
        guests=[Person(name, phone="138")],
        intent="in",
        confirmed=frozenset({"identity"}),
    )
    desk.do(
        rooms.edit_room,
        room_id=desk.room_id("302"),
        floor=3,
        features=name,
        lock_id="",
        joined=name,
        house_use=False,
    )
    desk.do(rooms.block, room_id=desk.room_id("303"), kind="OOO", reason=name, start=TODAY, end=TODAY + DAY)
    desk.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(100), text=name, intent="c")
    desk.do(messages.write, text=name, stay_id=stay)
    desk.do(
        luggage.store,
        guest_name=name,
        pieces=1,
        marks=name,
        place=name[:20],
        word="",
        contents="",
        phone="",
        stay_id=stay,
        until=None,
    )
    desk.do(lost_found.register, what=name, finder=name, kept_in=name, marks=name, place=name)
    desk.do(shop.set_good, name=name, price=Money(100), unit=name[:12], barcode="1")
    desk.do(print_jobs.set_printer, printer=Printer(0, name, "folder", "in", ""))
    desk.do(wake_ups.take, stay_id=stay, time="06:30", day=TODAY + DAY, remark=name)
    return {"stay_id": stay, "line_id": line, "room_id": desk.room_id("301"), "text": name}


def faults(root, name):
    """Return every widget, action and cell that reads the name as markup or swallows a sign of it."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        where = f"{type(widget).__name__} {widget.objectName()}"
        found += _tips(where, widget.toolTip())
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            found += [f"{where}: {widget.text()!r} is no plain text"] * bool(widget.text())
        if isinstance(widget, QMessageBox | QTextBrowser | QTextEdit):
            found.append(f"{where}: shows markup")
        if isinstance(widget, QAbstractButton) and "&" in name:
            found += [f"{where}: {widget.text()!r}"] * (name in widget.text())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += _cells(where, widget.model())
        if isinstance(widget, QComboBox):
            found += _cells(where, widget.model())
    for action in root.findChildren(QAction):
        found += [f"action {action.text()!r}"] * ("&" in name and name in action.text())
        found += _tips(
            f"action {action.text()!r}", action.toolTip() if action.toolTip() != action.text() else ""
        )
    return found


def _tips(where, tip):
    """What Qt reads as markup must have passed ``plain``: no sign of it is markup but the frame around it."""
    if not tip or not QtGui.Qt.mightBeRichText(tip) or re.fullmatch(r"<span>[^<]*(<br>[^<]*)*</span>", tip):
        return []
    return [f"{where}: tip {tip!r}"]


def _columns(model):
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(_ROOT)


def _cells(where, model: QAbstractItemModel):
    found = []
    for row in range(min(model.rowCount(_ROOT), 60)):
        for column in range(_columns(model)):
            at = model.index(row, column)
            found += _tips(f"{where} {row},{column}", str(at.data(Qt.ItemDataRole.ToolTipRole) or ""))
    return found


def told_on(page, name):
    """Say whether a page shows the name anywhere."""
    labels = any(name[:12] in w.text() for w in page.findChildren(QLabel))
    cells = (
        str(t.model().index(r, c).data() or "")
        for t in page.findChildren(QAbstractItemView)
        if t.model() is not None
        for r in range(min(t.model().rowCount(_ROOT), 60))
        for c in range(_columns(t.model()))
    )
    return labels or any(name[:12] in cell for cell in cells)


@NAMES
def test_no_page_reads_a_name_as_markup(qtbot, desk, name):
    about = furnished(desk, name)
    found, shown = {}, set()
    for word, dotted in [
        (d.word, s) for d in duties.DUTIES for s in ([d.screen] * bool(d.screen) + [p for _w, p in d.pages])
    ]:
        page = duties.resolve(dotted)(desk, ChangeSignal(desk.changes))
        qtbot.addWidget(page)
        page.resize(1206, 716)
        page.show()
        wanted = {key for key in signature(page.open).parameters if key in about}
        page.open(**{key: about[key] for key in sorted(wanted)[-1:]})
        qtbot.wait(30)
        for table in page.findChildren(Table):
            if table.model().rowCount(_ROOT):
                table.selectRow(0)
        page.refuse(name)
        qtbot.wait(20)
        page.grab()
        if new := faults(page, name):
            found[dotted] = new[:5]
        if told_on(page, name):
            shown.add(word)
        page.hide()
    assert found == {}
    assert len(shown) > 10, shown


@NAMES
def test_no_dialog_reads_a_name_as_markup(qtbot, desk, name):
    desk.do(staff.take_on, login="second", name=name, password=PASSWORD + "2", role="manager")
    many = Reason("rates:manual", f"{name[:12]} of many words, " * 9, None, "and the reason for it " * 9)
    wish = NeedsApproval(Reason("folios:adjust", name, 100), many)
    for dialog in (
        ApprovalDialog(desk, wish),
        ConfirmDialog(f"{name}. {name}"),
        ConfirmDialog(name, verb="Go"),
    ):
        qtbot.addWidget(dialog)
        dialog.show()
        assert faults(dialog, name) == []
        told = [label for label in dialog.findChildren(QLabel) if label.isVisible() and label.wordWrap()]
        assert any(name in label.text() for label in told)
        assert [label.text() for label in told if label.height() < label.heightForWidth(label.width())] == []
        dialog.hide()


@NAMES
def test_the_window_itself_reads_no_name_as_markup(qtbot, window, desk, name):  # noqa: F811
    at_work(qtbot, window)
    desk.do(property_.edit, name=name, options=Options(shifts=False))
    desk.do(messages.write, text=name)
    window._at_work().go("room_board", {})
    qtbot.wait(50)
    assert faults(window, name) == []


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "&lt;b&gt;", "a\n<i>", "x < y\n& z", "&amp;", "<img src='file:///x'>"]
)
def test_a_tip_reads_as_it_was_written(text):
    tip = plain(text)
    read = QTextDocument()
    if QtGui.Qt.mightBeRichText(tip):
        read.setHtml(tip)
    else:
        read.setPlainText(tip)
    assert read.toPlainText() == text


TURNED = "Wang 00.941\u202e\u2066x\u200b"


def test_a_name_that_turns_what_stands_beside_it_is_refused_wherever_it_is_given(desk):
    """On a screen and on paper the signs of an order of direction would turn the amount beside the name."""
    with pytest.raises(Refused, match="invisible"):
        furnished(desk, TURNED)
    with pytest.raises(Refused, match="invisible"):
        desk.book(TURNED)
    with pytest.raises(Refused, match="invisible"):
        desk.do(messages.write, text=f"call {TURNED}")


def test_a_field_leaves_out_what_nobody_sees_and_says_so(qtbot):
    """A phone number that comes from a messenger is wrapped in such signs: pasting it is no fault."""
    field = Text("Phone")
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText("\u2066+86 138\u2069\u202c")
    field.line.paste()
    assert field.value() == "+86 138"
    assert "left out" in field.shown_error()
    field.set_value("")
    QGuiApplication.clipboard().setText("محمد\u200f 12")
    field.line.paste()
    assert field.value() == "محمد\u200f 12"
    assert field.shown_error() == ""
