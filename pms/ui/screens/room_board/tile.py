"""How one room's tile is painted: fill, band and two to four lines of words."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPixmap

from pms.core.i18n import _
from pms.services.room_board.queries import Tile
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.parts import badge, glyph

from . import words
from .plan import COMPACT, TALL

Al = Qt.AlignmentFlag
BAND, SLIM_BAND = 18, 12
FOUR = 100
"""From which height a tile has a line for the type and the signs."""
WHOLE_NAME = 100
"""From which width a Western name is written whole."""
ROOMY = 74
"""From which height three lines leave air above the number."""
NARROWEST = 75
"""Percent to which a font is drawn together."""
FIRST_CHINESE = "\u2e80"


def picture(tile: Tile, size: QSize, ratio: float, digits: int) -> QPixmap:
    """Return a tile painted once; ``size`` holds the gap to its neighbours."""
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    p = QPainter(made)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    gap = 1 if size.width() < th.px(COMPACT) else 2
    kind = SlimPainter if size.width() < th.px(COMPACT) else TilePainter
    kind(p, tile, QRect(QPoint(gap, gap), size - QSize(2 * gap, 2 * gap)), digits).paint()
    p.end()
    return made


class TilePainter:
    """Paints one tile: number and status, name, facts, and where there is room type and signs."""

    band, size = BAND, 15

    def __init__(self, p: QPainter, tile: Tile, rect: QRect, digits: int) -> None:
        self.p, self.tile, self.rect, self.digits = p, tile, rect, digits
        self.t = th.now()
        self.tall = rect.height() >= th.px(TALL) - 6
        self.highest = rect.height() >= th.px(FOUR)
        self.blocked = bool(tile.block and not tile.occupied)

    def paint(self) -> None:
        """Paint box, band and words."""
        t, tile = self.t, self.tile
        edge, wide = (t.bad, 2) if tile.odd else (t.occupied_line if tile.occupied else t.edge, 1)
        self.body = QRectF(self.rect).adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2)
        self.p.setPen(QPen(QColor(edge), wide))
        self.p.setBrush(QColor(t.occupied if tile.occupied else t.block_soft if self.blocked else t.surface))
        self.p.drawRoundedRect(self.body, 4, 4)
        self._band()
        self._words()

    def _band(self) -> None:
        p, t, c = self.p, self.t, self.rect
        sign, tone = words.sign(self.tile)
        band, passed = th.px(self.band), not self.blocked and self.tile.clean == "inspected"
        p.save()
        p.setClipRect(QRectF(c.x(), c.y(), band, c.height()))
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(t.good if passed else t.ink(tone + "_soft")))
        p.drawRoundedRect(self.body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        if self.blocked:
            p.setBrush(QBrush(QColor(t.edge), Qt.BrushStyle.BDiagPattern))
            p.drawRoundedRect(self.body.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            p.setBrush(QColor(t.block_soft))
            p.drawRect(QRectF(c.x() + 2, c.center().y() - band / 2 + 1, band - 4, band - 1))
        p.restore()
        size = th.px(self.size)
        x, y = c.x() + (band - size) // 2, c.center().y() - size // 2
        glyph(p, sign, t.surface if passed else t.ink(tone), x, y, size)
        p.setPen(QPen(QColor(t.ink(tone)), 1))
        p.drawLine(c.x() + band, c.y() + 3, c.x() + band, c.bottom() - 3)

    def _words(self) -> None:
        c = self.rect
        x, right = c.x() + th.px(BAND) + 4, c.right() - 4
        roomy = c.height() >= th.px(ROOMY)
        high, top = th.px(26 if roomy else 21), c.y() + (4 if roomy else 2)
        self._head(QRect(x, top, right - x, high))
        line = QRect(x, top + high - 1, right - x, th.px(19))
        if self.tile.odd:
            self._odd(line.adjusted(-2, 1, 2, 0))
            line.translate(0, th.px(20))
            if not self.tall:
                return
        self._second(line, [] if self.tall else self._signs())
        if self.tall and not self.tile.odd:
            line.translate(0, th.px(20))
            self._third(line)
        if self.highest:
            self._fourth(line.translated(0, th.px(20)))

    def _head(self, line: QRect) -> None:
        """Write number and status; where they are too long side by side both are drawn narrower, neither is
        cut."""
        p, state = self.p, _(words.SHORT[words.code(self.tile)])
        number, short = th.font("title" if self.tall else "strong"), th.font("meta", bold=True)
        needed = sum(
            QFontMetrics(font).horizontalAdvance(text)
            for font, text in ((number, self.tile.number), (short, state))
        )
        if needed + 4 > line.width():
            for font in (number, short):
                font.setStretch(max(100 * line.width() // (needed + 4), NARROWEST))
        p.setFont(number)
        p.setPen(QColor(self.t.text))
        p.drawText(line, Al.AlignVCenter, self.tile.number)
        p.setFont(short)
        p.setPen(QColor(self.t.ink(words.sign(self.tile)[1])))
        p.drawText(line.adjusted(0, 0, 1, 0), Al.AlignVCenter | Al.AlignRight, state)

    def _odd(self, box: QRect, sign: str = "alert") -> None:
        badge(self.p, box, _(words.ODD[self.tile.odd]), "bad", sign, solid=True)

    def _signs(self) -> list[tuple[str, str]]:
        out = [("check-out", "warn")] if self.tile.due_out else []
        return out + [(flag, words.FLAG_TONES.get(flag, "muted")) for flag in self.tile.flags]

    def _second(self, line: QRect, signs: list[tuple[str, str]]) -> None:
        """Write the name; as many signs as still fit beside it, the urgent ones first."""
        p, fm, x = self.p, th.measure("meta"), line.x()
        text, ink = self._name()
        if self._awaited() and not self.tall:
            glyph(p, "check-in", self.t.expect, x - 1, line.y() + 2, th.px(14))
            x += th.px(15)
        room = line.right() - x - min(fm.horizontalAdvance(text), th.px(38))
        end = self._tail(line, signs[: max(room // th.px(15), 1 if self.tile.due_out else 0)])
        self._write(QRect(x, line.y(), end - x, line.height()), text, ink)

    def _write(self, box: QRect, text: str, ink: str) -> None:
        self.p.setFont(th.font("meta"))
        self.p.setPen(QColor(self.t.ink(ink)))
        cut = th.measure("meta").elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        self.p.drawText(box, Al.AlignVCenter, cut)

    def _awaited(self) -> bool:
        return bool(self.tile.due_in and not self.tile.occupied)

    def _name(self) -> tuple[str, str]:
        tile = self.tile
        if tile.occupied:
            return self._short(tile.guest), "text"
        if self.blocked:
            return tile.block_reason, "block"
        if tile.due_in:
            return self._short(tile.due_in), "expect"
        return (f"{tile.type_name}", "muted") if self.tall and not tile.odd else ("", "muted")

    def _short(self, name: str) -> str:
        """A small tile has room for the surname, which stands last in Western names and is written alone in
        Chinese."""
        western = name[:1] < FIRST_CHINESE
        small = not self.tall or self.rect.width() < th.px(WHOLE_NAME)
        return name.split()[-1] if small and western and " " in name else name

    def _third(self, line: QRect) -> None:
        """Write until when, the price or when somebody comes; the signs beside it where no line follows."""
        fm = th.measure("meta")
        fit = max((line.width() - th.px(38)) // th.px(15), 1)
        end = line.right() + 1 if self.highest else self._tail(line, self._signs()[:fit])
        x = line.x()
        if self._awaited():
            glyph(self.p, "check-in", self.t.expect, x - 1, line.y() + 2, th.px(14))
            x += th.px(16)
        ink = "expect" if self._awaited() else "muted"
        facts = self._facts()
        text = next((f for f in facts if fm.horizontalAdvance(f) <= end - x), facts[-1])
        self._write(QRect(x, line.y(), end - x, line.height()), text, "warn" if self.tile.due_out else ink)

    def _fourth(self, line: QRect) -> None:
        """Write the type of an occupied room, and as many signs as fit beside it."""
        code = self.tile.type_code if self.tile.occupied else ""
        free = line.width() - th.measure("meta").horizontalAdvance(code) - 2
        end = self._tail(line, self._signs()[: max(free // th.px(15), 1)])
        self._write(QRect(line.topLeft(), QPoint(end - 1, line.bottom())), code, "muted")

    def _facts(self) -> list[str]:
        """Return what stands on the third line, the longer wording first."""
        tile = self.tile
        if tile.occupied:
            until = _("out today") if tile.due_out else _("to %(day)s") % {"day": formats.day(tile.departure)}
            return [_("%(heads)sp %(until)s") % {"heads": tile.heads, "until": until}, until]
        if self.blocked:
            return [tile.type_code]
        if tile.due_in:
            return [f"{tile.type_code} {tile.eta}".strip(), tile.eta or tile.type_code]
        return [formats.amount(tile.rate, self.digits)] if tile.rate is not None else [tile.features]

    def _tail(self, line: QRect, signs: list[tuple[str, str]]) -> int:
        """Paint signs from the right and return where they begin."""
        x = line.right() + 1
        for name, tone in reversed(signs[:4]):
            x -= th.px(15)
            glyph(self.p, name, self.t.ink(tone), x, line.y() + 2, th.px(14))
        return x


class SlimPainter(TilePainter):
    """Paints a tile that has no room beside its number: number, status and signs, name."""

    band, size = SLIM_BAND, 12

    def _words(self) -> None:
        c, t, tile = self.rect, self.t, self.tile
        high = th.px(19 if self.tall else 17)
        x, right = c.x() + th.px(SLIM_BAND) + 3, c.right()
        spare = max(c.height() - th.px(20) - 2 * high, 0)
        line = QRect(x, c.y() + min(spare // 2, 3), right - x, th.px(20))
        number = th.font("strong")
        needed = QFontMetrics(number).horizontalAdvance(tile.number)
        if needed > line.width():
            number.setStretch(max(100 * line.width() // needed, NARROWEST))
        self.p.setFont(number)
        self.p.setPen(QColor(t.text))
        self.p.drawText(line, Al.AlignVCenter, tile.number)
        line = QRect(x, line.bottom(), right - x, high)
        if tile.odd:
            self._odd(QRect(c.x() + 2, line.y(), c.width() - 4, high), "")
        else:
            self._state(line)
        line.translate(0, high)
        text, ink = self._name()
        self._write(line, text or ("" if self._awaited() or tile.odd else tile.type_code), ink)

    def _state(self, line: QRect) -> None:
        """Write the status and as many signs as fit beside it; a guest who comes is one of them."""
        state, font = _(words.SHORT[words.code(self.tile)]), th.font("meta", bold=True)
        self.p.setFont(font)
        self.p.setPen(QColor(self.t.ink(words.sign(self.tile)[1])))
        self.p.drawText(line, Al.AlignVCenter, state)
        room, size = line.width() - QFontMetrics(font).horizontalAdvance(state), th.px(13)
        signs = [("check-in", "expect")] * self._awaited() + self._signs()
        x = line.right() + 1
        for name, tone in signs[: room // size]:
            x -= size
            glyph(self.p, name, self.t.ink(tone), x, line.center().y() - size // 2 + 1, size - 1)

    def _write(self, box: QRect, text: str, ink: str) -> None:
        """Draw a long name narrower before any of it is left out."""
        font = th.font("meta")
        if (needed := QFontMetrics(font).horizontalAdvance(text)) > box.width():
            font.setStretch(max(100 * box.width() // needed, NARROWEST))
        self.p.setFont(font)
        self.p.setPen(QColor(self.t.ink(ink)))
        cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        self.p.drawText(box, Al.AlignVCenter, cut)

    def _name(self) -> tuple[str, str]:
        text, ink = super()._name()
        tile = self.tile
        return (text, ink) if tile.occupied or self.blocked or tile.due_in else ("", ink)
