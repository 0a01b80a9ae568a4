"""The forms of stored value: charged up, used on a folio, given back, a payment taken back."""

from typing import Any

from PySide6.QtWidgets import QLabel

from pms.core.i18n import _, ngettext
from pms.core.money import Money
from pms.core.office import Office
from pms.services.folios import queries as folio_queries
from pms.services.members import scores, stored
from pms.services.members.points import worth
from pms.services.members.purse import gift_by_rule
from pms.services.members.queries import MemberRow
from pms.services.property.queries import setting
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import RowForm

from .forms import Do, RoomField


class ChargeForm(RowForm):
    """Money into a member's stored value, with its gift."""

    office: Office
    digits: int
    typed = False

    def begin(self, row: MemberRow) -> None:
        """Begin in cash, with the gift of the rule."""
        self.say(formats.commas((f"{row.shown} {row.name}", row.level)))
        self.fill(amount=None, method="CASH", gift=Money(0), reason="")
        self.typed = False
        self.turn()

    def given(self) -> dict[str, Any]:
        """Return what was typed, with the number of an electronic payment."""
        return {**super().given(), "reference": self["method"].reference()}

    def by_rule(self) -> Money:
        """Return the gift of the rule for what is typed."""
        amount = self["amount"].value() if not self["amount"].error() else None
        return gift_by_rule(self.office.ask(setting).options, amount or Money(0))

    def reckon(self) -> None:
        """Propose the gift of the rule as long as nobody has typed another."""
        if not self.typed:
            self["gift"].set_value(self.by_rule())
        self.turn()

    def gift_typed(self) -> None:
        """Keep the gift that was typed."""
        self.typed = True
        self.turn()

    def turn(self) -> None:
        """Ask for the reason where more is given than the rule says."""
        gift = self["gift"].value() if not self["gift"].error() else Money(0)
        self["reason"].setVisible((gift or 0) > self.by_rule())


def charge_form(page: Register, do: Do, back: Do) -> ChargeForm:
    """Make the form of a charge."""
    amount = Amount(_("Sum"), digits=page.digits, required=True)
    gift = Amount(_("Gift"), digits=page.digits, required=True)
    reason = Text(_("Why more than the rule"), longest=120)
    method = Method(page.office)
    form = ChargeForm(
        _("Charge up"),
        _("Charge up"),
        do,
        back,
        row(amount, gift, None),
        reason,
        method,
        icon="cash",
        amount=amount,
        gift=gift,
        reason=reason,
        method=method,
    )
    form.office, form.digits = page.office, page.digits
    amount.changed.connect(form.reckon)
    gift.changed.connect(form.gift_typed)
    return form


class PayForm(RowForm):
    """A folio paid with stored value."""

    office: Office
    digits: int
    has = Money(0)
    sum: QLabel

    def begin(self, row: MemberRow) -> None:
        """Say what there is; the room is typed."""
        purse = self.office.ask(stored.purse, member_id=row.id)
        self.has = purse.total
        told = {"sum": formats.amount(purse.total, self.digits)}
        self.say(formats.commas((f"{row.shown} {row.name}", _("stored value %(sum)s") % told)))
        self.fill(room="", amount=None)
        self["room"].look()
        self.look()

    def owed(self) -> Money:
        """Return what the folio of the room owes."""
        guest = self["room"].guest
        if guest is None:
            return Money(0)
        rows = self.office.ask(folio_queries.folios, stay_id=guest.stay_id)
        return Money(sum(f.balance for f in rows if f.ledger == "guest" and f.window == "A"))

    def look(self) -> None:
        """Say what the folio owes, and propose as much of it as there is."""
        owed = self.owed()
        told = {"sum": formats.amount(owed, self.digits)}
        self.sum.setText(_("The folio owes %(sum)s.") % told if self["room"].guest else "")
        self["amount"].set_value(Money(max(min(owed, self.has), 0)) if self["room"].guest else None)

    def lacking(self) -> str:
        """Say whether anybody is in the room."""
        said: str = self["room"].lacking()
        return said

    def given(self) -> dict[str, Any]:
        """Return the stay and the sum."""
        return {"stay_id": self["room"].guest.stay_id, "amount": self["amount"].value()}


def pay_form(page: Register, do: Do, back: Do) -> PayForm:
    """Make the form of a payment."""
    room, amount = RoomField(page.office), Amount(_("Sum"), digits=page.digits, required=True)
    told = label("", "strong", wrap=True)
    form = PayForm(
        _("Pay with stored value"),
        _("Pay, print slip"),
        do,
        back,
        col(room, room.who, gap=4),
        told,
        row(amount, None),
        label(_("The paid part goes first. The member signs the slip."), "muted", wrap=True),
        icon="cash",
        room=room,
        amount=amount,
    )
    form.office, form.digits, form.sum = page.office, page.digits, told
    room.changed.connect(form.look)
    return form


