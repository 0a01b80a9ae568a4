"""The forms of the shop: a good, a delivery, what leaves without money, a count, a return."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from pms.core.i18n import N_, _
from pms.core.money import Money, show
from pms.core.office import Office
from pms.services.shop.queries import GoodRow, RequestRow, SoldLine
from pms.services.shop.service import Back
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Code, Field, Flag, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import Item, box, col, empty_out, row

Do = Callable[[], object]
TO_ROOM = ("ROOM", N_("To room"))
NOT_HERE = ("WIRE", "VOUCHER")
"""What the shop does not take."""
KINDS = (("loss", N_("Loss")), ("gift", N_("Gift")), ("own_use", N_("Own use")))
MOST = 9999


class GoodForm(FormPage):
    """A good and what it costs."""

    def __init__(self, digits: int, do: Do, back: Do) -> None:
        self.good_id = 0
        price, cost = Amount(_("Unit price"), digits=digits, required=True), Amount(_("Cost"), digits=digits)
        unit, par = (
            Text(_("Unit"), width=96, longest=12, hint=_("bottle")),
            Number(_("Par level"), least=0, most=MOST, value=0, required=True),
        )
        name, barcode, active = (
            Text(_("Article"), required=True, longest=60),
            Code(_("Barcode"), longest=40),
            Flag(_("On sale"), value=True),
        )
        super().__init__(
            _("Article details"),
            _("Save"),
            do,
            back,
            name,
            barcode,
            row(price, cost, None),
            row(unit, par, None),
            active,
            name=name,
            barcode=barcode,
            price=price,
            cost=cost,
            unit=unit,
            par=par,
            active=active,
        )

    def open(self, good: GoodRow | None) -> None:
        """Show a good, or begin a new one."""
        self.good_id = good.id if good else 0
        if good is None:
            self.fill(name="", barcode="", price=None, cost=None, unit="", par=0, active=True)
        else:
            self.fill(
                name=good.name,
                barcode=good.barcode,
                price=good.price,
                cost=good.cost,
                unit=good.unit,
                par=good.par,
                active=good.active,
            )


class MoveForm(FormPage):
    """Something happens to the stock of the good in hand."""

    def __init__(
        self, title: str, verb: str, do: Do, back: Do, *items: Item, icon: str = "", **fields: Field | Flag
    ) -> None:
        self.good: GoodRow | None = None
        super().__init__(title, verb, do, back, *items, icon=icon, **fields)

    def open(self, good: GoodRow, intent: str) -> None:
        """Begin afresh for a good; a count does not tell what is expected."""
        self.good, self.intent = good, intent
        self.say(" ".join(filter(None, (good.name, good.barcode, good.unit))))
        likely: dict[str, Any] = {"kind": "loss", "cost": good.cost}
        for name, field in self.form.fields.items():
            if isinstance(field, Field):
                field.set_value(likely.get(name))
        self.form.clear_errors()


def receive_form(digits: int, do: Do, back: Do) -> MoveForm:
    """Make the form for a delivery."""
    return MoveForm(
        _("Delivery"),
        _("Receive"),
        do,
        back,
        icon="plus",
        quantity=Number(_("Quantity"), least=1, most=MOST, required=True),
        cost=Amount(_("Cost"), digits=digits),
        reference=Text(_("Delivery note"), required=True, longest=40),
    )


class ArrivalForm(FormPage):
    """All goods of a purchase request have come."""

    def __init__(self, do: Do, back: Do) -> None:
        super().__init__(
            _("Goods received"),
            _("Receive"),
            do,
            back,
            icon="plus",
            reference=Text(_("Delivery note"), required=True, longest=40),
        )
        self.request: RequestRow | None = None

    def open(self, request: RequestRow, intent: str) -> None:
        """Begin afresh for a request."""
        self.request, self.intent = request, intent
        self.say("\n".join(f"{name} {n} {unit}" for _id, name, unit, _stock, n in request.lines))
        self.fill(reference="")


def issue_form(do: Do, back: Do) -> MoveForm:
    """Make the form for goods that leave without money."""
    return MoveForm(
        _("Stock write-off"),
        _("Write off"),
        do,
        back,
        kind=Choice(_("Why"), [(code, _(words)) for code, words in KINDS]),
        quantity=Number(_("Quantity"), least=1, most=MOST, required=True),
        reason=Text(_("Reason"), required=True, longest=80),
    )


def count_form(do: Do, back: Do) -> MoveForm:
    """Make the form for a count."""
    return MoveForm(
        _("Count article"),
        _("Book the count"),
        do,
        back,
        icon="check",
        counted=Number(_("Counted"), least=0, most=MOST, required=True),
        reason=Text(_("Reason of a difference"), longest=80),
    )


class StocktakeForm(FormPage):
    """All goods are counted without the books in sight; then each difference is explained."""

    def __init__(self, do: Do, back: Do) -> None:
        self.goods: tuple[GoodRow, ...] = ()
        self.counts: dict[int, Number] = {}
        self.reasons: dict[int, Text] = {}
        self.lines = col(gap=8)
        super().__init__(_("Count everything"), _("Book the count"), do, back, box(self.lines), icon="check")

    def open(self, goods: Sequence[GoodRow], intent: str) -> None:
        """Begin with nothing counted."""
        self.goods, self.intent = tuple(goods), intent
        empty_out(self.lines)
        self.say(_("Count what is there. Differences are shown afterwards."))
        self.counts = {
            g.id: Number(" ".join(filter(None, (g.name, g.barcode, g.unit))), most=MOST, required=True)
            for g in goods
        }
        self.reasons = {g.id: Text(longest=80) for g in goods}
        for good_id, field in self.counts.items():
            self.reasons[good_id].hide()
            self.lines.addWidget(field)
            self.lines.addWidget(self.reasons[good_id])
        fields = list(self.counts.values())
        for field, following in pairwise(fields):
            field.line.returnPressed.connect(following.setFocus)
        if fields:
            fields[-1].line.returnPressed.connect(self.button.click)

    def wrong(self) -> str:
        """Check all counts and return what is wrong with the first, by its good."""
        faults = [(good_id, field) for good_id, field in self.counts.items() if not field.validate()]
        if not faults:
            return ""
        faults[0][1].setFocus()
        return next(g.name for g in self.goods if g.id == faults[0][0]) + ": " + faults[0][1].shown_error()

    def counted(self) -> dict[int, int]:
        """Return how many were counted of each good."""
        return {good_id: field.value() or 0 for good_id, field in self.counts.items()}

    def explain(self, gaps: dict[int, int]) -> bool:
        """Ask for the reason of each difference; true when all are given."""
        told = True
        for good_id, field in self.reasons.items():
            field.setVisible(good_id in gaps)
            if good_id in gaps:
                field.line.setPlaceholderText(
                    _("differs by %(n)s: why?") % {"n": formats.signed(gaps[good_id])}
                )
                field.line.setAccessibleName(_("Reason of a difference"))
                if not field.value() and told:
                    field.setFocus()
                    told = False
        return told


class ReturnForm(FormPage):
    """How many of each line of a receipt come back."""

    def __init__(self, office: Office, do: Do, back: Do) -> None:
        self.number = 0
        self.counts: dict[int, Number] = {}
        self.lines = col(gap=12)
        method, reason = (
            Method(office, _("Refund by"), but=NOT_HERE, out=True),
            Text(_("Reason"), required=True, longest=80),
        )
        super().__init__(
            _("Return goods"),
            _("Return"),
            do,
            back,
            box(self.lines),
            reason,
            method,
            icon="room-change",
            reason=reason,
            method=method,
        )

    def open(self, number: int, sold: list[SoldLine], method: str, intent: str, digits: int) -> None:
        """Begin with nothing coming back."""
        self.number, self.intent = number, intent
        empty_out(self.lines)
        most = _("at most %(n)s")
        self.counts = {
            x.move_id: Number(f"{x.name}  {show(x.price, digits)}  {most % {'n': x.left}}", most=x.left)
            for x in sold
            if x.left
        }
        for field in self.counts.values():
            self.lines.addWidget(field)
        self["method"].look()
        if method == "ROOM":
            self["method"].also(TO_ROOM[0], _(TO_ROOM[1]))
        self.fill(reason="", method=method)

    def wrong(self) -> str:
        """Check all fields and return what is wrong with the first."""
        faults = [field for field in self.counts.values() if not field.validate()]
        if faults:
            faults[0].setFocus()
            return faults[0].shown_error()
        return self.form.missing()

    def back(self) -> list[Back]:
        """Return what comes back."""
        return [Back(move_id, n) for move_id, field in self.counts.items() if (n := field.value())]


def amount_or_none(field: Amount) -> Money | None:
    """Return what was typed, None while it cannot be read."""
    return None if field.error() else field.value()
