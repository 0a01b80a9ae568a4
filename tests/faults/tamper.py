"""Forge the books with the hotel's key in hand: whatever is changed, taken out, put in or swapped is named by
``verify``, or is what SECURITY.md says nobody can see.

Each try lifts the guards, forges at random, puts the guards back, asks every proof and takes all of it back;
one kind is a whole forgery, ledger and trail together and chained anew, which the marks outside the database
alone can tell. On SQLite and, where ``PMS_TEST_POSTGRES`` names a server, on PostgreSQL.

    python -m tests.faults.tamper [--tries N] [--short] [--seed N]

Without words 10,000 tries on each engine; ``--short``: 50 seconds at most. It prints counts by kind and exits
with 1 when one try was not named.
"""

import argparse
import json
import os
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.db import anchor, audit, schema
from pms.db.engine import open_engine, sqlite_url
from pms.services.folios import service as folios
from pms.services.opening import proving
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests import builders
from tests.builders import House
from tests.faults.hotel import scratch

DAY = timedelta(days=1)
POSTGRES = os.environ.get("PMS_TEST_POSTGRES", "")
SHORT_SECONDS, MANY = 22, 10_000
SNAPSHOTS = ("night_stay", "night_figure", "account_day", "ledger_day")
Row = dict[str, Any]


# ------------------------------------------------------------------ the hotel
def furnish(engine: Engine) -> House:
    """Two closed days and an open one, with charges, payments, deposits, texts and a void in each."""
    schema.upgrade(engine)
    house = builders.office(engine)
    for n, number in enumerate(("301", "302", "303")):
        house.do(
            stays.check_in.of(
                line_id=house.book(f"Guest {number}", nights=5),
                room_id=house.room_id(number),
                deposit=Paid("CASH", Money(30000 + n)),
            ),
            intent=house.new_intent(),
        )
    for day in range(3):
        for stay in (1, 2, 3):
            amount = Money(700 + 10 * day + stay)
            words = f"day {day}, “{stay}”"
            line = house.do(
                folios.charge.of(stay_id=stay, code="MINIBAR", amount=amount, text=words),
                intent=house.new_intent(),
            )
            house.do(folios.pay.of(stay_id=stay, method="CASH", amount=amount), intent=house.new_intent())
            if stay == 2:
                house.do(folios.void.of(transfer_id=line, reason="wrong"), intent=house.new_intent())
        if day < 2:
            house.next_day()
    return house


class Inside:
    """The hotel as it stands within a transaction that is taken back: every proof asks the same session."""

    def __init__(self, house: House, session: Session) -> None:
        self.engine, self.secret, self.anchor, self._session = house.engine, house.secret, None, session

    def look(self, query: Callable[[Session], Any]) -> Any:
        """Ask within a savepoint, so that what cannot be read does not end the transaction."""
        with self._session.begin_nested():
            return query(self._session)


