"""Copy the hotel's database while it is in use, prove the copy, and put one back.

A backup is a whole database encrypted with the hotel's key. It is verified before it gets its name: what
stands in the backup folder can be restored. PostgreSQL has tools of its own.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from pms.core import private
from pms.core.disk import why
from pms.core.errors import NeedsConfirmation, Refused, StoreTrouble
from pms.core.i18n import _
from pms.core.settings import write_private
from pms.db import hosts
from pms.db.anchor import Mark

SIDES = ("", "-wal", "-shm")
"""The files a database in use consists of."""


@dataclass(frozen=True)
class Proof:
    """What a verified copy holds: its size in bytes, its schema and how far its audit trail reaches."""

    size: int
    revision: str
    trail: int
    head: str


def name_for(moment: datetime) -> str:
    """Return the file name of a backup made at this moment, which sorts by time."""
    return f"hotel-{moment:%Y%m%d-%H%M%S}.backup"


def create(engine: Engine, target: Path, key: bytes) -> Proof:
    """Write a verified copy of the database in use; ``key`` is the database's key. Refuses to replace a
    file."""
    if engine.dialect.name != "sqlite":
        raise Refused(server_sentence(engine))
    if target.exists():
        raise Refused(_("%(file)s is there already. Give the backup another name.") % {"file": target})
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        private.touch(part)
        _copy(engine, part)
        proof = verify(part, key)
        settle(part, target)
        must_hold(target, key, proof)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return proof


def manifest(target: Path, proof: Proof, moment: datetime) -> None:
    """Write beside a backup how far its audit trail goes: the books are held against it later. A disk that
    takes no more of it costs the backup nothing."""
    told = {
        "backup": target.name,
        "size": proof.size,
        "revision": proof.revision,
        "entries": proof.trail,
        "head": proof.head,
        "written_at": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    with suppress(Refused):
        write_private(manifest_of(target), json.dumps(told, indent=2) + "\n")


def manifest_of(target: Path) -> Path:
    """Return the name of a backup's manifest."""
    return target.with_name(target.name + ".manifest")


def manifests(folder: Path) -> list[tuple[str, Mark]]:
    """Return the backups of a folder that say how far their trail goes, by name; what cannot be read is
    passed over."""
    found = []
    for path in sorted(folder.glob("*.manifest")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(path.read_text("utf-8"))
            at = datetime.fromisoformat(told["written_at"])
            found.append((str(told["backup"]), Mark(int(told["entries"]), str(told["head"]), at)))
    return found


def server_sentence(engine: Engine) -> str:
    """Say how a server's database is backed up."""
    u, at = engine.url, hosts.addresses(engine.url)[0]
    command = (
        f"pg_dump --format=custom --host={at.host or 'localhost'} --port={at.port} "
        f"--username={u.username or ''} "
        f"--file=hotel.dump {u.database}"
    )
    return _(
        "This hotel's database is on PostgreSQL, which makes its own backups: %(command)s. Keep the "
        "recovery sheet with it."
    ) % {"command": command}


def _copy(engine: Engine, part: Path) -> None:
    """VACUUM INTO reads one snapshot, keeps the key and leaves no half-written pages; it must stand outside a
    transaction."""
    from sqlcipher3 import dbapi2

    raw = engine.raw_connection()
    try:
        raw.cursor().execute("VACUUM INTO ?", (str(part),))
    except dbapi2.Error as error:
        raise _explained(error, part) from error
    finally:
        raw.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())


def settle(part: Path, target: Path) -> None:
    """Give a whole copy its name, in one step that a power cut does not take back."""
    part.replace(target)
    private.sync_folder(target.parent)


