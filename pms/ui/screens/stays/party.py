"""The guests of one room: who is registered, another one comes, one leaves before the others, a document is
entered."""

from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget

from pms.core import countries
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.devices.identity import Identity
from pms.services.guests import queries as guest_queries
from pms.services.stays import people, queries
from pms.services.stays.printouts import DOCUMENTS, SEXES
from pms.services.stays.queries import Guesting, StayRow
from pms.ui.kit import background, formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.parts import Button, box, card, col, frame, label, row, scrolling
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table
from pms.ui.kit.wrap import Wrap

from .guest_line import GuestLine, GuestList

COLUMNS = (
    Column(
        N_("Guest"),
        lambda g: g.name,
        bold=True,
        sub=lambda g: formats.commas(
            (
                _(SEXES[g.sex]) if g.sex in SEXES else "",
                formats.day(g.birth, year=True) if g.birth else "",
                g.ethnic or countries.name(g.nationality),
            )
        ),
        icon=lambda g: "lock" if g.private else "star" if g.vip else "",
    ),
    Column(
        N_("Document"),
        lambda g: g.document_shown or _("No document"),
        width=200,
        sub=lambda g: _(DOCUMENTS[g.document_type]) if g.document_type in DOCUMENTS else "",
        icon=lambda g: "shield" if g.identity == "pending" else "",
        tone=lambda g: "warn" if g.identity == "pending" else "",
    ),
    Column(
        N_("State"),
        lambda g: _("In house") if g.left_on is None else _("Left %(day)s") % {"day": formats.day(g.left_on)},
        width=140,
        tone=lambda g: "" if g.left_on is None else "muted",
    ),
)


