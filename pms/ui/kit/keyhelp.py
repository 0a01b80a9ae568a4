"""F1: which keys do what here."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QWidget

from pms.core.i18n import N_, _
from pms.core.places import PLACES
from pms.ui.kit import keys
from pms.ui.kit import theme as th
from pms.ui.kit.actions import Act
from pms.ui.kit.parts import Button, col, frame, heading, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table


@dataclass(frozen=True)
class Line:
    """A key, what it does, and why it does not do so now."""

    key: str
    words: str
    reason: str = ""


COLUMNS = (
    Column(N_("Key"), lambda e: e.key, "badge", width=104, tone=lambda _e: "muted"),
    Column(
        N_("What it does"),
        lambda e: e.words,
        sub=lambda e: e.reason,
        tone=lambda e: "muted" if e.reason else "",
    ),
)


def lines(acts: Sequence[Act]) -> list[Line]:
    """Return the keys that work here: the screen's own, then those that work everywhere."""
    own = [Line(a.spec.key, a.text(), a.reason) for a in acts if a.spec.key]
    window = [k for k in keys.MEANING if k in keys.WINDOW or k in (keys.PRIMARY, keys.BACK)]
    everywhere = [Line(k, _(keys.MEANING[k])) for k in window if k not in {line.key for line in own}]
    return own + everywhere + [Line(place.key, _(place.title)) for place in PLACES]


class KeyHelp(QDialog):
    """The list of keys over the window; any click beside it or Esc closes it."""

    def __init__(self, acts: Sequence[Act], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.table = Table(COLUMNS, key=lambda e: (e.key, e.words))
        self.table.show_rows(lines(acts))
        close = Button(_("Back"), "Esc")
        close.clicked.connect(self.reject)
        body = col(heading(_("Keys"), None, close), (self.table, 1), gap=8, pad=(16, 12, 16, 12))
        self.setLayout(row(frame("float", body), gap=0))
        self.resize(th.px(520), th.px(560))

    def show_over(self, window: QWidget) -> None:
        """Open in the middle of the window."""
        self.move(
            window.mapToGlobal(
                QPoint((window.width() - self.width()) // 2, (window.height() - self.height()) // 2)
            )
        )
        self.show()
        self.table.setFocus()
