"""The booking desk: who comes today, soon and later, and what one can do with a booking."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.services.reservations import queries, service
from pms.services.reservations.queries import LineRow
from pms.services.rooms import queries as room_queries
from pms.services.stays import service as stays
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Text
from pms.ui.kit.messages import note
from pms.ui.kit.one import One
from pms.ui.kit.parts import col, row, rule
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.screens.reservations.words import ICONS, TONES

from .facts import prices, told

PHONE, NIGHTS, TYPE = 3, 1, 4
"""The columns that give way, in this order, where the list is narrow; the panel shows what they hold."""
MONTH, MOST_FOUND = timedelta(days=30), 200
BUTTONS = ("change", "assign", "confirm", "no_show", "another", "cancel", "reinstate", "release", "check_in")


class BookingsScreen(Register):
    """Bookings by arrival; the panel shows the one in hand with its warnings and what can be done."""

    NAME, CHOSEN, HEAD, NEW = N_("Bookings"), "change", ("new_booking",), "new_booking"
    VIEWS = (
        View("today", N_("Today"), N_("Nobody else is expected today."), "check-in"),
        View("soon", N_("Next 7 days"), N_("Nobody is booked for the next 7 days."), "calendar"),
        View("open", N_("All open"), N_("There are no open bookings.")),
        View("cancelled", N_("Cancelled"), N_("Nothing was cancelled in the last 30 days.")),
        View("no_show", N_("No-show"), N_("No no-shows in the last 30 days.")),
    )
    CHOOSE = N_("No booking selected.")
    FIND = N_("Name, phone, number")
    FIND_WIDTH = 176
    TYPING = True
    TOPICS = frozenset({"reservations", "rooms", "stays", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[LineRow]]:
        """Ask for the list of the tab; the other tabs need their numbers only."""
        self.clock = formats.time(self.office.now(), self.zone)
        self.tally = self.office.ask(queries.tally, business_date=self.today)
        rows = self.office.ask(queries.listed, which=self.view, business_date=self.today)
        self._full = self._sold_out(rows)
        return {self.view: rows}

    def counts(self) -> dict[str, int]:
        """Return how many are in each list."""
        return dict(self.tally)

    def answer(self) -> str:
        """Say how many are to arrive today, and how many of them have no room."""
        words = ngettext("%(n)s arrives today", "%(n)s arrive today", self.tally["today"])
        said = words % {"n": self.tally["today"]}
        roomless = sum(self._roomless(r) for r in self.rows.get("today", ()))
        return _("%(told)s, %(n)s without a room") % {"told": said, "n": roomless} if roomless else said

    def fitting(self, _rows: Sequence[LineRow], text: str) -> Sequence[LineRow]:
        """Find in all of them, those to come and those lately lost."""
        since = self.today - MONTH
        rows = self.office.ask(queries.coming, start=since, end=date.max, text=text, limit=MOST_FOUND)
        self._full |= self._sold_out(rows)
        return rows

    def told_found(self, count: int) -> str:
        """Say how many were found, and that it may not be all."""
        if count == MOST_FOUND:
            return _("The first %(n)s found") % {"n": count}
        return super().told_found(count)

    def key(self, r: LineRow) -> int:
        """Know a booked room by its line."""
        return r.line_id

    def make_table(self, name: str) -> Table:
        """Let what the panel shows give way in a narrow list."""
        table = super().make_table(name)
        table.give_way(PHONE, NIGHTS, TYPE)
        return table

    def columns(self, _list: str) -> Sequence[Column]:
        """Say who comes when, for how long, and what needs an eye."""
        return (
            Column(N_("Arrival"), self._arrival, width=76, sort=lambda r: r.arrival),
            Column(N_("Nights"), lambda r: r.nights, "number", width=58),
            Column(
                N_("Guest"),
                lambda r: r.listed,
                bold=True,
                sub=self._watch,
                icon=lambda r: "lock" if r.private else "",
            ),
            Column(N_("Phone"), lambda r: r.listed_phone, width=120),
            Column(N_("Type"), lambda r: r.type_code, width=58),
            Column(
                N_("Room"),
                self._room,
                width=62,
                tone=lambda r: "" if r.room else "warn" if self._roomless(r) else "muted",
            ),
            Column(
                N_("State"),
                lambda r: r.state_name,
                "badge",
                width=124,
                tone=lambda r: TONES[r.state],
                icon=lambda r: ICONS[r.state],
            ),
            Column(N_("Total"), lambda r: r.total, "money", width=92),
        )

    def foot(self, _list: str) -> QLayout:
        """Offer what can be done with the booking in hand."""
        b = self.buttons = {name: self.button(name) for name in BUTTONS}
        return col(
            row((b["change"], 1), (b["assign"], 1), gap=8),
            row((b["confirm"], 1), (b["no_show"], 1), gap=8),
            b["another"],
            b["cancel"],
            row((b["reinstate"], 1), (b["release"], 1), gap=8),
            b["check_in"],
            gap=8,
        )

    def make_forms(self) -> None:
        """Add the forms for a room, a reason and a word."""
        self.room_form = self.panel.add_form(
            "assign",
            FormPage(
                _("Assign a room"),
                _("Assign this room"),
                self._assign_now,
                self.close_form,
                room=Text(_("Room"), width=64, plain=True),
            ),
        )
        self.reason_form = self.panel.add_form(
            "cancel",
            FormPage(
                _("Cancel the booking"),
                _("Cancel booking"),
                self._cancel_now,
                self.close_form,
                reason=Text(_("Reason"), required=True),
            ),
        )
        self.absent_form = self.panel.add_form(
            "no_show",
            FormPage(
                _("Mark as no-show"),
                _("Mark no-show"),
                self._no_show_now,
                self.close_form,
                reason=Text(_("Reason")),
            ),
        )

    def open(
        self,
        line_id: int | None = None,
        which: str = "",
        text: str = "",
        said: str = "",
        cancel: bool = False,
        **_more: Any,
    ) -> None:
        """Show one of the lists, what fits a text, or one booked room wherever it stands, ``cancel`` with the
        form that gives it up.

        ``said`` is what was just done.
        """
        self.notes.clear()
        self.panel.show_page(self.HOME)
        if line_id is not None and not self.table.pick(line_id):
            self.finder.set_value("")
            self.show_view("open")
            if not self.table.pick(line_id):
                text = f"R-{self.office.ask(queries.line, line_id=line_id).number}"
        if which:
            self.finder.set_value("")
            self.tabs.choose(which)
        if text:
            self.finder.line.setText(text)
            self.table.pick(line_id) if line_id is not None else self.table.selectRow(0)
        if cancel:
            self.acts["cancel"].press()
        if said:
            self.notes.good(said)

    # -------------------------------------------------------------- what is shown
    def _sold_out(self, rows: Sequence[LineRow]) -> frozenset[tuple[int, date]]:
        """Return the nights in which more of a type is sold than there are rooms."""
        coming = [r for r in rows if r.open]
        if not coming:
            return frozenset()
        left = self.office.ask(
            room_queries.left,
            type_ids=sorted({r.type_id for r in coming}),
            start=min(r.arrival for r in coming),
            end=max(r.departure for r in coming),
        )
        return frozenset((x.type_id, x.night) for x in left if x.free < 0)

    def _over(self, r: LineRow) -> list[date]:
        nights = (r.arrival + timedelta(days=n) for n in range(r.nights))
        return [n for n in nights if (r.type_id, n) in self._full] if r.open and r.state != "waiting" else []

    def _arrival(self, r: LineRow) -> str:
        return _("today") if r.arrival == self.today else formats.day(r.arrival)

    def _overdue(self, r: LineRow) -> bool:
        late = r.arrival < self.today or (r.arrival == self.today and r.hold_until <= self.clock)
        return r.open and r.state not in ("guaranteed", "waiting") and late

    def _watch(self, r: LineRow) -> str:
        """Say in the list what needs an eye; that no room is given yet stands in its own column."""
        return formats.commas(self._warnings(r)[:-1] if self._roomless(r) else self._warnings(r))

    def _roomless(self, r: LineRow) -> bool:
        return r.open and r.arrival <= self.today and not r.room

    def _room(self, r: LineRow) -> str:
        return r.room or (_("none") if self._roomless(r) else "\u2014")

    def _warnings(self, r: LineRow) -> list[str]:
        found = []
        if over := self._over(r):
            found.append(_("Overbooked %(night)s") % {"night": formats.day(over[0])})
        if self._overdue(r):
            found.append(_("Held until %(time)s only") % {"time": r.hold_until})
        if self._roomless(r):
            found.append(_("No room assigned"))
        return found

    def picked(self) -> None:
        """Show the buttons of a booking to come, or of one that is lost."""
        r = self.table.row()
        gone = r is not None and not r.open
        for name, button in self.buttons.items():
            button.setVisible((name == "reinstate") == gone or (gone and name == "check_in"))
        for name in ("release", "another", "reinstate"):
            self.buttons[name].setVisible(not getattr(self, f"can_{name}")())

    def whose(self, r: LineRow) -> Mapping[str, int]:
        """Let every duty tell what happened to the booked room."""
        return {"line_id": r.line_id}

    def facts(self, r: LineRow) -> One:
        """Show a booking with its warnings and prices."""
        lines = len(self.office.ask(queries.lines_of, number=r.number))
        secret = [(_("Do not disclose"), "bad", "lock")] if r.private else []
        return One(
            r.guest_name,
            [(_("Number"), f"R-{r.number}"), *told(r, lines)],
            badges=[(r.state_name, TONES[r.state], ICONS[r.state]), *secret],
            parts=self._notes(r),
            more=[rule(), prices(self.office, r, self.digits)],
        )

    def _notes(self, r: LineRow) -> list[QWidget]:
        found: list[QWidget] = []
        if over := self._over(r):
            found.append(
                note(
                    "bad",
                    _("Overbooked"),
                    _("More %(type)s rooms are sold than there are: %(nights)s.")
                    % {"type": r.type_code, "nights": formats.commas(formats.day(n) for n in over[:4])},
                )
            )
        if r.kept_until is not None:
            until = {"time": formats.time(r.kept_until, self.office.house().zone)}
            found.append(
                note(
                    "warn",
                    _("Guaranteed, did not come last night"),
                    _("May be checked in as booked until %(time)s; the nights to come are held.") % until,
                )
            )
        rest = [w for w in self._warnings(r)[bool(over) :]]
        if rest:
            found.append(note("warn", rest[0], " ".join(rest[1:])))
        return found

    # -------------------------------------------------------------- actions
    @action(N_("Check in"), key=keys.CHECK_IN, operation=stays.check_in, icon="check-in", kind="primary")
    def check_in(self) -> None:
        """Go to the check-in of the room in hand."""
        self.go("check_in", line_id=self.table.row().line_id)

    def can_check_in(self) -> str:
        """Only who is expected by today can be checked in."""
        r = self.table.row()
        if r is None:
            return _("Choose a booking first.")
        if r.awaited:
            return ""
        if not r.open or r.state == "waiting":
            return _("%(state)s: this booking cannot be checked in.") % {"state": r.state_name}
        return (
            _("This booking arrives on %(day)s. Change its dates first.") % {"day": formats.day(r.arrival)}
            if r.arrival > self.today
            else ""
        )

    @action(N_("New booking"), key=keys.NEW_BOOKING, operation=service.book, icon="plus")
    def new_booking(self) -> None:
        """Go to an empty booking form."""
        self.go("booking")

    @action(N_("Change"), key=keys.CHANGE, operation=service.amend)
    def change(self) -> None:
        """Go to the form with this booking."""
        self.go("booking", line_id=self.table.row().line_id)

    def can_change(self) -> str:
        """Only what is to come can be changed."""
        return self._open_one(_("Only a booking that is still to come can be changed."))

    @action(N_("Another room"), key="Ctrl+T", operation=service.add_rooms, icon="plus")
    def another(self) -> None:
        """Go to the form with a line for a further room of this booking."""
        self.go("booking", line_id=self.table.row().line_id, another=True)

    def can_another(self) -> str:
        """Only a booking with a room to come or in house takes another."""
        r = self.table.row()
        if r is None:
            return _("Choose a booking first.")
        return "" if r.open or r.state == "in_house" else _("This booking is over. Make a new one.")

    @action(N_("Assign"), key="Ctrl+Shift+A", operation=service.assign_room)
    def assign(self) -> None:
        """Open the form that gives this booking a room."""
        r = self.table.row()
        free = self.office.ask(room_queries.rooms)
        self.notes.clear()
        self.room_form.fill(room=r.room)
        self.room_form.say(
            _("A %(type)s room for %(guest)s. Leave it empty to take the room away.")
            % {"type": r.type_code, "guest": r.listed}
        )
        self._rooms = {x.number: x.id for x in free if x.active}
        self.panel.show_page("assign")

    def can_assign(self) -> str:
        """Only what is to come can be given a room."""
        r = self.table.row()
        return self._open_one(_("Only a booking that is still to come can be assigned a room.")) or (
            _("A wait-listed booking holds no room.") if r.state == "waiting" else ""
        )

    def _assign_now(self) -> None:
        r, number = self.table.row(), self.room_form["room"].value()
        if number and number not in self._rooms:
            self.refuse(_("There is no room %(room)s.") % {"room": number})
            return
        said = _("%(guest)s has room %(room)s now.") if number else _("The room of %(guest)s is unassigned.")
        if self.run(
            service.assign_room.of(line_id=r.line_id, room_id=self._rooms.get(number)),
            said=said % {"guest": r.listed, "room": number},
        ):
            self.show_row()

    @action(N_("Confirm"), operation=service.set_state)
    def confirm(self) -> None:
        """Make a tentative or wait-listed booking confirmed, a confirmed one guaranteed."""
        r = self.table.row()
        state = "guaranteed" if r.state == "confirmed" else "confirmed"
        said = _("R-%(number)s is guaranteed.") if state == "guaranteed" else _("R-%(number)s is confirmed.")
        self.run(service.set_state.of(line_id=r.line_id, state=state), said=said % {"number": r.number})

    def can_confirm(self) -> str:
        """Only what is to come and not guaranteed yet."""
        r = self.table.row()
        return self._open_one(_("Only a booking that is still to come can be confirmed.")) or (
            _("This booking is guaranteed already.") if r.state == "guaranteed" else ""
        )

    @action(N_("Reinstate"), key="Ctrl+B", operation=service.reinstate)
    def reinstate(self) -> None:
        """Bring a cancelled or no-show booking back."""
        r = self.table.row()
        done = self.run(service.reinstate.of(line_id=r.line_id))
        if not done:
            return
        words = {"number": r.number, "guest": r.listed, "room": r.room}
        if done.value:
            self.notes.good(_("R-%(number)s of %(guest)s stands again.") % words)
        else:
            self.notes.warn(
                _("R-%(number)s of %(guest)s stands again, but room %(room)s is given away: assign another.")
                % words
            )

    def can_reinstate(self) -> str:
        """Only what was cancelled or did not show up."""
        r = self.table.row()
        return (
            ""
            if r and r.state in ("cancelled", "no_show")
            else _("Only a cancelled or no-show booking can be reinstated.")
        )

    @action(N_("Release nights"), key="Ctrl+Shift+H", operation=service.release)
    def release(self) -> None:
        """Give the nights that are held for a guaranteed guest who did not come back on sale."""
        r = self.table.row()
        said = _("The nights of R-%(number)s are on sale again.") % {"number": r.number}
        self.run(service.release.of(line_id=r.line_id), said=said)

    def can_release(self) -> str:
        """Only what is held for a guest who did not come."""
        r = self.table.row()
        return "" if r and r.awaited else _("No night is held for this booking.")

    @action(N_("No-show"), operation=service.mark_no_show)
    def no_show(self) -> None:
        """Ask for a word, then mark the booking as a no-show."""
        r = self.table.row()
        self.notes.clear()
        self.absent_form.fill(reason="")
        self.absent_form.say(
            _("%(guest)s, R-%(number)s: the nights go back on sale.")
            % {"guest": r.listed, "number": r.number}
        )
        self.panel.show_page("no_show")

    def can_no_show(self) -> str:
        """Only who was expected by today and holds a room."""
        r = self.table.row()
        return self._open_one(_("Only a booking that is still to come can be marked.")) or (
            _("This booking arrives on %(day)s.") % {"day": formats.day(r.arrival)}
            if r.arrival > self.today or r.state == "waiting"
            else ""
        )

    def _no_show_now(self) -> None:
        r = self.table.row()
        said = _("R-%(number)s is marked as a no-show.") % {"number": r.number}
        if self.run(
            service.mark_no_show.of(line_id=r.line_id, reason=self.absent_form["reason"].value()), said=said
        ):
            self.show_row()

    @action(N_("Cancel booking"), key="Ctrl+Del", operation=service.cancel, kind="danger")
    def cancel(self) -> None:
        """Ask for the reason, then cancel."""
        r = self.table.row()
        self.notes.clear()
        self.reason_form.fill(reason="")
        held = self.office.ask(queries.advance_held, line_id=r.line_id)
        kept = (
            _("The advance deposit of %(sum)s stays in its account until it is given back.")
            % {"sum": formats.amount(held, self.digits)}
            if held > 0
            else ""
        )
        back = _("%(guest)s, R-%(number)s: the nights go back on sale.") % {
            "guest": r.listed,
            "number": r.number,
        }
        self.reason_form.say(f"{back} {kept}".strip())
        self.panel.show_page("cancel")

    def can_cancel(self) -> str:
        """Only what is to come can be cancelled."""
        return self._open_one(_("Only a booking that is still to come can be cancelled."))

    def _cancel_now(self) -> None:
        if missing := self.reason_form.form.missing():
            self.refuse(missing)
            return
        r = self.table.row()
        said = _("R-%(number)s is cancelled.") % {"number": r.number}
        if self.run(
            service.cancel.of(line_id=r.line_id, reason=self.reason_form["reason"].value()), said=said
        ):
            self.show_row()

    def _open_one(self, otherwise: str) -> str:
        r = self.table.row()
        if r is None:
            return _("Choose a booking first.")
        return "" if r.open else otherwise