@dataclass
class Forger:
    """Lifts guards and changes rows at random."""

    connection: Connection
    dice: random.Random
    secret: bytes

    @property
    def sqlite(self) -> bool:
        """Say whether the database is a file."""
        return self.connection.dialect.name == "sqlite"

    def run(self, statement: str, **values: Any) -> int:
        """Run a statement and return how many rows it changed."""
        return self.connection.execute(text(statement), values).rowcount

    def rows(self, statement: str, **values: Any) -> list[Row]:
        """Return rows."""
        return [dict(r) for r in self.connection.execute(text(statement), values).mappings()]

    def one(self, table: str, where: str = "1 = 1") -> Row:
        """Return a row at random."""
        found = self.rows(f"SELECT * FROM {table} WHERE {where}")
        return found[self.dice.randrange(len(found))]

    def put(self, table: str, row: Row) -> None:
        """Insert a row."""
        names = ", ".join(f'"{name}"' for name in row)
        self.run(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in row)})", **row)

    def other(self, value: Any) -> Any:
        """Return another value of the same kind."""
        if value is None:
            return self.dice.randrange(1, 99)
        if isinstance(value, bool):
            return not value
        if isinstance(value, int):
            return value + self.dice.choice((1, -1, 100, 7))
        if isinstance(value, str):
            if len(value) >= 10 and value[:4].isdigit() and value[4] == "-":
                return "2031" + value[4:]
            return self.dice.choice((value + "x", value[:-1] or "y"))
        return value + DAY

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Lift every guard and put all of them back."""
        if self.sqlite:
            found = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for row in found:
                self.connection.exec_driver_sql(f"DROP TRIGGER {row['name']}")
            yield
            for row in found:
                self.connection.exec_driver_sql(row["sql"])
            return
        tables = ("transfer", "audit_entry", "night_stay", "night_figure", "shift", "shift_count")
        for table in tables:
            self.connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            self.connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def rechain(self) -> None:
        """Number and chain the whole trail anew with the key, and every close's note of it."""
        rows = self.rows("SELECT * FROM audit_entry ORDER BY id")
        runs = self.rows("SELECT business_date, trail_count FROM audit_run WHERE trail_count > 0")
        self.run("DELETE FROM audit_entry")
        before, heads, renamed = audit.START, {}, {}
        for n, row in enumerate(rows, 1):
            renamed[row["id"]], row["id"] = n, n
            before = row["digest"] = audit.link(self.secret, before, _as_covered(row))
            heads[n] = before
            self.put("audit_entry", row)
        for run in runs:
            count = max((n for old, n in renamed.items() if old <= run["trail_count"]), default=0)
            self.run(
                "UPDATE audit_run SET trail_count = :n, trail_head = :head WHERE business_date = :day",
                n=count,
                head=heads.get(count, ""),
                day=run["business_date"],
            )


def _as_covered(row: Row) -> Row:
    """Return a raw row as the chain covers it."""
    import json
    from datetime import UTC, date, datetime

    at, day = row["at"], row["business_date"]
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return {**row, "at": at.replace(tzinfo=UTC), "business_date": day, "changes": json.loads(row["changes"])}


# ------------------------------------------------------------------ the forgeries
def posting_changed(f: Forger) -> None:
    """One column of one posting."""
    row = f.one("transfer")
    column = f.dice.choice([c for c in row if c not in ("id", "debit_id", "credit_id", "reverses")])
    f.run(f"UPDATE transfer SET {column} = :v WHERE id = :id", v=_fit(f, row, column), id=row["id"])


def _fit(f: Forger, row: Row, column: str) -> Any:
    value = row[column]
    if value is None:
        return "2031-01-01" if column == "night" else f.dice.randrange(50, 99)
    if column in ("amount", "quantity"):
        return value + f.dice.randrange(1, 9)
    return f.other(value)


def posting_to_another(f: Forger) -> None:
    """The debit of a posting on another account."""
    row = f.one("transfer")
    side = f.dice.choice(("debit_id", "credit_id"))
    into = f.one("account", f"id NOT IN ({row['debit_id']}, {row['credit_id']})")
    f.run(f"UPDATE transfer SET {side} = :a WHERE id = :id", a=into["id"], id=row["id"])


def posting_turned(f: Forger) -> None:
    """Debit and credit of a posting exchanged."""
    row = f.one("transfer")
    f.run(
        "UPDATE transfer SET debit_id = :c, credit_id = :d WHERE id = :id",
        c=row["credit_id"],
        d=row["debit_id"],
        id=row["id"],
    )


def posting_taken_out(f: Forger) -> None:
    """A posting deleted."""
    row = f.one("transfer", "id NOT IN (SELECT reverses FROM transfer WHERE reverses IS NOT NULL)")
    f.run("DELETE FROM transfer WHERE id = :id", id=row["id"])


def posting_put_in(f: Forger) -> None:
    """A posting nobody made, on any day."""
    row = f.one("transfer")
    row |= {"id": 9000, "key": f"made-up-{f.dice.random()}", "reverses": None, "night": None}
    f.put("transfer", row)


