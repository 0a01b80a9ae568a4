"""The lists of a few minutes ago, for when the server does not answer: rooms and numbers for anybody, names
for whoever types a password. Nothing can be changed here."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _, ngettext
from pms.services.downtime.lists import Expected, Head, Resident, RoomNow
from pms.services.downtime.sealing import Opened, Sealed
from pms.ui.kit import background, formats, keys
from pms.ui.kit.actions import shortcut
from pms.ui.kit.chips import Chips
from pms.ui.kit.empty import Empty
from pms.ui.kit.forms import Secret, Text
from pms.ui.kit.messages import Notes
from pms.ui.kit.parts import Button, box, card, col, heading, label, row, side_panel
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

EVACUATION, IN_HOUSE, ARRIVALS, ROOMS = "evacuation", "in_house", "arrivals", "rooms"
TITLES = {
    EVACUATION: N_("Evacuation list"),
    IN_HOUSE: N_("In house"),
    ARRIVALS: N_("Arrivals"),
    ROOMS: N_("Rooms"),
}
ICONS = {EVACUATION: "users", IN_HOUSE: "bed", ARRIVALS: "check-in", ROOMS: "board"}
NOBODY = {
    EVACUATION: N_("Nobody is in house."),
    IN_HOUSE: N_("Nobody is in house."),
    ARRIVALS: N_("Nobody else is expected today."),
    ROOMS: N_("There are no rooms."),
}
CLEAN = {
    "clean": (N_("Clean"), "good", "check"),
    "inspected": (N_("Inspected"), "good", "check-double"),
    "dirty": (N_("Dirty"), "warn", "broom"),
}
BLOCKS = {"OOO": N_("Out of order"), "OOS": N_("Out of service"), "HOLD": N_("Hold")}


class Lists(Protocol):
    """What this page needs of the lists that are kept."""

    def lists(self) -> Sealed:
        """Return the lists; refuses where there are none."""

    def age(self, head: Head) -> str:
        """Say of which moment they are."""

    def open_for(self, login: str, password: str) -> Opened:
        """Return what a person may read; takes its time on purpose."""

    def print_evacuation(self) -> int:
        """Print how many people are in which room."""

    def print_in_house(self, found: Sealed, opened: Opened) -> None:
        """Print who is in house."""


class DowntimePage(QWidget):
    """``left`` tells that one goes back; ``evacuation_wanted`` that the list is to be printed."""

    left = Signal()
    evacuation_wanted = Signal()

    def __init__(self, lists: Lists, found: Sealed) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lists, self.found, self._busy = lists, found, False
        self.opened: Opened | None = None
        self.notes, self.age = Notes(), Notes(slim=True)
        self.chips = Chips((), icons=ICONS)
        self.chips.chosen.connect(self._turn)
        self.pages = QStackedWidget()
        self.tables = {which: self._table(which) for which in TITLES}
        self.setLayout(self._arrange())
        shortcut(keys.PRIMARY, self, self._press_primary)
        self.tell_age()
        self._show()

    # -------------------------------------------------------------- arrangement
    def _arrange(self) -> QLayout:
        head = self.found.head
        business_day = _("Business date %(date)s") % {"date": formats.long_day(head.day)}
        top = heading(_("Without the server"), None, label(head.house, "title"), label(business_day, "muted"))
        self.count = label("", "muted")
        left = col(
            top,
            self.age,
            row(self.chips, None, self.count),
            (card(self.pages, pad=(0, 0, 0, 0)), 1),
            gap=12,
            pad=(16, 12, 16, 16),
        )
        return row((box(left), 1), self._side(), gap=0)

    def _side(self) -> QWidget:
        self.title = label("", "title")
        self.about = label("", "muted", wrap=True)
        self.login = Text(_("Sign-in name"), required=True, longest=60)
        self.password = Secret(_("Password"))
        self.enter = Button(_("Show names"), "Enter", "user", "primary")
        self.print_list = Button(_("Print the in-house list"), icon="printer", kind="primary")
        self.close_names = Button(_("Close the names"), icon="lock")
        self.evacuation = Button(_(keys.MEANING[keys.EVACUATE]), keys.EVACUATE, "users")
        self.back = Button(_("Back"), "Esc")
        self.enter.clicked.connect(self.submit)
        self.login.line.returnPressed.connect(self.password.setFocus)
        self.password.line.returnPressed.connect(self.submit)
        self.print_list.clicked.connect(self._print)
        self.close_names.clicked.connect(self.close_lists)
        self.evacuation.clicked.connect(self.evacuation_wanted)
        self.back.clicked.connect(self.left)
        return side_panel(
            self.title,
            self.about,
            self.login,
            self.password,
            None,
            self.notes,
            self.evacuation,
            self.back,
            self.close_names,
            self.print_list,
            self.enter,
        )

    def _table(self, which: str) -> Table:
        made = Table(_COLUMNS[which](), key=_KEYS[which], digits=self.found.head.digits)
        made.set_empty(Empty(ICONS[which], _(NOBODY[which])))
        made.setAccessibleName(_(TITLES[which]))
        self.pages.addWidget(made)
        return made

    # -------------------------------------------------------------- what is shown
    def tell_age(self) -> None:
        """Say how old the lists are, which grows while one looks."""
        self.age.warn(
            f"{self._lists.age(self.found.head)} {_('What was done since is not in them.')}", icon="clock"
        )

    def server_answers(self) -> None:
        """Say that the server is back: what is typed here goes nowhere."""
        self.age.good(_("The server answers again. Go back and go on there."), (_("Back"), self.left.emit))

    def _rows(self) -> dict[str, Sequence[Any]]:
        """Return the lists that may be shown now."""
        who, shown = self.opened, dict[str, Sequence[Any]]()
        if who is not None and who.residents is not None:
            shown[IN_HOUSE] = [_Line(each, who) for each in who.residents]
        if who is not None and who.expected is not None:
            shown[ARRIVALS] = who.expected
        if who is not None and who.rooms is not None:
            shown[ROOMS] = who.rooms
        return shown | {EVACUATION: self.found.lodged}

    def _show(self) -> None:
        """Show the lists that may be seen, the first of them at first."""
        shown = self._rows()
        for which, table in self.tables.items():
            table.show_rows(shown.get(which, ()))
        self.chips.set_options([(which, _(TITLES[which])) for which in shown])
        self.chips.show_counts({which: len(rows) for which, rows in shown.items()})
        self._turn(next(iter(shown)))
        self._show_side()

    def _turn(self, which: str) -> None:
        self.chips.set_value(which)
        self.pages.setCurrentWidget(self.tables[which])
        people = sum(each.people for each in self.found.lodged)
        told = ngettext("%(n)s person in house", "%(n)s people in house", people) % {"n": people}
        self.count.setText(told if which == EVACUATION else "")

    def _show_side(self) -> None:
        is_open = self.opened is not None
        for widget in (self.login, self.password, self.enter):
            widget.setVisible(not is_open)
        self.close_names.setVisible(is_open)
        self.print_list.setVisible(self.opened is not None and self.opened.residents is not None)
        self.title.setText(self.opened.name if self.opened else _("Rooms and numbers only"))
        self.about.setText(
            _(
                "Read only. Write down on paper what is done, with the time; it is typed when the server is "
                "back."
            )
            if is_open
            else _("Names, arrivals and balances are shown to who signs in. Nothing can be changed.")
        )

    # -------------------------------------------------------------- names
    def submit(self) -> None:
        """Check name and password off the window's thread."""
        if self._busy or self.opened is not None:
            return
        for field in (self.login, self.password):
            if not field.validate():
                field.setFocus()
                return
        self._busy = True
        self.notes.clear()
        asked = partial(self._lists.open_for, str(self.login.value()), self.password.value())
        background.run(self, asked, self._came_in, self._kept_out)

    def _came_in(self, opened: Opened) -> None:
        self._busy = False
        self.password.set_value("")
        if opened.empty:
            self.notes.refuse(_("Your role may see none of these lists. Ask a person who may."))
            return
        self.opened = opened
        self._show()
        self.tables[self.chips.value()].setFocus()

    def _kept_out(self, error: Exception) -> None:
        self._busy = False
        if not isinstance(error, Refused):
            raise error
        self.password.set_value("")
        self.password.setFocus()
        self.notes.refuse(error)

    def close_lists(self) -> None:
        """Show rooms and numbers alone again."""
        if self.opened is not None:
            self.opened = None
            self.login.set_value("")
            self.notes.clear()
            self._show()
            self.login.setFocus()

    def start(self) -> None:
        """Put the cursor where one begins."""
        self.login.setFocus()

    # -------------------------------------------------------------- paper
    def _print(self) -> None:
        opened = self.opened
        if opened is None or self._busy:
            return
        self._busy = True
        background.run(
            self, partial(self._lists.print_in_house, self.found, opened), self._printed, self._not_printed
        )

    def _printed(self, _done: None) -> None:
        self._busy = False
        self.notes.good(_("The in-house list is printed."))

    def _not_printed(self, error: Exception) -> None:
        self._busy = False
        if not isinstance(error, Refused):
            raise error
        self.notes.refuse(error)

    def _press_primary(self) -> None:
        filled = self.enter if self.opened is None else self.print_list
        if filled.isVisible():
            filled.click()


