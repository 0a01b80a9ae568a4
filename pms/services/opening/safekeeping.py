"""Back the hotel up after each closed day, on a thread of its own, and keep the latest two weeks of
backups."""

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.settings import Home, Settings
from pms.db import backup, keys
from pms.db.office import DatabaseOffice
from pms.services.property.queries import setting

KEEP = 28
"""Two a day, one of the closed day and one of its reports written, for two weeks."""
HOUR = 3600
"""Seconds."""
_writing = threading.Lock()


class Safekeeping:
    """Listens for the close of a day; ``trouble`` is told why a backup could not be made."""

    def __init__(
        self, office: DatabaseOffice, place: Home, settings: Settings, trouble: Callable[[str], None]
    ) -> None:
        self._office, self._place, self._settings, self._trouble = office, place, settings, trouble
        self._threads: list[threading.Thread] = []
        self._deaf = office.changes.listen(self._heard)

    def stop(self) -> None:
        """Finish the backup in hand and listen no longer."""
        self._deaf()
        for thread in self._threads:
            thread.join(60)

    def _heard(self, topics: frozenset[str]) -> None:
        if "business_date" in topics:
            self._threads = [t for t in self._threads if t.is_alive()] + [
                threading.Thread(target=self._run, name="backup")
            ]
            self._threads[-1].start()

    def _run(self) -> None:
        try:
            self.keep()
        except Refused as refusal:
            self._trouble(str(refusal))

    def keep(self) -> Path | None:
        """Write a backup now; see ``keep``."""
        return keep(self._office, self._place, self._settings)


def keep(office: DatabaseOffice, place: Home, settings: Settings) -> Path | None:
    """Write a backup now and drop those beyond the latest two weeks; returns its file, None where the hotel
    has switched backups off."""
    if not office.look(setting).options.backups:
        return None
    key = keys.derive(keys.load(place, settings)).database
    with _writing:
        target = _unused(place.backups / backup.name_for(local(office.now(), office.house().zone)))
        proof = backup.create(office.engine, target, key)
        for old in (*_too_old(place.backups, target, key), *_given_up(place.backups, office.now())):
            old.unlink(missing_ok=True)
            backup.manifest_of(old).unlink(missing_ok=True)
        backup.manifest(target, proof, office.now())
        backup.must_hold(target, key, proof)
    return target


def _unused(path: Path) -> Path:
    """Two backups within a second, or a clock that went back, never share a name."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _too_old(folder: Path, written: Path, key: bytes) -> set[Path]:
    """Return the backups that may go: never the one just written, and none that is among the latest by what
    it holds or by when its file was written.

    A name says only what the clock said; after a restore the trail begins anew at a lower entry. So neither
    decides alone.
    """
    there = [path for path in folder.glob("hotel-*.backup") if path != written]
    held = {path: reach for path in there if (reach := _reach(path, key))}
    by_file = sorted(there, key=lambda path: path.stat().st_mtime)
    by_trail = sorted((path for path in by_file if path in held), key=lambda path: held[path])
    return set(there) - set(by_trail[-(KEEP - 1) :]) - set(by_file[-(KEEP - 1) :])


def _reach(path: Path, key: bytes) -> int:
    """Return how far a backup's audit trail goes, 0 for a file that does not open."""
    try:
        return backup.reach(path, key)[0]
    except Refused:
        return 0


def _given_up(folder: Path, now: datetime) -> Iterator[Path]:
    """What a power cut left of a backup: parts that nobody has written to for an hour; one in the making is
    another program's."""
    for part in folder.glob("hotel-*.backup.part*"):
        with suppress(FileNotFoundError):
            if now.timestamp() - part.stat().st_mtime > HOUR:
                yield part
