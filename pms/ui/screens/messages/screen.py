"""The handover book: what is open at the left, the entry in hand or a new one at the right."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.permissions import Permission
from pms.services.messages import queries, service
from pms.services.messages.queries import MessageRow
from pms.services.staff import queries as staff
from pms.services.stays import queries as stays
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.forms import Choice, Code, Form, Remark, Text
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import NEW, Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.unsaved import Typed
from pms.ui.kit.verbs import Verb


class MessagesScreen(Register):
    """Write for the next shift, close what is done."""

    NAME, CHOSEN, HEAD = N_("Handover book"), "close_entry", ("new",)
    VIEWS = (
        View("open", N_("Open entries"), N_("Nothing is open in the book."), "handover"),
        View("closed", N_("Closed entries"), N_("Nothing was closed in the last two weeks."), "check"),
    )
    CHOOSE = N_("Choose an entry first.")
    TOPICS = frozenset({"messages", "staff"})

    def lists(self) -> Mapping[str, Sequence[MessageRow]]:
        """Ask what is open and what was closed."""
        people = [(s.id, s.name) for s in self.office.ask(staff.colleagues) if s.active]
        self.to.set_options([(None, _("next shift")), *people])
        return {
            "open": self.office.ask(queries.still_open),
            "closed": self.office.ask(queries.closed, now=self.office.now()),
        }

    def answer(self) -> str:
        """Say how many entries are open, and since when."""
        entries = self.rows["open"]
        words = ngettext(
            "%(n)s entry open, since %(day)s", "%(n)s entries open, the oldest since %(day)s", len(entries)
        )
        told = {
            "n": len(entries),
            "day": formats.day_time(entries[0].written_at, self.zone) if entries else "",
        }
        return words % told if entries else _("Nothing is open in the book.")

    def columns(self, _list: str) -> Sequence[Column]:
        """Say who wrote what, for whom, and what came of it."""
        return (
            Column(
                N_("Entered"),
                lambda m: formats.day_time(m.written_at, self.zone),
                width=112,
                sub=lambda m: m.writer,
                sort=lambda m: m.written_at,
            ),
            Column(N_("For whom"), lambda m: m.to or _("next shift"), width=120),
            Column(N_("Room"), lambda m: m.room, width=104, bold=True, sub=lambda m: m.guest),
            Column(N_("Entry"), lambda _m: "", sub=lambda m: m.text, sort=lambda m: m.text),
            Column(
                N_("Completed"),
                lambda m: formats.day_time(m.closed_at, self.zone),
                width=152,
                sub=lambda m: f"{m.closer} {m.answer}".strip(),
                sort=lambda m: m.closed_at,
            ),
        )

    def facts(self, entry: MessageRow) -> One:
        """Show an entry with who wrote it and who closed it."""
        steps = [Step(entry.written_at, _("Entered"), entry.writer)]
        if entry.closed_at:
            steps.insert(0, Step(entry.closed_at, _("Closed"), entry.closer, entry.answer))
        return One(
            _("For %(whom)s") % {"whom": entry.to or _("next shift")},
            ((_("Room"), entry.room), (_("Guest"), entry.guest)),
            parts=[label(entry.text, wrap=True)],
            steps=steps,
        )

    def foot(self, _list: str) -> QLayout:
        """Close the entry in hand, or open it again."""
        self.reply = Text(_("Outcome"), longest=120)
        self.again = self.button("reopen")
        return col(None, self.reply, self.again, self.button("close_entry", kind="primary"), gap=8)

    def picked(self) -> None:
        """Ask what came of an entry where it is open; only a closed one can be opened again."""
        entry = self.table.row()
        self.reply.setVisible(bool(entry and not entry.closed_at))
        self.again.setVisible(bool(entry and entry.closed_at))

    def make_forms(self) -> None:
        """Take a new entry."""
        self.words = Remark(_("What the next shift has to know"), required=True, lines=5)
        self.to = Choice(_("For whom"))
        self.room = Code(_("Room"), width=80, longest=8)
        self.form = Form(words=self.words, to=self.to, room=self.room)
        shown = col(
            label(_("New entry"), "title"), self.words, row(self.to, self.room, None, gap=12), None, gap=12
        )
        typed = Typed(shown, (self.words, self.to, self.room))
        self.add_new(typed, col(None, self.button("write")), self.words)

    def open(self, message_id: int | None = None, stay_id: int | None = None, **_what: Any) -> None:
        """Take an entry in hand, or a guest's room into the form."""
        self.show_view("open")
        if message_id is not None:
            self.table.pick(message_id)
        if stay_id is not None and self.office.clerk.may(Permission.GUESTS_READ):
            stay = self.office.ask(stays.stay, stay_id=stay_id, business_date=self.today)
            self.room.set_value(stay.room)
            self.panel.show_page(NEW)

    @action(N_("Save entry"), key=keys.PRIMARY, operation=service.write, icon="check", kind="primary")
    def write(self) -> None:
        """Write the entry."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        number, stay_id = self.room.value(), None
        if number:
            inside = self.office.ask(stays.in_house, business_date=self.today)
            stay = next((s for s in inside if s.room == number), None)
            if stay is None:
                self.refuse(_("Nobody is in %(room)s.") % {"room": number})
                self.room.setFocus()
                return
            stay_id = stay.stay_id
        if self.run(
            service.write.of(text=self.words.value(), for_staff_id=self.to.value(), stay_id=stay_id),
            said=_("The entry is in the book."),
        ):
            self.words.set_value("")
            self.room.set_value("")
            self.words.setFocus()

    @action(N_("Close the entry"), key="Ctrl+J", operation=service.close, icon="check")
    def close_entry(self) -> None:
        """Close the entry in hand as done or read."""
        call = service.close.of(message_id=self.table.row().id, answer=self.reply.value())
        if self.run(call, said=_("The entry is closed.")):
            self.reply.set_value("")

    def can_close_entry(self) -> str:
        """Only an open entry can be closed."""
        entry = self.table.row()
        return self.in_hand(
            _(self.CHOOSE), not (entry and entry.closed_at), _("This entry is closed already.")
        )

    def _is_closed(self) -> str:
        entry = self.table.row()
        return self.in_hand(_(self.CHOOSE), bool(entry and entry.closed_at), _("This entry is open already."))

    reopen = Verb(
        N_("Open again"),
        key="Ctrl+B",
        operation=service.reopen,
        of=lambda entry: {"message_id": entry.id},
        said=N_("The entry is open again."),
        can=_is_closed,
    )
