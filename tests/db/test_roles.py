"""The desks' role on a server: it does the hotel's work and changes nothing that is only added to."""

import io
import os
import tempfile
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from pms.core.errors import StoreTrouble
from pms.core.settings import Home, Settings, load, save
from pms.db import keys, roles, schema
from pms.db.engine import explained, open_engine
from pms.db.guards import append_only
from pms.db.roles import Roles
from pms.duties import offered
from pms.services.opening import doctor, proving, store
from pms.services.opening.founding import Founder, Server
from pms.services.staff import passwords
from tests import builders
from tests.conftest import POSTGRES, WHY_NOT, _admin
from tests.faults import acts
from tests.faults import server as servers
from tests.start.conftest import KEY

OWNER_PASSWORD, DESK_PASSWORD = "owner of the tables", "desks of the hotel"
MAY_NOT = "42501"


def named(database: str) -> Roles:
    return Roles(f"{database}_owner", OWNER_PASSWORD, f"{database}_desk", DESK_PASSWORD, database)


def as_desk(database: str):
    return make_url(POSTGRES).set(username=f"{database}_desk", password=DESK_PASSWORD, database=database)


def drop(database: str) -> None:
    _admin(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    for role in (f"{database}_owner", f"{database}_desk"):
        _admin(f"DROP ROLE IF EXISTS {role}")


STAFF = "The staff and what they may do, beside the trail"


@pytest.fixture(scope="module")
def handed_over(founded_postgres):
    """The small hotel, made by a superuser and handed over to the two roles; the database's name."""
    database = f"roles_{uuid.uuid4().hex[:10]}"
    _admin(f"CREATE DATABASE {database} TEMPLATE {founded_postgres} STRATEGY FILE_COPY")
    roles.set_up(make_url(POSTGRES), named(database))
    yield database
    drop(database)


@pytest.fixture(scope="module")
def desk_engine(handed_over):
    engine = open_engine(as_desk(handed_over), builders.SECRET)
    yield engine
    engine.dispose()


def columns(table: str) -> list[str]:
    """Return every column of a table: a right to one of them would be enough to change it."""
    return [column.name for column in schema.metadata().tables[table].columns]


FORBIDDEN = [
    *(
        statement
        for table in append_only()
        for statement in (
            *(f"UPDATE {table} SET {column} = {column}" for column in columns(table)),
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        )
    ),
    *(f"SELECT 1 FROM {table} FOR UPDATE" for table in ("transfer", "audit_entry")),
    "TRUNCATE staff CASCADE",
    "UPDATE alembic_version SET version_num = '0001'",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine SUPERUSER",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION refuse_change() CASCADE",
    "ALTER TABLE transfer DISABLE TRIGGER ALL",
    "ALTER TABLE audit_entry DISABLE TRIGGER USER",
    "DROP TRIGGER transfer_no_change ON transfer",
    "ALTER TABLE transfer ADD COLUMN mine int",
    "DROP TABLE transfer",
    "CREATE TRIGGER mine BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE RULE mine AS ON INSERT TO transfer DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
    "ALTER ROLE {desk} SUPERUSER",
    "ALTER DATABASE {database} OWNER TO {desk}",
    "COPY (SELECT 1) TO '/tmp/mine'",
]


def test_the_desks_role_is_refused_each_forbidden_thing(desk_engine, handed_over):
    known = {"owner": f"{handed_over}_owner", "desk": f"{handed_over}_desk", "database": handed_over}
    passed = []
    with desk_engine.connect() as connection:
        for words in FORBIDDEN:
            statement = words.format(**known) if "{" in words else words
            try:
                connection.exec_driver_sql(statement)
            except DBAPIError as error:
                if error.orig.sqlstate != MAY_NOT:
                    passed.append((statement, str(error.orig)))
            else:
                passed.append((statement, "allowed"))
            connection.rollback()
        connection.exec_driver_sql(f"GRANT ALL ON transfer TO {known['desk']}")  # a warning, and nothing
        connection.commit()
        passed += roles.faults(connection)
    by_itself = desk_engine.execution_options(isolation_level="AUTOCOMMIT")
    with by_itself.connect() as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.exec_driver_sql("CREATE DATABASE mine")
    assert passed == []
    assert len(FORBIDDEN) > 150


def test_what_freezes_later_is_refused_by_its_guard(desk_engine):
    """Rows that change until they are signed cannot be kept by a right; the guard is the owner's."""
    with desk_engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO status_sheet (business_date, part, opened_at, signed_at) "
            "VALUES ('2026-11-20', 'AM', now(), now())"
        )
    with desk_engine.connect() as connection, pytest.raises(DBAPIError, match="rows are frozen"):
        connection.exec_driver_sql("UPDATE status_sheet SET signed_by = 1")


