"""House accounts: what is open, what it owes and may owe, and the lines on it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.folios.printouts import CODE_NAMES, code_name
from pms.services.folios.queries import FolioLine
from pms.services.house_accounts import queries, service
from pms.services.house_accounts.duty import DAYS
from pms.services.house_accounts.queries import EVENTS, EventRow, HouseRow
from pms.services.property import queries as property_queries
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import (
    OpenForm,
    charge_form,
    hand_over_form,
    limit_form,
    pay_form,
    reopen_form,
    take_over_form,
    void_form,
)

OPEN, CLOSED = "open", "closed"
MONTH = timedelta(days=31)


class HouseAccountsScreen(Register):
    """What is charged to no guest."""

    NAME = N_("House accounts")
    HEAD = ("open_one",)
    NEW = "open_one"
    VIEWS = (
        View("open", N_("Open accounts"), N_("No house account is open."), "party"),
        View("late", N_("To be seen to"), N_("None is over its limit or open for too long."), "clock"),
        View(CLOSED, N_("Closed lately"), N_("None was closed in the last month."), "check", CLOSED),
    )
    CHOOSE = N_("Choose an account first.")
    CHOSEN = "charge"
    TOPICS = frozenset({"house_accounts", "folios", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[HouseRow]]:
        """Ask what is open, what of it presses, and what was closed lately."""
        self.days = self.office.ask(property_queries.setting).options[DAYS]
        found = self.office.ask(queries.still_open)
        return {
            "open": found,
            "late": [r for r in found if self._presses(r)],
            CLOSED: self.office.ask(queries.closed_since, start=self.today - MONTH),
        }

    def _presses(self, r: HouseRow) -> bool:
        return r.over or r.age(self.today) > self.days

    def answer(self) -> str:
        """Say how many are open, what they owe, and since when the oldest."""
        found = self.rows["open"]
        if not found:
            return ""
        told = {
            "n": len(found),
            "sum": formats.amount(sum(r.balance for r in found), self.digits),
            "day": formats.day(min(r.opened_on for r in found)),
        }
        return (
            ngettext(
                "%(n)s open, it owes %(sum)s, since %(day)s",
                "%(n)s open, they owe %(sum)s, the oldest since %(day)s",
                len(found),
            )
            % told
        )

    def columns(self, _name: str) -> Sequence[Column]:
        """Say which account of whom owes how much, and may owe how much."""
        return (
            Column(N_("Number"), lambda r: r.shown, width=84, bold=True, sort=lambda r: r.number),
            Column(N_("Account name"), lambda r: r.name, sub=lambda r: r.responsible),
            Column(N_("Owed"), lambda r: r.balance or None, "money", width=108, bold=True),
            Column(N_("Limit"), lambda r: r.limit, "money", width=108),
            Column(N_("Opened on"), lambda r: formats.day(r.opened_on), width=92, sort=lambda r: r.opened_on),
            Column("", self._mark, "badge", width=136, tone=self._tone, icon=self._sign),
        )

    def _mark(self, r: HouseRow) -> str:
        if not r.open:
            return _("Account closed")
        if r.over:
            return _("Over its limit")
        return _("Open for too long") if self._presses(r) else ""

    def _tone(self, r: HouseRow) -> str:
        if not r.open:
            return "block"
        return "warn" if self._presses(r) else ""

    def _sign(self, r: HouseRow) -> str:
        if not r.open:
            return "check"
        return "clock" if self._presses(r) else ""

    def key(self, row: HouseRow) -> int:
        """Know one by its number."""
        return row.number

    def facts(self, r: HouseRow) -> One:
        """Show one with every line and what happened to it."""
        amount = formats.amount
        opened = formats.commas((formats.day(r.opened_on, year=True), r.by))
        closed = formats.day(r.closed_on, year=True) if r.closed_on is not None else ""
        return One(
            r.shown,
            (
                (_("Account name"), r.name),
                (_("Person responsible"), r.responsible),
                (_("Reason"), r.reason),
                (_("Owed"), amount(r.balance, self.digits)),
                (_("Limit"), amount(r.limit, self.digits)),
                (_("Opened on"), opened),
                (_("Closed on"), closed),
            ),
            figure=True,
            badges=((self._mark(r), self._tone(r), self._sign(r)),),
            steps=self._steps(r),
        )

    def _steps(self, r: HouseRow) -> list[Step]:
        self.lines = self.office.ask(queries.lines, number=r.number)
        happened = [self._event(e) for e in self.office.ask(queries.events, number=r.number)]
        posted = [self._line(x) for x in reversed(self.lines)]
        return sorted((*posted, *happened), key=lambda s: s.at or r.opened_at, reverse=True)

    def _event(self, e: EventRow) -> Step:
        sum_ = formats.amount(e.amount, self.digits) if e.amount else ""
        why = "" if e.what == queries.OPENED else e.reason  # it stands above
        return Step(e.at, " ".join(filter(None, (_(EVENTS[e.what]), sum_))), e.by, why)

    def _line(self, x: FolioLine) -> Step:
        sum_ = formats.amount(x.charge or -x.paid, self.digits)
        taken_back = _("taken back") if x.reversed else ""
        detail = code_name(x.text) if x.text in CODE_NAMES else x.text
        return Step(
            x.at, f"{code_name(x.code)}: {sum_}", detail, formats.commas((x.rule, x.number, taken_back))
        )

    def of_today(self, r: HouseRow) -> list[FolioLine]:
        """Return what was posted on an account today and stands, the latest first; tax goes with its
        charge."""
        return [
            x
            for x in reversed(self.office.ask(queries.lines, number=r.number))
            if x.business_date == self.today
            and not x.reversed
            and x.reverses is None
            and not x.slip.startswith("X")
        ]

    def foot(self, name: str) -> QLayout:
        """What moves lines and what is seldom, then charge and payment, the close last; of a closed one its
        bill."""
        if name == CLOSED:
            return row((self.button("reopen"), 1), (self.button("bill", words=_("Bill")), 1), gap=8)
        return col(
            row((self.button("take_over"), 1), (self.button("hand_over"), 1), gap=8),
            row(
                (self.button("void"), 1),
                (self.button("limit"), 1),
                (self.button("bill", words=_("Bill")), 1),
                gap=8,
            ),
            row((self.button("charge"), 1), (self.button("pay"), 1), gap=8),
            self.button("close_one"),
            gap=8,
        )

    def one(self, number: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the one that the search or another page asks for."""
        if number is None:
            return None
        found = self.office.ask(queries.account, number=number)
        if found is None:
            self.refuse(_("There is no house account %(number)s.") % {"number": queries.shown(number)})
            return None
        return ("open" if found.open else CLOSED), found

    # -------------------------------------------------------------- what one can do
    @action(N_("Open an account"), key=keys.NEW, operation=service.open_account, icon="plus")
    def open_one(self) -> None:
        """Open the form of a new one."""
        self.open_form(self.new_form, OPEN)
        self.new_form.open()

    @cached_property
    def new_form(self) -> OpenForm:
        """The form of a new one, made when it is first opened."""
        return self.panel.add_form(OPEN, OpenForm(self.office, self.digits, self._open, self.close_form))

    def _open(self) -> None:
        form = self.new_form
        if missing := form.form.missing():
            self.refuse(missing)
        elif made := self.run(service.open_account.of(**form.form.values()), intent=form.intent):
            self.open(number=made.value)
            self.notes.good(_("%(number)s is open.") % {"number": queries.shown(made.value)})

    def _not_open(self) -> str:
        r = self.table.row()
        if why := self.in_hand(_(self.CHOOSE), r is not None):
            return why
        return "" if r.open else _("%(number)s is closed.") % {"number": r.shown}

    def _owes_nothing(self) -> str:
        r = self.table.row()
        if why := self._not_open():
            return why
        return "" if r.balance > 0 else _("Nothing is owed on %(number)s.") % {"number": r.shown}

    def _owes(self) -> str:
        r = self.table.row()
        if why := self._not_open():
            return why
        told = {"number": r.shown, "sum": formats.amount(r.balance, self.digits)}
        return _("%(sum)s stands on %(number)s. Settle it first.") % told if r.balance else ""

    def _not_to_reopen(self) -> str:
        r = self.table.row()
        if why := self.in_hand(_(self.CHOOSE), r is not None):
            return why
        return (
            "" if r.closed_on == self.today else _("%(number)s was not closed today.") % {"number": r.shown}
        )

    def _nothing_today(self) -> str:
        if why := self._not_open():
            return why
        posted = [x for x in self.lines if x.business_date == self.today and not x.reversed]
        return (
            ""
            if posted
            else _("Nothing was posted today on %(number)s.") % {"number": self.table.row().shown}
        )

    @action(N_("Print the bill"), key=keys.PRINT, operation=service.print_bill, icon="printer")
    def bill(self) -> None:
        """Print the bill as it stands."""
        r = self.table.row()
        self.run(
            service.print_bill.of(number=r.number),
            said=_("The bill of %(number)s is printing.") % {"number": r.shown},
        )

    def can_bill(self) -> str:
        """Say why not."""
        return self.in_hand(_(self.CHOOSE), self.table.row() is not None)

    charge = Verb(
        N_("Charge"),
        key=keys.CHARGE,
        operation=service.charge,
        of=lambda r: {"number": r.number},
        can=_not_open,
        form=charge_form,
        said=N_("%(number)s is charged."),
        icon="plus",
    )
    pay = Verb(
        N_("Payment"),
        key=keys.PAYMENT,
        operation=service.pay,
        of=lambda r: {"number": r.number},
        can=_owes_nothing,
        form=pay_form,
        said=N_("The payment on %(number)s is posted, the receipt is printing."),
        icon="cash",
    )
    take_over = Verb(
        N_("From a folio"),
        key="Ctrl+Shift+T",
        operation=service.take_over,
        of=lambda r: {"number": r.number},
        can=_not_open,
        form=take_over_form,
        said=N_("The line stands on %(number)s, the slip is printing."),
    )
    hand_over = Verb(
        N_("To a folio"),
        operation=service.hand_over,
        of=lambda r: {"number": r.number},
        can=_owes_nothing,
        form=hand_over_form,
        said=N_("The line left %(number)s, the slip is printing."),
    )
    void = Verb(
        N_("Void"),
        key=keys.VOID,
        operation=service.void,
        of=lambda r: {"number": r.number},
        can=_nothing_today,
        form=void_form,
        said=N_("The line of %(number)s is taken back."),
    )
    limit = Verb(
        N_("Limit"),
        operation=service.set_limit,
        of=lambda r: {"number": r.number},
        can=_not_open,
        form=limit_form,
        said=N_("The limit of %(number)s is changed."),
    )
    reopen = Verb(
        N_("Open again"),
        key="Ctrl+B",
        operation=service.reopen,
        of=lambda r: {"number": r.number},
        can=_not_to_reopen,
        form=reopen_form,
        said=N_("%(number)s is open and can be charged."),
    )
    close_one = Verb(
        N_("Close, print the bill"),
        key=keys.PRIMARY,
        operation=service.close,
        of=lambda r: {"number": r.number},
        can=_owes,
        said=N_("%(number)s is closed, the bill is printing."),
        icon="check",
        kind="primary",
    )
