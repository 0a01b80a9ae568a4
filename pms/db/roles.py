"""Two roles on a server: one owns the tables and brings them to a release's schema, the other is what the
desks sign in as; it reads and writes rows and changes neither a table nor what is only added to.

A table's owner may lift its guards and every superuser may do anything, so neither is for a desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.db import audit, hosts, patience, schema, sealed
from pms.db.guards import append_only
from pms.db.keys import Keys

LOCAL = ("", "localhost", "127.0.0.1", "::1")
SAFE_MODE = "verify-full"
READ_ONLY = ("alembic_version", "standby")


def is_local(url: URL) -> bool:
    """Say whether the server is on this machine: what it is told goes over no network."""
    return all(one.host in LOCAL or one.host.startswith("/") for one in hosts.addresses(url))


def weaker(url: URL) -> str:
    """Return a sentence where a server elsewhere need not prove who it is, nothing where it does."""
    if is_local(url) or url.query.get("sslmode") == SAFE_MODE:
        return ""
    return _(
        "The server %(host)s is asked for no proof of who it is: anybody in between reads and changes what "
        "goes there. Write sslmode=verify-full into “database” of the settings, and put the certificate "
        "that signed the server's where libpq looks for it (~/.postgresql/root.crt)."
    ) % {"host": ", ".join(str(one) for one in hosts.addresses(url))}


@dataclass(frozen=True)
class Roles:
    """The two roles of a hotel and their passwords, and the database they share."""

    owner: str
    owner_password: str
    desk: str
    desk_password: str
    database: str


def set_up(admin: URL, roles: Roles, key: Keys | None = None) -> None:
    """Make both roles and the database, or hand over the one that is there; bring it to this release's schema
    as its owner, and let the desks do what they need. Run again, it leaves everything as it should be.

    ``key`` is the hotel's, with which an earlier release's guests are sealed; an empty database needs none.
    """
    with connected(admin.set(database="postgres")) as server:
        for name, password in (
            (roles.owner, roles.owner_password),
            (roles.desk, roles.desk_password),
        ):
            _role(server, name, password)
        _database(server, roles)
    with connected(admin.set(database=roles.database)) as inside:
        _hand_over(inside, roles)
    engine = create_engine(
        admin.set(username=roles.owner, password=roles.owner_password, database=roles.database),
        connect_args=patience.settings(),
    )
    sealed.under(engine, key)
    try:
        schema.upgrade(engine, fits=lambda inside: key is None or audit.fits(Session(inside), key.chain))
        with patience.patient(engine).begin() as connection:
            allow(connection, roles.desk)
    except DBAPIError as error:
        raise told(error) from error
    finally:
        engine.dispose()


class connected:
    """A connection of an administrator, whose every statement stands for itself."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(
            url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": patience.CONNECT}
        )

    def __enter__(self) -> Connection:
        try:
            self._line = self._engine.connect()
        except DBAPIError as error:
            self._engine.dispose()
            raise told(error) from error
        return self._line

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        self._line.close()
        self._engine.dispose()
        if isinstance(error, DBAPIError):
            raise told(error) from error


def told(error: DBAPIError) -> StoreTrouble:
    """Return what a server refuses an administrator, in its own words: they read them."""
    return StoreTrouble(_("The server refuses: %(why)s.") % {"why": str(error.orig).strip().splitlines()[0]})


def quoted(connection: Connection, name: str) -> str:
    """Return a name as it stands in a statement."""
    return str(connection.dialect.identifier_preparer.quote_identifier(name))


def hashed(server: Connection, name: str, password: str) -> str:
    """Return a password as a server keeps it."""
    raw: Any = server.connection.driver_connection
    made: bytes = raw.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return made.decode()


def _role(server: Connection, name: str, password: str) -> None:
    """Make a role that may sign in and nothing else; the server is told its password hashed."""
    scrambled = hashed(server, name, password)
    there = server.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}).scalar()
    plain = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    verb = "ALTER" if there else "CREATE"
    server.exec_driver_sql(f"{verb} ROLE {quoted(server, name)} {plain} PASSWORD '{scrambled}'")


