"""The wake-up desk: who is to be woken next, and what became of the calls of last night."""

from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from pms.core import clock
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.services.stays import queries as stays
from pms.services.wake_ups import queries, service
from pms.services.wake_ups.queries import STATES, WAYS, Lodger, WakeUpRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Choice, Code, Day, Form, Number, Text
from pms.ui.kit.parts import box, card, chip, col, heading, label, row, side_panel
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

TONES = {"answered": "good", "given_up": "bad", "cancelled": "block", "due": "warn"}


class WakeUpsScreen(Screen):
    """Take a call at the right, work them off at the left."""

    TOPICS = frozenset({"wake_ups", "stays", "business_date"})

    def build(self) -> QHBoxLayout:
        """Put list and form together."""
        self.zone, self._done = "UTC", False
        self.table = Table(self._columns())
        self.table.set_empty(Empty("clock", _("Nobody is to be woken.")))
        self.table.picked.connect(self.update_actions)
        self.table.chosen.connect(lambda _row: self.acts["answered"].press())
        self.due, self.done = chip(_("Due"), "0", "clock", on=True), chip(_("Done"), "0", "check")
        self.due.clicked.connect(lambda: self.show_done(False))
        self.done.clicked.connect(lambda: self.show_done(True))
        head = heading(_("Wake-up calls"), self.due, self.done, None, self.button("print_list"))
        self.note = Text(_("What was done instead"), longest=120)
        ends = row(self.button("answered"), self.button("no_answer"), self.button("give_up"), gap=8)
        below = col(self.note, row(ends, None, self.button("cancel"), gap=8), gap=8)
        left = col(head, card((self.table, 1), pad=(0, 0, 0, 0)), below, gap=12, pad=(16, 12, 16, 12))
        left.setStretch(1, 1)
        return row((box(left), 1), self._side(), gap=0)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(
                N_("Time"),
                lambda r: formats.day_time(r.at, self.zone),
                width=120,
                bold=True,
                tone=lambda r: "warn" if r.state == "due" and r.at <= self.office.now() else "",
            ),
            Column(N_("Room"), lambda r: r.room, width=72, bold=True),
            Column(N_("Guest"), lambda r: r.guest, sub=lambda r: r.remark),
            Column(N_("Way"), lambda r: _(WAYS[r.way]), width=80),
            Column(N_("Tries"), self._tries, width=200, sub=lambda r: r.note),
            Column(
                N_("State"), lambda r: _(STATES[r.state]), "badge", width=112, tone=lambda r: TONES[r.state]
            ),
        )

    def _tries(self, wake_up: WakeUpRow) -> str:
        if not wake_up.tries:
            return ""
        return _("%(n)s, last %(time)s") % {
            "n": wake_up.tries,
            "time": formats.time(wake_up.last_try, self.zone),
        }

    def _side(self) -> QWidget:
        self.guest: Lodger | None = None
        self.room = Code(_("Room"), width=80, required=True, longest=8)
        self.day = Day(_("Day, empty: the next such time"), today=self.office.house().business_date)
        self.time = Text(_("Time"), width=80, required=True, hint="6:30", longest=5, plain=True)
        self.days = Number(_("Days"), value=1, least=1, most=31)
        self.way = Choice(_("Way"), [(code, _(name)) for code, name in WAYS.items()])
        self.remark = Text(_("Remark"), longest=80)
        self.form = Form(
            room=self.room, day=self.day, time=self.time, days=self.days, way=self.way, remark=self.remark
        )
        self.meant = label("", "strong", wrap=True)
        self.room.changed.connect(self._room_typed)
        for field in (self.time, self.day, self.days):
            field.changed.connect(self._say_when)
        return side_panel(
            label(_("Take a call"), "title"),
            row(self.room, self.time, None, gap=12),
            row(self.day, self.days, None, gap=12),
            self.meant,
            self.way,
            self.remark,
            None,
            self.notes,
            self.button("take"),
        )

    def start(self) -> QWidget:
        """Give the keys to the calls when some are due, else to the form."""
        return self.table if self.table.rows.rowCount() else self.room

    def open(self, wake_up_id: int | None = None, stay_id: int | None = None, **_what: Any) -> None:
        """Take a call in hand, or a guest's room into the form."""
        self.show_done(False)
        if wake_up_id is not None:
            self.table.pick(wake_up_id)
        if stay_id is not None:
            self.room.set_value(
                self.office.ask(
                    stays.stay, stay_id=stay_id, business_date=self.office.house().business_date
                ).room
            )
            self._room_typed()

    def _room_typed(self) -> None:
        number = self.room.value()
        self.guest = self.office.ask(queries.lodger, room=number) if number else None
        self._say_when()

    def _say_when(self) -> None:
        """Say in full who is woken and when, as soon as it can be told."""
        who = f"{self.guest.room} {self.guest.guest}" if self.guest else ""
        self.meant.setText(formats.commas((who, self._when())))

    def _when(self) -> str:
        try:
            time, days = queries.checked(self.time.value()), self.days.value() or 1
            now = self.office.now()
            day = self.day.value() or queries.next_day(time, now, self.zone)
        except Refused:
            return ""
        away = clock.at(day, time, self.zone) - now
        if away <= timedelta(0):
            return _("%(day)s %(time)s has passed already") % {"day": formats.long_day(day), "time": time}
        hours, minutes = divmod(int(away.total_seconds()) // 60, 60)
        words = _("%(day)s %(time)s, in %(hours)s h %(minutes)s min") % {
            "day": formats.long_day(day),
            "time": time,
            "hours": hours,
            "minutes": minutes,
        }
        if days <= 1:
            return words
        last = formats.long_day(day + timedelta(days=days - 1))
        return formats.commas((words, _("each day until %(day)s") % {"day": last}))

    def refresh(self) -> None:
        """Ask which calls are due and which are done."""
        self.zone = self.office.house().zone
        due, done = self.office.ask(queries.due), self.office.ask(queries.done, now=self.office.now())
        self.due.say(count=str(len(due)))
        self.done.say(count=str(len(done)))
        self.table.show_rows(done if self._done else due)

    def show_done(self, done: bool) -> None:
        """Show the calls of the last two days, or those to come."""
        self._done = done
        self.due.setChecked(not done)
        self.done.setChecked(done)
        self.refresh()

    @action(N_("Take the call"), key=keys.PRIMARY, operation=service.take, icon="clock", kind="primary")
    def take(self) -> None:
        """Put a guest on the list."""
        if missing := self.form.missing():
            self.refuse(missing)
            return
        typed = self.form.values()
        number = typed.pop("room")
        self._room_typed()
        guest = self.guest
        if guest is None:
            self.room.set_error(why := _("Nobody is in %(room)s.") % {"room": number})
            self.room.setFocus()
            self.refuse(why)
            return
        said = _("%(what)s: on the list.") % {"what": self.meant.text()}
        if self.run(service.take.of(stay_id=guest.stay_id, **typed), said=said):
            for field in (self.room, self.time, self.day, self.remark):
                field.set_value(None)
            self.days.set_value(1)
            self._room_typed()
            self.room.setFocus()

    @action(N_("Answered"), key="A", operation=service.tried, icon="check")
    def answered(self) -> None:
        """Note that the guest answered."""
        self._try(True, _("%(room)s answered."))

    @action(N_("No answer"), key="X", operation=service.tried, icon="alert")
    def no_answer(self) -> None:
        """Note a try without an answer; the call stays due."""
        self._try(False, _("%(room)s did not answer. Try again in five minutes."))

    def _try(self, answered: bool, said: str) -> None:
        call = self.table.row()
        self.run(service.tried.of(wake_up_id=call.id, answered=answered), said=said % {"room": call.room})

    @action(N_("Give up"), key="G", operation=service.give_up)
    def give_up(self) -> None:
        """End a call that nobody answered, with what was done instead."""
        call = self.table.row()
        if self.run(
            service.give_up.of(wake_up_id=call.id, note=self.note.value()),
            said=_("%(room)s: noted.") % {"room": call.room},
        ):
            self.note.set_value("")
        else:
            self.note.setFocus()

    @action(N_("Cancel the call"), key=keys.VOID, operation=service.cancel, kind="danger")
    def cancel(self) -> None:
        """Call a wake-up off."""
        call = self.table.row()
        self.run(
            service.cancel.of(wake_up_id=call.id),
            said=_("The call for %(room)s is cancelled.") % {"room": call.room},
        )

    def _not_due(self) -> str:
        call = self.table.row()
        if call is None:
            return _("Choose a call first.")
        return "" if call.state == "due" else _("This call is done already.")

    can_answered = can_no_answer = can_give_up = can_cancel = _not_due

    @action(N_("Print the list"), key=keys.PRINT, operation=service.print_list, icon="printer")
    def print_list(self) -> None:
        """Print the calls that are due."""
        self.run(service.print_list.of(), said=_("The list is printed."))
