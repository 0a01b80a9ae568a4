"""Whatever the program leaves on a disk only this login reads: files of mode 0600 in folders of mode 0700,
made here and nowhere else.

Where the system knows no such modes (Windows), the login's own folders keep others out.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

FILE, FOLDER = 0o600, 0o700
PART = ".part"
"""A file that is being written ends so; a power cut may leave one."""
_POSIX = os.name == "posix"
_NO_LINK: int = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def folder(path: Path) -> Path:
    """Make a folder, and those above it that are not there, for this login alone; one that is there stays as
    it is."""
    missing = []
    at = path
    while not at.is_dir():
        missing.append(at)
        if at.parent == at:
            break
        at = at.parent
    for each in reversed(missing):
        each.mkdir(FOLDER, exist_ok=True)
    return path


def touch(path: Path) -> None:
    """Make an empty file, or keep the one that is there, readable by this login alone."""
    folder(path.parent)
    os.close(_opened(path, os.O_WRONLY))


def write(path: Path, content: bytes, *, alone: bool = True) -> None:
    """Write a file whole or not at all, safe against a power cut, and read it again. ``alone``: no other
    program writes it at the same moment, so that what a power cut left of it is written over."""
    part = path.with_name(path.name + PART)
    folder(path.parent)
    if part.is_symlink():
        part.unlink()
    number, name = (
        (_opened(part, os.O_WRONLY | os.O_TRUNC), str(part))
        if alone
        else tempfile.mkstemp(PART, path.name, path.parent)
    )
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        sync_folder(path.parent)
        if alone and path.read_bytes() != content:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
    finally:
        with suppress(OSError):
            Path(name).unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: a file that was renamed is not, after a power cut,
    until its folder is."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


@contextmanager
def adding(path: Path) -> Iterator[IO[str]]:
    """Open a file to add lines at its end."""
    folder(path.parent)
    with os.fdopen(_opened(path, os.O_WRONLY | os.O_APPEND), "a", encoding="utf-8") as file:
        yield file


def _opened(path: Path, how: int) -> int:
    number = os.open(path, how | os.O_CREAT | _NO_LINK, FILE)
    if _POSIX:  # it may have been there, made by an earlier release
        os.fchmod(number, FILE)
    return number


def shut(path: Path) -> None:
    """Take a file, or a folder and all that is in it, for this login alone: an earlier release, or a copy,
    may have left it open to others."""
    if not _POSIX or not path.exists() or not path.stat().st_mode & 0o077:
        return
    if path.is_file():
        with suppress(OSError):
            path.chmod(FILE)
        return
    for here, folders, files in os.walk(path):
        for name in (*folders, *files):
            found = Path(here, name)
            if not found.is_symlink():
                with suppress(OSError):
                    found.chmod(FOLDER if name in folders else FILE)
    with suppress(OSError):
        path.chmod(FOLDER)


def outlived(path: Path, moment: datetime) -> int:
    """Remove the files of a folder that were last written before a moment, and folders that are empty then;
    return how many files. What cannot be removed stays for the next time."""
    gone = 0
    for here, folders, files in os.walk(path, topdown=False):
        for name in files:
            with suppress(OSError):
                if (found := Path(here, name)).lstat().st_mtime < moment.timestamp():
                    found.unlink()
                    gone += 1
        for name in folders:
            with suppress(OSError):
                Path(here, name).rmdir()
    return gone


class Passing:
    """The folder of what another program takes over and nobody keeps: emptied when the program begins and
    when it ends."""

    def __init__(self) -> None:
        self._place: Path | None = None

    def use(self, place: Path) -> None:
        """Take a folder, and empty it of what an earlier program could not."""
        self._place = place
        self.empty()

    def put(self, content: bytes, suffix: str) -> Path:
        """Write a file there under a name of its own and return it."""
        if self._place is None:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
        number, name = tempfile.mkstemp(suffix, "paper-", folder(self._place))
        with os.fdopen(number, "wb") as file:
            file.write(content)
        return Path(name)

    def empty(self) -> None:
        """Remove what is there; what another program still holds open goes the next time."""
        if self._place is not None and self._place.is_dir():
            for found in self._place.iterdir():
                with suppress(OSError):
                    found.unlink()


passing = Passing()
