"""The audit's steps in a row: done, now, still to come."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from pms.core.i18n import N_, _
from pms.ui.kit import theme as th
from pms.ui.kit.parts import glyph

STEPS = (N_("Look"), N_("Rehearse"), N_("Post and close"), N_("Report"), N_("Back up"))
RING, GAP, LINK = 22, 8, 8
Al = Qt.AlignmentFlag


class StepRow(QWidget):
    """Numbers in rings with their words; a tick for what is done, the filled ring is where one is. Too narrow
    a row keeps only that one's word."""

    def __init__(self, steps: Sequence[str] = STEPS) -> None:
        super().__init__()
        self.words = [_(step) for step in steps]
        self.at, self.done = 0, False
        self.setFixedHeight(th.px(RING) + 4)
        self.setMinimumWidth(self._wide([]) + max(map(self._advance, self.words)) + GAP)
        self.setMaximumWidth(self._wide(self.words))

    @staticmethod
    def _advance(words: str) -> int:
        return th.measure("strong").horizontalAdvance(words)

    def _wide(self, words: Sequence[str]) -> int:
        """Return the width of the row with these words in it."""
        rings = len(self.words) * (th.px(RING) + GAP) + (len(self.words) - 1) * (th.px(LINK) + GAP)
        return rings + sum(self._advance(w) + GAP for w in words)

    def sizeHint(self) -> QSize:
        """Ask for room for every word."""
        return QSize(self.maximumWidth(), self.height())

    def show_step(self, at: int, *, done: bool = False) -> None:
        """Show where the audit is, 0 for the first step; ``done`` when all are behind."""
        self.at, self.done = at, done
        self.setAccessibleName(
            _("All steps are done")
            if done
            else _("Step %(n)s: %(step)s") % {"n": at + 1, "step": self.words[at]}
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rings, their words and the links between them."""
        p, t, x, size = QPainter(self), th.now(), 0, th.px(RING)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        short = self.width() < self.maximumWidth()
        for n, words in enumerate(self.words):
            x = self._ring(p, n, x, size)
            here = n == self.at and not self.done
            p.setFont(th.font("strong" if here else "body"))
            p.setPen(QColor(t.text if here else t.muted))
            if here or not short:
                p.drawText(x, 0, self._advance(words), self.height(), Al.AlignVCenter, words)
                x += self._advance(words) + GAP
            if n < len(self.words) - 1:
                p.setPen(QPen(QColor(t.edge), 1))
                p.drawLine(x, self.height() // 2, x + th.px(LINK), self.height() // 2)
                x += th.px(LINK) + GAP

    def _ring(self, p: QPainter, n: int, x: int, size: int) -> int:
        t, past, here = th.now(), self.done or n < self.at, n == self.at and not self.done
        ring = QRectF(x + 1, 3, size - 2, size - 2)
        p.setPen(QPen(QColor(t.accent if here else t.good if past else t.edge), 2 if here else 1))
        p.setBrush(QColor(t.accent_soft if here else t.good_soft if past else t.surface))
        p.drawEllipse(ring)
        if past:
            glyph(p, "check", t.good, x + (size - th.px(14)) // 2, 2 + (size - th.px(14)) // 2, th.px(14))
        else:
            p.setFont(th.font("meta", bold=True))
            p.setPen(QColor(t.accent if here else t.muted))
            p.drawText(ring, int(Al.AlignCenter), str(n + 1))
        return x + size + GAP