def test_nobody_else_connects_to_the_hotel(handed_over):
    stranger = f"stranger_{uuid.uuid4().hex[:8]}"
    _admin(f"CREATE ROLE {stranger} LOGIN PASSWORD 'x'")
    try:
        engine = create_engine(make_url(POSTGRES).set(username=stranger, password="x", database=handed_over))
        with pytest.raises(OperationalError, match="permission denied for database"):
            engine.connect()
        engine.dispose()
    finally:
        _admin(f"DROP ROLE {stranger}")


def test_every_operation_is_done_by_the_desks_role(busy_postgres):
    """Whatever the program does, it does with the rights that the desks have."""
    template, facts = busy_postgres
    database = f"roles_{uuid.uuid4().hex[:10]}"
    _admin(f"CREATE DATABASE {database} TEMPLATE {template} STRATEGY FILE_COPY")
    try:
        roles.set_up(make_url(POSTGRES), named(database))
        engine = open_engine(as_desk(database), builders.SECRET)
        house = builders.office(engine, found=False)
        refused = {}
        for name, act in acts.ACTS.items():
            house.clock.set(acts.NOW, 10)
            house.station = "desk-1"

            def do(work, act=act):
                call = act.of(facts)
                work.action = call.operation.action
                call.operation(work, **call.fields)
                work.session.flush()
                raise Undone

            try:
                acts.run(house, facts, act, do=do)
            except Undone:
                continue
            except Exception as error:
                refused[name] = repr(error)[:300]
        engine.dispose()
        assert refused == {}
    finally:
        drop(database)


class Undone(Exception):
    """Takes an act back when all of it has been written."""


def test_what_the_desks_role_can_still_forge_is_named_by_verify(handed_over):
    engine = open_engine(as_desk(handed_over), builders.SECRET)
    house = builders.office(engine, found=False)
    clean = {title: faults for title, faults in proving.proofs(house) if faults}
    assert set(clean) <= {STAFF}, clean
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE staff SET password = %s WHERE login = 'boss'", (passwords.hashed("mine now, all of it"),)
        )
        connection.exec_driver_sql("UPDATE account SET balance = balance + 100 WHERE id = 1")
    found = dict(proving.proofs(house))
    assert any("password not as the trail has it" in said for said in found[STAFF])
    assert any("Account 1" in said for said in found["The books: accounts, days and ledgers"])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET balance = balance - 100 WHERE id = 1")
    engine.dispose()


# ------------------------------------------------------------------ the command
@pytest.fixture
def place(tmp_path):
    """A workstation of its own."""
    return Home(tmp_path / "config", tmp_path / "data")