class PartyScreen(Screen):
    """Opened with ``stay_id``."""

    TOPICS = frozenset({"stays", "guests", "business_date"})

    # -------------------------------------------------------------- arrangement
    def build(self) -> QLayout:
        """Put the registered guests at the left, the one to come at the right."""
        self.stay: StayRow | None = None
        self.entering: Guesting | None = None
        self.today = date.min
        self.title, self.about = label("", "page"), label("", "muted")
        self.table = Table(COLUMNS, key=lambda g: g.guest_id)
        self.table.set_empty(Empty("users", _("Nobody is registered.")))
        self.table.setAccessibleName(_("Guests of the room"))
        self.table.picked.connect(lambda _row: self.update_actions())
        below = box(
            Wrap(self.button("one_leaves"), self.button("not_left"), self.button("enter_document"), gap=8)
        )
        left = col(
            row(self.title, (self.about, 1), self.button("record"), gap=12),
            (card(self.table, pad=(0, 0, 0, 0)), 1),
            below,
            gap=12,
            pad=(16, 12, 16, 12),
        )
        return row((box(left), 1), self._side(), gap=0)

    def _side(self) -> QWidget:
        self.guests = GuestList(lambda text: self.office.ask(guest_queries.find, text=text))
        self.guests.stepped.connect(lambda: self.focusNextPrevChild(True))
        self.heading = label("", "title", wrap=True)
        back = Button(_("Back"), keys.BACK)
        back.clicked.connect(self._back)
        foot = frame(
            "footer",
            col(
                self.notes,
                row(self.button("read_document", kind="quiet"), None, back, self.button("register"), gap=8),
                gap=8,
                pad=(16, 10, 16, 10),
            ),
        )
        body = scrolling(box(col(self.guests, None, gap=8, pad=(16, 0, 16, 8))))
        body.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made = frame("panel", col(row((self.heading, 1), pad=(16, 12, 16, 8)), (body, 1), foot, gap=0))
        made.setFixedWidth(th.px(592))  # as wide as a guest's line
        return made

    @property
    def line(self) -> GuestLine:
        """Return the fields of the guest to come."""
        return self.guests.lines[0]

    def start(self) -> QWidget:
        """Begin with the name of the guest to come, or with the document of one who is here."""
        if not self.guests.lines:
            return self.table
        return self.line.number if self.entering else self.line.name

    def open(self, stay_id: int | None = None, guest_id: int | None = None, **_more: Any) -> None:
        """Show the guests of a stay; ``guest_id``: whose document is to be entered."""
        self.notes.clear()
        self._stale, self.stay = False, None
        house = self.office.house()
        self.today = house.business_date
        if stay_id is not None:
            self.stay = self.office.ask(queries.stay, stay_id=stay_id, business_date=self.today)
        self._begin()
        self.refresh()
        if guest_id is not None:
            self.table.pick(guest_id)
            self.acts["enter_document"].press()

    def _begin(self, entering: Guesting | None = None) -> None:
        """Empty the fields for the next guest, or fill in whose document is missing."""
        self.entering = entering
        self.guests.today = self.today
        self.guests.begin(entering.name if entering else "", "")
        self.guests.leave_on(self.stay.departure if self.stay else None)
        self.heading.setText(
            _("Document of %(name)s") % {"name": entering.name} if entering else _("Another guest")
        )
        self.update_actions()

    def step_back(self) -> bool:
        """Go back from a document to the next guest."""
        if self.entering is None:
            return False
        self.notes.clear()
        self._begin()
        self.table.setFocus()
        return True

    def _back(self) -> None:
        if not self.step_back():
            self.leave()

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask again who is registered; what is typed stays."""
        if self.stay is None:
            return
        self.today = self.office.house().business_date
        self.stay = self.office.ask(queries.stay, stay_id=self.stay.stay_id, business_date=self.today)
        self.table.show_rows(self.office.ask(queries.sharers, stay_id=self.stay.stay_id))
        if self.table.row() is None:
            self.table.selectRow(0)
        heads = _("%(n)s counted") % {"n": self.stay.adults + self.stay.children}
        self.title.setText(_("Guests of %(room)s") % {"room": self.stay.room})
        self.about.setText(formats.commas((f"S-{self.stay.number}", heads)))
        self.update_actions()

    # -------------------------------------------------------------- actions
    @action(N_("Register"), key=keys.PRIMARY, operation=people.add_sharer, icon="user", kind="primary")
    def register(self) -> None:
        """Register the guest at the right, or enter the document of one who is registered."""
        if self.stay is None:
            return
        if missing := self.guests.missing():
            self.refuse(missing)
            return
        told = self.line.person()
        stay_id = self.stay.stay_id
        if self.entering is not None:
            done = self.run(
                people.identify.of(stay_id=stay_id, guest_id=self.entering.guest_id, person=told),
                said=_("The document is entered."),
            )
        else:
            said = _("%(name)s is registered in %(room)s.") % {"name": told.name, "room": self.stay.room}
            done = self.run(people.add_sharer.of(stay_id=stay_id, person=told), said=said)
        if done:
            self._begin()
            self.refresh()
            self.line.name.setFocus()

    def can_register(self) -> str:
        """Only while the stay is open."""
        return "" if self._open() else _("This guest has left already.")

    def _open(self) -> bool:
        return self.stay is not None and self.stay.state == "in_house"

    def _picked(self) -> Guesting | None:
        found: Guesting | None = self.table.row()
        return found

    @action(N_("Enter a document"), key="Ctrl+Shift+D", operation=people.identify, icon="shield")
    def enter_document(self) -> None:
        """Ask for the document of the guest in hand."""
        self.notes.clear()
        self._begin(self._picked())
        self.line.number.setFocus()

    def can_enter_document(self) -> str:
        """Only where it is missing."""
        guest = self._picked()
        if guest is None or not self._open() or guest.left_on is not None:
            return _("Choose a guest in house first.")
        return "" if guest.identity == "pending" else _("This guest's document is entered.")

    @action(N_("One guest leaves"), key="Ctrl+Shift+B", operation=people.leave_alone, icon="check-out")
    def one_leaves(self) -> None:
        """Let the guest in hand leave, the others stay."""
        guest = self._picked()
        if guest is None or self.stay is None:
            return
        said = _("%(name)s has left %(room)s; the others stay.") % {
            "name": guest.name,
            "room": self.stay.room,
        }
        self.run(people.leave_alone.of(stay_id=self.stay.stay_id, guest_id=guest.guest_id), said=said)

    def can_one_leaves(self) -> str:
        """Only where several guests are registered."""
        guest = self._picked()
        if guest is None or not self._open() or guest.left_on is not None:
            return _("Choose a guest in house first.")
        here = [g for g in self.table.rows.rows() if g.left_on is None]
        return (
            ""
            if len(here) > 1
            else _("Only one guest is registered in this room. Check the stay out instead.")
        )

    @action(N_("Did not leave"), key=keys.TAKE_BACK, operation=people.take_back)
    def not_left(self) -> None:
        """Take back that the guest in hand left alone today."""
        guest = self._picked()
        if guest is None or self.stay is None:
            return
        said = _("%(name)s is in %(room)s again.") % {"name": guest.name, "room": self.stay.room}
        self.run(people.take_back.of(stay_id=self.stay.stay_id, guest_id=guest.guest_id), said=said)

    def can_not_left(self) -> str:
        """Only of one who left alone today."""
        guest = self._picked()
        gone = guest is not None and self._open() and guest.left_on == self.today
        return "" if gone else _("Choose a guest who left this room alone today.")

    @action(N_("Read document"), key="Ctrl+U", icon="user")
    def read_document(self) -> None:
        """Fill the fields from the identity reader; typing goes on meanwhile."""
        reader = self.office.devices["identity"]
        self.notes.inform(_("Lay the document on the reader."), icon="user")
        background.run(self, reader.read, self._document, self._failed)

    def _document(self, found: Identity) -> None:
        try:
            differs = self.line.read(found)
        except Refused as misread:
            self.refuse(misread)
            return
        if differs:
            self.notes.warn(differs)
        else:
            self.notes.good(_("%(name)s is read from the document.") % {"name": self.line.name.value()})

    def can_read_document(self) -> str:
        """Only with a reader."""
        return (
            ""
            if "identity" in self.office.devices
            else _("No identity reader is set up here. One that types like a keyboard needs no key.")
        )

    @action(N_("Guest record"), key=keys.MORE, icon="user")
    def record(self) -> None:
        """Go to the record of the guest in hand."""
        guest = self._picked()
        if guest is not None:
            self.go("guests", guest_id=guest.guest_id)

    def can_record(self) -> str:
        """Only with a guest in hand."""
        return "" if self._picked() else _("Choose a guest first.")
