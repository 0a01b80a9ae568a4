"""Payments in question: what the payer calls paid and nobody has seen, looked for again and settled."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.services.attempts import queries, service
from pms.services.attempts.queries import STATES, AttemptRow
from pms.services.folios.attempts import ARRIVED, UNKNOWN
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.forms import Remark, Text
from pms.ui.kit.messages import note
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Do, RowForm, Verb


class ArrivedForm(RowForm):
    """Under which number it has arrived."""

    digits = 2

    def begin(self, row: AttemptRow) -> None:
        """Propose the number that was noted, or that a statement shows."""
        self.say(
            _("%(sum)s by %(kind)s is posted on folio %(window)s of %(guest)s.")
            % {
                "sum": formats.amount(row.amount, self.digits),
                "kind": row.words,
                "window": row.window,
                "guest": f"{row.room} {row.guest}",
            }
        )
        self.fill(reference=row.reference or row.proposed)


def arrived_form(page: Register, do: Do, back: Do) -> ArrivedForm:
    """Make the form of a payment that has arrived."""
    number = Text(_("Transaction number"), plain=True, longest=64, hint=_("scan or type it"))
    made = ArrivedForm(
        _("It has arrived"), _("Post it, print receipt"), do, back, icon="cash", reference=number
    )
    made.digits = page.digits
    return made


class AbsentForm(RowForm):
    """How it is known that nothing came."""

    def begin(self, row: AttemptRow) -> None:
        """Ask how it is known."""
        self.say(_("Nothing is posted; the guest owes it as before."))
        self.fill(reason="")


def absent_form(_page: Register, do: Do, back: Do) -> AbsentForm:
    """Make the form of a payment that did not arrive."""
    reason = Remark(_("How it is known"), required=True, lines=2)
    return AbsentForm(_("It did not arrive"), _("Note it"), do, back, reason=reason)


class AttemptsScreen(Register):
    """What is in question."""

    NAME = N_("Payments in question")
    VIEWS = (
        View("open", N_("In question"), N_("No payment is in question."), "alert"),
        View("settled", N_("Settled today"), N_("Nothing was settled today."), "check"),
    )
    CHOOSE = N_("Choose a payment first.")
    CHOSEN = "arrived"
    TOPICS = frozenset({"attempts", "statements", "stays", "business_date", "property", "payments"})

    def lists(self) -> Mapping[str, Sequence[AttemptRow]]:
        """Ask what is in question, and what was settled today."""
        return {
            "open": self.office.ask(queries.still_open),
            "settled": self.office.ask(queries.settled_on, business_date=self.today),
        }

    def answer(self) -> str:
        """Say how many are in question, and for how much."""
        found = self.rows["open"]
        if not found:
            return ""
        told = {"n": len(found), "sum": formats.amount(sum(r.amount for r in found), self.digits)}
        return (
            ngettext("%(n)s payment in question, %(sum)s", "%(n)s payments in question, %(sum)s", len(found))
            % told
        )

    def columns(self, _name: str) -> Sequence[Column]:
        """Say who calls how much paid by which kind, since when, and what was found."""
        return (
            Column(N_("Number"), lambda r: r.shown, width=76, bold=True, sort=lambda r: r.number),
            Column(N_("Room"), lambda r: r.room, width=64, bold=True),
            Column(N_("Guest"), lambda r: r.guest),
            Column(N_("Method"), lambda r: r.words, width=120),
            Column(N_("Amount"), lambda r: r.amount, "money", width=104, bold=True),
            Column(N_("Time"), lambda r: formats.day_time(r.at, self.zone), width=112, sort=lambda r: r.at),
            Column("", self._mark, "badge", width=150, tone=self._tone, icon=self._sign),
        )

    @staticmethod
    def _mark(r: AttemptRow) -> str:
        if r.state != UNKNOWN:
            return _(STATES[r.state])
        return _("On the statement") if r.proposed else ""

    @staticmethod
    def _tone(r: AttemptRow) -> str:
        if r.state != UNKNOWN:
            return "block"
        return "good" if r.proposed else ""

    @staticmethod
    def _sign(r: AttemptRow) -> str:
        return "check" if r.state == ARRIVED or r.proposed else ""

    def key(self, row: AttemptRow) -> int:
        """Know one by its number."""
        return row.number

    def facts(self, r: AttemptRow) -> One:
        """Show one with what the payer said and what a statement shows."""
        seen = note(
            "good",
            _("The statement shows a payment of this sum that is not posted."),
            _("Number %(number)s. Is it this one?") % {"number": r.proposed},
            icon="check",
        )
        asked = [Step(r.asked_at, _("Looked for, not seen"))] if r.asked_at != r.at else []
        ended = [Step(r.settled_at, _(STATES[r.state]), r.settled_by, r.reason)] if r.settled_at else []
        return One(
            r.shown,
            (
                (_("Guest"), f"{r.room} {r.guest}"),
                (_("Method"), r.words),
                (_("Amount"), formats.amount(r.amount, self.digits)),
                (_("Folio"), r.window),
                (_("Transaction number"), r.reference),
                (_("What the payer said"), r.told),
            ),
            figure=True,
            badges=((_(STATES[r.state]), "warn" if r.state == UNKNOWN else "block", ""),),
            parts=[seen] if r.proposed else [],
            steps=[*ended, *asked, Step(r.at, _(STATES[UNKNOWN]), r.by)],
        )

    def foot(self, _name: str) -> QLayout:
        """Look again, settle it as absent or arrived."""
        return col(
            row((self.button("folio"), 1), (self.button("again"), 1), gap=8),
            self.button("absent"),
            self.button("arrived"),
            gap=8,
        )

    def one(self, number: int | None = None, **_what: Any) -> tuple[str, Any] | None:
        """Find the one that the search or another page asks for."""
        found = self.office.ask(queries.attempt, number=number) if number is not None else None
        if found is None:
            return None
        return ("open" if found.state == UNKNOWN else "settled"), found

    # -------------------------------------------------------------- what one can do
    def _why_not(self) -> str:
        r = self.table.row()
        if why := self.in_hand(_(self.CHOOSE), r is not None, ""):
            return why
        return "" if r.state == UNKNOWN else _("%(number)s is settled.") % {"number": r.shown}

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Look at the guest's folio."""
        self.go("folios", stay_id=self.table.row().stay_id)

    def can_folio(self) -> str:
        """Say why not."""
        return self.in_hand(_(self.CHOOSE), self.table.row() is not None, "")

    arrived = Verb(
        N_("It has arrived"),
        key=keys.PRIMARY,
        operation=service.arrived,
        of=lambda r: {"number": r.number},
        can=_why_not,
        form=arrived_form,
        said=N_("%(number)s is posted, the receipt is printing."),
        icon="cash",
        kind="primary",
    )
    absent = Verb(
        N_("It did not arrive"),
        operation=service.did_not_arrive,
        of=lambda r: {"number": r.number},
        can=_why_not,
        form=absent_form,
        said=N_("%(number)s did not arrive; the guest owes it as before."),
    )
    again = Verb(
        N_("Not there yet"),
        operation=service.ask_again,
        of=lambda r: {"number": r.number},
        can=_why_not,
        said=N_("%(number)s is asked again later."),
        icon="clock",
    )
