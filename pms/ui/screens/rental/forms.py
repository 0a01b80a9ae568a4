"""The forms of item rental: lend, take back, due time, and the items themselves."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from pms.core import clock
from pms.core.i18n import _
from pms.core.money import Money
from pms.core.office import Office
from pms.services.rental import queries
from pms.services.rental.queries import DAMAGED, GOOD, HOW, LOST, ItemRow, Lodger, RentalRow
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.flow import FormPage, Pick
from pms.ui.kit.forms import Choice, Code, Flag, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import col, label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.times import Time
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]


class LendForm(FormPage):
    """To which room, what, until when, and how the deposit comes."""

    def __init__(self, office: Office, today: date, zone: str, digits: int, do: Do, back: Do) -> None:
        self.office, self.zone, self.digits = office, zone, digits
        self.guest: Lodger | None = None
        self.items: dict[int, ItemRow] = {}
        room, item = Code(_("Room"), width=80, required=True, longest=8), Choice(_("Item on loan"))
        pieces, method = (
            Number(_("Pieces"), value=1, least=1, most=99, required=True),
            Method(office, _("Deposit by")),
        )
        day, time = Day(_("Due back on"), today=today), Time(_("Time"), required=False)
        self.who, self.sum = label("", "muted", wrap=True), label("", "strong", wrap=True)
        super().__init__(
            _("Lend an item"),
            _("Lend, print slip"),
            do,
            back,
            col(room, self.who, gap=4),
            item,
            row(pieces, None),
            row(day, time, None),
            label(_("Empty: by the rule of the house, at check-out at the latest."), "muted", wrap=True),
            self.sum,
            method,
            icon="umbrella",
            room=room,
            item=item,
            pieces=pieces,
            day=day,
            time=time,
            method=method,
        )
        room.changed.connect(self._look)
        for field in (item, pieces):
            field.changed.connect(self._reckon)

    def open(self, rows: Sequence[ItemRow], room: str = "") -> None:
        """Begin afresh: a new intent, one piece of the first item that is here."""
        self.intent = self.office.new_intent()
        self.items = {i.id: i for i in rows if i.active}
        words = _("%(item)s, %(n)s here")
        self["item"].set_options([(i.id, words % {"item": i.name, "n": i.free}) for i in self.items.values()])
        first = next((i.id for i in self.items.values() if i.free), next(iter(self.items), None))
        self.fill(room=room, item=first, pieces=1, day=None, time="", method="CASH")
        self["method"].look()
        self._look()
        self._reckon()

    def _look(self) -> None:
        typed = self["room"].value()
        self.guest = self.office.ask(queries.lodger, room=typed) if typed else None
        if self.guest:
            until = _("%(guest)s, until %(day)s")
            told = until % {"guest": self.guest.guest, "day": formats.day(self.guest.departure)}
        else:
            told = _("Nobody is in %(room)s.") % {"room": typed} if typed else ""
        self.who.setText(told)
        set_tone(self.who, "good" if self.guest else "warn")

    def _reckon(self) -> None:
        item = self.items.get(self["item"].value())
        count = self["pieces"].line.text()
        deposit = item.deposit * int(count) if item and count.isdecimal() else 0
        words = _("Deposit: %(sum)s") % {"sum": formats.amount(Money(deposit), self.digits)}
        self.sum.setText(words if deposit else _("No deposit."))
        self["method"].setVisible(bool(deposit))

    def fields(self) -> dict[str, Any]:
        """Return what is to be lent."""
        given = self.form.values()
        return {
            "item_id": given["item"],
            "pieces": given["pieces"],
            "method": given["method"],
            "reference": self["method"].reference(),
            "due_at": due(given["day"], given["time"], self.office, self.zone),
        }


def due(day: date | None, time: str, office: Office, zone: str) -> datetime | None:
    """Return the moment that was typed: a time alone is today's, a day alone lasts until its evening."""
    if day is None and not time:
        return None
    return clock.at(day or clock.local(office.now(), zone).date(), time or "22:00", zone)


