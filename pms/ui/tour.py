"""Play the demonstration day through the real widgets, without a display, and keep a picture of every screen
and paper."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from inspect import signature
from pathlib import Path
from time import sleep
from typing import Any, cast

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QSize, QThreadPool
from PySide6.QtWidgets import QApplication, QWidget

from pms import duties
from pms.core import i18n, private
from pms.core.errors import NeedsApproval, Refused
from pms.core.i18n import _
from pms.core.office import Approval, Office
from pms.printing import pdf, preview
from pms.printing.slip import Slip
from pms.services.approvals import service as approvals
from pms.services.print_jobs import queries as print_queries
from pms.services.reservations import queries as bookings
from pms.services.room_board import queries as board_queries
from pms.services.shifts import queries as shifts
from pms.services.shop import queries as shop
from pms.services.stays import queries as stays
from pms.ui.kit import theme
from pms.ui.kit.desk import Asker, Desk, Screen
from pms.ui.kit.forms import Amount
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.screens.night_audit.grouped import Findings
from pms.ui.screens.set_up.screen import SetUp

SIZE = QSize(1366, 768)
LOOKS = (("light", SIZE), ("dark", SIZE), ("light", QSize(1920, 1080)))
"""The themes and sizes in which every page is shown."""
SHORT = {"zh_CN": "zh", "en": "en"}
QUIET = 100
"""Milliseconds: fields reckon a moment after the last key."""
PATIENCE = 60_000
"""Milliseconds after which a step that does not end is a defect."""


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


class Tour:
    """One language's tour; ``say`` is told each file."""

    def __init__(self, app: QApplication, folder: Path, language: str, say: Callable[[str], None]) -> None:
        self.app, self.folder, self.language, self.say = app, folder, language, say
        self.count = 0
        private.folder(folder)

    # -------------------------------------------------------------- tools
    def dress(self, name: str) -> Look:
        """Put a theme on."""
        look = Look(self.language, name, 100)
        i18n.use(self.language)
        theme.apply(self.app, look)
        return look

    def settle(self) -> None:
        """Let everything that is under way end: work in other threads, deferred deletes, repaints."""
        patience = QElapsedTimer()
        patience.start()
        for _round in range(3):
            while QThreadPool.globalInstance().activeThreadCount() and patience.elapsed() < PATIENCE:
                self._breathe()
            QApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        quiet = QElapsedTimer()
        quiet.start()
        while quiet.elapsed() < QUIET:
            self._breathe()

    @staticmethod
    def _breathe() -> None:
        """Let events through, and the other threads: Qt's own waiting keeps Python's lock."""
        QApplication.processEvents()
        sleep(0.002)

    def shoot(self, widget: QWidget, name: str) -> None:
        """Keep a picture of a window, touched as by somebody at work: it would lock itself on a slow
        machine."""
        if isinstance(widget, MainWindow):
            widget.idle.touched()
        self.settle()
        self.count += 1
        file = self.folder / f"{SHORT[self.language]}-{self.count:02d}-{name}.png"
        if not widget.grab().save(str(file)):
            raise Refused(
                _("%(file)s cannot be written. Check the folder and the free space.") % {"file": file}
            )
        self.say(str(file))

    # -------------------------------------------------------------- the set-up
    def set_up(self, founder: Any) -> None:
        """Show the first start's pages as somebody fills them."""
        window = SetUp(
            self.dress("light"), lambda: founder, "desk-1", today=founder.now("Asia/Shanghai").date()
        )
        window.resize(SIZE)
        window.show()
        self.shoot(window, "set-up-welcome")
        window.choose("own")
        secret = founder.demo_login()[1]
        typed: dict[int, dict[str, str]] = {
            0: {"name": _("Cloud Rest Hotel")},
            3: {"name": _("Wang Yaqin"), "password": secret, "again": secret},
        }
        for n, page in enumerate(window.pages[:7]):
            form = getattr(page, "form", None) or getattr(page, "owner", None)
            for field, value in typed.get(n, {}).items():
                cast(Any, form)[field].set_value(value)
            self.shoot(window, f"set-up-{n + 1}")
            if n < 6:
                window.go_on()
        window.close()

    # -------------------------------------------------------------- the screens
    def screens(self, office: Office, login: tuple[str, str]) -> None:
        """Show every page of the index in both themes and both sizes."""
        window = MainWindow(self.dress("light"), lambda look: None, office.station)
        window.resize(SIZE)
        window.show()
        window.attach(office, office.changes)
        self.shoot(window, "sign-in")
        window.door.signed_in.emit(cast(Any, office).sign_in(*login))
        what = self._known(office)
        for name, size in LOOKS:
            window.resize(size)
            window.change_look(Look(self.language, name, 100))
            for word in duties.screens(window.index):
                self.open(window, word, what)
                self.shoot(window, f"{word.replace('_', '-')}-{name}-{size.width()}")
        window.resize(SIZE)
        window.change_look(Look(self.language, "light", 100))
        self._inner_pages(window, what)
        for name, scale in (("contrast", 100), ("light", 130)):
            window.change_look(Look(self.language, name, scale))
            for word in ("room_board", "housekeeping", "night_audit"):
                self.open(window, word, what)
                self.shoot(window, f"{word.replace('_', '-')}-{name}-{scale}")
        window.change_look(Look(self.language, "light", 100))
        window.change_user()
        self.shoot(window, "change-user")
        window.close()

    def _inner_pages(self, window: MainWindow, what: dict[str, Any]) -> None:
        """Show what a page shows only when asked: the audit's other pages, the count, a stay's cards, the
        fields for guests from abroad."""
        for word, act in (
            ("night_audit", "every_line"),
            ("night_audit", "proof"),
            ("night_audit", "three_ways"),
            ("shifts", "count"),
            ("day_audit", "add"),
            ("lost_found", "found"),
            ("folios", "cards"),
            ("folios", "bill"),
        ):
            screen = self.open(window, word, what)
            screen.acts[act].press()
            self.shoot(window, f"{word.replace('_', '-')}-{act.replace('_', '-')}")
            screen.step_back()
        till = cast(Any, self.open(window, "shop", what))
        for view in ("shelf", "sales", "requests"):
            till.tabs.choose(view)
            self.shoot(window, f"shop-{view}")
        luggage = cast(Any, self.open(window, "luggage", what))
        luggage.open(luggage.table.rows.row(0).number)
        self.shoot(window, "luggage-tag")
        luggage.acts["hand_back"].press()
        self.shoot(window, "luggage-hand-back")
        rental = cast(Any, self.open(window, "rental", what))
        for form in ("lend", "take_back"):
            rental.acts[form].press()
            self.shoot(window, f"rental-{form.replace('_', '-')}")
            rental.step_back()
        check_in = cast(Any, self.open(window, "check_in", what))
        check_in.guests.lines[0].kind.combo.setCurrentIndex(
            check_in.guests.lines[0].kind.combo.findData("passport")
        )
        self.shoot(window, "check-in-abroad")

    def _known(self, office: Office) -> dict[str, Any]:
        """Return a guest in house, an arrival and a room, for the pages that are opened for one."""
        today = office.house().business_date
        inside = [s for s in office.ask(stays.in_house, business_date=today) if s.departure > today]
        guest = inside[len(inside) // 2]
        return {
            "stay_id": guest.stay_id,
            "room_id": guest.room_id,
            "line_id": office.ask(bookings.arrivals, business_date=today)[0].line_id,
        }

    def open(self, window: MainWindow, word: str, what: dict[str, Any]) -> Screen:
        """Open a page with what it can be opened for."""
        window.idle.touched()
        work = window.workplace
        assert work is not None
        taken = signature(duties.resolve(duties.screens(window.index)[word]).open).parameters
        wanted = (
            {"stay_id"}
            if "stay_id" in taken and word != "stays"
            else {"line_id"}
            if word == "check_in"
            else {"room_id"}
            if word == "room_board"
            else set()
        )
        work.go(word, {k: v for k, v in what.items() if k in wanted})
        self.settle()
        screen = work.current()
        assert screen is not None
        return screen

    # -------------------------------------------------------------- the day
    def day(self, office: Office, login: tuple[str, str], pass_time: Callable[[timedelta], None]) -> None:
        """Work a day at the desk: book, check in, charge, move, extend, check out, audit."""
        window = MainWindow(self.dress("light"), lambda look: None, office.station)
        window.resize(SIZE)
        window.show()
        window.attach(office, office.changes)
        window.door.signed_in.emit(cast(Any, office).sign_in(*login))
        Desk.asker = Agreeing()
        self._book(window)
        self._check_in(window)
        stay_id = self._known(office)["stay_id"]
        self._charge(window, stay_id)
        self._press(self.open(window, "extend", {"stay_id": stay_id}), "extend", window, "day-extended")
        self._move(window, stay_id)
        self._departures(window, office)
        self._hand_over(window, office)
        pass_time(timedelta(hours=11))
        self._audit(window, office)
        window.close()

    def _press(self, screen: Screen, act: str, window: MainWindow, name: str) -> None:
        """Press an action; what it refuses fails the tour."""
        screen.acts[act].press()
        self.settle()
        if screen.notes.tone == "bad":
            raise Refused(f"{name}: {screen.notes.text}")
        self.shoot(window, name)

    def _book(self, window: MainWindow) -> None:
        form = cast(Any, self.open(window, "booking", {}))
        form.name.set_value(_("Wang Yaqin"))
        form.phone.set_value("13900001111")
        form.look()
        self.shoot(window, "day-booking-typed")
        self._press(form, "save", window, "day-booked")

    def _check_in(self, window: MainWindow) -> None:
        assert window.office is not None
        screen = cast(Any, self.open(window, "check_in", self._known(window.office)))
        line = screen.guests.lines[0]
        if not line.number.value():
            line.kind.set_value("passport")
            line.number.set_value("E12345678")
        screen.look()
        self._press(screen, "check_in_now", window, "day-checked-in")

    def _charge(self, window: MainWindow, stay_id: int) -> None:
        screen = self.open(window, "folios", {"stay_id": stay_id})
        screen.acts["charge"].press()
        self.settle()
        for field in screen.findChildren(Amount):
            if field.isVisible() and not field.value():
                field.set_value(2800)
        self.shoot(window, "day-charge-typed")
        screen.press_primary()
        self.settle()
        if screen.notes.tone == "bad":
            raise Refused(f"charge: {screen.notes.text}")
        self.shoot(window, "day-charged")

    def _move(self, window: MainWindow, stay_id: int) -> None:
        screen = cast(Any, self.open(window, "room_change", {"stay_id": stay_id}))
        screen._choose(0)
        screen.reason.set_value(_("Noise next door"))
        self.shoot(window, "day-room-change")
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
                self.shoot(window, "day-check-out")
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
        self.shoot(window, "day-drawer-counted")
        screen.press_primary()
        stock = {good.id: good.stock for good in office.ask(shop.goods)}
        for n, (good, field) in enumerate(screen.shelf.fields.items()):
            self._type(
                field, stock[good] - (n == 0)
            )  # one bottle is missing, so that a difference is seen and explained
        self.shoot(window, "day-shop-counted")
        screen.press_primary()
        for field in screen.closing.shop_reasons.values():
            field.set_value(_("Broken"))
        self.shoot(window, "day-shift-closing")
        screen.press_primary()
        self.settle()
        half = screen.open_items.left() // 2
        while screen.open_items.left() > half:
            screen.acts["accept"].press()
        self.shoot(window, "day-handover")
        while screen.open_items.left():
            screen.acts["accept"].press()
        self._press(screen, "take_over", window, "day-taken-over")
        screen.open(handover=1)
        self.shoot(window, "day-handover-sheet")

    def _audit(self, window: MainWindow, office: Office) -> None:
        day = office.house().business_date
        screen = self.open(window, "night_audit", {})
        self.shoot(window, "day-audit")
        for step, act in enumerate(("go_on", "go_on", "choose_kind"), start=1):  # begin, look, take a kind
            screen.acts[act].press()
            self.shoot(window, f"day-audit-{step}")
        if (listed := screen.findChild(Findings)) is not None:
            listed.pick_all([item.finding.key for item in listed.items()])
        for step in range(4, 10):
            if office.house().business_date > day:
                break
            screen.acts["go_on"].press()
            self.shoot(window, f"day-audit-{step}")
        if office.house().business_date == day:
            raise Refused(f"night audit: {screen.notes.text}")
        self.open(window, "room_board", {})
        self.shoot(window, "day-next-morning")

    # -------------------------------------------------------------- the papers
    def papers(self, office: Office, more: Iterable[Slip] = ()) -> None:
        """Keep the latest paper of each kind as PDF and picture."""
        latest: dict[str, Slip] = {slip.kind: slip for slip in more}
        for job in office.ask(print_queries.jobs, limit=4000):
            if job.kind not in latest:
                latest[job.kind] = office.ask(print_queries.stored, job_id=job.id)
        for kind, slip in sorted(latest.items()):
            file = self.folder / f"{SHORT[self.language]}-paper-{kind.replace('_', '-')}"
            drawn = pdf.render(slip)
            private.write(file.with_suffix(".pdf"), drawn)
            for n, picture in enumerate(preview.pages(drawn)):
                name = f"{file.name}{'' if n == 0 else f'-{n + 1}'}.png"
                private.write(file.with_name(name), picture.png())
            self.say(str(file.with_suffix(".pdf")))


def play(
    app: QApplication,
    folder: Path,
    language: str,
    office: Office,
    founder: Any,
    login: tuple[str, str],
    pass_time: Callable[[timedelta], None],
    say: Callable[[str], None],
) -> int:
    """Play one language's tour and return how many pictures there are; ``pass_time`` moves the office's clock
    on."""
    before = Desk.asker
    tour = Tour(app, folder, language, say)
    try:
        tour.set_up(founder)
        tour.screens(office, login)
        tour.day(office, login, pass_time)
        tour.papers(office, [founder.sheet(founder.new_key(), office.house().name, office.house().zone)])
    finally:
        Desk.asker = before
    if not office.ask(board_queries.board):
        raise Refused("the house is empty")
    return tour.count
