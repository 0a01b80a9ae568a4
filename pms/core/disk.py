"""What the system says of a file, in the language in use, and when a name is on the disk."""

import errno
import os
from pathlib import Path

from pms.core.i18n import N_, _

_REASONS = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk is read-only"),
    errno.EIO: N_("the disk failed"),
    errno.EACCES: N_("this login may not do that"),
    errno.EPERM: N_("this login may not do that"),
}


def why(error: OSError) -> str:
    """Return why a file could not be read or written; in the system's own words where there are none here."""
    return _(_REASONS[error.errno]) if error.errno in _REASONS else error.strerror or str(error)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk: a file that was renamed is not, after a power cut,
    until its folder is."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
