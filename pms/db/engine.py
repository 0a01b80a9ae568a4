"""Open the hotel's database: SQLCipher on one workstation, PostgreSQL on several."""

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from pms.core.errors import StoreTrouble
from pms.core.i18n import N_, _
from pms.db import hosts, patience, sealed, wire
from pms.db.keys import Keys

OLDEST_SQLITE = (3, 51, 3)
"""Older engines can corrupt a database when its write-ahead log is reset."""
BUSY_MS = 5000


def sqlite_url(path: Path) -> URL:
    """Return the URL of an embedded database file."""
    return URL.create("sqlite+pysqlite", database=str(path))


def open_engine(url: str | URL, keys: Keys, *, newest: Path | None = None) -> Engine:
    """Return an engine whose writers begin at once (BEGIN IMMEDIATE) and whose readers see one snapshot.

    ``keys`` are the hotel's: they open a file, and on both engines what is sealed in columns. Use
    ``reading(engine)`` for queries. What a statement was given never stands in an error: it may be a guest's.
    ``newest``: the file that says which of several servers was promoted last.
    """
    url = make_url(url)
    engine = _sqlite(url, keys.database) if url.get_backend_name() == "sqlite" else _server(url, newest)
    sealed.under(engine, keys)
    return engine


def _server(url: URL, newest: Path | None) -> Engine:
    engine = create_engine(
        url, pool_size=4, pool_use_lifo=True, connect_args=patience.settings(), hide_parameters=True
    )
    hosts.several(engine, newest)
    patience.limited(engine)
    wire.few_trips(engine)
    return engine


def reading(engine: Engine) -> Engine:
    """Return the same engine for queries: no write lock, one consistent snapshot."""
    return engine.execution_options(write=False)


def single(engine: Engine) -> Engine:
    """Return the same engine for questions of one statement each, which need no transaction on a server."""
    return engine.execution_options(write=False, single=True)


