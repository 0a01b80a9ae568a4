"""The till: what is scanned at the left, how it is paid at the right."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.core.office import Office
from pms.core.options import Options
from pms.services.folios import tax
from pms.services.shop import queries
from pms.services.shop.queries import GoodRow, Payer
from pms.ui.kit.amounts import Amount
from pms.ui.kit.empty import Empty
from pms.ui.kit.finder import Finder
from pms.ui.kit.forms import Code
from pms.ui.kit.messages import Notes
from pms.ui.kit.method import Method
from pms.ui.kit.parts import box, card, col, label, row, set_tone
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from . import forms
from .basket import Basket, Line

SUGGESTED = (
    Column("", lambda g: g.name, sub=lambda g: g.barcode),
    Column("", lambda g: g.price, "money", width=90),
)
STEPS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}


class Till(QWidget):
    """The scanner and the lines of the receipt; ``changed`` when a line has."""

    changed = Signal()

    def __init__(self, office: Office, notes: Notes, digits: int) -> None:
        super().__init__()
        self.office, self.notes, self.basket = office, notes, Basket()
        self.scan = Finder(
            _("Barcode or name"),
            self._suggest,
            SUGGESTED,
            hint=_("scan, pinyin of the name, or 3* before it"),
            plain=True,  # what is scanned comes as it is; a Chinese name is found by pinyin or initials
        )
        self.scan.found.connect(self._found)
        self.scan.line.returnPressed.connect(self._scanned)
        self.table = Table(
            (
                Column(N_("Article"), lambda x: x.good.name, bold=True, sub=lambda x: x.good.barcode),
                Column(N_("Unit price"), lambda x: x.good.price, "money", width=110),
                Column(N_("Quantity"), lambda x: x.quantity, "number", width=88),
                Column(N_("Unit"), lambda x: x.good.unit, width=72),
                Column(N_("Amount"), lambda x: x.amount, "money", width=120),
            ),
            key=lambda x: x.good.id,
            digits=digits,
        )
        self.table.setAccessibleName(_("Till"))
        self.table.set_empty(Empty("shop-bag", _("Scan an article, or type its name.")))
        self.table.installEventFilter(self)
        self.scan.line.installEventFilter(self)
        self.setLayout(col(self.scan, (card((self.table, 1), pad=(0, 0, 0, 0)), 1), gap=12))

    def clear(self) -> None:
        """Begin a new receipt."""
        self.basket.clear()
        self._show()

    def _suggest(self, text: str) -> list[GoodRow]:
        found: list[GoodRow] = self.office.ask(queries.find, text=text.rpartition("*")[2])
        return found

    def _scanned(self) -> None:
        """Add what was scanned: a barcode, else the one good of that name."""
        many, _star, code = self.scan.value().rpartition("*")
        if not code:
            return
        self.scan.close_list()
        if many and not many.strip().isdecimal():
            self.notes.refuse(
                _("“%(text)s” is no quantity. Type figures before the star, for example 3*.") % {"text": many}
            )
            return
        good = self.office.ask(queries.by_code_or_name, text=code)
        if good is None:
            self.notes.refuse(
                _("No article has the barcode %(code)s. Type its name, or add it to the goods.")
                % {"code": code}
            )
            self.scan.line.selectAll()
            return
        self._add(good, int(many or 1))

    def _found(self, good: GoodRow) -> None:
        many = self.scan.value().rpartition("*")[0]
        self._add(good, int(many) if many.strip().isdecimal() else 1)

    def _add(self, good: GoodRow, quantity: int) -> None:
        self.notes.clear()
        self.basket.add(good, quantity)
        self.scan.set_value("")
        self._show()
        self.table.pick(good.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Change the quantity with plus and minus, take a line away with Del, walk into the lines with the
        arrows."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        typing = watched is self.scan.line and bool(self.scan.value())
        return not typing and self._line_key(Qt.Key(event.key()))

    def _line_key(self, key: Qt.Key) -> bool:
        line: Line | None = self.table.row()
        if line is None or (key not in STEPS and key != Qt.Key.Key_Delete):
            return False
        if key in STEPS:
            self.basket.add(line.good, STEPS[key])
        else:
            self.basket.drop(line.good.id)
        self._show()
        return True

    def _show(self) -> None:
        self.table.show_rows(self.basket.lines)
        if self.table.row() is None and self.basket.lines:
            self.table.selectRow(len(self.basket.lines) - 1)
        self.changed.emit()


class Payment(QWidget):
    """What is to pay for the receipt, and how: cash with its change, a card, or the room of a guest in
    house."""

    def __init__(self, office: Office, basket: Basket, digits: int, pay: Callable[[], None]) -> None:
        super().__init__()
        self.office, self.basket, self.digits, self.options = office, basket, digits, Options()
        self.payer: Payer | None = None
        self.total, self.count = label("", "figure"), label("", "muted")
        room = (forms.TO_ROOM[0], _(forms.TO_ROOM[1]))
        self.method = Method(office, _("Paid by"), but=forms.NOT_HERE, more=[room])
        self.room, self.told = Code(_("Room"), width=72, longest=10), label("", "muted", wrap=True)
        self.tendered, self.change = Amount(_("Cash received"), digits=digits), label("", "strong")
        self.room_box = box(col(self.room, self.told, gap=4))
        self.cash_box = box(row(self.tendered, col(None, self.change, 6), None, gap=12))
        self.method.changed.connect(self.show_method)
        self.room.left.connect(self._ask_room)
        self.room.changed.connect(self._forget_room)
        self.tendered.changed.connect(self.show_sum)
        for line in (self.room.line, self.tendered.line, self.method.typed.line):
            line.returnPressed.connect(pay)
        self.setLayout(
            col(
                label(_("To pay"), "title"),
                row(self.total, None, self.count),
                self.method,
                self.cash_box,
                self.room_box,
                None,
                gap=12,
            )
        )

    @property
    def to_room(self) -> bool:
        """Say whether a room is charged."""
        return bool(self.method.value() == queries.ROOM)

    def to_pay(self) -> Money:
        """Return the sum with the tax that the house adds, line by line as it is posted."""
        more = sum(tax.on_top(self.options, queries.CODE, line.amount) for line in self.basket.lines)
        return Money(self.basket.total + more)

    def change_of(self, given: Money | None) -> str:
        """Return what goes back of the cash received, in words; nothing where none was typed."""
        return (
            _("Change %(sum)s") % {"sum": show(given - self.to_pay(), self.digits)}
            if given is not None
            else ""
        )

    def show_sum(self) -> None:
        """Show the sum, and the change as soon as cash is typed."""
        total, given = self.to_pay(), forms.amount_or_none(self.tendered)
        self.total.setText(show(total, self.digits))
        pieces = sum(line.quantity for line in self.basket.lines)
        self.count.setText(ngettext("%(n)s piece", "%(n)s pieces", pieces) % {"n": pieces} if pieces else "")
        self.change.setText(
            ""
            if given is None
            else (_("Change %(sum)s") if given >= total else _("%(sum)s is missing."))
            % {"sum": show(abs(given - total), self.digits)}
        )
        set_tone(self.change, "" if given is None or given >= total else "bad")

    def show_method(self) -> None:
        """Show the fields of the way to pay; a room that was just chosen gets the keys."""
        self.cash_box.setVisible(self.method.value() == "CASH")
        self.room_box.setVisible(self.to_room)
        self.show_sum()
        if self.to_room and self.method.isVisible() and self.method.chips.hasFocus():
            self.room.setFocus()

    def clear(self) -> None:
        """Begin a new receipt: cash, nothing received."""
        self.method.set_value("CASH")
        for field in (self.tendered, self.room):
            field.set_value(None)
        self._forget_room()
        self.show_method()

    def _forget_room(self) -> None:
        self.payer = None
        self.told.setText("")

    def _ask_room(self) -> None:
        self.payer = self.office.ask(queries.payer, room=self.room.value()) if self.room.value() else None
        if self.room.value():
            self.told.setText(
                f"{self.payer.room} {self.payer.guest}"
                if self.payer
                else _("Nobody is in %(room)s. Choose an occupied room.") % {"room": self.room.value()}
            )
            set_tone(self.told, "good" if self.payer else "warn")

    def wrong(self) -> str:
        """Return why it cannot be paid like this, and go to the field; empty when it can."""
        if self.to_room:
            self._ask_room()
            if self.payer is None:
                self.room.setFocus()
                return self.told.text() or _("Type the number of the guest's room.")
        if not self.method.validate():
            self.method.setFocus()
            return self.method.shown_error()
        return self.tendered.error() if self.method.value() == "CASH" else ""

    def given(self) -> Money | None:
        """Return the cash received, where it was typed."""
        return self.tendered.value() if self.method.value() == "CASH" else None