def verify(path: Path, key: bytes) -> Proof:
    """Read every page of a backup with the hotel's key; refuses one that is damaged or was made with another
    key."""
    from sqlcipher3 import dbapi2

    if not path.is_file():
        raise Refused(_("%(file)s is not there or is no file.") % {"file": path})
    try:
        # Not immutable: a copy of a database in use may come with its write-ahead log.
        with closing(dbapi2.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            unlock(connection, key)
            return _prove(connection, path)
    except dbapi2.Error as error:
        raise _explained(error, path) from error


def reach(path: Path, key: bytes) -> tuple[int, str]:
    """Return the last entry of a backup's audit trail, number and digest, without reading its every page."""
    from sqlcipher3 import dbapi2

    try:
        with closing(dbapi2.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            unlock(connection, key)
            return _last_entry(connection)
    except dbapi2.Error as error:
        raise _explained(error, path) from error


def must_hold(path: Path, key: bytes, proof: Proof) -> None:
    """Read a verified file again under the name it was given; refuses to say that it is there when it is
    not."""
    if (
        not path.is_file()
        or path.stat().st_size != proof.size
        or reach(path, key) != (proof.trail, proof.head)
    ):
        raise StoreTrouble(
            _("The backup %(file)s was written and is not there any more. Check the disk and back up again.")
            % {"file": path.name}
        )


def _last_entry(connection: Any) -> tuple[int, str]:
    last = connection.execute("SELECT id, digest FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
    return (int(last[0]), str(last[1])) if last else (0, "")


def unlock(connection: Any, key: bytes) -> None:
    """Let a connection read with the database's key."""
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def _prove(connection: Any, path: Path) -> Proof:
    revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    faults = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check")]
    faults += [row[0] for row in connection.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
    if faults:
        raise StoreTrouble(
            _("%(file)s is damaged (%(what)s). Use another backup.") % {"file": path.name, "what": faults[0]}
        )
    return Proof(path.stat().st_size, revision[0] if revision else "", *_last_entry(connection))


def restore(
    source: Path,
    target: Path,
    key: bytes,
    *,
    confirmed: bool = False,
    known: frozenset[str] = frozenset(),
    prepare: Callable[[Path], None] | None = None,
) -> Proof:
    """Put a backup in the place of the hotel's database, which is kept beside it under another name.

    ``known`` are the schemas this release can open; ``prepare`` is handed the copy before it takes the
    database's place, to write into it who restores it, and what it raises leaves everything as it was.
    Raises ``NeedsConfirmation`` when a database stands there; refuses while it is in use.
    """
    proof = verify(source, key)
    if known and proof.revision not in known:
        raise StoreTrouble(
            _(
                "This backup was made by a newer release of the program. Install that release on this "
                "workstation."
            )
        )
    if source.resolve() == target.resolve():
        raise Refused(_("The backup is the hotel's database itself. Choose another file."))
    if target.exists() and not confirmed:
        raise NeedsConfirmation(
            "overwrite",
            _(
                "%(file)s is replaced by the backup; what happened since is no longer in the books. "
                "The present database is kept beside it."
            )
            % {"file": target},
        )
    part = target.with_name(target.name + ".part")
    try:
        _drop(part)  # of a restore that was killed: its log must not be read into this copy
        private.touch(part)
        shutil.copyfile(source, part)
        _keep_private(part)
        if _digest(part) != _digest(source) or reach(part, key) != (proof.trail, proof.head):
            raise StoreTrouble(
                _("The backup could not be copied whole. Nothing was changed; check the disk.")
            )
        if prepare is not None:
            prepare(part)
            _keep_private(part)
            proof = verify(part, key)
        if target.exists():
            _refuse_users(target, key)
            _put_aside(target)
        settle(part, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        _drop(part)
    return proof


def _digest(path: Path) -> str:
    """Return a file's digest: that a copy is the same costs a fraction of proving its every page anew."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_private(part: Path) -> None:
    part.chmod(0o600)
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _drop(part: Path) -> None:
    """Delete a copy with what an engine has put beside it."""
    with suppress(OSError):
        for side in SIDES:
            part.with_name(part.name + side).unlink(missing_ok=True)


def _refuse_users(target: Path, key: bytes) -> None:
    """Leaving the write-ahead mode needs the file alone; a database that no longer opens has no users
    either."""
    from sqlcipher3 import dbapi2

    with closing(dbapi2.connect(str(target), timeout=0.5, isolation_level=None)) as connection:
        try:
            unlock(connection, key)
            connection.execute("PRAGMA journal_mode = DELETE")
        except dbapi2.Error as error:
            if "locked" in str(error):
                raise StoreTrouble(
                    _(
                        "The hotel's program is still open. Close it on this computer and try again; "
                        "nothing was changed."
                    )
                ) from error


def _put_aside(target: Path) -> None:
    """Give the present database a second name; it keeps its own until the backup takes it in one step, so
    that there is a hotel to open whenever the power fails."""
    number = 1
    while target.with_name(f"{target.name}.before-{number}").exists():
        number += 1
    aside = target.with_name(f"{target.name}.before-{number}")
    try:
        os.link(target, aside)
    except OSError:  # the disk knows no second names
        private.touch(aside)
        shutil.copyfile(target, aside)
    for side in SIDES[1:]:  # only of a database that does not open
        if (found := target.with_name(target.name + side)).exists():
            found.replace(aside.with_name(aside.name + side))
    private.sync_folder(target.parent)


def _explained(error: Exception, path: Path) -> StoreTrouble:
    text = str(error)
    if "not a database" in text:
        return StoreTrouble(
            _(
                "%(file)s does not open with this hotel's key: it was made with another key, is no "
                "backup or is damaged."
            )
            % {"file": path.name}
        )
    if "full" in text:
        return StoreTrouble(_("The disk is full. No backup was written; free some space and try again."))
    if "locked" in text or "busy" in text:
        return StoreTrouble(
            _("Another program holds the database. Close it, or wait, and try again; nothing was lost.")
        )
    if "no such table" in text:
        return StoreTrouble(_("%(file)s is not a hotel's database.") % {"file": path.name})
    return StoreTrouble(
        _("%(file)s is damaged or cannot be written (%(what)s). Check the disk and use another file.")
        % {"file": path.name, "what": text}
    )


def _unwritable(target: Path, error: OSError) -> Refused:
    return Refused(
        _("%(file)s cannot be written: %(why)s. Check the folder's permissions and the free space.")
        % {"file": target, "why": why(error)}
    )