@pytest.fixture
def server_line(place, monkeypatch, capsys):
    """Run a command line on a workstation of its own; returns exit code, standard output and error."""
    from pms.__main__ import main

    if not POSTGRES:
        pytest.skip(WHY_NOT)
    monkeypatch.setattr("pms.core.settings.home", lambda: place)
    save(place, replace(load(place), language="en", station="desk-1"))

    def run(*words, typed=""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main([str(w) for w in words]), *capsys.readouterr()

    return run


@pytest.fixture
def database():
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    name = f"roles_{uuid.uuid4().hex[:10]}"
    yield name
    drop(name)


def words(database: str) -> tuple[str, ...]:
    url = make_url(POSTGRES)
    return (
        "server", "--host", url.host, "--port", str(url.port or 5432), "--database", database,
        "--admin", url.username,
    )  # fmt: skip


TYPED = f"{make_url(POSTGRES).password or '-'}\n{OWNER_PASSWORD}\n{DESK_PASSWORD}\n" if POSTGRES else ""


def test_one_command_makes_the_server_ready_and_a_hotel_is_founded_by_the_desks_role(
    server_line,
    database,
    place,
):
    for _again in range(2):
        code, out, err = server_line(*words(database), typed=TYPED)
        assert (code, err) == (0, "")
        assert f"Desks sign in as {database}_desk" in out
        assert DESK_PASSWORD not in out
    url = as_desk(database)
    at = Server(url.host, database, url.username, url.password, url.port or 5432)
    founder = Founder(place, load(place), offered(), builders.Clock())
    founder.found(builders.SMALL, (), KEY, at).engine.dispose()
    told = {f.what: f for f in doctor.look(place, load(place), offered())}
    assert told["Server role"].well, told["Server role"].words
    assert told["Way to the server"].well
    assert server_line("verify")[0] == 0
    code, out, err = server_line(*words(database), typed=TYPED)
    assert (code, "This workstation signs in as" in out) == (0, True)
    assert make_url(load(place).database).username == f"{database}_desk"


def test_a_superuser_is_named_by_the_doctor_and_the_command_mends_it(
    server_line,
    database,
    place,
    founded_postgres,
):
    founder = Founder(place, load(place), offered(), builders.Clock())
    url = make_url(POSTGRES)
    boss = Server(url.host, database, url.username, url.password or "", url.port or 5432)
    founder.found(builders.SMALL, (), KEY, boss).engine.dispose()
    told = {f.what: f for f in doctor.look(place, load(place), offered())}
    assert not told["Server role"].well
    assert "is a superuser, who may do anything" in told["Server role"].words
    assert server_line(*words(database), typed=TYPED)[0] == 0
    told = {f.what: f for f in doctor.look(place, load(place), offered())}
    assert told["Server role"].well, told["Server role"].words
    assert server_line("verify")[0] == 0


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("x\nshort\nalso short\n", "of 12 characters or more"),
        ("x\nthe same password\nthe same password\n", "passwords of their own"),
        ("x\nowner of the tables\ndesks of the hotel\n", "The server refuses"),
    ],
)
def test_what_cannot_be_is_one_sentence(server_line, database, typed, says):
    line = [*words(database)[:-1], "nobody_of_this_name"]
    code, out, err = server_line(*line, typed=typed)
    assert (code, out, says in err) == (1, "", True), err


def test_a_desk_is_told_that_the_schema_is_older_and_who_mends_it(handed_over, tmp_path):
    url = make_url(POSTGRES).set(database=handed_over)
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        [now] = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0025'")
        try:
            with pytest.raises(StoreTrouble, match="Run “pms server” once with this release"):
                store.new_office(as_desk(handed_over), builders.SECRET, "desk-1", offered())
        finally:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{now}'")
    engine.dispose()


