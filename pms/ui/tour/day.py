"""A day at the desk through the real widgets: book, check in, charge, move, extend, check out, hand over,
audit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from PySide6.QtWidgets import QWidget

from pms.core.errors import NeedsApproval, Refused
from pms.core.i18n import _
from pms.core.office import Approval, Office
from pms.services.approvals import service as approvals
from pms.services.shifts import queries as shifts
from pms.services.shop import queries as shop
from pms.services.stays import queries as stays
from pms.ui.kit.amounts import Amount
from pms.ui.kit.desk import Asker, Desk, Screen
from pms.ui.main_window import MainWindow
from pms.ui.screens.night_audit.grouped import Findings
from pms.ui.tour.camera import Camera
from pms.ui.tour.dresses import DAY, Dress
from pms.ui.tour.pages import begin, known, opened


class Agreeing(Asker):
    """Reads and agrees, as the tour's clerk does; nobody else is there to approve."""

    def confirm(self, parent: QWidget, message: str) -> bool:
        """Go on."""
        return True

    def approve(self, parent: QWidget, office: Office, wish: Any) -> Approval | None:
        """Find nobody."""
        return None

    def sign(self, parent: QWidget, office: Office, wish: NeedsApproval) -> Approval | None:
        """Sign as whoever sits at the desk."""
        clerk = office.clerk
        kept = approvals.keep.of(
            staff_id=clerk.id, action=wish.action, act=wish.act, reasons=wish.reasons, how="signature"
        )
        return Approval(office.do(kept), clerk.id, clerk.name)


