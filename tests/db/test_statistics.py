"""The database looks at its own tables again when they have grown."""

import logging
import time
import uuid

from sqlalchemy import event, insert, text

from pms.db import statistics
from pms.db.base import Topic, table_of
from tests import builders
from tests.builders import House

MANY = [{"name": f"topic {n}", "version": n} for n in range(3000)]
KNOWN = {
    "sqlite": "SELECT stat FROM sqlite_stat1 WHERE tbl = 'topic'",
    "postgresql": "SELECT 'known' FROM pg_stats WHERE tablename = 'topic'",
}


def known(house: House) -> list[str]:
    """Return what the database knows of the topics."""
    dialect = house.engine.dialect.name
    with house.engine.connect() as connection:
        there = text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if dialect == "sqlite" and not connection.execute(there).first():
            return []
        return list(connection.execute(text(KNOWN[dialect])).scalars())


def counted(house: House) -> None:
    """Let a server write down how much has changed: it does when a line is closed."""
    if house.engine.dialect.name == "postgresql":
        house.engine.dispose()
        time.sleep(0.2)


def grown(house: House) -> House:
    """Give a house many topics, on a server that does not look by itself."""
    with house.engine.begin() as connection:
        if house.engine.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE topic SET (autovacuum_enabled = off)"))
        connection.execute(insert(table_of(Topic)), MANY)
    counted(house)
    return house


def test_a_table_that_has_grown_is_looked_at_and_one_that_has_not_is_left_alone(house):
    grown(house)
    assert known(house) == []
    statistics.renew(house.engine)
    before = known(house)
    assert before
    counted(house)
    with house.engine.begin() as connection:
        connection.execute(insert(table_of(Topic)), [{"name": "one more", "version": 1}])
    counted(house)
    said: list[str] = []
    event.listen(house.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    statistics.renew(house.engine)
    assert known(house) == before
    assert [words for words in said if words.startswith("ANALYZE")] == []


def test_who_does_not_own_the_tables_leaves_them_alone(postgres):
    house = grown(builders.office(postgres, found=False))
    clerk = f"clerk_{uuid.uuid4().hex[:12]}"  # roles are the server's, which others test on too
    with postgres.begin() as connection:
        connection.execute(text(f"CREATE ROLE {clerk}"))
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {clerk}"))
    try:

        @event.listens_for(postgres, "connect")
        def _as_clerk(connection, _record):
            connection.execute(f"SET ROLE {clerk}")
            connection.commit()

        postgres.dispose()
        statistics.renew(postgres)
    finally:
        event.remove(postgres, "connect", _as_clerk)
        postgres.dispose()
        with postgres.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {clerk}"))
            connection.execute(text(f"DROP ROLE {clerk}"))
    assert known(house) == []


def test_what_fails_is_written_down_and_nothing_else(house, caplog):
    caplog.set_level(logging.WARNING)

    @event.listens_for(house.engine, "checkout")
    def _cut(connection, _record, _proxy):
        connection.close()

    statistics.renew(house.engine)
    assert "statistics:" in caplog.text
    event.remove(house.engine, "checkout", _cut)
    assert house.house().name