class BackForm(FormPage):
    """How many pieces came back, and how."""

    def __init__(self, digits: int, do: Do, back: Do) -> None:
        self.row: RentalRow | None = None
        how = Pick(_("The item is"), [(word, _(HOW[word])) for word in (GOOD, DAMAGED, LOST)])
        pieces = Number(_("Pieces"), least=1, required=True)
        charge = Amount(_("Charged to the room"), digits=digits)
        remark = Text(_("Reason"), longest=120)
        lost = Flag(_("The deposit slip is lost: print a declaration to be signed"))
        self.number = label("", "figure")
        super().__init__(
            _("Return it"),
            _("Return it"),
            do,
            back,
            self.number,
            how,
            row(pieces, charge, None),
            remark,
            lost,
            icon="check",
            how=how,
            pieces=pieces,
            charge=charge,
            remark=remark,
            lost=lost,
        )
        how.changed.connect(self._turn)
        pieces.changed.connect(self._turn)

    def open(self, rental: RentalRow, intent: str) -> None:
        """Begin with all that is out, in good order."""
        self.row, self.intent = rental, intent
        self.number.setText(rental.shown)
        self.say(formats.commas((f"{rental.room} {rental.guest}", queries.still(rental))))
        self.fill(how=GOOD, pieces=rental.out, charge=None, remark="", lost=False)
        self["pieces"].most = rental.out
        self._turn()

    def _turn(self) -> None:
        rental = self.row
        if rental is None:
            return
        how = self["how"].value()
        count = self["pieces"].line.text()
        self.button.say(_("Charge as lost") if how == LOST else _("Return it"))
        for name in ("charge", "remark"):
            self[name].setVisible(how != GOOD)
        self["charge"].required = how == DAMAGED
        if how == LOST and count.isdecimal():
            self["charge"].set_value(Money(rental.price * int(count)))
        last = count == str(rental.out)
        self["lost"].setVisible(how == GOOD and last and bool(rental.deposit) and rental.in_house)


class DueForm(FormPage):
    """Until when the guest keeps the item."""

    def __init__(self, today: date, do: Do, back: Do) -> None:
        day = Day(_("Due back on"), today=today, required=True)
        time = Time(_("Time"))
        super().__init__(
            _("Due time"), _("Save"), do, back, row(day, time, None), icon="clock", day=day, time=time
        )

    def open(self, rental: RentalRow, zone: str) -> None:
        """Show what was agreed."""
        when = clock.local(rental.due_at, zone)
        self.say(formats.commas((f"{rental.shown} {rental.room} {rental.guest}", rental.item)))
        self.fill(day=when.date(), time=f"{when:%H:%M}")


class ItemForm(RowForm):
    """An item: how many there are, what is asked as deposit, what one costs."""

    def begin(self, row: ItemRow | None) -> None:
        """Show an item, or empty fields for a new one."""
        if row is None:
            self.fill(name="", pieces=1, deposit=Money(0), price=Money(0), active=True)
        else:
            self.fill(
                name=row.name, pieces=row.pieces, deposit=row.deposit, price=row.price, active=row.active
            )
        self["active"].setVisible(row is not None)


def item_form(page: Register, do: Do, back: Do) -> ItemForm:
    """Make the form of an item."""
    name = Text(_("Item on loan"), required=True, longest=40)
    pieces = Number(_("Pieces"), most=99, required=True)
    deposit = Amount(_("Deposit a piece"), digits=page.digits, required=True)
    price = Amount(_("Price if lost"), digits=page.digits, required=True)
    active = Flag(_("For loan"), value=True)
    return ItemForm(
        _("Item on loan"),
        _("Save"),
        do,
        back,
        name,
        row(pieces, None),
        row(deposit, price, None),
        active,
        name=name,
        pieces=pieces,
        deposit=deposit,
        price=price,
        active=active,
    )
