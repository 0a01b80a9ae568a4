"""Channel accounts: who owes what since when, every open bill, guests whose order is not credited, and the
channels' statements held against the books."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.money import Money, show
from pms.printing import pdf, spreadsheet
from pms.printing.slip import Slip
from pms.services.channels import queries as channels
from pms.services.debts.book import KINDS as ENTRIES
from pms.services.settlements import printouts, queries, service
from pms.services.settlements.queries import WHAT, AccountRow, BillRow
from pms.services.statements import of_channels as statements
from pms.services.statements.duty import MATCH
from pms.services.statements.of_channels import NOTES, SORTS, STATES, FileRow, OrderPair
from pms.services.stays import by_channel
from pms.services.stays import service as stays
from pms.services.stays.by_channel import Waiting
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col
from pms.ui.kit.register import View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import (
    cleared_form,
    given_up_form,
    month_form,
    pay_form,
    put_on_form,
    receive_form,
    taken_back_form,
)
from .reading import LINES, OfFile, StatementFiles

ACCOUNTS, BILLS, WAITING, FILES = "accounts", "bills", "waiting", "files"
AGES = (N_("Up to 30 days"), N_("31 to 60"), N_("61 to 90"), N_("Over 90"))
TONES = {"here": "warn", "there": "bad", "differs": "bad", "matched": "good", "cleared": "block"}


def _aged(account: AccountRow, *, at: int) -> Money | None:
    return account.ages[at] or None


def _whose(chosen: Any) -> dict[str, Any]:
    """Name the account, with the bills that a payment is of."""
    if isinstance(chosen, BillRow):
        return {"number": chosen.channel, "bills": (chosen.number,)}
    if isinstance(chosen, AccountRow):
        return {"number": chosen.number}
    return {"number": chosen.file.channel, "bills": chosen.payable.bills}


def _line(pair: OrderPair) -> dict[str, int | None]:
    if pair.line is not None:
        return {"line_id": pair.line.id}
    return {"bill_id": pair.bills[0].id}


class SettlementsScreen(StatementFiles):
    """The accounts of channels."""

    NAME, HEAD = N_("Channel accounts"), ("read_in",)
    VIEWS = (
        View(ACCOUNTS, N_("By channel"), N_("Nothing is open with any channel."), "users"),
        View(BILLS, N_("Open bills"), N_("No bill of a channel is open."), "receipt", BILLS),
        View(
            WAITING, N_("Not credited"), N_("Every order of who is in house is credited."), "check", WAITING
        ),
        View(LINES, N_("Statement"), N_("No statement of a channel is read in."), "check-double", LINES),
        View(FILES, N_("Files"), N_("No statement of a channel is read in."), "sheet", FILES),
    )
    CHOOSE = N_("Choose a row first.")
    TOPICS = frozenset(
        {"settlements", "statements", "channels", "folios", "stays", "business_date", "property"}
    )

    def lists(self) -> Mapping[str, Sequence[Any]]:
        """Ask who owes, for which bills, who is not credited, and how the statement in hand stands."""
        may = self.office.clerk.may(MATCH)
        read = self.office.ask(statements.channel_files) if may else []
        kept = next((f for f in read if self.file is not None and f.id == self.file.id), None)
        self.file = kept or (read[0] if read else None)
        pairs = self.office.ask(statements.channel_compared, file_id=self.file.id) if self.file else []
        return {
            ACCOUNTS: self.office.ask(queries.accounts),
            BILLS: self.office.ask(queries.open_bills),
            WAITING: self.office.ask(by_channel.not_credited),
            LINES: pairs,
            FILES: read,
        }

    def answer(self) -> str:
        """Say what channels owe and are owed."""
        owed = sum(a.owed for a in self.rows[ACCOUNTS])
        owing = sum(a.owing for a in self.rows[ACCOUNTS])
        told = {"owed": formats.amount(owed, self.digits), "owing": formats.amount(owing, self.digits)}
        return (_("%(owed)s owed, %(owing)s to pay") if owing else _("%(owed)s owed")) % told

    # -------------------------------------------------------------- lists
    def columns(self, name: str) -> Sequence[Column]:
        """Say how much by age; of a bill, a guest, a line or a file what tells it."""
        made: dict[str, Callable[[], Sequence[Column]]] = {
            BILLS: self._of_bills,
            WAITING: self._of_waiting,
            LINES: self._of_lines,
            FILES: self._of_files,
        }
        return made.get(name, self._by_age)()

    def _by_age(self) -> Sequence[Column]:
        ages = [Column(words, partial(_aged, at=at), "money", width=100) for at, words in enumerate(AGES)]
        return (
            Column(N_("Channel"), lambda a: a.shown, bold=True, sub=self._count),
            *ages,
            Column(N_("Owed"), lambda a: a.owed or None, "money", width=104, bold=True),
            Column(N_("Payable"), lambda a: a.owing or None, "money", width=96),
        )

    def _of_bills(self) -> Sequence[Column]:
        day = formats.day
        return (
            Column(N_("Bill"), lambda b: b.shown, width=84, bold=True, sort=lambda b: b.number),
            Column(N_("Channel"), lambda b: b.channel_name, width=104, sub=lambda b: _(WHAT[b.what])),
            Column(N_("Order no."), lambda b: b.reference, sub=self._guest),
            Column(N_("Date"), lambda b: day(b.billed_on), width=84, sort=lambda b: b.billed_on),
            Column(N_("Amount"), lambda b: b.amount, "money", width=104),
            Column(N_("Still open"), lambda b: b.left, "money", width=104, bold=True),
        )

    def _of_waiting(self) -> Sequence[Column]:
        return (
            Column(N_("Room"), lambda w: w.room, width=72, bold=True),
            Column(N_("Guest"), lambda w: w.guest, sub=lambda w: w.reference),
            Column(N_("Channel"), lambda w: w.channel_name, width=140),
            Column(N_("Stay dates"), self._days, width=150, sort=lambda w: w.arrival),
            Column(N_("Amount"), lambda w: w.price, "money", width=104),
        )

    def _of_lines(self) -> Sequence[Column]:
        return (
            Column(
                N_("Compared"),
                lambda p: _(STATES[p.state]),
                width=112,
                tone=lambda p: TONES.get(p.state, ""),
                sort=lambda p: list(STATES).index(p.state),
            ),
            Column(N_("Order no."), lambda p: p.reference or "–", bold=True, sub=self._said),
            Column(N_("Guest"), lambda p: p.guest, width=120),
            Column(N_("Statement"), lambda p: p.line.amount if p.line else None, "money", width=104),
            Column(N_("Books"), lambda p: p.here if p.bills else None, "money", width=104),
            Column(N_("Difference"), lambda p: p.difference or None, "money", width=104),
        )

    def _of_files(self) -> Sequence[Column]:
        return (
            Column(N_("Channel"), lambda f: f.name, width=120, bold=True, sub=lambda f: _(SORTS[f.sort])),
            Column(N_("From"), lambda f: formats.day(f.first), width=88, sort=lambda f: f.first),
            Column(N_("To"), lambda f: formats.day(f.last), width=88, sort=lambda f: f.last),
            Column(N_("File"), lambda f: f.file),
            Column(N_("Lines"), lambda f: str(f.lines), "number", width=72, sort=lambda f: f.lines),
            Column(N_("Sum"), lambda f: f.total, "money", width=104),
        )

    @staticmethod
    def _count(a: AccountRow) -> str:
        return ngettext("%(n)s open bill", "%(n)s open bills", a.bills) % {"n": a.bills}

    @staticmethod
    def _guest(b: BillRow) -> str:
        return formats.commas((b.guest, b.room))

    @staticmethod
    def _days(w: Waiting | BillRow) -> str:
        return " – ".join(map(formats.day, (w.arrival, w.departure)))

    @staticmethod
    def _said(pair: OrderPair) -> str:
        told = [_(NOTES[note]) for note in pair.notes]
        if pair.line is not None:
            told = [_(statements.KINDS[pair.line.kind]), *told, pair.line.text]
        return _(", ").join(filter(None, (*told, pair.reason)))

    def _sum(self, amount: int) -> str:
        return show(amount, self.digits)

    # -------------------------------------------------------------- the row in hand
    def facts(self, row: Any) -> One:
        """Say everything of an account, a bill, a guest, a line or a file."""
        if isinstance(row, AccountRow):
            return self._one_account(row)
        if isinstance(row, BillRow):
            return self._one_bill(row)
        if isinstance(row, Waiting):
            return self._one_waiting(row)
        return self._one_pair(row) if isinstance(row, OrderPair) else self._one_file(row)

    def _one_account(self, a: AccountRow) -> One:
        facts = (
            (_("Owed"), self._sum(a.owed)),
            (_("Payable"), self._sum(a.owing) if a.owing else ""),
            (_("Net"), self._sum(a.net)),
            (_("Oldest bill"), formats.day(a.oldest, year=True)),
            (_("Statement every"), _(channels.PERIODS[a.period])),
        )
        steps = [
            Step(r.at, f"{_(ENTRIES[r.kind])}: {self._sum(abs(r.amount))}", r.by, r.reason)
            for r in self._entries(a.number)
        ]
        return One(a.shown, facts, steps=steps)

    def _entries(self, number: int) -> list[queries.ReceiptRow]:
        return self.office.ask(queries.receipts, number=number, start=self.today.replace(day=1))

    def _one_bill(self, b: BillRow) -> One:
        facts = (
            (_("Channel"), b.channel_name),
            (_("Item"), _(WHAT[b.what])),
            (_("Order no."), b.reference),
            (_("Booking"), f"R-{b.booking}" if b.booking else ""),
            (_("Guest"), self._guest(b)),
            (_("Stay no."), f"S-{b.stay_number}" if b.stay_number else ""),
            (_("Stay dates"), self._days(b) if b.stay_id else ""),
            (_("Date"), formats.day(b.billed_on, year=True)),
            (_("Amount"), self._sum(b.amount)),
            (_("Still open"), self._sum(b.left)),
        )
        badge = _("On the channel's credit") if b.on_credit else ""
        return One(b.shown, facts, figure=True, badges=((badge, "", "clock"),))

    def _one_waiting(self, w: Waiting) -> One:
        facts = (
            (_("Guest"), w.guest),
            (_("Channel"), w.channel_name),
            (_("Order no."), w.reference),
            (_("Stay no."), f"S-{w.number}"),
            (_("Stay dates"), self._days(w)),
            (_("Amount"), self._sum(w.price)),
        )
        return One(w.room, facts)

    def _one_pair(self, pair: OrderPair) -> One:
        line = pair.line
        told = (
            (_("Guest"), pair.guest),
            (_("Statement"), self._sum(line.amount) if line is not None else _("no line")),
            (_("Books"), self._sum(pair.here) if pair.bills else _("no bill")),
            (_("Difference"), self._sum(pair.difference) if pair.difference else ""),
            (_("Payment fee"), self._sum(line.fee) if line is not None and line.fee else ""),
            (_("Row"), str(line.row) if line is not None else ""),
            (_("Bill"), ", ".join(b.shown for b in pair.bills)),
            (_("Reason"), pair.reason),
        )
        badge = (_(STATES[pair.state]), TONES.get(pair.state, ""), "")
        return One(pair.reference or "–", told, about=self._said(pair), badges=(badge,))

    def _one_file(self, f: FileRow) -> One:
        paid = [(_("Paid out %(n)s") % {"n": paper[:12]}, self._sum(sum_)) for paper, sum_ in f.paid if paper]
        facts = (
            (_("Channel"), f.name),
            (_("Kind"), _(SORTS[f.sort])),
            (_("Days"), f"{formats.day(f.first)} – {formats.day(f.last)}"),
            (_("Lines"), str(f.lines)),
            (_("Known before"), str(f.known) if f.known else ""),
            (_("Twice in the file"), ", ".join(f.doubled)),
            (_("Sum"), self._sum(f.total)),
            *paid,
        )
        return One(f.file, facts, steps=(Step(f.at, _("Read in"), ""),))

    def foot(self, name: str) -> QLayout:
        """Put what can be done with the row below it."""
        buttons = {
            ACCOUNTS: ("month", "take_back", "put_on", "pay", "receive"),
            BILLS: ("stay", "write_off", "pay", "receive"),
            WAITING: ("stay", "credit"),
            LINES: ("stay", "clear"),
            FILES: ("show_lines", "book"),
        }[name or ACCOUNTS]
        return col(*(self.button(one) for one in buttons), gap=8)

    def named(self, row: Any) -> dict[str, str]:
        """Call a row by its channel, bill or order."""
        if isinstance(row, OrderPair):
            return {"number": row.reference or _("The line")}
        if isinstance(row, Waiting):
            return {"number": row.room}
        if isinstance(row, OfFile | FileRow):
            return {"number": row.file.name if isinstance(row, OfFile) else row.name}
        return {"number": row.shown}

    def one(self, number: int | None = None, bill: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the account or the bill that another page asks for."""
        if bill is not None:
            found = next((b for b in self.rows[BILLS] if b.number == bill), None)
            return (BILLS, found) if found is not None else None
        account = next((a for a in self.rows[ACCOUNTS] if a.number == number), None)
        return (ACCOUNTS, account) if account is not None else None

    # -------------------------------------------------------------- what one can do
    def _owes(self) -> str:
        def so(row: Any) -> bool:
            return (row.left if isinstance(row, BillRow) else row.owed) > 0

        return self._on(AccountRow, BillRow, words=_("The channel owes nothing here."), is_so=so)

    def _owed(self) -> str:
        def so(row: Any) -> bool:
            return (-row.left if isinstance(row, BillRow) else row.owing) > 0

        return self._on(AccountRow, BillRow, words=_("Nothing is owed to the channel here."), is_so=so)

    def _account(self) -> str:
        return self._on(AccountRow)

    def _bill(self) -> str:
        return self._on(BillRow)

    def _open_line(self) -> str:
        words = _("Only a line that is open is cleared.")
        return self._on(OrderPair, words=words, is_so=lambda p: p.state in ("here", "there", "differs"))

    receive = Verb(
        N_("Take the payment"),
        key=keys.PRIMARY,
        operation=service.receive,
        of=_whose,
        can=_owes,
        form=receive_form,
        said=N_("The payment of %(number)s is taken, the receipt is printing."),
        icon="cash",
        kind="primary",
    )
    pay = Verb(
        N_("Pay the commission"),
        operation=service.pay,
        of=_whose,
        can=_owed,
        form=pay_form,
        said=N_("%(number)s is paid."),
        icon="cash",
    )
    put_on = Verb(
        N_("A sum without a stay"),
        operation=service.put_on,
        of=lambda a: {"number": a.number},
        can=_account,
        form=put_on_form,
        said=N_("It stands on the account of %(number)s."),
    )
    write_off = Verb(
        N_("Write the debt off"),
        operation=service.write_off,
        of=lambda b: {"bill": b.number},
        can=_bill,
        form=given_up_form,
        said=N_("%(number)s is written off, the paper is printing."),
        kind="danger",
    )
    take_back = Verb(
        N_("Take a payment back"),
        operation=service.take_back,
        of=lambda _a: {},
        can=_account,
        form=taken_back_form,
        prepare=lambda page, form: page._offer_today(form),
        said=N_("It is taken back on the account of %(number)s."),
    )
    month = Verb(
        N_("Channel account"),
        operation=service.print_month,
        of=lambda a: {"number": a.number},
        can=_account,
        form=month_form,
        said=N_("The account is printing."),
        icon="sheet",
    )
    credit = Verb(
        N_("Credit the order"),
        operation=stays.credit_order,
        of=lambda w: {"stay_id": w.id},
        can=lambda page: page._on(Waiting),
        said=N_("The order of room %(number)s is credited."),
        icon="check",
        kind="primary",
    )
    clear = Verb(
        N_("Clear the line"),
        key="Ctrl+J",
        operation=statements.clear_channel,
        of=_line,
        can=_open_line,
        form=cleared_form,
        said=N_("%(number)s is cleared."),
        icon="check",
        kind="primary",
    )

    def _offer_today(self, form: Any) -> bool:
        entered = [r for r in self._entries(form.row.number) if r.business_date == self.today]
        if form.offer(entered, self.digits):
            return True
        self.refuse(_("Nothing was entered today that could be taken back."))
        return False

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def stay(self) -> None:
        """Look at the folio of the guest."""
        self.go("folios", stay_id=self._stay_id())

    def _stay_id(self) -> int | None:
        chosen = self.table.row()
        if isinstance(chosen, Waiting):
            return chosen.id
        if isinstance(chosen, OrderPair):
            return next((b.stay_id for b in chosen.bills), None)
        return chosen.stay_id if isinstance(chosen, BillRow) else None

    def can_stay(self) -> str:
        """Say why not."""
        there = self.listed in self.tables and self.table.row() is not None and self._stay_id() is not None
        return self.in_hand(_(self.CHOOSE), there, _("This line stands on no guest's folio."))

    # -------------------------------------------------------------- the month as a file
    @action(N_("Save as PDF"), operation=service.take_out, icon="sheet")
    def save_pdf(self) -> None:
        """Save the account of the month as PDF."""
        self._save("pdf", pdf.render)

    @action(N_("Save as spreadsheet"), operation=service.take_out, icon="sheet")
    def save_sheet(self) -> None:
        """Save the account of the month as a spreadsheet."""
        self._save("xlsx", lambda slip: spreadsheet.render([slip]))

    def can_save_pdf(self) -> str:
        """Only once the month is asked for."""
        return self._account() or ("" if self.panel.page == "month" else _("Open the account first."))

    can_save_sheet = can_save_pdf

    def _save(self, form: str, render: Callable[[Slip], bytes]) -> None:
        told = {"number": self.table.row().number, "start": self.forms["month"]["start"].value()}
        slip = self.office.ask(printouts.month, **told)
        path = files.where(self, f"{slip.title} {slip.number}", form)
        if path is not None and self.run(service.take_out.of(form=form, **told)):
            files.save(self, path, render(slip))
