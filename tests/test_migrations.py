"""An empty database becomes exactly what the models say, guards included, on both engines; a newer one is
refused."""

import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from pms.core.errors import StoreTrouble
from pms.db import guards, schema
from pms.db.engine import open_engine, sqlite_url
from tests import builders
from tests.conftest import POSTGRES, WHY_NOT, _admin


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Makes empty databases on each engine in turn."""
    if request.param == "postgres" and not POSTGRES:
        pytest.skip(WHY_NOT)
    made: list[Engine] = []

    def new() -> Engine:
        name = f"empty_{uuid.uuid4().hex[:12]}"
        url = sqlite_url(tmp_path / name)
        if request.param == "postgres":
            _admin(f"CREATE DATABASE {name}")
            url = make_url(POSTGRES).set(database=name)
        made.append(open_engine(url, builders.SECRET))
        return made[-1]

    yield new
    for engine in made:
        engine.dispose()
        if request.param == "postgres":
            _admin(f"DROP DATABASE {engine.url.database} WITH (FORCE)")


def described(connection: Connection) -> dict[str, Any]:
    """Return everything a database says about its tables, in an order of its own."""
    found, look = {}, inspect(connection)
    for table in sorted(set(look.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"], str(c["default"] or ""))
                for c in look.get_columns(table)
            ),
            "key": look.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (str(f["name"]), f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in look.get_foreign_keys(table)
            ),
            "unique": sorted((str(u["name"]), u["column_names"]) for u in look.get_unique_constraints(table)),
            "checks": sorted((str(c["name"]), c["sqltext"]) for c in look.get_check_constraints(table)),
            "indexes": sorted(
                (
                    str(i["name"]),
                    i["column_names"],
                    bool(i["unique"]),
                    sorted((k, str(v)) for k, v in i["dialect_options"].items()),
                )
                for i in look.get_indexes(table)
            ),
        }
    return found


def test_the_migrations_make_what_the_models_say(empty):
    migrated, modelled = empty(), empty()
    schema.upgrade(migrated)
    with modelled.begin() as connection:
        schema.metadata().create_all(connection)
    with migrated.connect() as one, modelled.connect() as two:
        found, wanted = described(one), described(two)
    assert sorted(found) == sorted(wanted)
    for table, description in wanted.items():
        assert found[table] == description, table


def test_alembic_finds_nothing_left_to_do(empty):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = empty()
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert (
            compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), schema.metadata()
            )
            == []
        )


def test_the_revisions_follow_one_another_in_one_line():
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(schema._config())
    assert len(script.get_heads()) == 1
    assert all(not r.is_merge_point and not r.is_branch_point for r in script.walk_revisions())


def test_the_names_of_the_files_say_which_revision_is_the_newest():
    assert schema.newest() == schema.head()


def test_a_database_of_this_release_opens_without_loading_what_migrates(sqlite):
    script = (
        "import sys\nfrom pms.db import schema\nfrom pms.db.engine import open_engine\n"
        "from pms.db.keys import Keys\n"
        "key = bytes.fromhex(sys.argv[2])\n"
        "schema.upgrade(open_engine(sys.argv[1], Keys(key, key, key, key, '')))\n"
        "print('alembic' in sys.modules)"
    )
    url = sqlite.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", script, url, builders.SECRET.hex()],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "False", done.stderr


def test_a_second_upgrade_changes_nothing(empty):
    engine = empty()
    schema.upgrade(engine)
    with engine.connect() as connection:
        before = described(connection), schema.revision(connection)
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert (described(connection), schema.revision(connection)) == before
        assert before[1] == schema.head()


def test_the_discounts_that_a_hotel_had_set_become_its_limits(empty):
    from alembic import command

    engine = empty()
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), "0011")
        for code in ("clerk", "owner"):
            connection.execute(text(f"INSERT INTO role (code, name, rights) VALUES ('{code}', 'x', '[]')"))
        connection.execute(
            text(
                "INSERT INTO property (id, name, zone, currency, digits, business_date, inventory_until, "
                "options) "
                "VALUES (1, 'x', 'UTC', 'CNY', 2, '2026-11-20', '2026-11-20', :options)"
            ),
            {"options": '{"discount_limits": [["clerk", 7], ["owner", 100]]}'},
        )
    schema.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT role_code, kind, percent, amount FROM authority_limit")).all()
        assert {(r.role_code, r.percent) for r in found if r.kind == "price"} == {
            ("clerk", 7),
            ("owner", None),
        }
        assert [tuple(r) for r in found if r.kind == "over_short"] == [
            ("clerk", "over_short", None, 5000),
            ("owner", "over_short", None, None),
        ]
        assert (
            "authority:edit"
            in connection.execute(text("SELECT rights FROM role WHERE code = 'owner'")).scalar_one()
        )


def test_stock_is_counted_once_from_the_moves_there_are(empty):
    from alembic import command

    engine = empty()
    with engine.begin() as connection:
        command.upgrade(schema._config(connection), "0013")
        for number, name in ((1, "Cola"), (2, "Tea")):
            connection.execute(
                text(
                    "INSERT INTO shop_good (id, name, search, unit, price, cost, par, active) "
                    "VALUES (:number, :name, '', 'can', 800, 300, 6, :active)"
                ),
                {"number": number, "name": name, "active": True},
            )
        for quantity in (10, -3):
            connection.execute(
                text(
                    "INSERT INTO shop_move (good_id, kind, quantity, price, cost, reason, reference, at, "
                    f"business_date, station) VALUES (1, 'count', {quantity}, 0, 0, '', '', "
                    "'2026-11-20 08:00:00', '2026-11-20', 'desk-1')"
                )
            )
    schema.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT good_id, quantity FROM shop_stock ORDER BY good_id")).all()
    assert found == [(1, 7), (2, 0)]


def test_a_newer_database_is_refused_with_a_sentence_and_left_alone(empty):
    engine = empty()
    schema.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTrouble, match="newer release"):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.revision(connection) == "9999"


def test_an_upgrade_that_fails_leaves_nothing_behind(empty, monkeypatch):
    engine = empty()
    monkeypatch.setattr(guards, "protect", lambda dialect, table: ["THIS IS NO SQL"])
    with pytest.raises(DBAPIError):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    monkeypatch.undo()
    schema.upgrade(engine)


def test_every_guarded_table_has_its_triggers(empty):
    engine = empty()
    schema.upgrade(engine)
    catalogue = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgenabled "
            "= 'O'"
        ),
    }
    with engine.connect() as connection:
        found = {(name, table) for name, table in connection.execute(text(catalogue[engine.dialect.name]))}
    wanted = {
        (re.split(r"\s+", statement)[2], table)
        for table in guards.append_only()
        for statement in guards.protect(engine.dialect.name, table)
        if statement.startswith("CREATE TRIGGER")
    }
    assert wanted <= found


@pytest.mark.parametrize("table", ["audit_entry", "transfer"])
def test_the_database_refuses_to_change_what_is_only_added_to(house, table):
    from pms.services.folios import service as folios
    from pms.services.stays import service as stays

    stay = house.do(
        stays.check_in, line_id=house.book(), room_id=house.room_id("301"), intent=house.new_intent()
    )
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=500, intent="c")
    with house.engine.connect() as connection:
        before = connection.execute(text(f"SELECT count(*), max(id) FROM {table}")).one()
    assert before[0]
    statements = [
        f"UPDATE {table} SET station = 'x'",
        f"UPDATE {table} SET id = id + 1000",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE id = {before[1]}",
    ]
    if house.engine.dialect.name == "sqlite":
        statements += [
            f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
            f"UPDATE OR REPLACE {table} SET station = 'x'",
        ]
    else:
        statements += [
            f"TRUNCATE {table} CASCADE",
            f"WITH gone AS (DELETE FROM {table} RETURNING id) SELECT * FROM gone",
        ]
    for statement in statements:
        with pytest.raises(DBAPIError, match="never changed|UNIQUE"), house.engine.begin() as connection:
            connection.execute(text(statement))
    with house.engine.connect() as connection:
        assert connection.execute(text(f"SELECT count(*), max(id) FROM {table}")).one() == before
