"""A second place for the backups: a folder on another disk, a stick. It may be away; for how long is told."""

import errno
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pms.core import private
from pms.core.disk import why
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.settings import Home, write_private
from pms.db import backup

LONGEST = timedelta(days=1)
"""It may be away for so long before it is told: a stick lies in the safe over night."""
MARK = "second-place"


def carry(place: Home, second: str, written: Path, key: bytes, now: datetime) -> str:
    """Copy a backup with its manifest to the second place, read it again there, and return what is to be
    told: nothing where all is well, or where the place is away for less than a day."""
    try:
        proof = _copied(written, Path(second), key)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return away(place, second, now)
        return _("The second place %(folder)s takes no backup: %(why)s. Free some space or use another.") % {
            "folder": second,
            "why": why(error),
        }
    except Refused as refusal:
        return _("The second place %(folder)s does not keep the backup: %(why)s") % {
            "folder": second,
            "why": refusal,
        }
    backup.must_hold(Path(second) / written.name, key, proof)
    write_private(_mark(place), f"{now.astimezone(UTC).isoformat(timespec='seconds')}\n")
    return ""


def _copied(written: Path, folder: Path, key: bytes) -> backup.Proof:
    target = folder / written.name
    part = target.with_name(target.name + ".part")
    if not folder.is_dir():  # never made: a stick that is not there would be written to the disk instead
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    try:
        shutil.copyfile(written, part)
        with suppress(OSError):  # a stick's file system knows no owner
            part.chmod(0o600)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        proof = backup.verify(part, key)
        part.replace(target)
        private.sync_folder(folder)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    with suppress(OSError):
        shutil.copyfile(backup.manifest_of(written), backup.manifest_of(target))
    return proof


def _mark(place: Home) -> Path:
    return place.data / MARK


def last(place: Home) -> datetime | None:
    """Return when a backup was last copied there, None where none was."""
    try:
        return datetime.fromisoformat(_mark(place).read_text("ascii").strip())
    except (OSError, ValueError):
        return None


def away(place: Home, second: str, now: datetime) -> str:
    """Return a sentence where the second place has been away for a day, or was never there."""
    if Path(second).is_dir():
        return ""
    seen = last(place)
    if seen is not None and now - seen < LONGEST:
        return ""
    since = f"{seen:%Y-%m-%d %H:%M} UTC" if seen else _("never")
    return _(
        "The second place for backups, %(folder)s, is not there; it was last written to: %(since)s. Put the "
        "stick in, or name another folder with “pms backup --also FOLDER”."
    ) % {"folder": second, "since": since}


def same_disk(place: Home, second: str) -> bool:
    """Say whether the second place lies on the disk of the database: one fault takes both."""
    try:
        return Path(second).stat().st_dev == place.data.stat().st_dev
    except OSError:
        return False