def postings_swapped(f: Forger) -> None:
    """Two postings under each other's number."""
    one = f.one("transfer", "id NOT IN (SELECT reverses FROM transfer WHERE reverses IS NOT NULL)")
    two = f.one(
        "transfer",
        f"id <> {one['id']} AND id NOT IN (SELECT reverses FROM transfer WHERE reverses IS NOT NULL)",
    )
    for old, new in ((one["id"], 9999), (two["id"], one["id"]), (9999, two["id"])):
        f.run("UPDATE transfer SET id = :new WHERE id = :old", old=old, new=new)


def day_with_all_its_sums(f: Forger) -> None:
    """A closed day's posting made smaller, and every balance that hangs on it."""
    row = f.one("transfer", "amount > 1 AND business_date < (SELECT business_date FROM property)")
    less = f.dice.randrange(1, row["amount"])
    f.run("UPDATE transfer SET amount = amount - :n WHERE id = :id", n=less, id=row["id"])
    for side, account, sign in (("debit", row["debit_id"], -1), ("credit", row["credit_id"], 1)):
        by = {"n": less, "signed": sign * less, "a": account, "day": row["business_date"]}
        f.run("UPDATE account SET balance = balance + :signed WHERE id = :a", **by)
        f.run(
            f"UPDATE account_day SET {side} = {side} - :n, closing = closing + :signed "
            "WHERE account_id = :a AND business_date = :day",
            **by,
        )
        f.run(
            "UPDATE account_day SET opening = opening + :signed, closing = closing + :signed "
            "WHERE account_id = :a AND business_date > :day",
            **by,
        )
        ledger = "ledger = (SELECT ledger FROM account WHERE id = :a)"
        f.run(
            f"UPDATE ledger_day SET {side} = {side} - :n, closing = closing + :signed "
            f"WHERE {ledger} AND business_date = :day",
            **by,
        )
        f.run(
            "UPDATE ledger_day SET opening = opening + :signed, closing = closing + :signed "
            f"WHERE {ledger} AND business_date > :day",
            **by,
        )


def entry_changed(f: Forger) -> None:
    """One column of one entry of the trail."""
    row = f.one("audit_entry")
    column = f.dice.choice([c for c in row if c != "id"])
    value = '{"forged":1}' if column == "changes" else f.other(row[column])
    f.run(f"UPDATE audit_entry SET {column} = :v WHERE id = :id", v=value, id=row["id"])


def entry_taken_out(f: Forger) -> None:
    """An entry out of the middle."""
    row = f.one("audit_entry", "id < (SELECT max(id) FROM audit_entry)")
    f.run("DELETE FROM audit_entry WHERE id = :id", id=row["id"])


def entry_put_in(f: Forger) -> None:
    """An entry at the end that was not chained with the key."""
    row = f.one("audit_entry")
    row["id"] = f.rows("SELECT max(id) + 1 AS n FROM audit_entry")[0]["n"]
    f.put("audit_entry", row)


def entries_swapped(f: Forger) -> None:
    """Two entries under each other's number."""
    one = f.one("audit_entry")
    two = f.one("audit_entry", f"id <> {one['id']}")
    for old, new in ((one["id"], 99999), (two["id"], one["id"]), (99999, two["id"])):
        f.run("UPDATE audit_entry SET id = :new WHERE id = :old", old=old, new=new)


def tail_cut(f: Forger) -> None:
    """The last entries, from one to nearly all."""
    count = f.rows("SELECT max(id) AS n FROM audit_entry")[0]["n"]
    f.run("DELETE FROM audit_entry WHERE id > :n", n=count - f.dice.randrange(1, count))


def tail_and_postings_cut(f: Forger) -> None:
    """The last entries and the postings they tell of: what was paid last never was."""
    count = f.rows("SELECT max(id) AS n FROM audit_entry")[0]["n"]
    last = count - f.dice.randrange(1, 12)
    gone = f.rows("SELECT record_id FROM audit_entry WHERE record = 'transfer' AND id > :n", n=last)
    for row in sorted(gone, key=lambda r: -r["record_id"]):
        f.run("DELETE FROM transfer WHERE id = :id", id=row["record_id"])
    f.run("DELETE FROM audit_entry WHERE id > :n", n=last)


