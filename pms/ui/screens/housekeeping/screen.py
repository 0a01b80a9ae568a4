"""The room status sheet, twice a day: what was seen in every room, and what differs from the desk."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QElapsedTimer, QPoint, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from pms.core import typed
from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.office import House, Office
from pms.core.permissions import Permission
from pms.services.housekeeping import queries, service
from pms.services.housekeeping.duty import HOUSEKEEPING_SHEET
from pms.services.housekeeping.queries import Difference, Line, Move, Page, SheetRow
from pms.ui.kit import background, formats, keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import action
from pms.ui.kit.desk import Screen
from pms.ui.kit.flow import FormPage, SidePages
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.parts import Button, box, card, col, label, row
from pms.ui.kit.wrap import Wrap

from .differences import DifferenceList
from .facts import MENU
from .grid import SheetView
from .head import Foot, Head, rest
from .saver import Saver

NOON = 14
"""From this hour on the evening's sheet is the one to fill in."""
THROTTLE, TYPING, PATIENCE, AGAIN = 400, 300, 2000, 2000
"""Milliseconds: between hearing that something changed and looking, put off while somebody types here (a
colleague's keys must not hold up one's own) but not for longer than the third; and between two looks when the
database does not answer."""
SIDE, SIDE_LEAST, ROOMY = 288, 232, 900
"""How wide the panel is, what it takes in a small window, and from where on a window is not small."""
AFTER_PAINT = 30
"""Milliseconds after a key when counts and buttons follow: the key is painted before them."""


