"""Lost and found: the register at the left, the thing in hand with all that happened to it at the right."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.operation import Operation
from pms.services.lost_found import queries, service
from pms.services.lost_found.queries import KINDS, OUTCOMES, WAYS, Entry, Match
from pms.ui.kit import formats
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import Forms, SidePages
from pms.ui.kit.forms import Day, Text
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from . import forms
from .forms import AboutForm, FoundForm, LossForm

ONE, FOUND, LOSS = "one", "found", "loss"
CHIPS = (
    ("kept", N_("Kept")),
    ("due", N_("Deal with it now")),
    ("missed", N_("Missed")),
    ("gone", N_("Gone today")),
)
NONE_HERE = {
    "kept": N_("Nothing is kept."),
    "due": N_("Nothing has to be dealt with now."),
    "missed": N_("Nobody misses anything."),
    "gone": N_("Nothing left the house today."),
}


class LostFoundScreen(Screen):
    """The register of found and missed things."""

    TOPICS = frozenset({"lost_found", "business_date", "property"})

    def build(self) -> QLayout | QWidget:
        """Put chips, find line and register at the left, the thing in hand at the right."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        self.chips = Chips([(which, _(words)) for which, words in CHIPS], value="kept")
        self.chips.chosen.connect(lambda _which: self._listed())
        self.text, self.room = (
            Text(hint=_("Word or number"), width=180),
            Text(hint=_("Room"), width=80, plain=True),
        )
        self.day = Day(today=self.today, width=120)
        self.day.line.setPlaceholderText(_("Day"))
        for field, name in ((self.text, _("Word or number")), (self.room, _("Room")), (self.day, _("Day"))):
            field.line.setAccessibleName(name)
            field.changed.connect(self.refresh)
        self.table = Table(self._columns(), key=lambda e: (e.report, e.id))
        self.table.setAccessibleName(_("Lost and found"))
        self.empty = Empty("lost-found", "")
        self.table.give_way(5, 4, 3, least=120)
        self.table.set_empty(self.empty)
        self.table.picked.connect(lambda _entry: self._show_one())
        self.table.chosen.connect(lambda _entry: self.press_primary())
        head = heading(_("Lost and found"), None, self.button("found"), self.button("loss"))
        finding = row(self.chips, None, self.text, self.room, self.day)
        left = col(head, finding, (card((self.table, 1), pad=(0, 0, 0, 0)), 1), gap=12, pad=(16, 12, 16, 16))
        return row((box(left), 1), self._panel(), gap=0)

    def _panel(self) -> SidePages:
        self.panel = SidePages(self.notes, width=340)
        self.facts = col(gap=12)
        b = self.buttons = {
            name: self.button(name)
            for name in (
                "contact",
                "elsewhere",
                "give",
                "send",
                "police",
                "dispose",
                "match",
                "part",
                "close_search",
            )
        }
        foot = col(
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
        self.panel.add(ONE, box(col(box(self.facts), None)), box(foot))
        back = self.step_back
        self.abouts: Forms[AboutForm] = Forms(
            self.panel,
            {
                "contact": lambda: forms.contact_form(self._contact, back),
                "elsewhere": lambda: forms.elsewhere_form(self._elsewhere, back),
                "give": lambda: forms.give_form(self._give, back),
                "send": lambda: forms.send_form(self._send, back),
                "police": lambda: forms.police_form(self._police, back),
                "dispose": lambda: forms.dispose_form(self._dispose, back),
                "match": lambda: forms.match_form(self._match, back),
                "part": lambda: forms.part_form(self._part, back),
                "close": lambda: forms.close_form(self._close, back),
            },
        )
        return self.panel

    @cached_property
    def found_form(self) -> FoundForm:
        """The form of a find, made when it is first opened."""
        return self.panel.add_form(FOUND, FoundForm(self.office, self.today, self._register, self.step_back))

    @cached_property
    def loss_form(self) -> LossForm:
        """The form of a loss, made when it is first opened."""
        return self.panel.add_form(LOSS, LossForm(self.office, self.today, self._report, self.step_back))

    def _columns(self) -> Sequence[Column]:
        return (
            Column(N_("Number"), lambda e: e.shown, width=80, bold=True),
            Column(
                N_("Thing"),
                lambda e: e.what,
                sub=lambda e: e.marks,
                icon=lambda e: "search" if e.report else "",
            ),
            Column(N_("Where"), lambda e: e.room or e.place, width=96),
            Column(N_("Day"), lambda e: e.day, "day", width=72),
            Column(N_("Guest"), lambda e: e.guest, width=112),
            Column(N_("Kept in"), lambda e: "" if e.report else e.kept_in, width=140),
            Column(N_("State"), queries.state_name, "badge", width=148, tone=self._tone, icon=self._sign),
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

    def start(self) -> QWidget:
        """Begin in the register."""
        return self.table

    def open(self, number: int | None = None, report: bool = False, **_what: Any) -> None:
        """Show the register, or one thing that the search found."""
        self.notes.clear()
        self.panel.show_page(ONE)
        if number is not None:
            self._take(number, report)

    def _take(self, number: int, report: bool) -> None:
        entry = self.office.ask(queries.one, number=number, report=report)
        if entry is None:
            return
        self._clear_finding()
        self.chips.set_value("missed" if report else "kept")
        self.refresh()
        if not self.table.pick((report, entry.id)):
            self.text.set_value(entry.shown)
            self.refresh()
            self.table.pick((report, entry.id))
        self._show_one()

    def step_back(self) -> bool:
        """Leave the form, then what was looked for."""
        if self.panel.page != ONE:
            self.notes.clear()
            self.panel.show_page(ONE)
            self.table.setFocus()
            return True
        if self._finding():
            self._clear_finding()
            self.refresh()
            return True
        return False

    # -------------------------------------------------------------- what is shown
    def _finding(self) -> dict[str, Any]:
        try:
            values = {"text": self.text.value(), "room": self.room.value(), "day": self.day.value()}
        except Refused:  # a date half typed
            return {}
        return values if any(values.values()) else {}

    def _clear_finding(self) -> None:
        for field in (self.text, self.room, self.day):
            field.set_value(None)

    def _listed(self) -> None:
        self._clear_finding()
        self.refresh()

    def refresh(self) -> None:
        """Ask for the list of the chip, or for what fits word, room and day among all there ever was."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        kept = self.office.ask(queries.kept)
        lists = {
            "kept": kept,
            "due": [e for e in kept if e.due],
            "missed": self.office.ask(queries.missed),
            "gone": self.office.ask(queries.gone, business_date=self.today),
        }
        self.chips.show_counts({name: len(rows) for name, rows in lists.items()})
        which, wanted = self.chips.value() or "kept", self._finding()
        self.empty.say(_("Nothing fits.") if wanted else _(NONE_HERE[which]))
        rows = self.office.ask(queries.find, **wanted) if wanted else lists[which]
        self.table.show_rows(rows)
        if self.table.row() is None and rows:
            self.table.selectRow(0)
        self._show_one()

    def _show_one(self) -> None:
        empty_out(self.facts)
        entry: Entry | None = self.table.row()
        about_item = entry is not None and not entry.report
        for name, made in self.buttons.items():
            wanted = {
                "match": not about_item and not (entry and entry.other),
                "close_search": not about_item,
                "part": bool(entry and entry.report and entry.other),
            }
            made.setVisible(
                entry is not None and entry.open and wanted.get(name, about_item or name == "contact")
            )
        if entry is not None:
            self._show_facts(entry)
        else:
            self.facts.addWidget(label(_("Choose an item or a report in the list."), "muted", wrap=True))
        self.update_actions()

    def _show_facts(self, entry: Entry) -> None:
        self.facts.addLayout(
            row(
                label(entry.shown, "figure"),
                Badge(queries.state_name(entry), self._tone(entry), self._sign(entry)),
                None,
            )
        )
        self.facts.addWidget(label(entry.what, "title", wrap=True))
        if entry.kind == "document" and entry.open and not entry.report:
            self.facts.addWidget(
                note(
                    "warn",
                    _("Identity papers are not kept."),
                    _("Call the guest at once, or hand them to the police."),
                )
            )
        self.facts.addLayout(self._known(entry))
        out = (
            self.office.ask(queries.outcome, item_id=entry.id) if not entry.report and entry.outcome else None
        )
        if out is not None:
            told = " ".join(
                filter(None, (out.name, out.document_shown, out.detail, out.sent_to, out.reference))
            )
            self.facts.addWidget(
                note("good", f"{_(OUTCOMES[out.kind])} {formats.day_time(out.at, self.zone)} {out.by}", told)
            )
        about = {"report_id": entry.id} if entry.report else {"item_id": entry.id}
        for call in self.office.ask(queries.contacts, **about):
            words = _("reached") if call.reached else _("not reached")
            self.facts.addWidget(
                label(
                    f"{formats.day_time(call.at, self.zone)} {call.by}  {_(WAYS[call.way])} {words}", "meta"
                )
            )
            self.facts.addWidget(label(call.said, wrap=True))

    def _known(self, entry: Entry) -> QLayout:
        other = queries.number_shown(entry.other, report=not entry.report) if entry.other else ""
        ended = _(OUTCOMES.get(entry.kept_in, entry.kept_in)) if entry.report and entry.kept_in else ""
        facts = (
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
            (_("How the search ended"), ended),
        )
        return pairs(*[(name, value) for name, value in facts if value])

    # -------------------------------------------------------------- finds and losses
    @action(N_("Register a find"), key="Ctrl+F", operation=service.register, icon="plus")
    def found(self) -> None:
        """Open the form for a found thing."""
        self._open_new(FOUND, self.found_form)

    @action(N_("Report a loss"), key="Ctrl+R", operation=service.report, icon="search")
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
        self._write(self.loss_form, service.report, True, _("%(number)s is written down."))

    def _write(
        self, form: FoundForm | LossForm, operation: Operation[..., int], report: bool, said: str
    ) -> None:
        if missing := form.form.missing():
            self.refuse(missing)
            return
        if done := self.run(operation.of(**form.fields()), intent=form.intent):
            self.panel.show_page(ONE)
            self._take(done.value, report)
            self.table.setFocus()
            self.notes.good(said % {"number": queries.number_shown(done.value, report=report)})

    # -------------------------------------------------------------- the thing in hand
    def _open_about(self, name: str) -> None:
        self.notes.clear()
        self.abouts[name].open(self.table.row(), self.office.new_intent())
        self.panel.show_page(name)

    def _send_about(self, name: str, operation: Operation[..., Any], said: str, **fields: Any) -> None:
        form = self.abouts[name]
        if missing := form.form.missing():
            self.refuse(missing)
            return
        entry = form.entry
        assert entry is not None
        if self.run(
            operation.of(**fields or {"number": entry.number}, **form.form.values()),
            intent=form.intent,
            said=said % {"number": entry.shown},
        ):
            self.panel.show_page(ONE)
            self.table.setFocus()

    def _nothing(self) -> str:
        entry = self.table.row()
        if entry is None:
            return _("Choose an item or a report first.")
        return (
            ""
            if entry.open
            else _("%(number)s is done with: %(state)s.")
            % {"number": entry.shown, "state": queries.state_name(entry)}
        )

    def _no_item(self) -> str:
        entry = self.table.row()
        return self._nothing() or (_("Choose a found item first.") if entry.report else "")

    def _no_report(self) -> str:
        entry = self.table.row()
        return self._nothing() or ("" if entry.report else _("Choose a report of a loss first."))

    @action(N_("Note a call"), key="Ctrl+T", operation=service.contact)
    def contact(self) -> None:
        """Write down a call."""
        self._open_about("contact")

    def _contact(self) -> None:
        entry = self.abouts["contact"].entry
        assert entry is not None
        self._send_about(
            "contact",
            service.contact,
            _("The call about %(number)s is written down."),
            number=entry.number,
            of_report=entry.report,
        )

    @action(N_("New place"), key="Ctrl+B", operation=service.move)
    def elsewhere(self) -> None:
        """Note another place of keeping."""
        self._open_about("elsewhere")

    def _elsewhere(self) -> None:
        self._send_about("elsewhere", service.move, _("The new place of %(number)s is noted."))

    @action(N_("Return item"), key="Ctrl+H", operation=service.give_back, icon="check", kind="primary")
    def give(self) -> None:
        """Give the item to its owner."""
        self._open_about("give")

    def _give(self) -> None:
        self._send_about(
            "give", service.give_back, _("%(number)s is given back, the slip to be signed is printing.")
        )

    @action(N_("Send on"), key="Ctrl+S", operation=service.send_on)
    def send(self) -> None:
        """Send the item on."""
        self._open_about("send")

    def _send(self) -> None:
        self._send_about("send", service.send_on, _("%(number)s is sent on."))

    @action(N_("Police"), key="Ctrl+O", operation=service.hand_to_police)
    def police(self) -> None:
        """Hand the item to the police."""
        self._open_about("police")

    def _police(self) -> None:
        self._send_about("police", service.hand_to_police, _("%(number)s is handed to the police."))

    @action(N_("Dispose of"), key="Ctrl+D", operation=service.dispose, kind="danger")
    def dispose(self) -> None:
        """Dispose of the item."""
        self._open_about("dispose")

    def _dispose(self) -> None:
        self._send_about("dispose", service.dispose, _("%(number)s is disposed of."))

    can_contact, can_elsewhere, can_give, can_send, can_police, can_dispose = (
        _nothing,
        _no_item,
        _no_item,
        _no_item,
        _no_item,
        _no_item,
    )

    @action(N_("Match"), key="Ctrl+M", operation=service.match, icon="joined", kind="primary")
    def match(self) -> None:
        """Show which kept items may be what the guest misses."""
        found: list[Match] = self.office.ask(queries.matches, number=self.table.row().number)
        if not found:
            self.notes.inform(_("Nothing that is kept fits this report."))
            return
        self._open_about("match")
        form = self.abouts["match"]
        form["item_number"].set_options([(m.item.number, f"{m.item.shown} {m.item.what}") for m in found[:3]])
        form["item_number"].set_value(found[0].item.number)
        form.say("\n".join(f"{m.item.shown} {m.item.what} {m.item.kept_in}: {m.why}" for m in found[:3]))

    def can_match(self) -> str:
        """Say why nothing can be matched."""
        entry = self.table.row()
        return self._no_report() or (_("An item is set aside already.") if entry.other else "")

    def _match(self) -> None:
        entry = self.abouts["match"].entry
        assert entry is not None
        self._send_about(
            "match", service.match, _("An item is set aside for %(number)s."), report_number=entry.number
        )

    @action(N_("Not this item"), key="Ctrl+U", operation=service.part)
    def part(self) -> None:
        """Take the item back from the report."""
        self._open_about("part")

    def can_part(self) -> str:
        """Say why there is nothing to take back."""
        entry = self.table.row()
        return self._no_report() or ("" if entry.other else _("Nothing is set aside for this report."))

    def _part(self) -> None:
        entry = self.abouts["part"].entry
        assert entry is not None
        self._send_about("part", service.part, _("%(number)s is open again."), report_number=entry.number)

    @action(N_("Close the report"), key="Ctrl+E", operation=service.close_report)
    def close_search(self) -> None:
        """End the search."""
        self._open_about("close")

    def can_close_search(self) -> str:
        """Say why the search cannot end."""
        entry = self.table.row()
        return self._no_report() or (_("An item is set aside already.") if entry.other else "")

    def _close(self) -> None:
        self._send_about("close", service.close_report, _("%(number)s is closed."))
