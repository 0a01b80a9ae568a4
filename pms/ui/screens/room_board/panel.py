"""What stands at the right of the board and over a tile: everything about the room in hand."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from pms.core.i18n import _, ngettext
from pms.services.room_board.queries import Tile
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Badge, Pic, col, empty_out, frame, label, pairs, row, rule

from . import words


def badges(tile: Tile) -> list[Badge]:
    """Return the room's states as badges, the status first."""
    icon, tone = words.sign(tile)
    found = [Badge(words.status(tile), tone, icon)]
    if tile.due_out:
        found.append(Badge(_("Due out"), "warn", "check-out"))
    if tile.due_in:
        found.append(Badge(_("Due in"), "expect", "check-in"))
    return found


def place(tile: Tile) -> str:
    """Return where a room lies and what it has."""
    parts = [_("Floor %(floor)s") % {"floor": tile.floor}, tile.features]
    return ("，" if formats.chinese() else ", ").join(p for p in parts if p)


def facts(tile: Tile, stay: StayRow | None, zone: str, digits: int) -> list[tuple[str, str]]:
    """Return the facts that matter about a room now."""
    found: list[tuple[str, str]] = []
    if stay is not None:
        more = stay.adults + stay.children - 1
        found = [
            (_("Guest"), f"{stay.guest} + {more}" if more > 0 else stay.guest),
            (_("Arrived"), f"{formats.day_time(stay.arrived_at, zone)}"),
            (
                _("Leaves"),
                formats.commas(
                    (
                        formats.long_day(stay.departure),
                        ngettext("%(n)s night", "%(n)s nights", stay.nights) % {"n": stay.nights},
                    )
                ),
            ),
            (_("Company"), stay.company),
            (_("Rate"), _("%(amount)s a night") % {"amount": formats.amount(stay.rate, digits)}),
            (_("Deposit"), formats.amount(stay.deposit, digits) if stay.deposit else ""),
        ]
    elif tile.block:
        found = [(_("Reason"), tile.block_reason)]
    if tile.due_in:
        found += [(_("Due in"), tile.due_in), (_("Held until"), tile.eta)]
    found += [(_("Note"), _(words.FLAGS[flag])) for flag in tile.flags]
    return [(word, fact) for word, fact in found if fact]


class RoomPanel(QWidget):
    """The room in hand in words; the screen puts its buttons below."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = col(gap=12)
        self.setLayout(self._layout)

    def show_room(self, tile: Tile | None, stay: StayRow | None, zone: str, digits: int) -> None:
        """Show another room, or how to begin where none is in hand."""
        empty_out(self._layout)
        if tile is None:
            self._layout.addLayout(
                row(Pic("board"), label(_("Choose a room, or type its number."), "muted", wrap=True))
            )
            return
        self._layout.addLayout(
            row(
                label(tile.number, "figure"),
                col(
                    label(f"{tile.type_name} {tile.type_code}", "strong"),
                    label(place(tile), "meta", wrap=True),
                    gap=0,
                ),
                None,
                gap=12,
            )
        )
        self._layout.addLayout(row(*badges(tile), None, gap=6))
        if tile.odd:
            self._layout.addWidget(_discrepancy(tile))
        self._layout.addLayout(pairs(*facts(tile, stay, zone, digits)))
        if stay is not None:
            self._layout.addWidget(rule())
            self._layout.addLayout(_standing(stay, digits))


def _discrepancy(tile: Tile) -> QFrame:
    title, _sep, rest = _(words.ODD_MEANS[tile.odd]).partition("。" if formats.chinese() else ". ")
    return note("bad", title, rest)


def _standing(stay: StayRow, digits: int) -> QLayout:
    due = stay.balance - stay.deposit
    word = _("Due so far") if due > 0 else _("Credit left") if due else _("Nothing due so far")
    return row(label(word, "muted"), None, label(formats.amount(abs(due), digits), "page"))


class TypeCount(QWidget):
    """What is left of a type tonight: ``TWN 5, 4 ready``; red where more is sold than there is."""

    def __init__(self, kind: words.OnSale) -> None:
        super().__init__()
        figure = label(formats.amount(kind.free, 0), "strong", "bad" if kind.free < 0 else "")
        ready = label(_("%(number)s ready") % {"number": kind.ready}, "meta")
        self.setLayout(row(label(kind.code, "meta"), figure, ready, gap=4))


class HoverCard(QFrame):
    """Everything about the tile under the mouse, beside it; takes no clicks and no keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._layout = col(gap=0)
        self.setLayout(self._layout)
        self.hide()

    def show_beside(self, tile: Tile, where: QRect, stay: StayRow | None, zone: str, digits: int) -> None:
        """Show a tile's facts right of it, or left where the window ends."""
        empty_out(self._layout)
        head = row(
            label(tile.number, "title"), label(f"{tile.type_name} {tile.type_code}", "muted"), None, gap=8
        )
        inner = col(
            head,
            row(*badges(tile), None, gap=6),
            pairs(*facts(tile, stay, zone, digits)),
            gap=8,
            pad=(12, 8, 12, 10),
        )
        made = frame("float", inner)
        made.setFixedWidth(th.px(280))
        self._layout.addWidget(made)
        self.adjustSize()
        parent = self.parentWidget()
        assert parent is not None
        x = (
            where.right() + 6
            if where.right() + 6 + self.width() <= parent.width()
            else where.left() - 6 - self.width()
        )
        self.move(QPoint(max(x, 4), max(4, min(where.top(), parent.height() - self.height() - 8))))
        self.raise_()
        self.show()