class _Line:
    """A stay in the list, with what it owes where that may be read."""

    def __init__(self, who: Resident, opened: Opened) -> None:
        self.who = who
        self.standing = opened.standing.get(who.number) if opened.standing is not None else None

    @property
    def people(self) -> int:
        """Return how many there are."""
        return self.who.adults + self.who.children

    @property
    def watch(self) -> str:
        """Say what is to be seen to."""
        pending = _("Document not shown yet") if self.who.pending else ""
        return formats.commas((pending, self.who.payer_words if self.who.payer != "guest" else ""))


def _in_house_columns() -> tuple[Column, ...]:
    return (
        Column(_("Room"), lambda r: r.who.room, width=64, bold=True),
        Column(_("Guest"), lambda r: r.who.listed, bold=True, sub=lambda r: r.watch),
        Column(_("Type"), lambda r: r.who.type_code, width=60),
        Column(_("People"), lambda r: r.people, "number", width=68),
        Column(_("Arrival"), lambda r: r.who.arrival, "day", width=86),
        Column(_("Departure"), lambda r: r.who.departure, "day", width=86),
        Column(_("Deposit"), lambda r: r.standing and r.standing.deposit, "money", width=96),
        Column(_("Balance"), lambda r: r.standing and r.standing.balance, "money", width=104, bold=True),
    )