# ------------------------------------------------------------------ the password and the way
def test_the_password_is_in_the_keyring_and_not_in_the_settings(
    server_line,
    database,
    place,
    monkeypatch,
):
    import keyring

    kept = {}
    monkeypatch.setattr(keyring, "set_password", lambda s, name, value: kept.update({(s, name): value}))
    monkeypatch.setattr(keyring, "get_password", lambda s, name: kept.get((s, name)))
    monkeypatch.setattr(keys, "keyring_name", lambda: "a keyring")
    assert server_line(*words(database), typed=TYPED)[0] == 0
    url = as_desk(database)
    at = Server(url.host, database, url.username, url.password, url.port or 5432)
    Founder(place, load(place), offered(), builders.Clock()).found(
        builders.SMALL, (), KEY, at
    ).engine.dispose()
    stored = place.settings.read_text("utf-8")
    assert DESK_PASSWORD not in stored
    assert DESK_PASSWORD.replace(" ", "+") not in stored
    assert list(kept.values()) == [DESK_PASSWORD]
    office = store.open_office(place, load(place), offered(), clock=builders.Clock())
    assert office.house().name == builders.SMALL.name
    office.engine.dispose()
    told = {f.what: f for f in doctor.look(place, load(place), offered())}
    assert told["Server password"].words == "not in the settings file"


@pytest.mark.parametrize(
    ("host", "mode", "told"),
    [
        ("db.hotel.lan", "", True),
        ("db.hotel.lan", "require", True),
        ("db.hotel.lan", "verify-ca", True),
        ("db.hotel.lan", "verify-full", False),
        ("localhost", "", False),
        ("127.0.0.1", "", False),
        ("/run/postgresql", "", False),
    ],
)
def test_a_way_that_proves_nothing_is_told(host, mode, told):
    query = f"?sslmode={mode}" if mode else ""
    where = (
        f"postgresql://u:p@/hotel?host={host}"
        if host.startswith("/")
        else f"postgresql://u:p@{host}/h{query}"
    )
    assert bool(store.weaker(Settings(database=where))) is told
    assert Server("10.0.0.9", "hotel", "u", "p").url.query["sslmode"] == "verify-full"


@pytest.fixture(scope="module")
def certified():
    """A server of its own that has a certificate for ``localhost``, and the folder of the certificates."""
    if why := servers.why_not():
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="pms-server-", dir="/tmp") as folder:
        Path(folder).chmod(0o711)
        home, papers = Path(folder) / "server", Path(folder) / "papers"
        home.mkdir()
        papers.mkdir()
        made = servers.Server(home)
        made.make_cluster()
        certify(papers, "ours")
        certify(papers, "theirs")
        made.use_certificate(papers / "ours.crt", papers / "ours.key")
        made.run_cluster()
        yield made, papers
        made.stop()


def certify(folder: Path, name: str) -> None:
    """Write a certificate for ``localhost`` that has signed itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"localhost of {name}")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / f"{name}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / f"{name}.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


@pytest.mark.parametrize(
    ("host", "certificate", "stands"),
    [
        ("localhost", "ours", True),
        ("localhost", "theirs", False),
        ("localhost", "none", False),
        ("127.0.0.1", "ours", False),
    ],
    ids=["the right one", "another's certificate", "no certificate", "another name"],
)
def test_a_server_that_does_not_prove_who_it_is_gets_nothing(certified, host, certificate, stands):
    server, papers = certified
    url = server.url.set(
        host=host, query={"sslmode": "verify-full", "sslrootcert": str(papers / f"{certificate}.crt")}
    )
    engine = open_engine(url, builders.SECRET)
    try:
        if stands:
            with engine.connect() as connection:
                assert roles.encrypted(connection)
            return
        with pytest.raises(OperationalError) as refused:
            engine.connect()
        assert "does not prove who it is" in str(explained(refused.value))
    finally:
        engine.dispose()


def test_a_server_without_a_certificate_is_refused_and_not_used_in_clear():
    if not POSTGRES:
        pytest.skip(WHY_NOT)
    engine = open_engine(make_url(POSTGRES).update_query_dict({"sslmode": "verify-full"}), builders.SECRET)
    with pytest.raises(OperationalError) as refused:
        engine.connect()
    assert "does not prove who it is" in str(explained(refused.value))
    engine.dispose()
    assert os.environ.get("PGSSLMODE") is None