class Day:
    """One day's work; what is refused ends it. ``past_midnight`` are the dresses in which the clock is shown
    in warning tone."""

    def __init__(self, camera: Camera, past_midnight: tuple[Dress, ...]) -> None:
        self.camera, self.past_midnight = camera, past_midnight

    def open(self, window: MainWindow, word: str, what: dict[str, Any]) -> Screen:
        """Open a page."""
        return opened(self.camera, window, word, what)

    def play(self, office: Office, login: tuple[str, str], pass_time: Callable[[timedelta], None]) -> None:
        """Work a day at the desk, to the next morning."""
        window = begin(self.camera, office, login)
        Desk.asker = Agreeing()
        self._book(window)
        self._check_in(window)
        stay_id = known(office)["stay_id"]
        self._charge(window, stay_id)
        self._press(self.open(window, "extend", {"stay_id": stay_id}), "extend", window, "day-extended")
        self._move(window, stay_id)
        self._departures(window, office)
        self._hand_over(window, office)
        pass_time(timedelta(hours=11))
        self._past_midnight(window)
        self._audit(window, office)
        window.close()

    def _past_midnight(self, window: MainWindow) -> None:
        """Show the clock on another day than the business date."""
        for dress in self.past_midnight:
            self.camera.dress(dress, window)
            self.open(window, "room_board", {})
            assert window.workplace is not None
            window.workplace.look_at_clock()
            self.camera.shoot(window, "clock-past-midnight")
        self.camera.dress(DAY, window)

    def _press(self, screen: Screen, act: str, window: MainWindow, name: str) -> None:
        """Press an action; what it refuses fails the tour."""
        screen.acts[act].press()
        self.camera.settle()
        if screen.notes.tone == "bad":
            raise Refused(f"{name}: {screen.notes.text}")
        self.camera.shoot(window, name)

    def _book(self, window: MainWindow) -> None:
        form = cast(Any, self.open(window, "booking", {}))
        form.name.set_value(_("Wang Yaqin"))
        form.phone.set_value("13900001111")
        form.look()
        self.camera.shoot(window, "day-booking-typed")
        self._press(form, "save", window, "day-booked")

    def _check_in(self, window: MainWindow) -> None:
        assert window.office is not None
        screen = cast(Any, self.open(window, "check_in", known(window.office)))
        line = screen.guests.lines[0]
        if not line.number.value():
            line.kind.set_value("passport")
            line.number.set_value("E12345678")
        screen.look()
        self._press(screen, "check_in_now", window, "day-checked-in")

    def _charge(self, window: MainWindow, stay_id: int) -> None:
        screen = self.open(window, "folios", {"stay_id": stay_id})
        screen.acts["charge"].press()
        self.camera.settle()
        for field in screen.findChildren(Amount):
            if field.isVisible() and not field.value():
                field.set_value(2800)
        self.camera.shoot(window, "day-charge-typed")
        screen.press_primary()
        self.camera.settle()
        if screen.notes.tone == "bad":
            raise Refused(f"charge: {screen.notes.text}")
        self.camera.shoot(window, "day-charged")

    def _move(self, window: MainWindow, stay_id: int) -> None:
        screen = cast(Any, self.open(window, "room_change", {"stay_id": stay_id}))
        screen._choose(0)
        screen.reason.set_value(_("Noise next door"))
        self.camera.shoot(window, "day-room-change")
        self._press(screen, "move_guest", window, "day-moved")

    def _departures(self, window: MainWindow, office: Office) -> None:
        """All who are due out leave; the first is looked at."""
        leaving = office.ask(stays.departures, business_date=office.house().business_date)
        for n, stay in enumerate(leaving):
            screen = cast(Any, self.open(window, "check_out", {"stay_id": stay.stay_id}))
            screen.slip.set_value(" ".join(screen.slip.out))
            screen.lost.set_value(n == 1 and bool(screen.slip.out))
            if screen.received.isEnabled():
                self._type(screen.received, screen.plan.to_pay)
            if n == 0:
                self.camera.shoot(window, "day-check-out")
                self._press(screen, "check_out", window, "day-checked-out")
            else:
                screen.acts["check_out"].press()
                if screen.notes.tone == "bad":
                    raise Refused(f"{stay.room}: {screen.notes.text}")

    @staticmethod
    def _type(field: Any, value: int) -> None:
        field.set_value(value)
        field.changed.emit()

    def _hand_over(self, window: MainWindow, office: Office) -> None:
        """Count the drawer and the shop blind, close the shift, accept what is open, and let the next person
        take over."""
        screen = cast(Any, self.open(window, "shifts", {}))
        screen.acts["count"].press()
        left = office.ask(shifts.figures, shift_id=screen.shift.id).expected
        for kind, field in screen.grid.fields.items():
            self._type(field, left // kind)
            left %= kind
        self.camera.shoot(window, "day-drawer-counted")
        screen.press_primary()
        stock = {good.id: good.stock for good in office.ask(shop.goods)}
        for n, (good, field) in enumerate(screen.shelf.fields.items()):
            self._type(
                field, stock[good] - (n == 0)
            )  # one bottle is missing, so that a difference is seen and explained
        self.camera.shoot(window, "day-shop-counted")
        screen.press_primary()
        for field in screen.closing.shop_reasons.values():
            field.set_value(_("Broken"))
        self.camera.shoot(window, "day-shift-closing")
        screen.press_primary()
        self.camera.settle()
        half = screen.open_items.left() // 2
        while screen.open_items.left() > half:
            screen.acts["accept"].press()
        self.camera.shoot(window, "day-handover")
        while screen.open_items.left():
            screen.acts["accept"].press()
        self._press(screen, "take_over", window, "day-taken-over")
        screen.open(handover=1)
        self.camera.shoot(window, "day-handover-sheet")

    def _audit(self, window: MainWindow, office: Office) -> None:
        day = office.house().business_date
        screen = self.open(window, "night_audit", {})
        self.camera.shoot(window, "day-audit")
        for step, act in enumerate(("go_on", "go_on", "choose_kind"), start=1):  # begin, look, take a kind
            screen.acts[act].press()
            self.camera.shoot(window, f"day-audit-{step}")
        if (listed := screen.findChild(Findings)) is not None:
            listed.pick_all([item.finding.key for item in listed.items()])
        for step in range(4, 10):
            if office.house().business_date > day:
                break
            screen.acts["go_on"].press()
            self.camera.shoot(window, f"day-audit-{step}")
        if office.house().business_date == day:
            raise Refused(f"night audit: {screen.notes.text}")
        self.open(window, "room_board", {})
        self.camera.shoot(window, "day-next-morning")
