"""Lost and found: the register at the left, the thing in hand with all that happened to it at the right."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.operation import Operation
from pms.services.lost_found import queries, service
from pms.services.lost_found.queries import KINDS, OUTCOMES, WAYS, Entry, Match
from pms.ui.kit import days, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.messages import note
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.verbs import Verb

from . import forms
from .forms import FoundForm, LossForm

FOUND, LOSS = "found", "loss"
OF_ITEM = ("elsewhere", "give", "send", "police", "dispose")


def item(entry: Entry) -> dict[str, Any]:
    """Name an item as the operations do."""
    return {"number": entry.number}


def report(entry: Entry) -> dict[str, Any]:
    """Name a report of a loss as the operations do."""
    return {"report_number": entry.number}


class LostFoundScreen(Register):
    """The register of found and missed things."""

    NAME, HEAD, NEW = N_("Lost and found"), ("found", "loss"), "found"
    VIEWS = (
        View("kept", N_("Held"), N_("Nothing is held."), "lost-found"),
        View("due", N_("Urgent"), N_("Nothing is urgent."), "clock"),
        View("missed", N_("Reported lost"), N_("No loss is reported."), "search"),
        View("gone", N_("Closed today"), N_("Nothing left the house today."), "check-out"),
    )
    CHOOSE = N_("Choose an item or a report in the list.")
    FIND = N_("Word, number, room, day")
    TOPICS = frozenset({"lost_found", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[Entry]]:
        """Ask for what is kept, due, missed and gone."""
        kept = self.office.ask(queries.kept)
        return {
            "kept": kept,
            "due": [e for e in kept if e.due],
            "missed": self.office.ask(queries.missed),
            "gone": self.office.ask(queries.gone, business_date=self.today),
        }

    def answer(self) -> str:
        """Say what may not wait, else how much is kept."""
        due, kept = self.rows["due"], self.rows["kept"]
        if due:
            words = ngettext(
                "%(n)s urgent, found %(day)s",
                "%(n)s urgent, the oldest found %(day)s",
                len(due),
            )
            return words % {"n": len(due), "day": formats.day(min(e.day for e in due))}
        return ngettext("%(n)s item held", "%(n)s items held", len(kept)) % {"n": len(kept)}

    def key(self, entry: Entry) -> tuple[bool, int]:
        """Tell an item from a report of the same number."""
        return entry.report, entry.id

    def fitting(self, _rows: Sequence[Entry], text: str) -> Sequence[Entry]:
        """Find among all there ever was: what is no room's number and no day is a word."""
        room = next((part for part in text.split() if part.isdecimal()), "")
        day = next((part for part in text.split() if "-" in part and days.read(part, self.today)), "")
        words = " ".join(part for part in text.split() if part not in (room, day))
        on = days.read(day, self.today) if day else None
        return self.office.ask(queries.find, text=words, room=room, day=on) or self.office.ask(
            queries.find, text=text
        )

    def one(self, number: int | None = None, report: bool = False, **_what: Any) -> tuple[str, Entry] | None:
        """Return what the search found."""
        entry = self.office.ask(queries.one, number=number, report=report) if number is not None else None
        return None if entry is None else ("missed" if report else "kept" if entry.open else "gone", entry)

    def make_table(self, name: str) -> Table:
        """Let what the panel shows give way in a narrow list."""
        table = super().make_table(name)
        table.give_way(5, 4, 3, least=120)
        return table

    def columns(self, _list: str) -> Sequence[Column]:
        """Say what it is, where it was, whose it may be and where it is kept."""
        return (
            Column(N_("Number"), lambda e: e.shown, width=80, bold=True),
            Column(
                N_("Description"),
                lambda e: e.what,
                sub=lambda e: e.marks,
                icon=lambda e: "search" if e.report else "",
            ),
            Column(N_("Where"), lambda e: e.room or e.place, width=96),
            Column(N_("Day"), lambda e: e.day, "day", width=72),
            Column(N_("Guest"), lambda e: e.guest, width=112),
            Column(N_("Kept in"), lambda e: "" if e.report else e.kept_in, width=140),
            Column(
                N_("State"),
                queries.state_name,
                "badge",
                width=148,
                tone=self._tone,
                icon=self._sign,
                usual=self._as_ever,
            ),
        )

    @staticmethod
    def _tone(entry: Entry) -> str:
        if entry.due:
            return "warn"
        return "block" if not entry.open else "expect" if entry.report or entry.other else "good"

    @staticmethod
    def _sign(entry: Entry) -> str:
        if entry.due:
            return "clock"
        return (
            "check-out"
            if not entry.open
            else "search"
            if entry.report
            else "joined"
            if entry.other
            else "lost-found"
        )

    def _as_ever(self, entry: Entry) -> bool:
        """Say whether the tab tells the state already."""
        plain = not entry.due and not entry.other and entry.open
        return plain and self.view in ("kept", "missed") and not self.finder.value()

    # -------------------------------------------------------------- the thing in hand
    def facts(self, entry: Entry) -> One:
        """Show an entry with its calls and how it left."""
        papers = entry.kind == "document" and entry.open and not entry.report
        warning = (
            note(
                "warn",
                _("Identity papers are not kept."),
                _("Call the guest at once, or hand them to the police."),
            )
            if papers
            else None
        )
        return One(
            entry.shown,
            self._known(entry),
            figure=True,
            about=entry.what,
            badges=((queries.state_name(entry), self._tone(entry), self._sign(entry)),),
            parts=[warning] if warning else [],
            steps=[*self._left(entry), *self._calls(entry)],
        )

    def _left(self, entry: Entry) -> Sequence[Step]:
        ended = not entry.report and entry.outcome
        out = self.office.ask(queries.outcome, item_id=entry.id) if ended else None
        if out is None:
            return ()
        told = " ".join(filter(None, (out.name, out.document_shown, out.detail, out.sent_to, out.reference)))
        return (Step(out.at, _(OUTCOMES[out.kind]), out.by, told),)

    def _calls(self, entry: Entry) -> Sequence[Step]:
        about = {"report_id": entry.id} if entry.report else {"item_id": entry.id}
        return [
            Step(
                call.at,
                f"{_(WAYS[call.way])}: {_('reached') if call.reached else _('not reached')}",
                call.by,
                call.said,
            )
            for call in self.office.ask(queries.contacts, **about)
        ]

    def _known(self, entry: Entry) -> Sequence[tuple[str, str]]:
        other = queries.number_shown(entry.other, report=not entry.report) if entry.other else ""
        ended = _(OUTCOMES.get(entry.kept_in, entry.kept_in)) if entry.report and entry.kept_in else ""
        return (
            (_("Kind"), _(KINDS[entry.kind])),
            (_("Marks"), entry.marks),
            (_("Room"), entry.room),
            (_("Place"), entry.place),
            (_("Lost on") if entry.report else _("Found on"), formats.long_day(entry.day)),
            (_("Found by"), entry.finder),
            (_("Kept in"), "" if entry.report else entry.kept_in),
            (_("Kept by"), entry.keeper),
            (_("Keep until"), formats.day(entry.keep_until, year=True)),
            (_("Guest"), entry.guest),
            (_("Phone"), entry.phone),
            (_("Loss report") if not entry.report else _("Set aside"), other),
            (_("Result of the search"), ended),
        )

    def foot(self, _list: str) -> QLayout:
        """Offer what may be done with an item, or with a report."""
        names = ("contact", *OF_ITEM, "match", "part", "close_search")
        b = self.buttons = {name: self.button(name) for name in names}
        return col(
            None,
            row((b["contact"], 1), (b["elsewhere"], 1), gap=8),
            row((b["send"], 1), (b["police"], 1), gap=8),
            b["dispose"],
            b["part"],
            b["close_search"],
            b["give"],
            b["match"],
            gap=8,
        )

    def picked(self) -> None:
        """Show the buttons of an item, or those of a report."""
        entry: Entry | None = self.table.row()
        for name, made in self.buttons.items():
            made.setVisible(entry is not None and entry.open and self._fits(name, entry))

    @staticmethod
    def _fits(name: str, entry: Entry) -> bool:
        """Say whether a button is about such an entry."""
        if name == "contact":
            return True
        if not entry.report or name in OF_ITEM:
            return not entry.report and name in OF_ITEM
        return {"match": not entry.other, "part": bool(entry.other)}.get(name, True)

    @cached_property
    def found_form(self) -> FoundForm:
        """The form of a find, made when it is first opened."""
        return self.panel.add_form(FOUND, FoundForm(self.office, self.today, self._register, self.close_form))

    @cached_property
    def loss_form(self) -> LossForm:
        """The form of a loss, made when it is first opened."""
        return self.panel.add_form(LOSS, LossForm(self.office, self.today, self._report, self.close_form))

    # -------------------------------------------------------------- finds and losses
    @action(N_("Register a find"), key=keys.NEW, operation=service.register, icon="plus")
    def found(self) -> None:
        """Open the form for a found thing."""
        self._open_new(FOUND, self.found_form)

    @action(N_("Report a loss"), key="Ctrl+Shift+L", operation=service.report, icon="search")
    def loss(self) -> None:
        """Open the form for something a guest misses."""
        self._open_new(LOSS, self.loss_form)

    def _open_new(self, name: str, form: FoundForm | LossForm) -> None:
        self.notes.clear()
        form.today = self.today
        form.open()
        self.panel.show_page(name)

    def _register(self) -> None:
        self._write(
            self.found_form, service.register, False, _("%(number)s is registered, the slip is printing.")
        )

    def _report(self) -> None:
        self._write(self.loss_form, service.report, True, _("%(number)s is noted."))

    def _write(
        self, form: FoundForm | LossForm, operation: Operation[..., int], report: bool, said: str
    ) -> None:
        if missing := form.form.missing():
            self.refuse(missing)
            return
        if done := self.run(operation.of(**form.fields()), intent=form.intent):
            self.open(number=done.value, report=report)
            self.notes.good(said % {"number": queries.number_shown(done.value, report=report)})

    # -------------------------------------------------------------- what is done with the one in hand
    def _nothing(self) -> str:
        entry = self.table.row()
        done = _("%(number)s is closed: %(state)s.") % {
            "number": entry.shown if entry else "",
            "state": queries.state_name(entry) if entry else "",
        }
        return self.in_hand(_("Choose an item or a report first."), bool(entry and entry.open), done)

    def _no_item(self) -> str:
        return self._nothing() or (_("Choose a found item first.") if self.table.row().report else "")

    def _no_report(self) -> str:
        return self._nothing() or ("" if self.table.row().report else _("Choose a report of a loss first."))

    def _no_free_report(self) -> str:
        return self._no_report() or (_("An item is set aside already.") if self.table.row().other else "")

    def _nothing_aside(self) -> str:
        return self._no_report() or (
            "" if self.table.row().other else _("Nothing is set aside for this report.")
        )

    def _offer(self, form: forms.AboutForm) -> bool:
        """Show which kept items may be what the guest misses."""
        found: list[Match] = self.office.ask(queries.matches, number=form.row.number)[:3]
        if not found:
            self.notes.inform(_("No item held fits this report."))
            return False
        form["item_number"].set_options([(m.item.number, f"{m.item.shown} {m.item.what}") for m in found])
        form["item_number"].set_value(found[0].item.number)
        form.say("\n".join(f"{m.item.shown} {m.item.what} {m.item.kept_in}: {m.why}" for m in found))
        return True

    contact = Verb(
        N_("Note a call"),
        operation=service.contact,
        of=lambda entry: {"number": entry.number, "of_report": entry.report},
        can=_nothing,
        form=forms.contact_form,
        said=N_("The call about %(number)s is noted."),
    )
    elsewhere = Verb(
        N_("New place"),
        operation=service.move,
        of=item,
        can=_no_item,
        form=forms.elsewhere_form,
        said=N_("The new place of %(number)s is noted."),
    )
    give = Verb(
        N_("Return item"),
        key="Ctrl+H",
        operation=service.give_back,
        of=item,
        can=_no_item,
        form=forms.give_form,
        icon="check",
        kind="primary",
        said=N_("%(number)s is given back, the slip to be signed is printing."),
    )
    send = Verb(
        N_("Forward"),
        key="Ctrl+Shift+F",
        operation=service.send_on,
        of=item,
        can=_no_item,
        form=forms.send_form,
        said=N_("%(number)s is forwarded."),
    )
    police = Verb(
        N_("Police"),
        operation=service.hand_to_police,
        of=item,
        can=_no_item,
        form=forms.police_form,
        said=N_("%(number)s is handed to the police."),
    )
    dispose = Verb(
        N_("Dispose of"),
        key="Ctrl+Del",
        operation=service.dispose,
        of=item,
        can=_no_item,
        form=forms.dispose_form,
        kind="danger",
        said=N_("%(number)s is disposed of."),
    )
    match = Verb(
        N_("Match"),
        key="Ctrl+M",
        operation=service.match,
        of=report,
        can=_no_free_report,
        form=forms.match_form,
        prepare=_offer,
        icon="joined",
        kind="primary",
        said=N_("An item is set aside for %(number)s."),
    )
    part = Verb(
        N_("Not this item"),
        operation=service.part,
        of=report,
        can=_nothing_aside,
        form=forms.part_form,
        said=N_("%(number)s is open again."),
    )
    close_search = Verb(
        N_("Close the report"),
        key="Ctrl+J",
        operation=service.close_report,
        of=report,
        can=_no_free_report,
        form=forms.close_form,
        said=N_("%(number)s is closed."),
    )
