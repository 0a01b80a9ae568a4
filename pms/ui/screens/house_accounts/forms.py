"""The forms of house accounts: open one, charge it, take money, move lines to and fro, take one back."""

from collections.abc import Sequence
from typing import Any

from pms.core.i18n import _
from pms.core.office import Office
from pms.services.folios import queries as folio_queries
from pms.services.folios.printouts import code_name, code_text
from pms.services.folios.queries import FolioLine
from pms.services.house_accounts import queries
from pms.services.house_accounts.queries import HouseRow, Lodger
from pms.ui.kit import formats
from pms.ui.kit.amounts import Amount, Number
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Code, Remark, Text
from pms.ui.kit.method import Method
from pms.ui.kit.parts import label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import Do, RowForm

NAME, REASON, MOST = 40, 120, 99
USUAL = "MISC"
"""The charge that a form begins with; where the house has none, the first."""


class OpenForm(FormPage):
    """What the account is for, who is responsible, and how much it may owe."""

    def __init__(self, office: Office, digits: int, do: Do, back: Do) -> None:
        self.office = office
        name = Text(_("Account name"), required=True, longest=NAME, hint=_("as on its bill"))
        responsible = Text(_("Person responsible"), required=True, longest=NAME)
        limit = Amount(_("Limit"), digits=digits, required=True)
        reason = Remark(_("Reason"), required=True, lines=2)
        super().__init__(
            _("Open an account"),
            _("Open an account"),
            do,
            back,
            name,
            responsible,
            row(limit, None),
            reason,
            icon="plus",
            name=name,
            responsible=responsible,
            limit=limit,
            reason=reason,
        )

    def open(self) -> None:
        """Begin afresh, with a new intent."""
        self.intent = self.office.new_intent()
        self.fill(name="", responsible="", limit=None, reason="")


class HouseForm(RowForm):
    """A form about the account in hand, which says what it owes and how much it may."""

    page: Any

    def begin(self, row: HouseRow) -> None:
        """Say what the form is about, and begin with what the page proposes."""
        sums = {"owed": row.balance, "limit": row.limit}
        told = {word: formats.amount(sum_, self.page.digits) for word, sum_ in sums.items()}
        words = _("%(number)s %(name)s owes %(owed)s, its limit is %(limit)s.")
        self.say(words % {"number": row.shown, "name": row.name, **told})
        self.fill(**self.proposed(row))

    def proposed(self, _row: HouseRow) -> dict[str, Any]:
        """Return what the fields begin with."""
        return {name: None if isinstance(f, Amount) else "" for name, f in self.form.fields.items()}


class ChargeForm(HouseForm):
    """Which charge, at how much, how often."""

    def proposed(self, _row: HouseRow) -> dict[str, Any]:
        """Begin with the usual charge, once."""
        codes = self.page.office.ask(folio_queries.codes)
        self["code"].set_options([(c.code, code_name(c.code)) for c in codes])
        return {"code": USUAL, "amount": None, "quantity": 1, "text": ""}


def charge_form(page: Register, do: Do, back: Do) -> ChargeForm:
    """Make the form of a charge."""
    code = Choice(_("Charge"), width=200)
    amount = Amount(_("Amount"), digits=page.digits, required=True)
    quantity = Number(_("Quantity"), value=1, least=1, most=MOST, required=True)
    text = Text(_("What for"), longest=NAME)
    made = ChargeForm(
        _("Charge"),
        _("Charge"),
        do,
        back,
        code,
        row(amount, quantity, None),
        text,
        icon="plus",
        code=code,
        amount=amount,
        quantity=quantity,
        text=text,
    )
    made.page = page
    return made


class PayForm(HouseForm):
    """How much comes in, and how."""

    def proposed(self, row: HouseRow) -> dict[str, Any]:
        """Propose all that is owed, in cash."""
        return {"amount": row.balance or None, "method": "CASH"}

    def given(self) -> dict[str, Any]:
        """Return the sum with its number."""
        method = self["method"]
        assert isinstance(method, Method)
        return {**self.form.values(), "reference": method.reference()}


def pay_form(page: Any, do: Do, back: Do) -> PayForm:
    """Make the form of a payment."""
    amount = Amount(_("Amount"), digits=page.digits, required=True)
    method = Method(page.office)
    words = _("Take payment")
    made = PayForm(
        words, words, do, back, row(amount, None), method, icon="cash", amount=amount, method=method
    )
    made.page = page
    return made


