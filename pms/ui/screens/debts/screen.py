"""Company accounts: who owes how much and since when, what came in, and the month's statement."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money
from pms.printing import pdf, spreadsheet
from pms.printing.slip import Slip
from pms.services.debts import printouts, queries, service
from pms.services.debts.queries import KINDS, BillRow, DebtorRow, ReceiptRow
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column

from .forms import (
    BackForm,
    PaymentForm,
    StatementForm,
    WriteOffForm,
    back_form,
    payment_form,
    statement_form,
    write_off_form,
)

PAY, OFF, BACK, STATEMENT, BILL = "pay", "off", "back", "statement", "bill"
SHOWN = 8
AGES = (N_("Up to 30 days"), N_("31 to 60"), N_("61 to 90"), N_("Over 90"))


def _aged(d: DebtorRow, *, at: int) -> Money | None:
    return d.ages[at] or None


class DebtsScreen(Register):
    """The accounts of companies."""

    NAME = N_("Company accounts")
    VIEWS = (
        View("debtors", N_("By company"), N_("No company owes anything."), "users"),
        View("bills", N_("Open bills"), N_("No bill of a company is open."), "receipt", BILL),
    )
    CHOOSE = N_("Choose a company first.")
    CHOSEN = "receive"
    TOPICS = frozenset({"debts", "companies", "folios", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask who owes, and for which bills."""
        return {"debtors": self.office.ask(queries.debtors), "bills": self.office.ask(queries.open_bills)}

    def answer(self) -> str:
        """Say what all companies owe, and what of it is past due."""
        owed = sum(d.owed for d in self.rows["debtors"])
        late = sum(d.overdue for d in self.rows["debtors"])
        told = {"owed": formats.amount(owed, self.digits), "late": formats.amount(late, self.digits)}
        return (_("%(owed)s owed, %(late)s past due") if late else _("%(owed)s owed")) % told

    def columns(self, name: str) -> Sequence[Column]:
        """Say how much by age; of a bill whose it is, when it is due and what is left."""
        return self._of_bills() if name == BILL else self._by_age()

    def _of_bills(self) -> Sequence[Column]:
        day = formats.day
        return (
            Column(N_("Bill"), lambda b: b.shown, width=84, bold=True, sort=lambda b: b.number),
            Column(N_("Company"), lambda b: b.company_name, sub=self._whose),
            Column(N_("Date"), lambda b: day(b.billed_on), width=84, sort=lambda b: b.billed_on),
            Column(
                N_("Payable by"), lambda b: day(b.due_on), width=96, sort=lambda b: b.due_on, tone=self._late
            ),
            Column(N_("Amount"), lambda b: b.amount, "money", width=104),
            Column(N_("Open"), lambda b: b.left, "money", width=104, bold=True),
        )

    def _by_age(self) -> Sequence[Column]:
        ages = [Column(words, partial(_aged, at=at), "money", width=100) for at, words in enumerate(AGES)]
        return (
            Column(N_("Company"), lambda d: d.name, bold=True, sub=self._bills),
            *ages,
            Column(N_("Owed"), lambda d: d.owed, "money", width=108, bold=True, tone=self._beyond),
        )

    @staticmethod
    def _whose(b: BillRow) -> str:
        return formats.commas((b.guest, b.room))

    def _late(self, b: BillRow) -> str:
        return "warn" if b.overdue(self.today) else ""

    @staticmethod
    def _beyond(d: DebtorRow) -> str:
        return "bad" if d.owed > d.limit else ""

    @staticmethod
    def _bills(d: DebtorRow) -> str:
        return ngettext("%(n)s open bill", "%(n)s open bills", d.bills) % {"n": d.bills}

    def _sum(self, amount: int) -> str:
        return formats.amount(amount, self.digits)

    def facts(self, chosen: DebtorRow | BillRow) -> One:
        """Show an account with what came in on it, or a bill."""
        return self._one_bill(chosen) if isinstance(chosen, BillRow) else self._one_account(chosen)

    def _one_bill(self, b: BillRow) -> One:
        late = b.overdue(self.today)
        words = ngettext("%(n)s day past due", "%(n)s days past due", late) % {"n": late}
        return One(
            b.shown,
            (
                (_("Company"), b.company_name),
                (_("Guest"), self._whose(b)),
                (_("Stay no."), f"S-{b.stay_number}"),
                (_("Stay dates"), " – ".join(map(formats.day, (b.arrival, b.departure)))),
                (_("Signed by"), b.signer),
                (_("Payable by"), formats.day(b.due_on, year=True)),
                (_("Amount"), self._sum(b.amount)),
                (_("Open"), self._sum(b.left)),
            ),
            figure=True,
            badges=((words if late else "", "warn", "clock"),),
        )

    def _one_account(self, d: DebtorRow) -> One:
        return One(
            d.name,
            (
                (_("Owed"), self._sum(d.owed)),
                (_("Past due"), self._sum(d.overdue) if d.overdue else ""),
                (_("Oldest bill"), formats.day(d.oldest, year=True)),
                (_("Credit limit"), self._sum(d.limit)),
                (_("Left of the limit"), self._sum(max(d.limit - d.owed, 0))),
            ),
            badges=((_("Over the limit") if d.owed > d.limit else "", "bad", "alert"),),
            more=[self._open(d)],
            steps=[self._step(r) for r in self._received(d.number)],
        )

    def _received(self, number: int) -> list[ReceiptRow]:
        start = self.today.replace(day=1)
        return self.office.ask(queries.receipts, number=number, start=start)

    def _step(self, r: ReceiptRow) -> Step:
        what = f"{_(KINDS[r.kind])}: {formats.amount(r.amount, self.digits)}"
        return Step(r.at, what, r.by, r.reason)

    def _of(self, number: int) -> list[BillRow]:
        return [b for b in self.rows["bills"] if b.company == number]

    def _open(self, d: DebtorRow) -> QLayout:
        bills = self._of(d.number)
        lines = [
            row(
                label(b.shown, "strong"),
                (label(formats.commas((b.guest, formats.day(b.due_on))), "muted", wrap=True), 1),
                label(formats.amount(b.left, self.digits)),
                gap=8,
            )
            for b in bills[:SHOWN]
        ]
        if (rest := len(bills) - SHOWN) > 0:
            words = ngettext("%(n)s more bill", "%(n)s more bills", rest) % {"n": rest}
            lines.append(row(label(words, "muted"), None))
        return col(label(_("Open bills"), "strong"), *lines, gap=4)

    def foot(self, name: str) -> QLayout:
        """Statement and corrections of an account, then the payment."""
        if name == BILL:
            return col(self.button("stay"), self.button("write_off"), self.button("receive"), gap=8)
        return col(
            self.button("statement"),
            self.button("take_back"),
            self.button("write_off"),
            self.button("receive"),
            gap=8,
        )

    def named(self, row: DebtorRow | BillRow) -> dict[str, str]:
        """Call an account by its company."""
        return {"company": row.company_name if isinstance(row, BillRow) else row.name}

    def one(self, bill: int | None = None, number: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the bill or the company that another page asks for."""
        if bill is not None:
            found = next((b for b in self.rows["bills"] if b.number == bill), None)
            return ("bills", found) if found is not None else None
        debtor = next((d for d in self.rows["debtors"] if d.number == number), None)
        return ("debtors", debtor) if debtor is not None else None

    # -------------------------------------------------------------- what one can do
    def _number(self) -> int:
        chosen = self.table.row()
        return chosen.company if isinstance(chosen, BillRow) else chosen.number

    def _bill(self) -> BillRow | None:
        chosen = self.table.row()
        return chosen if isinstance(chosen, BillRow) else None

    def _none(self) -> str:
        return self.in_hand(_(self.CHOOSE))

    can_receive = can_write_off = can_statement = can_take_back = can_stay = _none

    @action(N_("Take the payment"), key=keys.PRIMARY, operation=service.receive, icon="cash", kind="primary")
    def receive(self) -> None:
        """Open the form of a payment."""
        self.open_form(self.payment, PAY)
        self.payment.open(self._of(self._number()), self._bill(), self.digits)

    @cached_property
    def payment(self) -> PaymentForm:
        """The form of a payment, made when it is first opened."""
        return self.panel.add_form(
            PAY, payment_form(self.office, self.digits, self._receive, self.close_form)
        )

    def _receive(self) -> None:
        if self._lacks(self.payment):
            return
        given = self.payment.form.values()
        number = self.payment["method"].reference()
        call = service.receive.of(number=self._number(), reference=number, **given)
        said = _("%(sum)s is taken, the receipt is printing.")
        self._done(self.payment, call, said, given["amount"])

    @action(N_("Write the debt off"), operation=service.write_off, kind="danger")
    def write_off(self) -> None:
        """Open the form of a write-off."""
        self.open_form(self.giving_up, OFF)
        self.giving_up.open(self._of(self._number()), self._bill(), self.digits)

    @cached_property
    def giving_up(self) -> WriteOffForm:
        """The form of a write-off, made when it is first opened."""
        return self.panel.add_form(OFF, write_off_form(self.digits, self._write_off, self.close_form))

    def _write_off(self) -> None:
        if self._lacks(self.giving_up):
            return
        given = self.giving_up.form.values()
        call = service.write_off.of(number=self._number(), **given)
        self._done(self.giving_up, call, _("%(sum)s is written off, the paper is printing."), given["amount"])

    @action(N_("Take a payment back"), operation=service.take_back)
    def take_back(self) -> None:
        """Open the form that asks which payment of today was wrong."""
        number = self._number()
        mine = [
            r
            for r in self._received(number)
            if r.business_date == self.today and r.kind != "back" and not r.taken_back
        ]
        if not mine:
            self.refuse(_("Nothing came in today that could be taken back."))
            return
        self.open_form(self.taking_back, BACK)
        self.taking_back.open(self.named(self.table.row())["company"], mine, self.digits)

    @cached_property
    def taking_back(self) -> BackForm:
        """The form by which a payment is taken back, made when it is first opened."""
        return self.panel.add_form(BACK, back_form(self._take_back, self.close_form))

    def _take_back(self) -> None:
        if self._lacks(self.taking_back):
            return
        call = service.take_back.of(**self.taking_back.form.values())
        self._done(self.taking_back, call, _("The payment is taken back."), Money(0))

    def _lacks(self, form: Any) -> bool:
        missing = form.form.missing()
        if missing:
            self.refuse(missing)
        return bool(missing)

    def _done(self, form: Any, call: Any, said: str, amount: Money) -> None:
        told = said % {"sum": formats.amount(amount, self.digits)}
        if self.run(call, intent=form.intent, said=told):
            self.close_form()

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def stay(self) -> None:
        """Look at the folio that the bill came from."""
        if (bill := self._bill()) is not None:
            self.go("folios", stay_id=bill.stay_id)

    # -------------------------------------------------------------- the statement
    @action(N_("Company statement"), operation=service.print_statement, icon="sheet")
    def statement(self) -> None:
        """Open the form that asks for the month."""
        self.open_form(self.month, STATEMENT)
        self.month.open(self.named(self.table.row())["company"], self.today)

    @cached_property
    def month(self) -> StatementForm:
        """The form of a statement, made when it is first opened."""
        files_ = (self.button("save_pdf"), self.button("save_sheet"))
        return self.panel.add_form(STATEMENT, statement_form(self._print, self.close_form, *files_))

    def _print(self) -> None:
        call = service.print_statement.of(number=self._number(), start=self.month["start"].value())
        if self.run(call, said=_("The statement is printing.")):
            self.close_form()

    @action(N_("Save as PDF"), operation=service.take_out, icon="sheet")
    def save_pdf(self) -> None:
        """Save the statement of the month as PDF."""
        self._save("pdf", pdf.render)

    @action(N_("Save as spreadsheet"), operation=service.take_out, icon="sheet")
    def save_sheet(self) -> None:
        """Save the statement of the month as a spreadsheet."""
        self._save("xlsx", lambda slip: spreadsheet.render([slip]))

    def can_save_pdf(self) -> str:
        """Only once the month is asked for."""
        return self._none() or ("" if self.panel.page == STATEMENT else _("Open the statement first."))

    can_save_sheet = can_save_pdf

    def _save(self, form: str, render: Callable[[Slip], bytes]) -> None:
        told = {"number": self._number(), "start": self.month["start"].value()}
        slip = self.office.ask(printouts.statement, **told)
        path = files.where(self, f"{slip.title} {slip.number}", form)
        if path is not None and self.run(service.take_out.of(form=form, **told)):
            files.save(self, path, render(slip))
