"""Look at everything the program needs on this computer and say in words how it is."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from pms.core.clock import local, system_clock
from pms.core.errors import Refused
from pms.core.i18n import LANGUAGES, LOCALE, _
from pms.core.offers import Offers
from pms.core.settings import Home, Settings
from pms.db import backup, copies, guards, hosts, keys, roles
from pms.db.anchor import signs
from pms.db.engine import OLDEST_SQLITE
from pms.db.office import DatabaseOffice
from pms.printing.typeface import BOLD, REGULAR
from pms.services.authority import proof as rights
from pms.services.reports import queries as reports
from pms.services.staff import proof as people

from . import key_change, rollback, second_place, store

LITTLE = 500 << 20
"""Bytes of free disk space below which it is time to do something."""
HOUR = 3600
OLD = 36 * HOUR


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it is, in words."""

    what: str
    well: bool
    words: str


def look(place: Home, settings: Settings, offers: Offers) -> Iterator[Finding]:
    """Yield one finding after the other; nothing is changed."""
    yield Finding("Python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _engine()
    yield _window()
    yield Finding(
        _("Fonts"),
        REGULAR.exists() and BOLD.exists(),
        _("there") if REGULAR.exists() and BOLD.exists() else _("Noto Sans SC is missing"),
    )
    yield _texts()
    yield Finding(
        _("Settings"),
        True,
        f"{place.settings}"
        if place.settings.exists()
        else _("none yet: %(file)s") % {"file": place.settings},
    )
    yield _space(place)
    if not settings.ready:
        yield Finding(_("Hotel"), True, _("none yet: open the window, or run “pms init”"))
        return
    yield _key(place, settings)
    if half := key_change.half_done(place, settings):
        yield Finding(_("Key"), False, half)
    yield from _sheet(place)
    yield from _hotel(place, settings, offers)
    if not settings.server:
        yield _backups(place, settings)
        yield _second(place, settings)


def _engine() -> Finding:
    from sqlcipher3 import dbapi2

    return Finding(
        "SQLCipher", dbapi2.sqlite_version_info >= OLDEST_SQLITE, f"SQLite {dbapi2.sqlite_version}"
    )


def _window() -> Finding:
    try:
        found = installed("PySide6-Essentials")
    except PackageNotFoundError:
        return Finding("Qt", False, _("PySide6 is missing: run the installer again"))
    display = (
        os.name != "posix"
        or sys.platform == "darwin"
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )
    return Finding(
        "Qt",
        True,
        f"PySide6 {found}" + ("" if display else " – " + _("no display here: only commands and --tour")),
    )


def _texts() -> Finding:
    missing = [
        words
        for code, words in LANGUAGES.items()
        if code != "en" and not (LOCALE / code / "LC_MESSAGES" / "pms.mo").exists()
    ]
    return Finding(
        _("Languages"),
        not missing,
        ", ".join(LANGUAGES.values())
        if not missing
        else _("%(which)s is not compiled: run installer/texts") % {"which": ", ".join(missing)},
    )


def _space(place: Home) -> Finding:
    folder = next(p for p in (place.data, *place.data.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    return Finding(
        _("Disk"), free > LITTLE, _("%(free)s MB free in %(folder)s") % {"free": free >> 20, "folder": folder}
    )


def _key(place: Home, settings: Settings) -> Finding:
    try:
        keys.load(place, settings)
    except Refused as refusal:
        return Finding(_("Key"), False, str(refusal))
    if settings.key == "file" and keys.exposed(place.key):
        return Finding(
            _("Key"), False, _("other logins may read %(file)s: chmod 600 it") % {"file": place.key}
        )
    return Finding(
        _("Key"), True, _("in the system's keyring") if settings.key == "keyring" else str(place.key)
    )


def _sheet(place: Home) -> Iterator[Finding]:
    """Remind of a recovery sheet that was left beside the database: whoever copies the folder has the key."""
    if (left := place.data / "recovery-sheet.pdf").exists():
        told = _("%(file)s holds the hotel's key: print it, put the paper into the safe, delete the file")
        yield Finding(_("Recovery sheet"), True, told % {"file": left})


def _hotel(place: Home, settings: Settings, offers: Offers) -> Iterator[Finding]:
    try:
        office = store.open_office(place, settings, offers)
    except Refused as refusal:
        yield Finding(_("Hotel"), False, str(refusal))
        return
    house = office.house()
    try:
        yield Finding(
            _("Hotel"),
            True,
            _("%(hotel)s, business date %(day)s, on %(engine)s")
            % {"hotel": house.name, "day": house.business_date, "engine": office.engine.dialect.name},
        )
        yield _trail(office)
        yield from _closed(office, house.zone)
        if settings.server:
            yield from _server(office, settings)
        yield _rights(office)
        lacking = office.look(lambda session: guards.lacking(session.connection()))
        yield Finding(
            _("Guards"),
            not lacking,
            _("missing or changed: %(tables)s. Run “pms verify”") % {"tables": ", ".join(lacking)}
            if lacking
            else _("ledger, trail and closed days refuse every change"),
        )
    finally:
        office.engine.dispose()


def _rights(office: DatabaseOffice) -> Finding:
    """Say whether anybody's rights were changed past the program: whoever may write rows can."""
    wrong = office.look(lambda session: [*people.faults(session, office.secret), *rights.faults(session)])
    words = " ".join(wrong[:3]) or _("people, roles and limits are as the trail has them")
    return Finding(_("Rights"), not wrong, words)


def _server(office: DatabaseOffice, settings: Settings) -> Iterator[Finding]:
    """Say what the desk's role may do, how the way to the server is kept, and where its password is."""
    url = store.url_of(settings)
    faults, encrypted = office.look(
        lambda session: ([*roles.faults(session.connection())], roles.encrypted(session.connection()))
    )
    yield from _two_servers(office)
    remedy = _("Run “pms server”, and let every desk sign in as the desks' role")
    yield Finding(
        _("Server role"),
        not faults,
        f"{'; '.join(faults)}. {remedy}"
        if faults
        else _("%(role)s, reads and writes rows, no more") % {"role": url.username},
    )
    if roles.is_local(url):
        way, well = _("the server is on this computer"), True
    else:
        way = roles.weaker(url) or _("encrypted, and the server proves who it is")
        well = encrypted and not roles.weaker(url)
    yield Finding(_("Way to the server"), well, way)
    clear = url.password is not None
    words = _("in the settings file, in clear") if clear else _("not in the settings file")
    yield Finding(_("Server password"), not clear or not keys.keyring_name(), words)


def _two_servers(office: DatabaseOffice) -> Iterator[Finding]:
    """Say how the standby is, and whether this workstation would find it."""
    known = office.look(copies.known, now=office.now())
    servers = hosts.of(office.engine)
    if known is not None:
        told = copies.told(known, office.house().zone)
        yield Finding(_("Standby"), not told, told or copies.two(known.synchronous))
    if servers is not None:
        found = servers.look()
        old = servers.look_around()
        well = not old and all(not one.why for one in found)
        yield Finding(_("Servers"), well, "; ".join([*map(hosts.described, found), *old]))
    elif known is not None:
        words = _("this workstation knows one of two: run “pms standby address HOST,HOST”")
        yield Finding(_("Servers"), False, words)


def _closed(office: DatabaseOffice, zone: str) -> Iterator[Finding]:
    """Say who closed the last day: the machine is nobody, so a person reads what it found."""
    day = office.look(rollback.stand).closed
    run = office.look(reports.run, day=day) if day else None
    if run is not None:
        words = _("%(day)s, closed %(at)s by %(who)s")
        at = f"{local(run.closed_at, zone):%Y-%m-%d %H:%M}"
        yield Finding(_("Night audit"), True, words % {"day": day, "at": at, "who": run.closed_by})


def _trail(office: DatabaseOffice) -> Finding:
    assert office.anchor is not None
    told, mark = office.anchor.told(), office.anchor.read()
    if told or mark is None:
        return Finding(_("Audit trail"), False, " ".join(told) or _("there is no anchor of it here"))
    words = _("up to entry %(n)s (%(signs)s), as the anchor %(file)s has it")
    values = {"n": mark.count, "signs": signs(mark.head), "file": office.anchor.path}
    return Finding(_("Audit trail"), True, words % values)


def _backups(place: Home, settings: Settings) -> Finding:
    """The latest backup is the one that holds most, whatever its name or its file's date says."""
    held = {path: _reach(path, place, settings) for path in place.backups.glob("*.backup")}
    latest = max(held, key=lambda path: (held[path], path.stat().st_mtime), default=None)
    if latest is None:
        return Finding(_("Backup"), False, _("there is none: run “pms backup”"))
    if not held[latest]:
        return Finding(_("Backup"), False, _("none opens with this hotel's key: run “pms backup”"))
    age = system_clock().timestamp() - latest.stat().st_mtime
    if age < -HOUR:
        words = _("%(file)s is dated in the future: set this computer's clock right, then run “pms backup”")
        return Finding(_("Backup"), False, words % {"file": latest})
    words = _("%(file)s, %(hours)s h old, up to entry %(trail)s of the audit trail")
    values = {"file": latest, "hours": int(age // HOUR), "trail": held[latest]}
    return Finding(_("Backup"), age < OLD, words % values)


def _second(place: Home, settings: Settings) -> Finding:
    what, second = _("Second place for backups"), settings.second_place
    if not second:
        return Finding(what, True, _("none: name one with “pms backup --also FOLDER”"))
    if away := second_place.away(place, second, system_clock()):
        return Finding(what, False, away)
    if second_place.same_disk(place, second):
        words = _("%(folder)s is on the disk of the database: one fault takes both")
        return Finding(what, False, words % {"folder": second})
    seen = second_place.last(place)
    since = f"{seen:%Y-%m-%d %H:%M} UTC" if seen else _("never")
    words = _("%(folder)s, last written to: %(since)s")
    return Finding(what, seen is not None, words % {"folder": second, "since": since})


def _reach(path: Path, place: Home, settings: Settings) -> int:
    try:
        return backup.reach(path, keys.derive(keys.load(place, settings)).database)[0]
    except Refused:
        return 0
