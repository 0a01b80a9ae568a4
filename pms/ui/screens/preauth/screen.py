"""Pre-authorisations: what is held on whose card, since when and until when; what ran out, and what ended
today."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.folios import queries as folio_queries
from pms.services.preauth import queries, service
from pms.services.preauth.duty import WARN
from pms.services.preauth.queries import STEPS, PreauthRow, StepRow
from pms.services.property import queries as property_queries
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import TakeForm, capture_form, release_form, top_up_form, undo_form

TAKE = "take"


class PreauthScreen(Register):
    """What is held."""

    NAME = N_("Pre-authorisations")
    HEAD = ("take",)
    NEW = "take"
    VIEWS = (
        View("held", N_("On hold"), N_("Nothing is held on a card."), "lock"),
        View("soon", N_("To be seen to"), N_("Nothing runs out soon, and no guest has left."), "clock"),
        View("gone", N_("Run out"), N_("Nothing has run out."), "fold"),
        View("ended", N_("Ended today"), N_("Nothing was completed or released today."), "check"),
    )
    CHOOSE = N_("Choose a pre-authorisation first.")
    CHOSEN = "capture"
    TOPICS = frozenset({"preauth", "stays", "business_date", "property", "payments"})

    def lists(self) -> Mapping[str, Sequence[PreauthRow]]:
        """Ask what is held, what of it presses, what ran out, and what ended today."""
        self.warn = self.office.ask(property_queries.setting).options[WARN]
        held = self.office.ask(queries.held, business_date=self.today)
        return {
            "held": held,
            "soon": [r for r in held if self._presses(r)],
            "gone": self.office.ask(queries.run_out, business_date=self.today),
            "ended": self.office.ask(queries.ended_on, business_date=self.today),
        }

    def _presses(self, r: PreauthRow) -> bool:
        return not r.in_house or (r.valid_until - self.today).days <= self.warn

    def answer(self) -> str:
        """Say how many are held, for how much, and since when the oldest."""
        held = self.rows["held"]
        if not held:
            return ""
        told = {
            "n": len(held),
            "sum": formats.amount(sum(r.open for r in held), self.digits),
            "day": formats.day(min(r.taken_on for r in held)),
        }
        return (
            ngettext(
                "%(n)s held, %(sum)s, the oldest of %(day)s",
                "%(n)s held, %(sum)s in all, the oldest of %(day)s",
                len(held),
            )
            % told
        )

    def columns(self, _name: str) -> Sequence[Column]:
        """Say on whose card how much is held, for how many days already, and until when."""
        return (
            Column(N_("Number"), lambda r: r.shown, width=84, bold=True, sort=lambda r: r.number),
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.guest),
            Column(N_("Card"), lambda r: r.card, width=150),
            Column(N_("On hold"), lambda r: r.open or r.held, "money", width=108, bold=True),
            Column(
                N_("Days"), lambda r: str(r.age(self.today)), "number", width=64, sort=lambda r: r.taken_on
            ),
            Column(
                N_("Valid until"),
                lambda r: formats.day(r.valid_until),
                width=100,
                tone=self._tone,
                sort=lambda r: r.valid_until,
            ),
            Column("", self._mark, "badge", width=136, tone=self._tone, icon=self._sign),
        )

    def _mark(self, r: PreauthRow) -> str:
        if r.ended_on is not None:
            return _("Card charged") if r.captured else _("Hold released")
        if r.ran_out(self.today):
            return _("Run out")
        if not r.in_house:
            return _("Guest left")
        return _("Runs out soon") if self._presses(r) else ""

    def _tone(self, r: PreauthRow) -> str:
        if r.ended_on is not None:
            return "block"
        return "warn" if r.ran_out(self.today) or self._presses(r) else ""

    def _sign(self, r: PreauthRow) -> str:
        if r.ended_on is not None:
            return "check"
        return "clock" if self._tone(r) else ""

    def key(self, row: PreauthRow) -> int:
        """Know one by its number."""
        return row.number

    def facts(self, r: PreauthRow) -> One:
        """Show one with what was done with it."""
        amount = formats.amount
        return One(
            r.shown,
            (
                (_("Guest"), f"{r.room} {r.guest}"),
                (_("Card"), r.card),
                (_("Authorisation code"), r.code),
                (_("Terminal"), r.trace),
                (_("Amount held"), amount(r.held, self.digits)),
                (_("Amount charged"), amount(r.captured, self.digits) if r.captured else ""),
                (_("Amount released"), amount(r.released, self.digits) if r.released else ""),
                (_("Still on hold"), amount(r.open, self.digits) if r.open else ""),
                (_("Valid until"), formats.day(r.valid_until, year=True)),
            ),
            figure=True,
            badges=((self._mark(r), self._tone(r), self._sign(r)),),
            steps=[self._step(s) for s in self.office.ask(queries.steps, number=r.number)],
        )

    def _step(self, s: StepRow) -> Step:
        what = f"{_(STEPS[s.kind])}: {formats.amount(s.amount, self.digits)}"
        return Step(s.at, what, s.by, formats.commas((s.code, s.reason)))

    def foot(self, _name: str) -> QLayout:
        """Folio and what is seldom, then release and top-up, the completion last."""
        return col(
            row((self.button("folio"), 1), (self.button("take_back"), 1), gap=8),
            row((self.button("release"), 1), (self.button("top_up"), 1), gap=8),
            self.button("capture"),
            gap=8,
        )

    def one(self, number: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the one that the search or another page asks for."""
        if number is None:
            return None
        found = self.office.ask(queries.preauth, number=number)
        if found is None:
            self.refuse(_("There is no pre-authorisation %(number)s. Look at the slip.") % {"number": number})
            return None
        if found.ended_on is not None:
            return "ended", found
        return ("gone" if found.ran_out(self.today) else "held"), found

    def open(self, room: str = "", **what: Any) -> None:
        """Show one, or hold an amount for the room that another page names."""
        super().open(**what)
        if room:
            self.take()
            self.take_form.open(room)

    def owing(self, r: PreauthRow) -> list[tuple[str, int]]:
        """Return what the guest's folios owe, by window."""
        accounts = self.office.ask(folio_queries.folios, stay_id=r.stay_id)
        held = -sum(a.balance for a in accounts if a.ledger == "deposit")
        guest = "guest" if r.in_house else "city"
        owed = [(a.window or "A", int(a.balance)) for a in accounts if a.ledger == guest]
        return [(w, sum_ - held if w == "A" else sum_) for w, sum_ in owed]

    # -------------------------------------------------------------- what one can do
    @action(N_("Hold an amount"), key=keys.NEW, operation=service.take, icon="lock")
    def take(self) -> None:
        """Open the form of a new one."""
        self.open_form(self.take_form, TAKE)
        self.take_form.open()

    @cached_property
    def take_form(self) -> TakeForm:
        """The form of a new one, made when it is first opened."""
        return self.panel.add_form(
            TAKE, TakeForm(self.office, self.today, self.digits, self._take, self.close_form)
        )

    def _take(self) -> None:
        form = self.take_form
        if missing := form.form.missing():
            self.refuse(missing)
        elif form.guest is None:
            self.refuse(_("Nobody is in %(room)s.") % {"room": form["room"].value()})
        elif made := self.run(
            service.take.of(stay_id=form.guest.stay_id, **form.fields()), intent=form.intent
        ):
            self.open(number=made.value)
            self.notes.good(_("PA-%(number)s is held, the slip is printing.") % {"number": made.value})

    def _why_not(self) -> str:
        r = self.table.row()
        if why := self.in_hand(_(self.CHOOSE), r is not None, ""):
            return why
        if r.ended_on is not None:
            return _("%(number)s is over: nothing is held of it any more.") % {"number": r.shown}
        return (
            _("%(number)s ran out. Ask the guest for a new one.") % {"number": r.shown}
            if r.ran_out(self.today)
            else ""
        )

    def _not_completed(self) -> str:
        r = self.table.row()
        if why := self.in_hand(_(self.CHOOSE), r is not None, ""):
            return why
        done = r.captured and r.ended_on == self.today
        return "" if done else _("%(number)s was not completed today.") % {"number": r.shown}

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Look at the guest's folio."""
        self.go("folios", stay_id=self.table.row().stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self.in_hand(_(self.CHOOSE), self.table.row() is not None, "")

    capture = Verb(
        N_("Complete it"),
        key=keys.PRIMARY,
        operation=service.capture,
        of=lambda r: {"number": r.number},
        can=_why_not,
        form=capture_form,
        said=N_("%(number)s is completed, the slip is printing."),
        icon="cash",
        kind="primary",
    )
    top_up = Verb(
        N_("Top up"),
        operation=service.top_up,
        of=lambda r: {"number": r.number},
        can=_why_not,
        form=top_up_form,
        said=N_("%(number)s is topped up, the slip is printing."),
        icon="plus",
    )
    release = Verb(
        N_("Release it"),
        operation=service.release,
        of=lambda r: {"number": r.number},
        can=_why_not,
        form=release_form,
        said=N_("%(number)s is released, the slip is printing."),
    )
    take_back = Verb(
        N_("Undo the completion"),
        operation=service.take_back,
        of=lambda r: {"number": r.number},
        can=_not_completed,
        form=undo_form,
        said=N_("%(number)s is held again."),
    )
