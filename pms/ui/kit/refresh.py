"""Turn the office's announcements into a Qt signal, so that dead widgets drop off by themselves."""

from PySide6.QtCore import QObject, Signal

from pms.core.changes import Changes


class ChangeSignal(QObject):
    """One per window; emits the topics of each committed operation on the window's thread, whoever announced
    them."""

    changed = Signal(object)

    def __init__(self, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = changes.listen(self._heard)

    def _heard(self, topics: frozenset[str]) -> None:
        self.changed.emit(topics)

    def stop(self) -> None:
        """Listen no longer."""
        self._stop()