class RefundForm(RowForm):
    """Stored value given back, of the paid part."""

    office: Office
    digits: int

    def begin(self, row: MemberRow) -> None:
        """Propose all that was paid, by the way it came."""
        purse = self.office.ask(stored.purse, member_id=row.id)
        told = {"sum": formats.amount(purse.paid, self.digits)}
        self.say(formats.commas((f"{row.shown} {row.name}", _("%(sum)s can be given back") % told)))
        way = self.office.ask(stored.usual_way, member_id=row.id)
        self.fill(amount=purse.paid, method=way, reason="")

    def given(self) -> dict[str, Any]:
        """Return what was typed, with the number of an electronic payment."""
        return {**super().given(), "reference": self["method"].reference()}


def refund_form(page: Register, do: Do, back: Do) -> RefundForm:
    """Make the form of a refund."""
    amount = Amount(_("Sum"), digits=page.digits, required=True)
    method, reason = (
        Method(page.office, _("Refund by"), out=True),
        Text(_("Reason"), required=True, longest=120),
    )
    form = RefundForm(
        _("Refund stored value"),
        _("Refund"),
        do,
        back,
        row(amount, None),
        method,
        reason,
        label(_("Of a gift nothing is paid out; it goes in proportion."), "muted", wrap=True),
        icon="cash",
        amount=amount,
        method=method,
        reason=reason,
    )
    form.office, form.digits = page.office, page.digits
    return form


class BackForm(RowForm):
    """Which payment with stored value is taken back."""

    office: Office
    digits: int
    zone: str

    def begin(self, row: MemberRow) -> None:
        """Offer the payments that stand, the latest first."""
        self.say(f"{row.shown} {row.name}")
        uses = [
            r for r in self.office.ask(stored.rows, member_id=row.id) if r.kind == stored.USE and not r.undone
        ]
        words = _("%(when)s, %(sum)s")
        told = [
            (
                r.id,
                words
                % {
                    "when": formats.day_time(r.at, self.zone),
                    "sum": formats.amount(Money(-r.paid - r.gift), self.digits),
                },
            )
            for r in reversed(uses)
        ]
        self["row_id"].set_options(told)
        self.fill(row_id=told[0][0] if told else None, reason="")


def back_form(page: Register, do: Do, back: Do) -> BackForm:
    """Make the form of a payment taken back."""
    which = Choice(_("Payment"), required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    form = BackForm(
        _("Take a payment back"),
        _("Take it back"),
        do,
        back,
        which,
        reason,
        icon="cash",
        row_id=which,
        reason=reason,
    )
    form.office, form.digits, form.zone = page.office, page.digits, page.zone
    return form


class PointsForm(PayForm):
    """Points spent as a rebate on a folio."""

    points = 0

    def begin(self, row: MemberRow) -> None:
        """Say how many there are; the room is typed."""
        self.points = self.office.ask(scores.points, member_id=row.id)
        told = ngettext("%(n)s point", "%(n)s points", self.points) % {"n": self.points}
        self.say(formats.commas((f"{row.shown} {row.name}", told)))
        self.fill(room="", points=None)
        self["room"].look()
        self.look()

    def look(self) -> None:
        """Say what the folio owes, and what the points that are typed are worth."""
        if self["room"].guest is None:
            self.sum.setText("")
            return
        typed = self["points"].value() if not self["points"].error() else None
        value = worth(self.office.ask(setting).options, typed or 0, self.digits)
        told = {"owed": formats.amount(self.owed(), self.digits), "sum": formats.amount(value, self.digits)}
        self.sum.setText(_("The folio owes %(owed)s, the points are worth %(sum)s.") % told)

    def given(self) -> dict[str, Any]:
        """Return the stay and the points."""
        return {"stay_id": self["room"].guest.stay_id, "points": self["points"].value()}


def points_form(page: Register, do: Do, back: Do) -> PointsForm:
    """Make the form of points spent."""
    room = RoomField(page.office)
    points = Number(_("Points"), least=1, most=100_000_000, required=True, width=110)
    told = label("", "strong", wrap=True)
    form = PointsForm(
        _("Spend points"),
        _("Spend points"),
        do,
        back,
        col(room, room.who, gap=4),
        row(points, None),
        told,
        icon="star",
        room=room,
        points=points,
    )
    form.office, form.digits, form.sum = page.office, page.digits, told
    for field in (room, points):
        field.changed.connect(form.look)
    return form


class PointsBackForm(RowForm):
    """Which points that were spent are given back."""

    office: Office
    zone: str

    def begin(self, row: MemberRow) -> None:
        """Offer what was spent, the latest first."""
        self.say(f"{row.shown} {row.name}")
        told = [
            (r.id, f"{formats.day_time(r.at, self.zone)}  {-r.points}")
            for r in self.office.ask(scores.spent, member_id=row.id)
        ]
        self["row_id"].set_options(told)
        self.fill(row_id=told[0][0] if told else None, reason="")


def points_back_form(page: Register, do: Do, back: Do) -> PointsBackForm:
    """Make the form of points given back."""
    which = Choice(_("Points spent"), required=True)
    reason = Text(_("Reason"), required=True, longest=120)
    form = PointsBackForm(
        _("Give points back"),
        _("Give them back"),
        do,
        back,
        which,
        reason,
        icon="star",
        row_id=which,
        reason=reason,
    )
    form.office, form.zone = page.office, page.zone
    return form
