"""The last net: a defect is written down and told once, calmly; the window stays open and nothing half-done
is kept."""

import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.ui.kit.desk import Desk
from pms.ui.kit.dialogs import Ask

Report = Callable[[BaseException], str]
"""Writes a defect down and returns its number."""


class DefectDialog(Ask):
    """Says that it is the program's fault, that the work is safe, and under which number it is noted."""

    def __init__(self, number: str, where: str, parent: QWidget | None = None) -> None:
        text = _(
            "What was not confirmed is not in the books; look there before you do it again. It is "
            "noted as %(number)s in %(file)s, "
            "without any guest's data."
        ) % {"number": number, "file": where}
        super().__init__(
            _("The program has a defect and could not do this."), text, "alert", _("Close"), parent
        )
        self.no.hide()


class CrashHandler(QObject):
    """Takes every exception that nobody expected, from the window's thread and from others."""

    _caught = Signal(object)

    def __init__(self, report: Report, where: str, *, show: Callable[[str, str], Any] | None = None) -> None:
        super().__init__()
        self._report, self._where, self._show = report, where, show or _dialog
        self._told: set[str] = set()
        self._caught.connect(self.take)

    def install(self) -> None:
        """Become the program's net."""
        sys.excepthook = self._from_main
        threading.excepthook = self._from_thread

    def _from_main(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        self._caught.emit(error)

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._caught.emit(args.exc_value)

    def take(self, error: BaseException) -> None:
        """Write a defect down; the same one is shown only the first time. A lost server is none: the page
        says so and keeps what is typed."""
        if isinstance(error, StoreTrouble):
            _tell(error)
            return
        number = self._report(error)
        kind = _place(error)
        if kind not in self._told:
            self._told.add(kind)
            self._show(number, self._where)


def _tell(trouble: StoreTrouble) -> None:
    """Say a trouble of the database on the page that has the keys; without one, the window's own line about
    the server says it."""
    at = QApplication.focusWidget() or QApplication.activeWindow()
    while at is not None and not isinstance(at, Desk):
        at = at.parentWidget()
    if at is not None:
        at.refuse(trouble)


def _place(error: BaseException) -> str:
    """Return what makes a defect the same: its type and where it arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (
        f"{type(error).__name__} {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        if trace
        else type(error).__name__
    )


def _dialog(number: str, where: str) -> None:
    DefectDialog(number, where, QApplication.activeWindow()).exec()
