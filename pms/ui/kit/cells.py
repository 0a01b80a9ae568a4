"""How one cell of a list is painted: words, their second line, icon, badge, strike-through, ground."""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from pms.ui.kit import theme as th
from pms.ui.kit.parts import badge, badge_width, glyph, plain
from pms.ui.kit.rows import CELL, Cell

Al = Qt.AlignmentFlag
Index = QModelIndex | QPersistentModelIndex
SIDE = 8


class CellDelegate(QStyledItemDelegate):
    """Paints one cell: words, their second line, icon, badge, strike-through, ground."""

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell."""
        cell: Cell = index.data(CELL)
        state, rect = option.state, option.rect
        p.save()
        self._ground(p, rect, cell, bool(state & QStyle.StateFlag.State_Selected), index)
        self.paint_words(p, rect, cell)
        p.restore()

    def paint_words(self, p: QPainter, rect: QRect, cell: Cell) -> None:
        """Paint what a cell says, on whatever ground is there."""
        inner = rect.adjusted(SIDE, 0, -SIDE, 0)
        if cell.box and cell.text:
            self._box(p, inner, cell)
        else:
            self._words(p, inner, cell)

    def _ground(self, p: QPainter, rect: QRect, cell: Cell, chosen: bool, index: Index) -> None:
        t = th.now()
        if cell.ground:
            p.fillRect(rect, QColor(t.ink(cell.ground)))
        if chosen:
            p.fillRect(rect, QColor(t.accent_soft))
            view = self.parent()
            if index.column() == 0 and isinstance(view, QWidget) and view.hasFocus():
                p.fillRect(rect.x(), rect.y(), 4, rect.height(), QColor(t.accent))

    def _box(self, p: QPainter, r: QRect, cell: Cell) -> None:
        high = th.px(22)
        wide = min(badge_width(cell.text, cell.icon), r.width())
        badge(
            p,
            QRect(r.x(), r.center().y() - high // 2 + 1, wide, high),
            cell.text,
            cell.tone or "block",
            cell.icon,
        )

    def _words(self, p: QPainter, r: QRect, cell: Cell) -> None:
        t, side = th.now(), Al.AlignRight if cell.right else Al.AlignLeft
        if cell.icon:
            size = th.px(16)
            glyph(
                p,
                cell.icon,
                t.ink(cell.tone or "muted"),
                r.x(),
                (r.y() + th.px(6)) if cell.sub else r.center().y() - size // 2 + 1,
                size,
            )
            r.setLeft(r.x() + size + 6)
        font = th.font("strong" if cell.bold else "body", strike=cell.strike)
        p.setFont(font)
        p.setPen(QColor(t.ink("muted" if cell.strike else cell.tone)))
        fm = th.measure("strong" if cell.bold else "body")
        text = cell.text if cell.right else fm.elidedText(cell.text, Qt.TextElideMode.ElideRight, r.width())
        if cell.right and (wide := fm.horizontalAdvance(text)) > r.width() > 0:  # narrower, never cut
            font.setStretch(max(100 * r.width() // wide, 50))
            p.setFont(font)
        if not cell.sub:
            p.drawText(r, side | Al.AlignVCenter, text)
            return
        if (
            not cell.text
        ):  # nothing stands above it: the second line is the cell's own text, in a size to read
            p.drawText(r, int(side | Al.AlignVCenter | Qt.TextFlag.TextWordWrap), cell.sub)
            return
        p.drawText(QRect(r.x(), r.y() + th.px(3), r.width(), th.px(20)), side | Al.AlignVCenter, text)
        p.setFont(th.font("meta"))
        p.setPen(QColor(t.muted))
        low = QRect(r.x(), r.y() + th.px(22), r.width(), r.height() - th.px(23))
        p.drawText(low, int(side | Al.AlignTop | Qt.TextFlag.TextWordWrap), cell.sub)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the whole text where the column is too narrow for it."""
        cell: Cell | None = index.data(CELL)
        room = option.rect.width() - 2 * SIDE
        if cell and th.measure("strong" if cell.bold else "body").horizontalAdvance(cell.text) > room:
            QToolTip.showText(event.globalPos(), plain(cell.text), view)
            return True
        return super().helpEvent(event, view, option, index)


@lru_cache(4096)
def wrapped(role: str, words: str, room: int, _letters: int) -> int:
    """Return the height of words that wrap; kept, since breaking lines is most of what a list costs and its
    rows are shown again and again."""
    return (
        th.measure(role)
        .boundingRect(QRect(0, 0, room, 1000), int(Al.AlignLeft | Qt.TextFlag.TextWordWrap), words)
        .height()
    )