def balance_rewritten(f: Forger) -> None:
    """The balance an account carries."""
    row = f.one("account")
    f.run(
        "UPDATE account SET balance = balance + :n WHERE id = :id", n=f.dice.randrange(1, 999), id=row["id"]
    )


def snapshot_changed(f: Forger) -> None:
    """A cell of what a close wrote down."""
    table = f.dice.choice(SNAPSHOTS)
    row = f.one(table)
    keys = {"night_stay": "stay_id", "night_figure": "type_id", "account_day": "account_id"}
    key = keys.get(table, "ledger")
    column = f.dice.choice([c for c in row if c not in (key, "business_date", "type_id")])
    value = "2031-01-01" if column == "departure" else f.other(row[column])
    if isinstance(row[column], str) and column == "kind":
        value = "house" if row[column] != "house" else ""
    f.run(
        f"UPDATE {table} SET {column} = :v WHERE {key} = :k AND business_date = :day",
        v=value,
        k=row[key],
        day=row["business_date"],
    )


def snapshot_taken_out(f: Forger) -> None:
    """A row of what a close wrote down."""
    table = f.dice.choice(SNAPSHOTS)
    row = f.one(table)
    where = " AND ".join(f"{c} = :{c}" for c in row if row[c] is not None)
    f.run(f"DELETE FROM {table} WHERE {where}", **{c: v for c, v in row.items() if v is not None})


def snapshot_put_in(f: Forger) -> None:
    """A room that was never sold, in a closed day's snapshot."""
    f.put("night_stay", f.one("night_stay") | {"stay_id": f.dice.randrange(500, 999)})


def series_set_back(f: Forger) -> None:
    """A number that would be given out once more."""
    row = f.one("number_series", "latest > 0 AND name IN ('stay', 'reservation', 'deposit', 'receipt')")
    f.run("UPDATE number_series SET latest = latest - 1 WHERE name = :n", n=row["name"])


def date_moved(f: Forger) -> None:
    """The business date."""
    f.run("UPDATE property SET business_date = :d", d=f"2026-{f.dice.randrange(1, 10):02d}-11")


def head_rewritten(f: Forger) -> None:
    """What a close noted of the trail."""
    row = f.one("audit_run", "trail_count > 0")
    column, value = f.dice.choice((("trail_count", row["trail_count"] - 1), ("trail_head", "f" * 64)))
    f.run(f"UPDATE audit_run SET {column} = :v WHERE business_date = :d", v=value, d=row["business_date"])


def paper_rewritten(f: Forger) -> None:
    """The note that somebody typed the signs of a paper, and that they were right."""
    row = f.one("audit_run")
    f.run(
        "UPDATE audit_run SET paper_signs = 'ABCDEF', paper_right = :yes WHERE business_date = :d",
        yes=True,
        d=row["business_date"],
    )


def guard_lifted(f: Forger) -> None:
    """A guard that is not put back, or is empty when it is."""
    table = f.dice.choice(("transfer", "audit_entry", "night_stay", "shift_count", "handover"))
    if f.sqlite:
        verb = f.dice.choice(("update", "delete"))
        f.connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
        if f.dice.random() < 0.5:
            f.connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT 1; END"
            )
        return
    f.connection.exec_driver_sql(
        f.dice.choice(
            (
                f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change",
                f"DROP TRIGGER {table}_no_change ON {table}",
                f"DROP TRIGGER {table}_no_truncate ON {table}",
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NEW; END $$",
            )
        )
    )


def trail_chained_anew(f: Forger) -> None:
    """An entry changed or taken out, and the whole trail chained anew with the key."""
    row = f.one("audit_entry", "record <> 'transfer' AND record <> 'closed_day'")
    if f.dice.random() < 0.5:
        f.run("UPDATE audit_entry SET station = 'elsewhere' WHERE id = :id", id=row["id"])
    else:
        f.run("DELETE FROM audit_entry WHERE id = :id", id=row["id"])
    f.rechain()


