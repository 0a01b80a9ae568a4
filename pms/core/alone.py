"""One program for each data folder: the second is told, and a program that dies lets go by itself."""

import os
import sys
from pathlib import Path

from pms.core import private


class Alone:
    """Holds a folder for one program; the system lets go of it when the program ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._file, self._held = folder / "program.lock", -1

    def take(self) -> bool:
        """Say whether the folder is this program's now; false when another one has it."""
        if self._held >= 0:
            return True
        private.folder(self._file.parent)
        opened = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(opened)
        except OSError:
            os.close(opened)
            return False
        self._held = opened
        return True

    def let_go(self) -> None:
        """Give the folder back."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1


def _lock(opened: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