class MoveForm(HouseForm):
    """Which charge goes from which folio to the account, or back, how much of it, and why."""

    into = True
    who: Any
    lodger: Lodger | None = None

    def proposed(self, row: HouseRow) -> dict[str, Any]:
        """Begin with a room; of the account's own lines with the latest."""
        self.lodger = None
        own = [] if self.into else queries.movable(self.page.office.ask(queries.lines, number=row.number))
        self._offer(own)
        self.who.setText("")
        return {"room": "", "transfer_id": own[0].id if own else None, "amount": None, "reason": ""}

    def look(self) -> None:
        """Say who is in the room, and offer that folio's charges."""
        typed = self["room"].value()
        self.lodger = self.page.office.ask(queries.lodger, room=typed) if typed else None
        nobody = _("Nobody is in %(room)s.") % {"room": typed} if typed else ""
        self.who.setText(self.lodger.guest if self.lodger else nobody)
        set_tone(self.who, "good" if self.lodger else "warn")
        if self.into:
            self._offer(self.lodger.lines if self.lodger else [])

    def _offer(self, lines: Sequence[FolioLine]) -> None:
        field = self["transfer_id"]
        field.set_options([(x.id, told_line(x, self.page.digits)) for x in lines])
        field.set_value(lines[0].id if lines else None)

    def lacking(self) -> str:
        """Say what is wrong with the room."""
        if self.lodger is None:
            return _("Nobody is in %(room)s.") % {"room": self["room"].value()}
        if self.into and not self.lodger.lines:
            return _("No charge stands on that folio.")
        return ""

    def given(self) -> dict[str, Any]:
        """Return which line, how much of it, and where it goes."""
        told = self.form.values()
        del told["room"]
        assert self.lodger is not None
        return told if self.into else {**told, "stay_id": self.lodger.stay_id}


def told_line(x: FolioLine, digits: int) -> str:
    """Return a line as a list offers it: its day, what it is, and its sum."""
    sum_ = formats.amount(x.charge or x.paid, digits)
    return formats.commas((formats.day(x.business_date), code_text(x), sum_))


def _move(page: Any, title: str, do: Do, back: Do, *, into: bool) -> MoveForm:
    room, line = Code(_("Room"), width=80, required=True, longest=8), Choice(_("Line"), required=True)
    amount = Amount(_("Amount, if not all of it"), digits=page.digits)
    reason = _reason()
    who = label("", "muted", wrap=True)
    shown = (room, who, line) if into else (line, room, who)
    made = MoveForm(
        title,
        _("Move, print slip"),
        do,
        back,
        *shown,
        row(amount, None),
        reason,
        icon="handover",
        room=room,
        transfer_id=line,
        amount=amount,
        reason=reason,
    )
    made.page, made.who, made.into = page, who, into
    room.changed.connect(made.look)
    room.check = lambda _typed: made.lacking()
    return made


def take_over_form(page: Any, do: Do, back: Do) -> MoveForm:
    """Make the form by which a folio's line comes to the account."""
    return _move(page, _("Take a line from a folio"), do, back, into=True)


def hand_over_form(page: Any, do: Do, back: Do) -> MoveForm:
    """Make the form by which a line of the account goes to a folio."""
    return _move(page, _("Move a line to a folio"), do, back, into=False)


class VoidForm(HouseForm):
    """Which line of today is taken back, and why."""

    def proposed(self, row: HouseRow) -> dict[str, Any]:
        """Offer what was posted today and stands, the latest first."""
        lines = self.page.of_today(row)
        self["transfer_id"].set_options([(x.id, told_line(x, self.page.digits)) for x in lines])
        return {"transfer_id": lines[0].id if lines else None, "reason": ""}


def void_form(page: Any, do: Do, back: Do) -> VoidForm:
    """Make the form that takes a line back."""
    line = Choice(_("Line"), required=True)
    reason = _reason()
    made = VoidForm(_("Void"), _("Void"), do, back, line, reason, transfer_id=line, reason=reason)
    made.page = page
    return made


class LimitForm(HouseForm):
    """How much an account may owe, and why."""

    def proposed(self, row: HouseRow) -> dict[str, Any]:
        """Begin with the limit as it is."""
        return {"limit": row.limit, "reason": ""}


def limit_form(page: Any, do: Do, back: Do) -> LimitForm:
    """Make the form of a limit."""
    limit, reason = Amount(_("Limit"), digits=page.digits, required=True), _reason()
    words = _("Change the limit")
    made = LimitForm(words, words, do, back, row(limit, None), reason, limit=limit, reason=reason)
    made.page = page
    return made


def reopen_form(page: Any, do: Do, back: Do) -> HouseForm:
    """Make the form that opens an account again."""
    reason, words = _reason(), _("Open again")
    made = HouseForm(words, words, do, back, reason, icon="check", reason=reason)
    made.page = page
    return made


def _reason() -> Text:
    return Text(_("Reason"), required=True, longest=REASON)
