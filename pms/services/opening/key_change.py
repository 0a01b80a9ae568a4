"""Change the hotel's key: everything sealed and marked is made anew under another one, by the word of who
may.

The key to come is kept beside the present one first and stands on its own recovery sheet; then the books go
over in one step, and only then it takes the present one's place. Ended anywhere and run again, the change
goes on; once the books have gone over it asks nobody any more.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from getpass import getuser
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.clock import Clock, local, system_clock
from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import _
from pms.core.offers import Offers
from pms.core.office import Clerk
from pms.core.settings import Home, Settings
from pms.db import backup, keys, presence, turning
from pms.db.engine import explained, open_engine, reading, sqlite_url
from pms.db.keys import Keys
from pms.db.office import DatabaseOffice
from pms.db.patience import patient
from pms.db.sealed import BROKEN
from pms.db.turning import By
from pms.services.guests import seal

from . import proving, service, store
from .safekeeping import unused

PART = ".changing"
"""What a copy under the key to come is called until it takes the file's place."""


@dataclass
class KeyChange:
    """One change of the key of this workstation's hotel; run again after any interruption it goes on.

    ``vouch`` asks who may for their word, ``sheet`` puts the key to come on paper; both come before anything
    is changed.
    """

    place: Home
    settings: Settings
    offers: Offers
    vouch: Callable[[DatabaseOffice], list[Clerk]]
    sheet: Callable[[DatabaseOffice, bytes], None]
    say: Callable[[str], None] = lambda sentence: None
    clock: Clock = system_clock
    station: str = field(default_factory=lambda: f"terminal {getuser()}")

    def run(self) -> None:
        """Change the key, or finish a change that was begun."""
        key = keys.load_next(self.place, self.settings)
        if key is None or not turned(self.place, self.settings, key):
            key = self._turn(key)
        self._finish(key)

    def _turn(self, key: bytes | None) -> bytes:
        old = keys.load(self.place, self.settings)
        at = replace(self.settings, station=self.station)
        office = store.open_office(self.place, at, self.offers, clock=self.clock)
        try:
            self._must_be_alone(office)
            by = self.vouch(office)
            names = tuple(person.name for person in by)
            office.do(service.key_shown.of(how="change-key", by=list(names)))
            if key is None:
                key = keys.new()
                keys.save_next(self.place, self.settings, key)
            self.sheet(office, key)
            self.say(_("The books are proven first."))
            faults = _faults(office)
            word = By(by[0].id, names, self.station, office.now())
            sub = keys.derive(old), keys.derive(key)
            if self.settings.server:
                self._on_a_server(office, *sub, word)
            else:
                self._in_a_file(office, *sub, word, key, faults)
        finally:
            office.engine.dispose()
        return key

    def _must_be_alone(self, office: DatabaseOffice) -> None:
        """Refuse while another workstation is at work: it would go on under the old key."""
        if others := office.look(lambda s: presence.others(s, self.station, office.now())):
            raise Refused(
                _("The program is open at %(which)s. Close it there, then change the key.")
                % {"which": ", ".join(others)}
            )

    def _on_a_server(self, office: DatabaseOffice, old: Keys, new: Keys, by: By) -> None:
        with patient(office.engine).begin() as connection:
            turning.turn(connection, old, new, by, reveal)

    def _in_a_file(
        self, office: DatabaseOffice, old: Keys, new: Keys, by: By, key: bytes, known: set[str]
    ) -> None:
        """Change a copy, prove it and let it take the file's place; nobody else is let in meanwhile."""
        file = Path(self.settings.database)
        part = file.with_name(file.name + PART)
        self._back_up(office, old.database)
        office.engine.dispose()
        try:
            with turning.held(file, old.database) as holding:
                self.say(_("The books are sealed anew."))
                turning.copied(holding, part, old.database, new.database)
                engine = open_engine(sqlite_url(part), new)
                try:
                    with engine.begin() as connection:
                        turning.turn(connection, old, new, by, reveal)
                finally:
                    engine.dispose()
                self._prove(part, key, known)
                turning.put_in_place(part, file, new.database)
        finally:
            with suppress(OSError):
                turning.drop(part)

    def _prove(self, part: Path, key: bytes, known: set[str]) -> None:
        """Refuse a copy in which anything is wrong that was not wrong before."""
        at = replace(self.settings, database=str(part), station=self.station)
        office = store.open_office(self.place, at, self.offers, clock=self.clock, key=key, anchored=False)
        try:
            wrong = sorted(_faults(office) - known)
        finally:
            office.engine.dispose()
        if wrong:
            raise Refused(
                _("The books do not prove under the key to come, so it was not changed: %(what)s")
                % {"what": " ".join(wrong[:3])}
            )

    def _back_up(self, office: DatabaseOffice, key: bytes) -> None:
        moment = local(office.now(), office.house().zone)
        target = unused(self.place.backups / backup.name_for(moment))
        backup.manifest(target, backup.create(office.engine, target, key), office.now())

    def _finish(self, key: bytes) -> None:
        """Keep the key that opens the books from now on in the place of the old one."""
        take_over(self.place, self.settings, key)
        office = store.open_office(self.place, replace(self.settings, station=self.station), self.offers)
        try:
            if not self.settings.server:
                self._back_up(office, keys.derive(key).database)
        finally:
            office.engine.dispose()


def reveal(key: bytes, sealed: str, what: str) -> str:
    """Return what was sealed under a guest's key, ``BROKEN`` where it does not open."""
    try:
        return seal.reveal(key, sealed, what)
    except Refused:
        return BROKEN


def _faults(office: DatabaseOffice) -> set[str]:
    return {fault for _title, found in proving.proofs(office) for fault in found}


def turned(place: Home, settings: Settings, key: bytes) -> bool:
    """Say whether the books have gone over to a key: a file opens with it, a server says so."""
    sub = keys.derive(key)
    if not settings.server:
        return turning.opens(Path(settings.database), [sub.database])[0]
    engine = open_engine(store.signed(store.url_of(settings), place), sub)
    try:
        with reading(engine).connect() as connection:
            return turning.is_of(connection, sub.sign)
    except DBAPIError as error:
        raise explained(error) from error
    finally:
        engine.dispose()


def half_done(place: Home, settings: Settings) -> str:
    """Return in a sentence how far a change of the key has come that is not finished, empty where none is."""
    try:
        key = keys.load_next(place, settings)
        if key is None:
            return ""
        done = turned(place, settings, key)
    except StoreTrouble as trouble:
        return str(trouble)
    if done:
        return _(
            "The hotel's key was changed, and this workstation still keeps the old one: run “pms change-key "
            "FILE.pdf” again, which asks nobody any more."
        )
    return _(
        "A change of the hotel's key was begun and nothing is changed yet: run “pms change-key FILE.pdf” "
        "again, as an owner or with two persons' word."
    )


def is_the_hotels(session: Session, key: bytes) -> bool:
    """Say whether the hotel's key was changed to this one, so that any other is of no use any more."""
    return turning.is_of(session.connection(), keys.sign(key))


def take_over(place: Home, settings: Settings, key: bytes) -> None:
    """Keep the key that the hotel was given at another workstation, in the place of the one of before."""
    with suppress(Refused):  # there may be none here
        carry_anchor(place, keys.load(place, settings), key)
    keys.replace(place, settings, key)


def carry_anchor(place: Home, old: bytes, new: bytes) -> None:
    """Let the mark of how far the trail went here follow the hotel to its new key."""
    was, now = store.anchor_of(place, old).path, store.anchor_of(place, new).path
    if was != now and was.exists() and not now.exists():
        was.replace(now)