def _sqlite(url: URL, key: bytes) -> Engine:
    from sqlcipher3 import dbapi2

    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        raise StoreTrouble(
            _("The database engine is too old (%(found)s). Run the installer again.")
            % {"found": dbapi2.sqlite_version}
        )
    # The pool hands a connection to one thread at a time: SQLite's own lock, taken for every cell, cost the
    # board of a thousand rooms a twelfth of its instructions.
    flags = dbapi2.SQLITE_OPEN_READWRITE | dbapi2.SQLITE_OPEN_CREATE | dbapi2.SQLITE_OPEN_NOMUTEX
    engine = create_engine(
        url,
        module=dbapi2,
        pool_use_lifo=True,  # the one whose cache of pages is warm; the others' caches stay small
        connect_args={"timeout": BUSY_MS / 1000, "flags": flags},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy's begin event below decides, not the driver
        cursor = connection.cursor()
        cursor.execute(
            "PRAGMA cipher_log_level = NONE"
        )  # a wrong key is told in our words, not on standard error
        cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MS}",
            "cache_size=-32768",
            "temp_store=MEMORY",
            "recursive_triggers=ON",
        ):  # REPLACE deletes too: the guards must see it
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def empty_log(engine: Engine) -> None:
    """Put what the write-ahead log holds into an embedded database's file and empty the log: pages stand in
    it as they were before something was erased. Where somebody reads just then, the next time does it."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def page_faults(engine: Engine) -> list[str]:
    """Read every page of an embedded database and return what is wrong; a server checks its own pages."""
    if engine.dialect.name != "sqlite":
        return []
    try:
        return _page_faults(engine)
    except DBAPIError as error:  # a page that says which tables there are: nothing else can be read
        if "malformed" not in str(error.orig):
            raise
        return [str(error.orig)]


def _page_faults(engine: Engine) -> list[str]:
    with reading(engine).connect() as connection:
        for check in (
            "cipher_integrity_check",
            "integrity_check(20)",
            "foreign_key_check",
        ):  # each trusts what the one before proved
            if faults := [
                str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA {check}") if row[0] != "ok"
            ]:
                return faults
    return []


FIRST_ROWS = (
    "pk_number_series",
    "pk_topic",
    "pk_sign_in_try",
    "pk_budget",
    "pk_draft",
    "pk_list_choice",
    "pk_page_choice",
    "pk_authority_limit",
    "uq_print_route_station_kind",
    "uq_account_code",
    "ix_account_stay_id",
    "ix_account_line_id",
)
"""Rows that are made when they are first needed: of two workstations that both make one, the second finds it
when it tries again."""


def is_busy(error: DBAPIError) -> bool:
    """Say whether another writer was in the way and the same transaction may simply be tried again."""
    code = getattr(error.orig, "sqlstate", None)
    if isinstance(error, IntegrityError):
        return any(name in str(error.orig) for name in FIRST_ROWS)
    return (
        code in ("40001", "40P01")
        or "database is locked" in str(error.orig)
        or "database table is locked" in str(error.orig)
    )


SERVER = {
    "55P03": N_(
        "Another workstation holds what this needs: it closes the day, or it hangs. Nothing was saved and "
        "what you typed is kept; try again in a moment."
    ),
    "57014": N_(
        "The database server took too long over this. Nothing was saved and what you typed is kept; try "
        "again."
    ),
    "25P03": N_(
        "This workstation held the others up and was cut off. Nothing was saved and what you typed is kept; "
        "try again."
    ),
    "42501": N_(
        "The database's role may not do this. Nothing was saved; run “pms doctor”, which says what it lacks."
    ),
    "53300": N_(
        "The database server lets no more programs in. What you typed is kept; close a program that is not "
        "needed, then try again."
    ),
    "53100": N_(
        "The disk of the database server is full. Nothing was saved; free some space there and try again."
    ),
}
"""What a server says by number, as a sentence: in each of these cases it has taken back what was begun."""


def explained(error: DBAPIError, *, keyed: bool = False) -> StoreTrouble:
    """Return the sentence for a store that cannot be used; a defect in the program's own SQL is not explained
    away. ``keyed``: what was to be done has its intent key, so that it is never done twice."""
    text = str(error.orig)
    if (known := SERVER.get(_number(text) or getattr(error.orig, "sqlstate", None) or "")) is not None:
        return StoreTrouble(_(known))
    if "locked" in text:
        return StoreTrouble(
            _("Another program holds the database. Close it, or wait, and try again; nothing was lost.")
        )
    if "not a database" in text:
        return StoreTrouble(
            _(
                "The database does not open with this key, or the file is damaged. Use the recovery "
                "sheet's key or a backup."
            )
        )
    if "malformed" in text or "disk image" in text:
        return StoreTrouble(
            _("The database file is damaged. Stop, keep the file, and restore the latest backup.")
        )
    if "I/O" in text:  # at a commit it may have been saved all the same
        return StoreTrouble(
            _(
                "The disk failed while the database was read or written. Whether the last step was "
                "saved is not certain: "
                "check the disk, open the program again, and look before you do it once more."
            )
        )
    if "full" in text:
        return StoreTrouble(_("The disk is full. Nothing was saved; free some space and try again."))
    if "readonly" in text or "unable to open" in text:
        return StoreTrouble(
            _(
                "The database file cannot be opened or written. Check the folder's permissions and "
                "the free space."
            )
        )
    if "certificate" in text or "support SSL" in text:
        return StoreTrouble(
            _(
                "The database server does not prove who it is (%(where)s). Nothing was sent. Put the "
                "certificate that signed the server's where libpq looks for it (~/.postgresql/root.crt)."
            )
            % {"where": text.splitlines()[0][:200]}
        )
    away = error.connection_invalidated or getattr(error.orig, "sqlstate", None) == hosts.NO_SERVER
    if away or "connection" in text.lower() or "server" in text.lower():
        where = {"where": text.splitlines()[0][:120]}
        if keyed:
            told = _(
                "The database server does not answer (%(where)s). What you typed is kept; try again: what is "
                "saved already is not done twice."
            )
        elif getattr(error, "was_asked_to_save", False):
            told = _(
                "The database server does not answer (%(where)s). Whether the last step was saved is not "
                "certain: look before you do it once more."
            )
        else:
            told = _("The database server does not answer (%(where)s). What you typed is kept; try again.")
        return StoreTrouble(told % where)
    raise error


def _number(text: str) -> str:
    """Return the number of what a server says before anybody is connected: it comes as words only."""
    return "53300" if "too many clients" in text or "remaining connection slots" in text else ""
