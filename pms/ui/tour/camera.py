"""The tour's camera: dresses the window, waits until a page stands still, and keeps its picture under a name
that says what it shows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QPoint, QThreadPool
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QWidget

from pms.core import i18n, private
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.ui.kit import theme
from pms.ui.kit.theme import Look
from pms.ui.main_window import MainWindow
from pms.ui.tour.dresses import DAY, Dress

SHORT = {"zh_CN": "zh", "en": "en"}
QUIET = 100
"""Milliseconds: fields reckon a moment after the last key."""
PATIENCE = 60_000
"""Milliseconds after which a step that does not end is a defect."""


class Camera:
    """Keeps the pictures of one language; ``say`` is told each file, ``missed`` names what could not be
    shown."""

    def __init__(self, app: QApplication, folder: Path, language: str, say: Callable[[str], None]) -> None:
        self.app, self.folder, self.language, self.say = app, folder, language, say
        self.count, self.missed, self.worn = 0, list[str](), DAY
        private.folder(folder)

    @property
    def short(self) -> str:
        """Return the language as it stands in the names of files."""
        return SHORT[self.language]

    def dress(self, dress: Dress, window: MainWindow | None = None) -> Look:
        """Put a theme and a size on, on the window where there is one."""
        look, self.worn = Look(self.language, dress.theme, dress.scale), dress
        i18n.use(self.language)
        if window is None:
            theme.apply(self.app, look)
            return look
        window.resize(dress.size)
        if window.look != look:
            window.change_look(look)
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

    def shoot(self, widget: QWidget, name: str, over: QWidget | None = None) -> None:
        """Keep a picture of a window with what stands ``over`` it, touched as by somebody at work: it would
        lock itself on a slow machine."""
        if isinstance(widget, MainWindow):
            widget.idle.touched()
        self.settle()
        self.count += 1
        worn = Dress(self.worn.theme, self.worn.scale, widget.size()).name
        file = self.folder / f"{self.short}-{self.count:03d}-{name.replace('_', '-')}-{worn}.png"
        picture = widget.grab()
        if over is not None:
            painter = QPainter(picture)
            painter.drawPixmap(over.mapToGlobal(QPoint(0, 0)) - widget.mapToGlobal(QPoint(0, 0)), over.grab())
            painter.end()
        if not picture.save(str(file)):
            raise Refused(
                _("%(file)s cannot be written. Check the folder and the free space.") % {"file": file}
            )
        self.say(str(file))

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Go on where something cannot be shown, and name it at the end: a defect in one page must not hide
        the others."""
        try:
            yield
        except Exception as error:
            why = str(error) if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
            self.missed.append(f"{self.short} {what.replace('_', '-')} ({self.worn.name}): {why}")
