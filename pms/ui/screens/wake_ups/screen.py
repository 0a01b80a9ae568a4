"""The wake-up desk: who is to be woken next, and what became of the calls of last night."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core import clock
from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.services.stays import queries as stays
from pms.services.wake_ups import queries, service
from pms.services.wake_ups.queries import STATES, WAYS, Lodger, TryRow, WakeUpRow
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.amounts import Day, Number
from pms.ui.kit.forms import Choice, Code, Form, Text
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, label, row
from pms.ui.kit.register import NEW, Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.unsaved import Typed
from pms.ui.kit.verbs import Verb

TONES = {"answered": "good", "given_up": "bad", "cancelled": "block", "due": "warn"}
NOBODY = N_("No calls are due.")


class WakeUpsScreen(Register):
    """Work the calls off, or take a new one."""

    NAME, CHOSEN, HEAD = N_("Wake-up calls"), "answered", ("new", "print_list")
    VIEWS = (View("due", N_("Due"), NOBODY, "clock"), View("done", N_("Done"), NOBODY, "check"))
    CHOOSE = N_("Choose a call first.")
    TOPICS = frozenset({"wake_ups", "stays", "business_date"})

    def lists(self) -> Mapping[str, Sequence[WakeUpRow]]:
        """Ask which calls are due and which are done."""
        return {
            "due": self.office.ask(queries.due),
            "done": self.office.ask(queries.done, now=self.office.now()),
        }

    def answer(self) -> str:
        """Say how many are to be woken, and when the first one is."""
        due, now = self.rows["due"], self.office.now()
        if not due:
            return _(NOBODY)
        late = [call for call in due if call.at <= now]
        words = (
            ngettext(
                "%(n)s to wake now, due since %(time)s", "%(n)s to wake now, due since %(time)s", len(late)
            )
            if late
            else ngettext("%(n)s to wake, at %(time)s", "%(n)s to wake, the next at %(time)s", len(due))
        )
        return words % {"n": len(late or due), "time": formats.day_time(due[0].at, self.zone)}

    def columns(self, _list: str) -> Sequence[Column]:
        """Say who is woken when, and how often it was tried."""
        return (
            Column(
                N_("Time"),
                lambda r: formats.day_time(r.at, self.zone),
                width=120,
                bold=True,
                tone=lambda r: "warn" if self._late(r) else "",
                sort=lambda r: r.at,
            ),
            Column(N_("Room"), lambda r: r.room, width=72, bold=True),
            Column(N_("Guest"), lambda r: r.guest, sub=lambda r: r.remark),
            Column(N_("Way"), lambda r: _(WAYS[r.way]), width=80),
            Column(N_("Attempts"), self._tries, width=200, sub=lambda r: r.note, sort=lambda r: r.tries),
            Column(
                N_("State"),
                lambda r: _(STATES[r.state]),
                "badge",
                width=112,
                tone=lambda r: TONES[r.state],
                usual=lambda r: r.state == ("due" if self.view == "due" else "answered"),
            ),
        )

    def _late(self, call: WakeUpRow) -> bool:
        return call.state == "due" and call.at <= self.office.now()

    def _tries(self, wake_up: WakeUpRow) -> str:
        if not wake_up.tries:
            return ""
        return _("%(n)s, last %(time)s") % {
            "n": wake_up.tries,
            "time": formats.time(wake_up.last_try, self.zone),
        }

    def facts(self, call: WakeUpRow) -> One:
        """Show a call with its tries."""
        return One(
            f"{call.room} {call.guest}",
            (
                (
                    _("Time"),
                    f"{formats.long_day(clock.local(call.at, self.zone).date())} "
                    f"{formats.time(call.at, self.zone)}",
                ),
                (_("Way"), _(WAYS[call.way])),
                (_("Remark"), call.remark),
            ),
            badges=((_(STATES[call.state]), TONES[call.state], ""),),
            steps=[self._step(call, one) for one in self.office.ask(queries.tries, wake_up_id=call.id)],
        )

    @staticmethod
    def _step(call: WakeUpRow, one: TryRow) -> Step:
        given_up = call.state == "given_up" and one.note
        words = _("Answered") if one.answered else _("Released") if given_up else _("No answer")
        return Step(one.at, words, one.by, one.note)

    def foot(self, _list: str) -> QLayout:
        """Say what became of the call in hand."""
        self.note = Text(_("What was done"), longest=120)
        return col(
            None,
            self.note,
            row((self.button("no_answer"), 1), (self.button("give_up"), 1), gap=8),
            self.button("cancel"),
            self.button("answered", kind="primary"),
            gap=8,
        )

    def make_forms(self) -> None:
        """Take a new call."""
        self.guest: Lodger | None = None
        self.room = Code(_("Room"), width=80, required=True, longest=8)
        self.day = Day(_("Day, empty: the next such time"), today=self.today)
        self.time = Text(_("Time"), width=80, required=True, hint="6:30", longest=5, plain=True)
        self.days = Number(_("Days"), value=1, least=1, most=31)
        self.way = Choice(_("Way"), [(code, _(name)) for code, name in WAYS.items()])
        self.remark = Text(_("Remark"), longest=80)
        fields = {
            "room": self.room,
            "day": self.day,
            "time": self.time,
            "days": self.days,
            "way": self.way,
            "remark": self.remark,
        }
        self.form = Form(**fields)
        self.meant = label("", "strong", wrap=True)
        self.room.changed.connect(self._room_typed)
        for field in (self.time, self.day, self.days):
            field.changed.connect(self._say_when)
        shown = col(
            label(_("New wake-up call"), "title"),
            row(self.room, self.time, None, gap=12),
            row(self.day, self.days, None, gap=12),
            self.meant,
            self.way,
            self.remark,
            None,
            gap=12,
        )
        self.add_new(Typed(shown, fields.values()), col(None, self.button("take")), self.room)

    def open(self, wake_up_id: int | None = None, stay_id: int | None = None, **_what: Any) -> None:
        """Take a call in hand, or a guest's room into the form."""
        self.show_view("due")
        if wake_up_id is not None:
            self.table.pick(wake_up_id)
        if stay_id is not None:
            stay = self.office.ask(stays.stay, stay_id=stay_id, business_date=self.today)
            self.room.set_value(stay.room)
            self._room_typed()
            self.panel.show_page(NEW)

    def start(self) -> QWidget | None:
        """Begin in the list; with a guest's room typed at the time to wake them."""
        if self.panel.page == NEW and self.guest is not None:
            return self.time
        return super().start()

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

    @action(N_("Set wake-up call"), key=keys.PRIMARY, operation=service.take, icon="clock", kind="primary")
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

    @action(N_("Escalate"), key="G", operation=service.give_up)
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

    def named(self, call: WakeUpRow) -> dict[str, str]:
        """Call a wake-up by its room."""
        return {"room": call.room}

    def _not_due(self) -> str:
        call = self.table.row()
        return self.in_hand(
            _(self.CHOOSE), bool(call and call.state == "due"), _("This call is done already.")
        )

    cancel = Verb(
        N_("Cancel the call"),
        key=keys.VOID,
        operation=service.cancel,
        of=lambda call: {"wake_up_id": call.id},
        said=N_("The call for %(room)s is cancelled."),
        can=_not_due,
        kind="danger",
    )
    can_answered = can_no_answer = can_give_up = _not_due

    @action(N_("Print the list"), key=keys.PRINT, operation=service.print_list, icon="printer")
    def print_list(self) -> None:
        """Print the calls that are due."""
        self.run(service.print_list.of(), said=_("The list is printed."))