def _hold(line: Expected) -> str:
    return _("Guaranteed") if line.guaranteed else line.hold_until


def _arrival_columns() -> tuple[Column, ...]:
    return (
        Column(_("Booking"), lambda r: f"R-{r.number}", width=84),
        Column(
            _("Guest"),
            lambda r: r.listed,
            bold=True,
            sub=lambda r: r.payer_words if r.payer != "guest" else "",
        ),
        Column(_("Type"), lambda r: r.type_code, width=60),
        Column(_("Room"), lambda r: r.room or _("none"), width=64),
        Column(_("People"), lambda r: r.adults + r.children, "number", width=68),
        Column(_("Arrival"), lambda r: r.arrival, "day", width=86),
        Column(_("Departure"), lambda r: r.departure, "day", width=86),
        Column(_("Hold"), _hold, width=116),
        Column(_("Total"), lambda r: r.total, "money", width=104),
    )


def _use(room: RoomNow) -> str:
    """Say what a room is today."""
    if room.block:
        return formats.commas((_(BLOCKS[room.block]), room.block_reason))
    told = (
        ngettext("%(n)s person", "%(n)s people", room.people) % {"n": room.people}
        if room.occupied
        else _("Vacant"),
        _("due out") if room.due_out else "",
        _("due in") if room.due_in else "",
    )
    return formats.commas(told)


def _room_columns() -> tuple[Column, ...]:
    return (
        Column(_("Room"), lambda r: r.number, width=76, bold=True),
        Column(_("Floor"), lambda r: r.floor, "number", width=64),
        Column(_("Type"), lambda r: r.type_code, width=76),
        Column(
            _("State"),
            lambda r: _(CLEAN[r.clean][0]),
            "badge",
            width=120,
            tone=lambda r: CLEAN[r.clean][1],
            icon=lambda r: CLEAN[r.clean][2],
        ),
        Column(_("Today"), _use),
    )


def _evacuation_columns() -> tuple[Column, ...]:
    return (
        Column(_("Floor"), lambda r: r.floor, "number", width=76),
        Column(_("Room"), lambda r: r.room, width=96, bold=True),
        Column(_("People"), lambda r: r.people, "number", width=96),
        Column(_("Of them children"), lambda r: r.children or "", "number", width=140),
        Column("", lambda r: ""),
    )


_COLUMNS: dict[str, Callable[[], tuple[Column, ...]]] = {
    EVACUATION: _evacuation_columns,
    IN_HOUSE: _in_house_columns,
    ARRIVALS: _arrival_columns,
    ROOMS: _room_columns,
}
_KEYS: dict[str, Callable[[Any], Any]] = {
    EVACUATION: lambda r: r.room,
    IN_HOUSE: lambda r: r.who.number,
    ARRIVALS: lambda r: (r.number, r.type_code, r.room),
    ROOMS: lambda r: r.number,
}
