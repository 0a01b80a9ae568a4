"""Open a hotel's books from what a workstation knows: its settings and the hotel's key."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

from pms.core import private
from pms.core.changes import Changes
from pms.core.clock import Clock, system_clock
from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.core.offers import Offers
from pms.core.settings import Home, Settings
from pms.db import audit, keys, roles, schema
from pms.db.anchor import Anchor
from pms.db.engine import explained, open_engine, reading, sqlite_url
from pms.db.office import DatabaseOffice
from pms.services.approvals import door
from pms.services.business_day.queries import context
from pms.services.property.queries import exists

from .after_close import AfterClose


def url_of(settings: Settings) -> URL:
    """Return where the database is; refuses what is neither a file nor PostgreSQL."""
    if not settings.server:
        return sqlite_url(Path(settings.database))
    try:
        url = make_url(settings.database)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql":
        raise StoreTrouble(
            _(
                "The settings name a database that is neither a file nor a PostgreSQL server. Correct "
                "the settings file."
            )
        )
    return url.set(drivername="postgresql+psycopg")


def weaker(settings: Settings) -> list[str]:
    """Return a sentence where the way to the server could be somebody else's."""
    return [told] if settings.server and (told := roles.weaker(url_of(settings))) else []


def signed(url: URL, place: Home) -> URL:
    """Return a server's URL with its password, which a keyring keeps where the settings do not."""
    if url.get_backend_name() == "sqlite" or url.password is not None or not keys.keyring_name():
        return url
    return url.set(password=found) if (found := keys.password(place)) else url


def remembered(url: URL, place: Home) -> str:
    """Return a server's URL for the settings, without its password where a keyring has taken it."""
    if url.password is not None and keys.keep_password(place, str(url.password)):
        url = url._replace(password=None)
    return url.render_as_string(hide_password=False)


def open_office(
    place: Home,
    settings: Settings,
    offers: Offers,
    *,
    clock: Clock = system_clock,
    changes: Changes | None = None,
    key: bytes | None = None,
    anchored: bool = True,
) -> DatabaseOffice:
    """Open the hotel that the settings name, brought to this release's schema; refuses in a sentence what
    cannot be opened.

    ``key``: one that is not kept here yet; ``anchored=False``: books that this workstation does not work
    on, a copy say, so that its anchor is not held against them.
    """
    if not settings.server and not Path(settings.database).is_file():
        raise StoreTrouble(
            _(
                "The hotel's database %(file)s is not there. Put it back, or restore a backup: pms "
                "restore FILE."
            )
            % {"file": settings.database}
        )
    kept = key is None
    key = keys.load(place, settings) if key is None else key
    try:
        return _opened(place, settings, offers, clock, changes, key, anchored)
    except StoreTrouble:
        if kept and keys.load_next(place, settings) is not None:
            raise StoreTrouble(
                _(
                    "The hotel's key was being changed, and that is not finished: run “pms change-key "
                    "FILE.pdf” again."
                )
            ) from None
        raise


def _opened(
    place: Home,
    settings: Settings,
    offers: Offers,
    clock: Clock,
    changes: Changes | None,
    key: bytes,
    anchored: bool,
) -> DatabaseOffice:
    newest = place.newest(keys.sign(key))
    office = _office(signed(url_of(settings), place), key, settings.station, offers, clock, changes, newest)
    office.anchor = anchor_of(place, key, clock) if anchored else None
    try:
        with Session(reading(office.engine)) as session:
            if not audit.fits(session, office.secret):
                raise StoreTrouble(
                    _(
                        "The key does not belong to this hotel. Enter the key of its recovery sheet: "
                        "pms restore-key."
                    )
                )
            if not exists(session):
                raise StoreTrouble(_("The database holds no hotel. Set it up, or choose another database."))
            if office.anchor is not None:
                office.anchor.compare(session)
            office.must_fit(session)
    except DBAPIError as error:
        office.engine.dispose()
        raise explained(error) from error
    except StoreTrouble:
        office.engine.dispose()
        raise
    office.after_close = AfterClose(office, place, settings)
    return office


def anchor_of(place: Home, key: bytes, clock: Clock = system_clock) -> Anchor:
    """Return the file that says how far the trail went here; each hotel has its own by its key."""
    return Anchor(place.anchor(keys.sign(key)), clock)


def new_office(
    url: URL, key: bytes, station: str, offers: Offers, *, clock: Clock = system_clock
) -> DatabaseOffice:
    """Make the tables of a hotel that is to be founded next, in a new file or an empty PostgreSQL
    database."""
    if url.get_backend_name() == "sqlite" and url.database:
        private.touch(Path(url.database))
    office = _office(url, key, station, offers, clock, None)
    with Session(reading(office.engine)) as session:
        taken = exists(session)
    if taken:
        office.engine.dispose()
        raise StoreTrouble(_("This database holds a hotel already. Join it, or choose another database."))
    return office


def _office(
    url: URL,
    key: bytes,
    station: str,
    offers: Offers,
    clock: Clock,
    changes: Changes | None,
    newest: Path | None = None,
) -> DatabaseOffice:
    sub = keys.derive(key)
    engine = open_engine(url, sub, newest=newest)
    try:
        schema.upgrade(engine, fits=lambda connection: audit.fits(Session(connection), sub.chain))
    except DBAPIError as error:
        engine.dispose()
        raise explained(error) from error
    except StoreTrouble:
        engine.dispose()
        raise
    return DatabaseOffice(
        engine,
        sub.chain,
        context,
        clock,
        station=station or "desk-1",
        offers=offers,
        changes=changes or Changes(),
        door=door,
    )