def both_books_forged(f: Forger) -> None:
    """An open day's posting and its entry made to agree, and the trail chained anew: the whole forgery."""
    row = f.one("transfer", "amount > 1 AND business_date = (SELECT business_date FROM property)")
    f.run("UPDATE transfer SET amount = 1 WHERE id = :id", id=row["id"])
    f.run(
        "UPDATE audit_entry SET changes = replace(changes, :was, :is) "
        "WHERE record = 'transfer' AND record_id = :id",
        was=f'"amount":{row["amount"]},',
        **{"is": '"amount":1,'},
        id=row["id"],
    )
    f.rechain()


def person_changed(f: Forger) -> None:
    """A role, a password, a dismissed one let in again, or a person nobody took on."""
    row = f.one("staff")
    column = f.dice.choice(("role_code", "password", "pin", "active", "login", "name", "new"))
    if column == "new":
        f.put("staff", row | {"id": 90, "login": "ghost"})
    elif column == "role_code":
        f.run("UPDATE staff SET role_code = 'clerk' WHERE id = :id", id=row["id"])
    else:
        value = not row[column] if column == "active" else (row[column] or "") + "x"
        f.run(f"UPDATE staff SET {column} = :v WHERE id = :id", v=value, id=row["id"])


def rights_changed(f: Forger) -> None:
    """What a role may do, how far it goes alone, or what nobody handed over."""
    kind = f.dice.choice(("role", "new role", "limit", "no limit", "lent"))
    role, limit = f.one("role"), f.one("authority_limit")
    key = {"role": limit["role_code"], "kind": limit["kind"]}
    if kind == "role":
        rights = json.loads(role["rights"])
        rights.remove(f.dice.choice(rights))
        f.run("UPDATE role SET rights = :r WHERE code = :c", r=json.dumps(rights), c=role["code"])
    elif kind == "new role":
        f.put("role", role | {"code": "ghost"})
    elif kind == "limit":
        month, where = (
            (limit["month"] or 0) + f.dice.randrange(1, 10_000),
            "role_code = :role AND kind = :kind",
        )
        f.run(f"UPDATE authority_limit SET month = :m WHERE {where}", m=month, **key)
    elif kind == "no limit":
        f.run("DELETE FROM authority_limit WHERE role_code = :role AND kind = :kind", **key)
    else:
        f.run(
            "INSERT INTO delegation (business_date, at, giver_id, taker_id, start, until, last_day, rights, "
            "kinds, reason) SELECT business_date, at, id, id, at, at, business_date, '[]', '[]', 'x' "
            "FROM (SELECT s.id, e.at, e.business_date FROM staff s, audit_entry e "
            "ORDER BY s.id, e.id LIMIT 1) AS found"
        )


GUARDED: tuple[Callable[[Forger], None], ...] = (
    posting_changed,
    posting_to_another,
    posting_turned,
    posting_taken_out,
    posting_put_in,
    postings_swapped,
    day_with_all_its_sums,
    entry_changed,
    entry_taken_out,
    entry_put_in,
    entries_swapped,
    tail_cut,
    tail_and_postings_cut,
    balance_rewritten,
    snapshot_changed,
    snapshot_taken_out,
    snapshot_put_in,
    series_set_back,
    date_moved,
    head_rewritten,
    paper_rewritten,
    person_changed,
    rights_changed,
    trail_chained_anew,
    both_books_forged,
)
OPEN = (guard_lifted,)
"""Forgeries that leave no guard put back, because the guard is what they forge."""
BY_MARKS_ALONE = (tail_cut, tail_and_postings_cut, trail_chained_anew, both_books_forged)
"""What agrees with itself again: the marks outside tell it, and where these are forged too, nothing does.
SECURITY.md says so; every other kind must be named without them."""


