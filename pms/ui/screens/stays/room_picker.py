"""The free rooms as tiles by floor, to give one to a guest: number, how clean it is, type and price."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.office import Office
from pms.services.rates import queries
from pms.services.stays.vacancy import FreeRoom
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.chips import Chips
from pms.ui.kit.parts import col, glyph, heading, label, row, scrolling

ALL = 0
Al = Qt.AlignmentFlag
TILE, STRIP, GAP, BAND = QSize(102, 66), 40, 4, 18
CLEAN = {
    "clean": ("check", "good", N_("VC")),
    "inspected": ("check-double", "good", N_("VI")),
    "dirty": ("broom", "warn", N_("VD")),
}


class RoomPicker(QWidget):
    """``picked`` tells the room the clerk has taken in hand; the arrow keys go from room to room."""

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rooms: list[FreeRoom] = []
        self.prices: dict[int, int] = {}
        self.digits = 2
        self._places: list[QRect] = []
        self._floors: list[tuple[int, int, int]] = []
        self._columns = 1
        self._held: int | None = None
        self._area: QScrollArea | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Available rooms"))

    def scrolled(self) -> QScrollArea:
        """Return the tiles within the area that scrolls them."""
        self._area = scrolling(self)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self._area

    def show_rooms(self, rooms: Sequence[FreeRoom], prices: dict[int, int], digits: int) -> None:
        """Show these rooms, with the first night's price of each type."""
        self.rooms = sorted(rooms, key=lambda r: (r.floor, r.number))
        self.prices, self.digits = prices, digits
        self._lay()

    def held(self) -> FreeRoom | None:
        """Return the room in hand, if it is shown."""
        return next((r for r in self.rooms if r.room_id == self._held), None)

    def hold(self, room_id: int | None) -> None:
        """Take a room in hand without telling."""
        self._held = room_id
        self.update()

    # -------------------------------------------------------------- arrangement
    def _lay(self) -> None:
        wide, high = th.px(TILE.width()), th.px(TILE.height())
        self._columns = max((self.width() - th.px(STRIP)) // (wide + GAP), 1)
        self._places, self._floors, y = [], [], 0
        for floor, found in groupby(self.rooms, lambda r: r.floor):
            count, top = len(list(found)), y
            for n in range(count):
                x = th.px(STRIP) + n % self._columns * (wide + GAP)
                self._places.append(QRect(x, top + n // self._columns * (high + GAP), wide, high))
            y = top + -(-count // self._columns) * (high + GAP)
            self._floors.append((floor, top, y - GAP))
            y += GAP
        self.setMinimumHeight(y)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the tiles anew for the new width."""
        super().resizeEvent(event)
        self._lay()

    # -------------------------------------------------------------- choosing
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the room under the mouse."""
        at = next(
            (n for n, place in enumerate(self._places) if place.contains(event.position().toPoint())), -1
        )
        if at >= 0:
            self._take(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next room with the arrow keys."""
        key = Qt.Key(event.key())
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(key, 0)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self.rooms:
            self._take(self._beside(down=key == Qt.Key.Key_Down))
        elif step and self.rooms:
            at = self._at()
            self._take(min(max(at + step, 0), len(self.rooms) - 1) if at >= 0 else 0)
        else:
            super().keyPressEvent(event)

    def _at(self) -> int:
        return next((n for n, r in enumerate(self.rooms) if r.room_id == self._held), -1)

    def _beside(self, *, down: bool) -> int:
        """Return the nearest room of the next line above or below."""
        if (at := self._at()) < 0:
            return 0
        here = self._places[at]
        lines = sorted(
            {p.y() for p in self._places if (p.y() > here.y() if down else p.y() < here.y())},
            reverse=not down,
        )
        if not lines:
            return at
        line = [n for n, p in enumerate(self._places) if p.y() == lines[0]]
        return min(line, key=lambda n: abs(self._places[n].x() - here.x()))

    def _take(self, at: int) -> None:
        self.hold(self.rooms[at].room_id)
        if self._area is not None:
            place = self._places[at]
            self._area.ensureVisible(
                place.center().x(), place.center().y(), place.width() // 2, place.height() // 2 + GAP
            )
        self.picked.emit(self.rooms[at])

    # -------------------------------------------------------------- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the floors' numbers and the tiles that are to be seen."""
        p, t = QPainter(self), th.now()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        for floor, top, bottom in self._floors:
            p.setPen(QColor(t.muted))
            p.setFont(th.font("title"))
            p.drawText(
                QRect(0, top + 2, th.px(STRIP) - 10, th.px(24)),
                Al.AlignCenter,
                _("%(floor)sF") % {"floor": floor},
            )
            p.setPen(QPen(QColor(t.edge), 2))
            p.drawLine(th.px(STRIP) - 6, top + 1, th.px(STRIP) - 6, bottom - 1)
        for room, place in zip(self.rooms, self._places, strict=True):
            if place.intersects(event.rect()):
                self._tile(p, room, place)

    def _tile(self, p: QPainter, room: FreeRoom, place: QRect) -> None:
        t, chosen = th.now(), room.room_id == self._held
        sign, tone, word = CLEAN[room.clean]
        body = QRectF(place).adjusted(1.5, 1.5, -1.5, -1.5)
        p.setPen(QPen(QColor(t.accent if chosen else t.edge), 3 if chosen else 1))
        p.setBrush(QColor(t.surface))
        p.drawRoundedRect(body, 4, 4)
        self._band(p, room.clean == "inspected", sign, tone, body, chosen)
        x, right = place.x() + th.px(BAND) + 8, place.right() - 7
        p.setFont(th.font("title"))
        p.setPen(QColor(t.text))
        p.drawText(QRect(x, place.y() + 3, right - x, th.px(22)), Al.AlignVCenter, room.number)
        p.setFont(th.font("meta", bold=True))
        p.setPen(QColor(t.ink(tone)))
        p.drawText(QRect(x, place.y() + 3, right - x, th.px(22)), Al.AlignVCenter | Al.AlignRight, _(word))
        p.setFont(th.font("meta"))
        p.setPen(QColor(t.muted))
        name = th.measure("meta").elidedText(
            f"{room.type_name} {room.features}".strip(), Qt.TextElideMode.ElideRight, right - x
        )
        p.drawText(QRect(x, place.y() + th.px(25), right - x, th.px(18)), Al.AlignVCenter, name)
        if room.type_id in self.prices:
            p.drawText(
                QRect(x, place.y() + th.px(43), right - x, th.px(18)),
                Al.AlignVCenter,
                formats.amount(self.prices[room.type_id], self.digits),
            )

    def _band(self, p: QPainter, passed: bool, sign: str, tone: str, body: QRectF, chosen: bool) -> None:
        t, band, size = th.now(), th.px(BAND), th.px(15)
        inner = body.adjusted(1.5, 1.5, -1.5, -1.5) if chosen else body.adjusted(0.5, 0.5, -0.5, -0.5)
        p.save()
        p.setClipRect(QRectF(inner.x(), inner.y(), band, inner.height()))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QBrush(QColor(t.ink(tone) if passed else t.ink(f"{tone}_soft"))))
        p.drawRoundedRect(inner, 3, 3)
        p.restore()
        x = round(inner.x() + band)
        p.setPen(QPen(QColor(t.ink(tone)), 1))
        p.drawLine(x, round(inner.y()) + 2, x, round(inner.bottom()) - 2)
        glyph(
            p,
            sign,
            t.surface if passed else t.ink(tone),
            round(inner.x()) + (band - size) // 2,
            round(inner.center().y()) - size // 2,
            size,
        )


class RoomChooser(QWidget):
    """The picker with its chips: types with how many are ready, and the dirty rooms on demand."""

    picked = Signal(object)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office, self._with_dirty = office, False
        self.rooms: list[FreeRoom] = []
        self.plan_id: int | None = None
        self.night, self.digits = date.min, 2
        self.ready, self.types = label("", "page", "good"), Chips([(ALL, _("All"))], value=ALL)
        self.dirty = Chips([(True, _("Include dirty"))], icons={True: "broom"})
        self.picker = RoomPicker()
        self.types.chosen.connect(lambda _type: self._show())
        self.dirty.chosen.connect(lambda _on: self._toggle_dirty())
        self.picker.picked.connect(self.picked)
        head = heading(_("Choose a room"), row(self.ready, label(_("ready now"), "muted"), gap=4), None)
        self.setLayout(
            col(
                head,
                row(self.types, None, self.dirty),
                (self.picker.scrolled(), 1),
                gap=12,
                pad=(16, 12, 12, 12),
            )
        )

    def begin(
        self, types: Sequence[tuple[int, str]], type_id: int, plan_id: int | None, night: date, digits: int
    ) -> None:
        """Offer these types, begin with one of them (0: all) and price the tiles by a plan on a night."""
        self.plan_id, self.night, self.digits = plan_id, night, digits
        self.types.set_options([(ALL, _("All")), *types])
        self.types.set_value(type_id)

    def show_rooms(self, rooms: Sequence[FreeRoom]) -> None:
        """Show these free rooms under the chips as they stand."""
        self.rooms = list(rooms)
        self._show()

    def of_number(self, number: str) -> FreeRoom | None:
        """Return the free room with this number, whether its tile is shown or not."""
        return next((r for r in self.rooms if r.number == number), None)

    def first_clean(self, type_id: int) -> FreeRoom | None:
        """Return the first room of a type that a guest can be given at once."""
        return next((r for r in self.rooms if r.type_id == type_id and r.clean != "dirty"), None)

    def hold(self, room: FreeRoom | None) -> None:
        """Take a room in hand without telling, and have its tile shown."""
        if room is not None and room.clean == "dirty" and not self._with_dirty:
            self._toggle_dirty()
        if room is not None and self.types.value() not in (ALL, room.type_id):
            self.types.set_value(room.type_id)
            self._show()
        self.picker.hold(room.room_id if room else None)

    def _toggle_dirty(self) -> None:
        self._with_dirty = not self._with_dirty
        self.dirty.set_value(True if self._with_dirty else None)
        self._show()

    def _show(self) -> None:
        kind = self.types.value() or ALL
        fits = [r for r in self.rooms if kind in (ALL, r.type_id)]
        clean = [r for r in self.rooms if r.clean != "dirty"]
        self.types.show_counts({t: sum(t in (ALL, r.type_id) for r in clean) for t in self.types.chips})
        self.dirty.show_counts({True: sum(r.clean == "dirty" for r in fits)})
        self.ready.setText(str(len(clean)))
        self.picker.show_rooms(
            [r for r in fits if self._with_dirty or r.clean != "dirty"],
            self._prices({r.type_id for r in fits}),
            self.digits,
        )

    def _prices(self, types: set[int]) -> dict[int, int]:
        """Return the night's price of each type; a type without one stays without."""
        found: dict[int, int] = {}
        if self.plan_id is None:
            return found
        for type_id in types:
            with suppress(Refused):
                night = self._office.ask(
                    queries.quote,
                    plan_id=self.plan_id,
                    type_id=type_id,
                    start=self.night,
                    end=self.night + timedelta(days=1),
                )
                found[type_id] = int(night[0].price)
        return found
