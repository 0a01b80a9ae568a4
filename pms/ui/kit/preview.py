"""Print preview: exactly what prints, white paper on the desk in every theme; copies and printer named
above."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from pms.core.i18n import _, ngettext
from pms.ui.kit import theme as th
from pms.ui.kit.parts import Pic, col, label, row, scrolling

MARGIN = 16


class Sheets(QWidget):
    """The pages one under the other, at true proportion, fitted to the width."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[QImage] = []
        self.setObjectName("scrolled")

    def show_pages(self, pages: Sequence[bytes]) -> None:
        """Show these PNG pictures."""
        self.pages = [QImage.fromData(page) for page in pages]
        self._fit()

    def _places(self) -> list[QRect]:
        room, y, found = self.width() - 2 * MARGIN, MARGIN, []
        for page in self.pages:
            wide = max(min(room, page.width()), 1)
            high = round(page.height() * wide / max(page.width(), 1))
            found.append(QRect((self.width() - wide) // 2, y, wide, high))
            y += high + MARGIN
        return found

    def _fit(self) -> None:
        places = self._places()
        self.setMinimumHeight(places[-1].bottom() + MARGIN if places else 0)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pages to the new width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages with the edges of the paper."""
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page, place in zip(self.pages, self._places(), strict=True):
            if place.intersects(event.rect()):
                p.fillRect(place, QColor("white"))
                p.drawImage(place, self._sharp(page, place.size()))
                p.setPen(QPen(QColor(th.now().edge)))
                p.drawRect(place.adjusted(-1, -1, 0, 0))

    def _sharp(self, page: QImage, size: QSize) -> QImage:
        ratio = self.devicePixelRatioF()
        return page.scaled(
            size * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )


class Preview(QWidget):
    """The pages of a print-out with its title, copies and printer above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheets = Sheets()
        self._title, self._where = label("", "title"), label("", "muted", wrap=True)
        self.area: QScrollArea = scrolling(self.sheets)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = row(Pic("printer"), self._title, (self._where, 1), gap=8, pad=(MARGIN, 8, MARGIN, 8))
        self.setLayout(col(head, (self.area, 1), gap=0))

    def show_document(self, pages: Sequence[bytes], *, title: str, printer: str, copies: int = 1) -> None:
        """Show a print-out: its pages as PNG, where it goes and how often."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        count = ngettext("%(n)s page", "%(n)s pages", len(pages)) % {"n": len(pages)}
        times = ngettext("%(n)s copy", "%(n)s copies", copies) % {"n": copies}
        self._where.setText(
            _("%(pages)s, %(copies)s, on %(printer)s") % {"pages": count, "copies": times, "printer": printer}
        )
        self.sheets.show_pages(pages)
        self.area.verticalScrollBar().setValue(0)
