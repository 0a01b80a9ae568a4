"""Save what a screen shows as a file."""

import errno
import os
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from pms.core import private
from pms.core.i18n import _
from pms.ui.kit.desk import Desk


def where(parent: QWidget, name: str, kind: str) -> Path | None:
    """Ask where to save a file of a kind (``pdf``), offering a name; None when it was called off."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, _("Save"), str(Path(folder) / f"{name}.{kind}"), f"*.{kind}"
    )
    return Path(chosen) if chosen else None


def which(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Ask for a file of some kinds (``*.png *.jpg``); None when it was called off."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    chosen, _kind = QFileDialog.getOpenFileName(parent, title, folder, f"{title} ({kinds})")
    return Path(chosen) if chosen else None


def read(desk: Desk, path: Path, most: int) -> bytes | None:
    """Return a file, of a larger one no more than a byte beyond ``most``; where it cannot be read, say so in
    place and return nothing."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as trouble:
        desk.refuse(
            _("%(file)s could not be read: %(why)s. Choose another file.")
            % {"file": path.name, "why": trouble.strerror or trouble}
        )
        return None


def save(desk: Desk, path: Path, data: bytes) -> bool:
    """Write the file, for this login alone, and say so in place, or why not; return whether it is there."""
    try:
        if not path.parent.is_dir():  # a stick that was pulled out: nothing is made in its place
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        private.write(path, data)
    except OSError as trouble:
        desk.refuse(
            _("%(file)s could not be saved: %(why)s. Choose another folder.")
            % {"file": path.name, "why": trouble.strerror or trouble}
        )
        return False
    desk.notes.good(_("%(file)s is saved.") % {"file": path.name})
    return True
