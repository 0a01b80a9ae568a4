"""Back the hotel up around each audit and every few hours, on a thread of its own; let backups grow old by
classes, and bring each to a second place."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

from pms.core.clock import local
from pms.core.errors import Refused
from pms.core.options import Options
from pms.core.settings import Home, Settings
from pms.db import backup, keys
from pms.db.office import DatabaseOffice
from pms.services.night_audit import queries
from pms.services.property.queries import setting

from . import rollback, second_place

KEEP = 28
"""So many of the latest are kept whatever their day: neither a clock nor a name takes them away."""
HOUR = 3600
"""Seconds."""
_writing = threading.Lock()


class Safekeeping:
    """Listens for the begin of an audit and the close of a day, and looks at the clock every ``seconds``;
    ``trouble`` is told why a backup could not be made, and what the second place lacks."""

    def __init__(
        self,
        office: DatabaseOffice,
        place: Home,
        settings: Settings,
        trouble: Callable[[str], object],
        *,
        seconds: float = 60.0,
    ) -> None:
        self._office, self._place, self._settings, self._trouble = office, place, settings, trouble
        self._threads: list[threading.Thread] = []
        self._ending = threading.Event()
        self._before: date | None = None
        self._since = monotonic()
        self._deaf = office.changes.listen(self._heard)
        self._clockwork = threading.Thread(
            target=self._by_the_clock, args=(seconds,), name="backups", daemon=True
        )
        self._clockwork.start()

    def stop(self) -> None:
        """Finish the backup in hand and listen no longer."""
        self._deaf()
        self._ending.set()
        for thread in (*self._threads, self._clockwork):
            thread.join(60)

    def _heard(self, topics: frozenset[str]) -> None:
        if "business_date" in topics:
            self._start(self._run)
        elif "night_audit" in topics:
            self._start(self._run_before)

    def _start(self, work: Callable[[], None]) -> None:
        self._threads = [t for t in self._threads if t.is_alive()] + [
            threading.Thread(target=work, name="backup")
        ]
        self._threads[-1].start()

    def _run(self) -> None:
        try:
            self.keep()
        except Refused as refusal:
            self._trouble(str(refusal))

    def _run_before(self) -> None:
        """Back up what the audit begins with, once for each business date."""
        try:
            begun = audit_begun(self._office)
        except Refused:  # a lost database is told by who watches it
            return
        if begun is not None and begun != self._before:
            self._before = begun
            self._run()

    def _by_the_clock(self, seconds: float) -> None:
        second = self._settings.second_place
        if second and (told := second_place.away(self._place, second, self._office.now())):
            self._trouble(told)
        while not self._ending.wait(seconds):
            with suppress(Refused):
                if self.is_due():
                    self._run()

    def is_due(self) -> bool:
        """Say whether the hours that the hotel has set are over since the last backup, and something has
        happened since."""
        hours = self._office.look(setting).options.backup_hours
        if not hours or monotonic() - self._since < hours * HOUR:
            return False
        return has_gone_on(self._office, self._place)

    def keep(self) -> Path | None:
        """Write a backup now; see ``keep``."""
        self._since = monotonic()
        return keep(self._office, self._place, self._settings, self._trouble)


def has_gone_on(office: DatabaseOffice, place: Home) -> bool:
    """Say whether anything was saved that no backup here holds."""
    held = {(mark.count, mark.head) for _name, mark in backup.manifests(place.backups)}
    stand = office.look(rollback.stand)
    return (stand.entry, stand.head) not in held


def audit_begun(office: DatabaseOffice) -> date | None:
    """Return the business date whose audit has begun and is not closed, None where there is none."""
    runs = office.look(queries.last_runs, limit=1)
    return runs[0].business_date if runs and runs[0].closed_at is None else None


def keep(
    office: DatabaseOffice,
    place: Home,
    settings: Settings,
    trouble: Callable[[str], object] = lambda sentence: None,
) -> Path | None:
    """Write a backup now, drop those that are too old, and copy it to the second place, whose want is told by
    ``trouble``; returns its file, None where the hotel has switched backups off."""
    options = office.look(setting).options
    if not options.backups:
        return None
    key = keys.derive(keys.load(place, settings)).database
    with _writing:
        target = unused(place.backups / backup.name_for(local(office.now(), office.house().zone)))
        proof = backup.create(office.engine, target, key)
        _age(place.backups, target, key, options, office.now())
        backup.manifest(target, proof, office.now())
        backup.must_hold(target, key, proof)
        if settings.second_place:
            if told := second_place.carry(place, settings.second_place, target, key, office.now()):
                trouble(told)
            else:
                _age(Path(settings.second_place), target, key, options, office.now())
    return target


def unused(path: Path) -> Path:
    """Two backups within a second, or a clock that went back, never share a name."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _age(folder: Path, written: Path, key: bytes, options: Options, now: datetime) -> None:
    for old in (*_too_old(folder, folder / written.name, key, options), *_given_up(folder, now)):
        with suppress(OSError):
            old.unlink(missing_ok=True)
            backup.manifest_of(old).unlink(missing_ok=True)


def _too_old(folder: Path, written: Path, key: bytes, options: Options) -> set[Path]:
    """Return the backups that may go: never the one just written, none that is among the latest by what it
    holds or by when its file was written, and not the last of a day, week or month that is still kept.

    A name says only what the clock said; after a restore the trail begins anew at a lower entry. So neither
    decides alone.
    """
    there = [path for path in folder.glob("hotel-*.backup") if path != written]
    held = {path: reach for path in there if (reach := _reach(path, key))}
    by_file = sorted(there, key=_written_at)
    by_trail = sorted((path for path in by_file if path in held), key=lambda path: held[path])
    kept = {*by_trail[-(KEEP - 1) :], *by_file[-(KEEP - 1) :]}
    return set(there) - kept - last_of_each([path for path in by_file if path in held], options)


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def last_of_each(by_file: Iterable[Path], options: Options) -> set[Path]:
    """Return the last backup of each of the latest days, weeks and months that the hotel keeps."""
    kept: set[Path] = set()
    moments = [(datetime.fromtimestamp(_written_at(path), UTC), path) for path in by_file]
    for form, count in (
        ("%Y-%m-%d", options.keep_days),
        ("%G-%V", options.keep_weeks),
        ("%Y-%m", options.keep_months),
    ):
        last = {moment.strftime(form): path for moment, path in moments}
        kept |= set(list(last.values())[-count:] if count else ())
    return kept


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
