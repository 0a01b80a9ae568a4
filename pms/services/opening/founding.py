"""What the set-up does behind its pages: found a hotel here or on PostgreSQL, join one, or make the
demonstration hotel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import DBAPIError

from pms.core import private
from pms.core.clock import Clock, local, system_clock
from pms.core.errors import Refused, StoreTrouble
from pms.core.i18n import _
from pms.core.offers import Offers
from pms.core.office import Clerk
from pms.core.settings import Home, Settings
from pms.core.settings import save as save_settings
from pms.db import hosts, keys, presence, roles
from pms.db.backup import SIDES
from pms.db.engine import explained, sqlite_url
from pms.db.office import DatabaseOffice
from pms.db.rows import rights
from pms.printing.slip import Slip
from pms.services.staff import service as staff

from . import demo, printouts, service, store
from .service import Hotel


@dataclass(frozen=True)
class Server:
    """Where a hotel's PostgreSQL is."""

    host: str
    database: str
    user: str
    password: str
    port: int = 5432

    @property
    def url(self) -> URL:
        """Return its URL, with a standby's address where one is typed too (``10.0.0.1, 10.0.0.2``); a server
        elsewhere must encrypt and prove by its certificate who it is."""
        plain = URL.create("postgresql+psycopg", self.user, self.password, database=self.database)
        url = hosts.addressed(
            plain, hosts.typed(self.host, self.port) or [hosts.Address(self.host, self.port)]
        )
        return url if roles.is_local(url) else url.update_query_dict({"sslmode": roles.SAFE_MODE})


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in from the first day on."""

    login: str
    name: str
    password: str
    role: str


class Founder:
    """Sets one workstation up; nothing is remembered here before the hotel stands."""

    def __init__(self, place: Home, settings: Settings, offers: Offers, clock: Clock = system_clock) -> None:
        self.place, self.settings, self._offers, self._clock = place, settings, offers, clock

    def new_key(self) -> bytes:
        """Return a fresh key."""
        return keys.new()

    def key_from(self, typed: str) -> bytes:
        """Return the key that somebody typed from the recovery sheet; refuses what is mistyped."""
        return keys.read(typed)

    @staticmethod
    def keyring() -> str:
        """Return the name of the system's keyring, nothing where there is none that can keep a key."""
        return keys.keyring_name()

    def keep_key_in(self, where: str) -> None:
        """Choose where the hotel's key is kept from now on: ``file`` or ``keyring``."""
        self.settings = replace(self.settings, key=where)

    def groups(self, key: bytes) -> tuple[str, ...]:
        """Return a key as it stands on the sheet."""
        return keys.written(key)

    def now(self, zone: str) -> datetime:
        """Return the moment on a zone's wall clock."""
        return local(self._clock(), zone)

    def sheet(self, key: bytes, house: str, zone: str, server: Server | None = None) -> Slip:
        """Return the recovery sheet of a key."""
        where = f"{server.host}:{server.port}/{server.database}" if server else str(self.place.database)
        return printouts.recovery_sheet(
            house=house, day=self.now(zone).date(), database=where, groups=keys.written(key)
        )

    def found(
        self, hotel: Hotel, people: Sequence[Person], key: bytes, server: Server | None = None
    ) -> DatabaseOffice:
        """Found the hotel and return its office with the owner signed in; the workstation remembers it from
        now on."""
        if server is None and self.place.database.exists():
            raise Refused(
                _("%(file)s is there already and may hold a hotel. Move it to a safe place first.")
                % {"file": self.place.database}
            )
        if server is not None:
            create_database(server)
        keys.save(self.place, self.settings, key)
        office = store.new_office(
            server.url if server else sqlite_url(self.place.database),
            key,
            self.settings.station,
            self._offers,
            clock=self._clock,
        )
        try:
            office.do(service.found.of(hotel=hotel))
            office.clerk = Clerk(1, hotel.owner_name, "owner", rights())
            for person in people:
                office.do(
                    staff.take_on.of(
                        login=person.login, name=person.name, password=person.password, role=person.role
                    )
                )
        except BaseException:
            office.engine.dispose()
            if server is None:
                self._forget()
            raise
        self._remember(server)
        return office

    def _forget(self) -> None:
        for side in SIDES:
            self.place.database.with_name(self.place.database.name + side).unlink(missing_ok=True)

    def _remember(self, server: Server | None) -> None:
        database = store.remembered(server.url, self.place) if server else str(self.place.database)
        self.settings = replace(self.settings, database=database)
        save_settings(self.place, self.settings)

    def join(self, server: Server, key: bytes) -> DatabaseOffice:
        """Open a hotel that is on PostgreSQL already; the key must be its own, and this workstation's name
        nobody else's: two of one name would share a drawer."""
        joined = replace(self.settings, database=server.url.render_as_string(hide_password=False))
        keys.save(self.place, joined, key)
        try:
            office = store.open_office(self.place, joined, self._offers, clock=self._clock)
            self._must_be_the_only_one(office)
        except Refused:
            self.place.key.unlink(missing_ok=True)
            raise
        self._remember(server)
        return office

    def _must_be_the_only_one(self, office: DatabaseOffice) -> None:
        if not office.look(lambda session: presence.is_at_work(session, office.station, office.now())):
            return
        office.engine.dispose()
        raise Refused(
            _(
                "A workstation named %(name)s is at work on this hotel now. Give this computer another name: "
                "“station” in %(file)s, then join again."
            )
            % {"name": office.station, "file": self.place.settings}
        )

    @staticmethod
    def demo_login() -> tuple[str, str]:
        """Return name and password of the demonstration hotel's owner."""
        return demo.owner()

    def demo(self, progress: Callable[[int, int], None] = lambda done, days: None, **size: Any) -> None:
        """Make the demonstration hotel in a home of its own; this home's hotel is not touched."""
        make_demo(self.place.demo, self.settings, self._offers, self._clock, progress, **size)


def make_demo(
    place: Home,
    settings: Settings,
    offers: Offers,
    clock: Clock,
    progress: Callable[[int, int], None],
    **size: Any,
) -> None:
    """Found the demonstration hotel under ``place``; a half-made one is begun afresh."""
    key = keys.load(place, replace(settings, key="file")) if place.key.exists() else keys.new()
    settings = replace(settings, key="file", database=str(place.database))
    part = place.database.with_name("hotel.part")
    for side in SIDES:
        part.with_name(part.name + side).unlink(missing_ok=True)
    keys.save(place, settings, key)
    office = store.new_office(sqlite_url(part), key, settings.station, offers, clock=clock)
    try:
        demo.found(office, clock(), size=demo.Size(**size), progress=progress)
    finally:
        office.engine.dispose()
    for side in SIDES:
        if (found := part.with_name(part.name + side)).exists():
            found.replace(place.database.with_name(place.database.name + side))
    private.sync_folder(place.database.parent)
    save_settings(place, settings)


def create_database(server: Server) -> None:
    """Make the database on the server unless it is there; the user needs the right to do so."""
    engine = create_engine(
        server.url.set(database="postgres"), isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5}
    )
    try:
        with engine.connect() as connection:
            if (
                connection.execute(
                    text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": server.database}
                ).scalar()
                is None
            ):
                name = connection.dialect.identifier_preparer.quote(server.database)
                connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    except DBAPIError as error:
        if "permission denied" in str(error.orig):
            raise StoreTrouble(
                _(
                    "%(user)s may not create a database on %(host)s. Have the database made by its "
                    "administrator, then try again."
                )
                % {"user": server.user, "host": server.host}
            ) from error
        raise explained(error) from error
    finally:
        engine.dispose()