class HousekeepingScreen(Screen):
    """Home of the housekeeping lead."""

    TOPICS = frozenset({"housekeeping", "rooms", "stays", "business_date", "property"})

    def build(self) -> QHBoxLayout:
        """Put head, floors, grid, key hints and panel together."""
        self.sheet: SheetRow | None = None
        self.part, self.day = "", self.office.house().business_date
        self._half = date.min, ""
        self.found: list[Difference] = []
        self.moves: list[Move] = []
        self._past: list[tuple[int, Line]] = []
        self._seen_first = False
        self._asking = False
        self.view = SheetView()
        self.view.typed.connect(self._typed)
        self.view.moved.connect(self._moved)
        self.view.refused.connect(self.refuse)
        self.view.customContextMenuRequested.connect(self._menu)
        self.saver = Saver(self.office, self.view.model_, self)
        self.saver.opened.connect(lambda _sheet: self._look())
        self.saver.told.connect(self._told)
        self.saver.refused.connect(self._not_saved)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(THROTTLE)
        self._later.timeout.connect(self._look_later)
        self._heard, self._key, self._trouble = QElapsedTimer(), QElapsedTimer(), ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AFTER_PAINT)
        self._soon.timeout.connect(self._follow)
        self.head = Head()
        self.head.turned.connect(self._turn)
        self.head.floor_wanted.connect(self._to_floor)
        self.head.room_wanted.connect(self._find)
        self.foot = Foot()
        left = col(
            self.head,
            (card(self.view, gap=0, pad=(1, 1, 1, 1)), 1),
            gap=8,
            pad=(12, 12, 12, 8),
        )
        return row((box(col((box(left), 1), self.foot, gap=0)), 1), self._side(), gap=0)

    def _side(self) -> QWidget:
        self.panel_title, self.panel_seen = label("", "title"), label("", "meta")
        self.panel_seen.setMinimumHeight(self.panel_title.sizeHint().height())
        self.list = DifferenceList()
        self.list.clear_wanted.connect(self._open_form)
        self.list.move_wanted.connect(lambda: self.acts["change_room"].press())
        self.next_button = self.button("go_on")
        self.sign_button = Button(_("Sign and hand in"), keys.PRIMARY, "check", "primary")
        self.sign_button.clicked.connect(lambda _on=False: self.acts["sign"].press())
        self.again = self.button("print_sheet", icon="printer")
        self.rest = label("", "meta", wrap=True)
        self.pages = SidePages(self.notes, width=SIDE)
        self.pages.add(
            "list",
            box(col(box(Wrap(self.panel_title, self.panel_seen, gap=12)), self.list, None, gap=12)),
            box(col(None, self.again, self.next_button, self.sign_button, self.rest, gap=8)),
        )
        self.reason = Text(_("Reason"), required=True)
        self.act = Choice(_("What it was"))
        self.clearing = self.pages.add_form(
            "clear",
            FormPage(
                "",
                _("Clear it"),
                self._clear,
                self._list,
                self.act,
                self.reason,
                icon="check",
                action=self.act,
                reason=self.reason,
            ),
        )
        self._rooms_to_clear: tuple[int, ...] = ()
        return self.pages

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the grid the room that it needs where the window is small for the size of the letters."""
        super().resizeEvent(event)
        self.pages.setFixedWidth(th.px(SIDE if self.width() >= th.px(ROOMY) else SIDE_LEAST))

    def start(self) -> QWidget:
        """Give the keys to the grid."""
        return self.view

    def open(self, part: str = "", room_id: int = 0, **_what: Any) -> None:
        """Show the sheet of this time of day, and a room that another page asked for; a sheet chosen by hand
        stays until the other half of the day."""
        now = local(self.office.now(), self.office.house().zone)
        half = now.date(), "AM" if now.hour < NOON else "PM"
        if part or half != self._half:
            self._turn(part or half[1])
        self._half = half
        if room_id:
            self.view.go(self.view.model_.place(room_id))

    def step_back(self) -> bool:
        """Leave the form, or the search for a room."""
        if self.pages.page == "clear":
            self._list()
            return True
        if self.head.search.hasFocus():
            self.view.setFocus()
            return True
        return False

    # -------------------------------------------------------------- showing
    def refresh(self) -> None:
        """Look afresh: at once the first time, else soon and off the window's thread."""
        if not self.part:  # the page is being opened and will be told which sheet
            return
        if not self.view.model_.lines:
            self._look()
        elif not self._later.isActive():
            self._heard.start()
            self._later.start(THROTTLE)

    def _turn(self, part: str) -> None:
        self.part = part
        self._past.clear()
        self.view.model_.forget()
        self._look()
        self.view.go(0)
        if (missing := self.view.next_missing()) is not None:  # a sheet is taken up where it was left
            self.view.go(self.view.model_.place(missing.room_id))
        self.view.setFocus()

    def _look(self) -> None:
        """Show the sheet as it is now."""
        house, page = _read(self.office, self.part)
        self._show(house, page)

    def _look_later(self) -> None:
        """Ask off the window's thread; not while a person types, and not for a page that nobody sees."""
        if not self.isVisible():
            self._stale = True
        elif self._key.isValid() and self._key.elapsed() < TYPING and self._heard.elapsed() < PATIENCE:
            self._later.start(TYPING)
        elif not self._asking:
            self._asking = True
            asked = (self.saver.commits, self.part)
            background.run(
                self,
                partial(_read, self.office, self.part),
                partial(self._answered, asked),
                self._unanswered,
                self.show_busy,
            )

    def _answered(self, asked: tuple[int, str], answer: tuple[House, Page]) -> None:
        self._asking = False
        if self._trouble and self.notes.text == self._trouble:
            self.notes.clear()
        self._trouble = ""
        if asked == (self.saver.commits, self.part):
            self._show(*answer)
        else:  # something was saved since it was asked: the answer may be older than the grid
            self._later.start(THROTTLE)

    def _unanswered(self, error: Exception) -> None:
        """Say in place that the database is out of reach, and look again."""
        self._asking = False
        if not isinstance(error, Refused):
            raise error
        self.refuse(error)
        self._trouble = self.notes.text
        self._later.start(AGAIN)

    def _show(self, house: House, page: Page) -> None:
        if house.business_date != self.day and not self.saver.busy():  # closed meanwhile: a new day's sheet
            self.day, part = house.business_date, self.part
            self.open()
            if self.part != part:
                return  # shown already
        self.day, self.view.model_.zone = house.business_date, house.zone
        lines, before = page.lines, self.found
        self.sheet, self.found, self._seen_first = page.sheet, page.differences, page.seen_first
        if not self.saver.busy():
            self.saver.take(self.sheet.id if self.sheet else None, self.day, self.part)
        self.moves = queries.likely_moves(self.found)
        self.view.locked = self._locked()
        self.view.show_lines(lines)
        self._follow()
        self.foot.show_rule(seen_first=page.seen_first)
        if before != self.found or not self.list.boxes:
            self._show_differences()

    def _follow(self) -> None:
        """Bring counts, floors and buttons to what the grid shows."""
        self._soon.stop()
        self._show_head()
        self._show_floors()
        self.update_actions()

    def _locked(self) -> str:
        if self.sheet is not None and self.sheet.signed_at is not None:
            return _("This sheet is signed and frozen. Record what has changed in the next one.")
        if not self.office.clerk.may(HOUSEKEEPING_SHEET):
            return _("Your role may only look at the sheet. The housekeeping lead fills it in.")
        return ""

    def _show_head(self) -> None:
        model = self.view.model_
        self.head.show_sheet(self.part, formats.day(self.day), self.sheet, model.zone)
        self.head.show_counts(model.done, len(model.lines))
        self._show_next(len(model.lines) - model.done)

    def _show_next(self, left: int) -> None:
        signed = bool(self.sheet and self.sheet.signed_at)
        missing = self.view.next_missing()
        self.next_button.setVisible(missing is not None and not signed)
        self.sign_button.setVisible(missing is None and not signed)
        self.again.setVisible(self.sheet is not None)
        if missing is not None:
            self.next_button.say(_("Next missing: %(room)s") % {"room": missing.number})
        rooms = [] if left else self.view.model_.lines
        self.rest.setText(rest(left, queries.count_taken(rooms), len(rooms), signed=signed))
        self.rest.setVisible(bool(self.rest.text()))

    def _show_floors(self) -> None:
        here = self.view.line()
        self.head.show_floors(self.view.model_.floors, here.floor if here else None)
        self.list.say_agreed(self._agreed())

    def _to_floor(self, floor: int) -> None:
        """Go to a floor's first missing room, or to its first."""
        lines = self.view.model_.lines
        on_it = [at for at, x in enumerate(lines) if x.floor == floor]
        self.view.go(next((at for at in on_it if not lines[at].recorded), on_it[0]))
        self.view.setFocus()

    def _seen(self) -> tuple[int, int]:
        """Return how many rooms have been seen, and how many there are."""
        counts = self.view.model_.floors.values()
        return sum(done for done, _rooms in counts), sum(rooms for _done, rooms in counts)

    def _agreed(self) -> str:
        """Say what agrees, and no more: a room that nobody has seen agrees with nothing."""
        done, rooms = self._seen()
        if not done:
            return _("No room has been seen yet.")
        if done == rooms:
            return _("Desk and housekeeping agree in all %(n)s rooms.") % {"n": rooms}
        return _("Desk and housekeeping agree in the %(n)s of %(all)s rooms seen.") % {
            "n": done,
            "all": rooms,
        }

    def _show_differences(self) -> None:
        self.panel_title.setText(_("Differences %(n)s") % {"n": len(self.found)})
        self.panel_seen.setText(_("the desk sees them") if self.found else "")
        self.panel_seen.setVisible(bool(self.found))
        self.list.zone = self.view.model_.zone
        self.list.show_all(self.moves, self.found, self._agreed(), self.acts["change_room"].reason)

    def _moved(self, line: Line | None) -> None:
        self.head.mark_floor(line.floor if line else None)

    # -------------------------------------------------------------- typing
    def _typed(self, before: Line, now: Line) -> None:
        self._past.append((before.room_id, before))
        if now.recorded or now.version:  # what is half typed waits for its other half
            self.saver.put(now.room_id)
        self._key.start()
        self._soon.start()

    def _told(self, refused: list[str]) -> None:
        if refused:
            self._past.clear()
            self._look()
            self.refuse(refused[0])
        self._follow()

    def _not_saved(self, why: Refused) -> None:
        self.refuse(why)
        if not self.saver.busy():
            self._look()

    @action(N_("Undo"), key=keys.TAKE_BACK)
    def undo(self) -> None:
        """Take the last typing back."""
        room_id, before = self._past.pop()
        now = self.view.model_.line(room_id)
        if now is None:
            return
        self.view.model_.type(
            replace(
                now,
                remarks=before.remarks,
                persons=before.persons,
                clean=before.clean,
                at=before.at,
                by=before.by,
                taken=before.taken,
                hidden=before.hidden,
            )
        )
        self.view.go(self.view.model_.place(room_id))
        if now.recorded or before.recorded:
            self.saver.put(room_id)
        elif not before.begun:
            self.view.model_.unsaved.discard(room_id)
        self._follow()

    def can_undo(self) -> str:
        """Say that nothing has been typed."""
        return (
            ""
            if self._past and not self.view.locked
            else _("Nothing has been typed here that could be taken back.")
        )

    @action(N_("Find a room"), key=keys.FIND, icon="search")
    def find_room(self) -> None:
        """Go to the line that finds a room."""
        self.head.search.setFocus()
        self.head.search.selectAll()

    def _find(self) -> None:
        wanted = typed.code(self.head.search.text())
        lines = self.view.model_.lines
        at = next((at for at, x in enumerate(lines) if x.number == wanted), -1)
        if at < 0:
            self.refuse(
                _("There is no room %(room)s. Type the number as it stands on the door.") % {"room": wanted}
            )
            self.head.search.selectAll()
            return
        self.notes.clear()
        self.head.search.clear()
        self.view.go(at)
        self.view.setFocus()

    def _menu(self, where: QPoint) -> None:
        if self.view.take_at(where) is None:
            return
        menu = self.menu = QMenu(self)
        for key, said in MENU:
            line = menu.addAction(_(said))
            line.triggered.connect(partial(self._pressed, key))
        menu.popup(self.view.viewport().mapToGlobal(where))

    def _pressed(self, key: int, _on: bool = False) -> None:
        self.view.press(key)

    # -------------------------------------------------------------- next, sign, print
    def press_primary(self) -> None:
        """Press the filled button that belongs to what has just been typed."""
        if self._soon.isActive():
            self._follow()
        super().press_primary()

    @action(N_("Next missing"), key=keys.PRIMARY, icon="sheet", kind="primary")
    def go_on(self) -> None:
        """Go to the next room that is not recorded."""
        missing = self.view.next_missing()
        if missing is not None:
            self.view.go(self.view.model_.place(missing.room_id))
        self.view.setFocus()

    @action(N_("Sign and hand in"), operation=service.sign, icon="check")
    def sign(self) -> None:
        """Sign with a password: the sheet is frozen and printed."""
        assert self.sheet is not None
        if done := self.run(service.sign.of(sheet_id=self.sheet.id)):
            self._look()
            self.notes.good(
                _("The sheet is signed by %(name)s and goes to the printer.") % {"name": done.signer}
            )

    def can_sign(self) -> str:
        """Say what is still missing."""
        if self.sheet is None:
            return _("Nothing has been recorded yet.")
        if self.saver.busy():
            return _("The last rooms are being saved. Press again in a moment.")
        if self.view.next_missing() is None:
            return ""
        missing = [x.number for x in self.view.model_.lines if not x.recorded]
        return _("Rooms are missing: %(rooms)s. Record them first.") % {"rooms": service.named(missing)}

    @action(N_("Print"), key=keys.PRINT, operation=service.print_sheet, icon="printer")
    def print_sheet(self) -> None:
        """Print the sheet as it stands."""
        assert self.sheet is not None
        self.run(service.print_sheet.of(sheet_id=self.sheet.id), said=_("The sheet goes to the printer."))

    def can_print_sheet(self) -> str:
        """Say that there is nothing to print."""
        return "" if self.sheet is not None else _("Nothing has been recorded yet.")

    # -------------------------------------------------------------- what differs
    @action(N_("Room change"), key=keys.ROOM_CHANGE, permission=Permission.STAYS_CHANGE, icon="room-change")
    def change_room(self) -> None:
        """Record at the desk the room change that housekeeping found."""
        move = self.moves[0]
        self.go("room_change", stay_id=move.out_of.stay_id, room_id=move.into.room_id)

    def can_change_room(self) -> str:
        """Say that nothing looks like a room change."""
        return "" if self.moves else _("Nothing here looks like a room change.")

    @action(N_("Clear a difference"), key="X", operation=service.clear, icon="check")
    def clear_difference(self) -> None:
        """Explain the difference of the room in hand, or the first one."""
        line = self.view.line()
        self._open_form(next((d for d in self.found if line and d.room_id == line.room_id), self.found[0]))

    def can_clear_difference(self) -> str:
        """Say that there is none."""
        return "" if self.found else self._agreed()

    def _open_form(self, d: Difference) -> None:
        self._rooms_to_clear = (d.room_id,)
        self.clearing.title.setText(_("Clear the difference in %(room)s") % {"room": d.number})
        self.clearing.say(queries.told(d))
        self.act.set_options([(code, _(said)) for code, said in service.ACTIONS[d.kind]])
        self.clearing.fill(reason="")
        self.pages.show_page("clear")

    def _clear(self) -> None:
        if missing := self.clearing.form.missing():
            self.refuse(missing)
        elif self.run(
            service.clear.of(room_ids=list(self._rooms_to_clear), **self.clearing.form.values()),
            said=_("The difference is cleared."),
        ):
            self._list()
            self._look()

    def _list(self) -> None:
        self.pages.show_page("list")
        self.view.setFocus()

    def clerk_changed(self) -> None:
        """Let the new person go on in the same sheet."""
        super().clerk_changed()
        self.view.locked = self._locked()
        self.list.forget()
        self._show_differences()


def _read(office: Office, part: str) -> tuple[House, Page]:
    """Return the hotel's day and its sheet as they are now."""
    house = office.house()
    return house, office.ask(queries.page, day=house.business_date, part=part)
