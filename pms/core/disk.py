"""What the system says of a file, in the language in use."""

import errno

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
