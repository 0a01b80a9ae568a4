"""The forms of damages: what is charged, what a leader says to it, and the price list."""

from collections.abc import Callable, Sequence
from typing import Any

from pms.core.i18n import _
from pms.core.money import Money
from pms.core.office import Office
from pms.services.damages.queries import DamageRow, ItemRow
from pms.services.damages.service import MOST
from pms.services.stays import found
from pms.services.stays.found import Lodged
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Code, Flag, Text
from pms.ui.kit.parts import col, label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]
UNLISTED = 0


class ChargeForm(FormPage):
    """In which room, what was damaged, how many, what is charged of the price and why less."""

    def __init__(self, office: Office, digits: int, do: Do, back: Do) -> None:
        self.office, self.digits = office, digits
        self.guest: Lodged | None = None
        self.items: dict[int, ItemRow] = {}
        room, item = Code(_("Room"), width=80, required=True, longest=8), Choice(_("Damaged"))
        what = Text(_("What was damaged"), longest=60)
        pieces = Number(_("Pieces"), value=1, least=1, most=MOST, required=True)
        price = Amount(_("Price a piece"), digits=digits)
        charged = Amount(_("Charged to the room"), digits=digits, required=True)
        reason = Text(_("Reason"), longest=120)
        self.who, self.sum = label("", "muted", wrap=True), label("", "strong", wrap=True)
        super().__init__(
            _("Charge a damage"),
            _("Charge, print"),
            do,
            back,
            col(room, self.who, gap=4),
            item,
            what,
            row(pieces, price, None),
            self.sum,
            charged,
            col(
                reason,
                label(_("Less than the price needs a reason and authority."), "muted", wrap=True),
                gap=4,
            ),
            icon="alert",
            room=room,
            item=item,
            what=what,
            pieces=pieces,
            price=price,
            charged=charged,
            reason=reason,
        )
        room.changed.connect(self._look)
        for field in (item, pieces, price):
            field.changed.connect(self._reckon)

    def open(self, rows: Sequence[ItemRow], room: str = "") -> None:
        """Begin afresh: a new intent, one piece of the list's first item."""
        self.intent = self.office.new_intent()
        self.items = {i.id: i for i in rows if i.active}
        named = [(i.id, f"{i.name}  {formats.amount(i.price, self.digits)}") for i in self.items.values()]
        self["item"].set_options([*named, (UNLISTED, _("Not on the list"))])
        first = next(iter(self.items), UNLISTED)
        self.fill(room=room, item=first, what="", pieces=1, price=None, charged=None, reason="")
        self._look()
        self._reckon()

    def _look(self) -> None:
        typed = self["room"].value()
        self.guest = self.office.ask(found.in_room, number=typed) if typed else None
        missing = _("Nobody is in %(room)s.") % {"room": typed} if typed else ""
        self.who.setText(self.guest.guest if self.guest else missing)
        set_tone(self.who, "good" if self.guest else "warn")

    def _reckon(self) -> None:
        item = self.items.get(self["item"].value())
        for name in ("what", "price"):
            self[name].setVisible(item is None)
        each = item.price if item else self["price"].value() or 0
        count = self["pieces"].line.text()
        whole = Money(each * int(count)) if count.isdecimal() else Money(0)
        words = _("Price: %(sum)s") % {"sum": formats.amount(whole, self.digits)}
        self.sum.setText(words if whole else "")
        self["charged"].set_value(whole or None)

    def fields(self) -> dict[str, Any]:
        """Return what is to be charged."""
        given = self.form.values()
        listed = given["item"] or None
        return {
            "item_id": listed,
            "what": "" if listed else given["what"],
            "price": None if listed else given["price"],
            "pieces": given["pieces"],
            "charged": given["charged"],
            "reason": given["reason"],
        }


class SeenForm(RowForm):
    """What one who leads the desk says to a damage."""

    def begin(self, row: DamageRow) -> None:
        """Begin without a remark."""
        self.say(formats.commas((f"{row.shown} {row.room} {row.guest}", row.told)))
        self.fill(remark="")


def seen_form(page: Register, do: Do, back: Do) -> SeenForm:
    """Make the form of a leader's look."""
    remark = Text(_("Remark"), longest=120)
    return SeenForm(_("Mark as seen"), _("Mark as seen"), do, back, remark, icon="check", remark=remark)


class ItemForm(RowForm):
    """A line of the price list."""

    def begin(self, row: ItemRow | None) -> None:
        """Show an item, or empty fields for a new one."""
        if row is None:
            self.fill(name="", price=None, active=True)
        else:
            self.fill(name=row.name, price=row.price, active=row.active)
        self["active"].setVisible(row is not None)


def item_form(page: Register, do: Do, back: Do) -> ItemForm:
    """Make the form of a line of the price list."""
    name = Text(_("Item"), required=True, longest=60)
    price = Amount(_("Price a piece"), digits=page.digits, required=True)
    active = Flag(_("Is charged"), value=True)
    return ItemForm(
        _("Price list"),
        _("Save"),
        do,
        back,
        name,
        row(price, None),
        active,
        name=name,
        price=price,
        active=active,
    )
