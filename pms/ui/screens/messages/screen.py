"""The handover book: what is open at the left, a new entry at the right."""

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from pms.core.i18n import N_, _
from pms.core.permissions import Permission
from pms.services.messages import queries, service
from pms.services.staff import queries as staff
from pms.services.stays import queries as stays
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Choice, Code, Form, Remark, Text
from pms.ui.kit.parts import box, card, chip, col, heading, label, row, rule, side_panel
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


class MessagesScreen(Screen):
    """Write for the next shift, close what is done."""

    TOPICS = frozenset({"messages", "staff"})

    def build(self) -> QHBoxLayout:
        """Put list and form together."""
        self.zone, self._closed = "UTC", False
        self.table = Table(
            (
                Column(
                    N_("Written"),
                    lambda m: formats.day_time(m.written_at, self.zone),
                    width=112,
                    sub=lambda m: m.writer,
                ),
                Column(N_("For whom"), lambda m: m.to or _("next shift"), width=120),
                Column(N_("Room"), lambda m: m.room, width=104, bold=True, sub=lambda m: m.guest),
                Column(N_("Entry"), lambda _m: "", sub=lambda m: m.text),
                Column(
                    N_("Dealt with"),
                    lambda m: formats.day_time(m.closed_at, self.zone),
                    width=152,
                    sub=lambda m: f"{m.closer} {m.answer}".strip(),
                ),
            )
        )
        self.table.set_empty(Empty("check", _("Nothing is open in the book.")))
        self.table.picked.connect(self.update_actions)
        self.table.chosen.connect(lambda _row: self.acts["close_entry"].press())
        self.chips = {
            False: chip(_("Open entries"), "0", "handover", on=True),
            True: chip(_("Closed entries"), "0", "check"),
        }
        for closed, made in self.chips.items():
            made.clicked.connect(lambda _on=False, closed=closed: self.show_closed(closed))
        below = row(self.button("close_entry"), self.button("reopen"), None, gap=8)
        head = heading(_("Handover book"), *self.chips.values(), None)
        left = col(head, (card((self.table, 1), pad=(0, 0, 0, 0)), 1), below, gap=12, pad=(16, 12, 16, 12))
        return row((box(left), 1), self._side(), gap=0)

    def _side(self) -> QWidget:
        self.words = Remark(_("What the next shift has to know"), required=True, lines=5)
        self.to = Choice(_("For whom"))
        self.room = Code(_("Room"), width=80, longest=8)
        self.answer = Text(_("What came of it"), longest=120)
        self.form = Form(words=self.words, to=self.to, room=self.room)
        return side_panel(
            label(_("New entry"), "title"),
            self.words,
            row(self.to, self.room, None, gap=12),
            self.button("write"),
            rule(),
            self.answer,
            None,
            self.notes,
        )

    def start(self) -> QWidget:
        """Give the keys to the words."""
        return self.words

    def open(self, message_id: int | None = None, stay_id: int | None = None, **_what: Any) -> None:
        """Take an entry in hand, or a guest's room into the form."""
        self.show_closed(False)
        if message_id is not None:
            self.table.pick(message_id)
        if stay_id is not None and self.office.clerk.may(Permission.GUESTS_READ):
            self.room.set_value(
                self.office.ask(
                    stays.stay, stay_id=stay_id, business_date=self.office.house().business_date
                ).room
            )

    def refresh(self) -> None:
        """Ask what is open and what was closed."""
        self.zone = self.office.house().zone
        people = [(s.id, s.name) for s in self.office.ask(staff.colleagues) if s.active]
        self.to.set_options([(None, _("next shift")), *people])
        found = {
            False: self.office.ask(queries.still_open),
            True: self.office.ask(queries.closed, now=self.office.now()),
        }
        for closed, made in self.chips.items():
            made.say(count=str(len(found[closed])))
        self.table.show_rows(found[self._closed])

    def show_closed(self, closed: bool) -> None:
        """Show what is open, or what was closed lately."""
        self._closed = closed
        for kind, made in self.chips.items():
            made.setChecked(kind == closed)
        self.refresh()

    @action(N_("Write"), key=keys.PRIMARY, operation=service.write, icon="check", kind="primary")
    def write(self) -> None:
        """Write the entry."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        number, stay_id = self.room.value(), None
        if number:
            house = self.office.house()
            stay = next(
                (
                    s
                    for s in self.office.ask(stays.in_house, business_date=house.business_date)
                    if s.room == number
                ),
                None,
            )
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

    @action(N_("Close the entry"), key="Ctrl+D", operation=service.close, icon="check")
    def close_entry(self) -> None:
        """Close the entry in hand as done or read."""
        if self.run(
            service.close.of(message_id=self.table.row().id, answer=self.answer.value()),
            said=_("The entry is closed."),
        ):
            self.answer.set_value("")

    def can_close_entry(self) -> str:
        """Only an open entry can be closed."""
        entry = self.table.row()
        if entry is None:
            return _("Choose an entry first.")
        return _("This entry is closed already.") if entry.closed_at else ""

    @action(N_("Open again"), key="Ctrl+B", operation=service.reopen)
    def reopen(self) -> None:
        """Open a closed entry again."""
        self.run(service.reopen.of(message_id=self.table.row().id), said=_("The entry is open again."))

    def can_reopen(self) -> str:
        """Only a closed entry can be opened."""
        entry = self.table.row()
        if entry is None:
            return _("Choose an entry first.")
        return "" if entry.closed_at else _("This entry is open already.")