def _database(server: Connection, roles: Roles) -> None:
    found = text("SELECT 1 FROM pg_database WHERE datname = :name")
    name, owner = quoted(server, roles.database), quoted(server, roles.owner)
    if server.execute(found, {"name": roles.database}).scalar() is None:
        server.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    server.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO {owner}")
    server.exec_driver_sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    server.exec_driver_sql(f"GRANT CONNECT ON DATABASE {name} TO {quoted(server, roles.desk)}")


_THEIRS = """
SELECT CASE WHEN relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass::text FROM pg_class c
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S') AND NOT (relkind = 'S' AND EXISTS
(SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')))
UNION ALL SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def _hand_over(inside: Connection, roles: Roles) -> None:
    """Let the owner own what somebody else made, and take from the desks what they no longer need."""
    owner, desk = quoted(inside, roles.owner), quoted(inside, roles.desk)
    for kind, name in inside.exec_driver_sql(_THEIRS).all():
        inside.exec_driver_sql(f"ALTER {kind} {name} OWNER TO {owner}")
    inside.exec_driver_sql(f"ALTER SCHEMA public OWNER TO {owner}")
    inside.exec_driver_sql("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    inside.exec_driver_sql(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {desk}")
    inside.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {desk}")


_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"


def allow(connection: Connection, desk: str) -> None:
    """Let a role read and add rows everywhere, and change and delete them but where rows are only added."""
    name = quoted(connection, desk)
    for table in connection.exec_driver_sql(_TABLES).scalars().all():
        verbs = "SELECT, INSERT, UPDATE, DELETE"
        if table in append_only():
            verbs = "SELECT, INSERT"
        elif table in READ_ONLY:
            verbs = "SELECT"
        connection.exec_driver_sql(f"GRANT {verbs} ON {quoted(connection, table)} TO {name}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}")


# ------------------------------------------------------------------ looking
_SELF = """
SELECT current_user, rolsuper, rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,
has_schema_privilege('public', 'CREATE') OR has_database_privilege(current_database(), 'CREATE'),
has_database_privilege('public', current_database(), 'CONNECT')
FROM pg_roles WHERE rolname = current_user
"""
_OWNS = """
SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
AND pg_has_role(current_user, relowner, 'USAGE')
"""
_MAY = """
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
AND (has_table_privilege(oid, 'TRUNCATE') OR relname = ANY(%s) AND (has_any_column_privilege(oid, 'UPDATE')
OR has_table_privilege(oid, 'DELETE'))) ORDER BY relname
"""


def faults(connection: Connection) -> Iterator[str]:
    """Yield a sentence for each thing that the role of this connection may do and a desk must not."""
    name, boss, more, makes, anybody = connection.exec_driver_sql(_SELF).one()
    if boss:
        yield _("%(role)s is a superuser, who may do anything") % {"role": name}
        return
    if more:
        yield _("%(role)s may make roles or databases, or read past the rules") % {"role": name}
    if makes:
        yield _("%(role)s may make tables of its own") % {"role": name}
    if owned := connection.exec_driver_sql(_OWNS).scalar():
        yield _("%(role)s owns %(n)s tables and can lift their guards") % {"role": name, "n": owned}
    elif may := connection.exec_driver_sql(_MAY, (list(append_only()),)).scalars().all():
        yield _("%(role)s may change what is only added to: %(tables)s") % {
            "role": name,
            "tables": ", ".join(may),
        }
    if anybody:
        yield _("everybody who may sign in to the server may connect to this database")


def owns_nothing(connection: Connection) -> bool:
    """Say whether a desk's role is at work, which brings no schema up to date."""
    return not connection.exec_driver_sql(_OWNS).scalar()


def encrypted(connection: Connection) -> bool:
    """Say whether what this connection says is encrypted on its way."""
    found = connection.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar()
    return bool(found)
