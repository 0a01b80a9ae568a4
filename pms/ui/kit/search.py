"""F3: one line that finds rooms, guests, bookings and whatever else the duties offer."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from pms.core.errors import Refused
from pms.core.i18n import _, ngettext
from pms.core.offers import LATELY, MOST_OLDER, Hit
from pms.core.typed import half_width, printable
from pms.ui.kit import background
from pms.ui.kit import theme as th
from pms.ui.kit.empty import Empty
from pms.ui.kit.palette import STEPS
from pms.ui.kit.parts import box, col, label
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

PAUSE = 180
OLDER = ""
"""No page's word: the line that looks in older records."""


COLUMNS = (Column("", lambda h: h.title, sub=lambda h: h.sub, icon=lambda h: h.icon),)


class Results(QFrame):
    """The found things under the line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("float")
        self.list = Table(COLUMNS, key=lambda h: (h.word, h.title, h.sub), parent=self)
        self.list.horizontalHeader().hide()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.empty = Empty("search", "")
        self.list.set_empty(self.empty)
        self.about = label("", "muted", wrap=True)
        foot = box(col(self.about, gap=0, pad=(12, 6, 12, 4)))
        self.setLayout(col((self.list, 1), foot, gap=0, pad=(1, 4, 1, 4)))
        self.hide()

    def show_under(self, line: QWidget, hits: Sequence[Hit], nothing: str, about: str) -> None:
        """Show these under the line, as many as fit; ``nothing`` where there are none, ``about`` below."""
        self.empty.say(nothing)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.list.show_rows(hits)
        self.list.selectRow(0)
        window = self.parentWidget()
        assert window is not None
        width = max(line.width(), th.px(420))
        foot = self.about.heightForWidth(width - 26) + 10 if about else 0
        self.resize(width, th.px(44) * min(max(len(hits), 2), 8) + 10 + foot)
        self.move(line.mapTo(window, QPoint(0, line.height() + 4)))
        self.show()
        self.raise_()


class SearchBox(QLineEdit):
    """The line; ``ask`` finds, ``found`` tells which hit was chosen, ``left`` that one is done with it."""

    found = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ask: Callable[[str], Sequence[Hit]] = lambda _typed: ()
        self.ask_older: Callable[[str], Sequence[Hit]] = lambda _typed: ()
        self._begun: str | None = None
        self._results: Results | None = None
        self._asked = 0
        self._at_once = False
        """Whether Enter came before the answer: the only thing found is taken then."""
        self.setPlaceholderText(_("Find room, guest, phone, number"))
        self.setAccessibleName(_("Search"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumWidth(th.px(300))
        self.setMaximumWidth(th.px(400))
        self.addAction(th.icon("search", "muted", 18), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._look)
        self.textEdited.connect(self._edited)

    def _edited(self) -> None:
        self._at_once = False
        self._timer.start()

    def results(self) -> Results:
        """Return the list under the line, made when it is first needed."""
        if self._results is None:
            self._results = Results(self.window())
            self._results.list.clicked.connect(lambda index: self._take(self._results_row(index.row())))
        return self._results

    def _results_row(self, line: int) -> Any:
        return self.results().list.rows.row(line)

    def _look(self) -> None:
        text = self.text()
        typed = half_width(printable(text)).strip()
        if typed and text[-1].isspace():
            typed += " "  # after a room's number a verb is to come
        if not typed:
            self.close_results()
            return
        self._asked += 1
        turn = self._asked
        background.run(
            self, lambda: self.ask(typed), lambda hits: self._show(turn, typed, hits), self._failed
        )

    def _show(self, turn: int, typed: str, hits: Sequence[Hit]) -> None:
        if turn != self._asked or not self.hasFocus():  # an older answer must not replace a newer one
            return
        self._begun = typed
        nothing = _("Nothing found for %(typed)s. Enter looks in older records.") % {"typed": typed}
        more = Hit(_("Older records"), _("Enter looks there too"), "clock", OLDER, {"text": typed})
        found = ngettext("%(n)s found", "%(n)s found", len(hits)) % {"n": len(hits)}
        told = _("In house, to come and of the last %(days)s days: %(found)s.") % {
            "days": LATELY.days,
            "found": found,
        }
        self.results().show_under(self, [*hits, more] if hits else (), nothing, told)
        if self._at_once and len(hits) == 1:
            self._take(hits[0])
        self._at_once = False

    def _look_older(self, typed: str) -> None:
        self._asked += 1
        turn, self._begun = self._asked, None
        background.run(
            self,
            lambda: self.ask_older(typed),
            lambda hits: self._show_older(turn, typed, hits),
            self._failed,
        )

    def _show_older(self, turn: int, typed: str, hits: Sequence[Hit]) -> None:
        if turn != self._asked or not self.hasFocus():
            return
        found = ngettext("%(n)s found", "%(n)s found", len(hits)) % {"n": len(hits)}
        told = _("Older records: %(found)s.") % {"found": found}
        if len(hits) >= MOST_OLDER:
            told += " " + _("There may be more: type more of the name.")
        nothing = _("Nothing older found for %(typed)s either.") % {"typed": typed}
        self.results().show_under(self, hits, nothing, told if hits else "")

    def _failed(self, error: Exception) -> None:
        self._at_once = False
        if not isinstance(error, Refused):
            raise error
        self.results().show_under(self, (), str(error), "")

    def close_results(self) -> None:
        """Take the list away."""
        self._asked += 1
        self._begun = None
        if self._results is not None:
            self._results.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list, take with Enter, leave with Esc."""
        shown = self._results is not None and self._results.isVisible()
        if event.key() in STEPS and shown:
            self.results().list.keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._timer.isActive():  # what is shown was found for less than is typed now
                self._timer.stop()
                self._at_once = True
                self._look()
            elif shown and (hit := self.results().list.row()) is not None:
                self._take(hit)
            elif shown and self._begun is not None:
                self._look_older(self._begun)
            elif not shown:
                self._look()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for this line while it has the keys."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the list away when the keys go elsewhere."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_results()

    def _take(self, hit: Any) -> None:
        if hit is not None and hit.word == OLDER:
            self._look_older(hit.what["text"])
        elif hit is not None:
            self._leave()
            self.found.emit(hit)

    def _leave(self) -> None:
        self.clear()
        self.close_results()
        self.left.emit()