# ------------------------------------------------------------------ the tries
@dataclass
class Count:
    """What became of the tries of one engine."""

    engine: str
    named: Counter[str] = field(default_factory=Counter)
    by_marks: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    tries: int = 0

    def lines(self) -> Iterator[str]:
        """Yield what is printed."""
        for forgery in (*GUARDED, *OPEN):
            name = forgery.__name__
            told = self.named[name] + self.by_marks[name]
            yield (
                f"{self.engine} {name.replace('_', ' ')}: {told} named ({self.by_marks[name]} by the mark "
                f"outside alone), {self.refused[name]} refused by the database"
            )
        yield f"{self.engine}: {self.tries} tries, {len(self.missed)} not named"
        yield from self.missed[:20]


def tampered(house: House, tries: int, seed: int, until: float = float("inf")) -> Count:
    """Forge at random and ask whether it is named; every kind in turn."""
    count, dice = Count(house.engine.dialect.name), random.Random(seed)
    kinds = (*GUARDED, *OPEN)
    with house.engine.connect() as connection:
        mark = anchor.last(Session(connection), house.now())
    assert mark is not None
    while count.tries < tries and time.monotonic() < until:
        one_try(house, kinds[count.tries % len(kinds)], dice, mark, count)
        count.tries += 1
    return count


def one_try(
    house: House,
    forgery: Callable[[Forger], None],
    dice: random.Random,
    mark: anchor.Mark,
    count: Count,
) -> None:
    """Forge, look, and take it back."""
    name = forgery.__name__
    with house.engine.connect() as connection, Session(connection) as session:
        forger = Forger(connection, dice, house.secret)
        try:
            with connection.begin_nested():
                if forgery in OPEN:
                    forgery(forger)
                else:
                    with forger.unguarded():
                        forgery(forger)
        except (IntegrityError, DBAPIError):
            count.refused[name] += 1
        else:
            _judge(Inside(house, session), name, forgery, session, mark, count)
        connection.rollback()


def _judge(
    inside: Inside,
    name: str,
    forgery: Callable[[Forger], None],
    session: Session,
    mark: anchor.Mark,
    count: Count,
) -> None:
    faults = [*proving.chain(inside)[1]]  # type: ignore[arg-type]
    faults += [fault for _title, found in proving.of_the_ledger(inside) for fault in found]  # type: ignore[arg-type]
    outside = not anchor.holds(session, mark)
    if faults:
        count.named[name] += 1
    elif outside and forgery in BY_MARKS_ALONE:
        count.by_marks[name] += 1
    else:
        count.missed.append(f"{inside.engine.dialect.name} {name}: not named")


# ------------------------------------------------------------------ on each engine
def on_sqlite(tries: int, seed: int, until: float = float("inf")) -> Count:
    """Forge in a file."""
    with scratch() as folder:
        engine = open_engine(sqlite_url(Path(folder) / "hotel.db"), builders.SECRET)
        try:
            house = furnish(engine)
            assert honest(house) == []
            return tampered(house, tries, seed, until)
        finally:
            engine.dispose()


def on_postgres(tries: int, seed: int, until: float = float("inf")) -> Count:
    """Forge on the server."""
    name = f"tamper_{uuid.uuid4().hex[:12]}"
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine = open_engine(make_url(POSTGRES).set(database=name), builders.SECRET)
    try:
        house = furnish(engine)
        assert honest(house) == []
        return tampered(house, tries, seed, until)
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def honest(house: House) -> list[str]:
    """Return what is named before anybody forges: nothing."""
    return [fault for _title, found in proving.proofs(house) for fault in found]


def main(words: Sequence[str] | None = None) -> int:
    """Run the tries, print the counts, and return 1 when one was missed."""
    parser = argparse.ArgumentParser("tamper", description=__doc__.partition("\n")[0])  # type: ignore[union-attr]
    parser.add_argument("--tries", type=int, default=MANY, help="on each engine (%(default)s)")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_SECONDS} seconds on each engine")
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args(words)
    missed = 0
    for run in (on_sqlite, *([on_postgres] if POSTGRES else [])):
        until = time.monotonic() + SHORT_SECONDS if args.short else float("inf")
        found = run(args.tries, args.seed, until)
        print("\n".join(found.lines()), flush=True)
        missed += len(found.missed)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
