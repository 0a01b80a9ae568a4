"""What somebody does who has the database, its key and the tools: lift the guards, change rows, put the
guards back."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete, insert, select, text, update

from pms.db import audit
from pms.db.base import AuditEntry, table_of
from pms.services.night_audit.models import AuditRun
from pms.services.opening import proving
from tests.builders import House


@contextmanager
def unguarded(house: House, *, back: bool = True) -> Iterator[Connection]:
    """Yield a connection on which nothing is guarded; ``back``: the guards stand as before afterwards."""
    with house.engine.begin() as connection:
        if house.engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = list(rows)
            for name, _words in found:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield connection
            for _name, words in found if back else ():
                connection.exec_driver_sql(words)
            return
        tables = list(
            connection.exec_driver_sql(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
            ).scalars()
        )
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection
        for table in tables if back else ():
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def forge(house: House, *statements: str, back: bool = True) -> None:
    """Run statements without a guard."""
    with unguarded(house, back=back) as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0, statement


def faults(house: House) -> list[str]:
    """Return every sentence of ``verify``."""
    return [fault for _title, found in proving.proofs(house) for fault in found]


def rechain(house: House) -> None:
    """Number and chain the trail anew with the hotel's key, and note its head where the closes noted it: the
    whole forgery."""
    entry, run = table_of(AuditEntry), table_of(AuditRun)
    with unguarded(house) as connection:
        rows = connection.execute(select(entry).order_by(entry.c.id)).mappings().all()
        old = {row["id"]: n for n, row in enumerate(rows, 1)}
        connection.execute(delete(entry))
        before, made, heads = audit.START, [], {}
        for n, row in enumerate(rows, 1):
            fresh = {**row, "id": n}
            before = fresh["digest"] = audit.link(house.secret, before, fresh)
            heads[n] = before
            made.append(fresh)
        connection.execute(insert(entry), made)
        for day, count in connection.execute(select(run.c.business_date, run.c.trail_count)).all():
            if n := max((new for was, new in old.items() if was <= count), default=0):
                connection.execute(
                    update(run).where(run.c.business_date == day).values(trail_count=n, trail_head=heads[n])
                )
