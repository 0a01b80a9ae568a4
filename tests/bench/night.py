"""What the night is made of: its findings, its reports, its figures in an old house, and the proof of
everything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, count, islice
from typing import Any

from sqlalchemy import func, insert, literal, select

from pms.db import audit
from pms.db.base import AuditEntry, table_of
from pms.db.schema import metadata
from pms.services.folios import two_books
from pms.services.folios.models import LEDGERS, LedgerDay, Transfer
from pms.services.night_audit import checks
from pms.services.night_audit import queries as night_audit
from pms.services.night_audit import service as audit_service
from pms.services.night_audit.models import NightFigure, NightStay
from pms.services.opening import proving
from pms.services.property import service as property_
from pms.services.property.queries import setting
from pms.services.reports import queries as reports
from tests.bench.house import BULK, DAY, House

ENTRIES_A_STAY = 6
"""What a stay leaves in the audit trail at least: booking, check-in, card, charges, check-out."""
SPANS: tuple[Callable[[date], tuple[date, date]], ...] = (
    lambda day: (day.replace(day=1), day),
    lambda day: (day.replace(month=1, day=1), day),
)
QUESTIONS = (
    reports.figures,
    reports.by_type,
    reports.by_source,
    reports.by_segment,
    reports.by_code,
    reports.by_method,
    reports.bridge,
)


def busy(house: House) -> None:
    """Fill four rooms in five, with departures that are still here and bookings that have not come."""
    count = len(house.rooms)
    rules = replace(house.office.ask(setting).options, reports=True, backups=True)
    house.office.do(property_.edit, name="Bench", options=rules)
    for step in ("report", "backup"):
        house.office.do(audit_service.step_done, business_date=house.today - DAY, step=step)
    house.past(count * 20)
    house.stays(
        ((index, house.today - DAY, 3) for index in range(count * 4 // 5)), state="in_house", ledger=False
    )
    house.stays(
        ((index, house.today, 2) for index in range(count * 4 // 5, count * 9 // 10)), state="confirmed"
    )


def find(house: House) -> list[night_audit.Finding]:
    """Make every check of the night."""
    return house.office.ask(
        night_audit.findings,
        business_date=house.today,
        checks=checks.listed(house.office.offers),
        station="desk-1",
    )


def closed_figures(house: House) -> None:
    """Write down what each close of the bulk history would have, where none has: the counts per type and the
    ledgers' days."""
    figure, stay = table_of(NightFigure), table_of(NightStay)
    counted = (
        select(
            stay.c.business_date,
            stay.c.type_id,
            literal(60),
            literal(0),
            literal(0),
            func.count(),
            literal(0),
            func.sum(stay.c.price),
            literal(0),
            literal(0),
            literal(0),
        )
        .where(
            stay.c.business_date < house.today - DAY,
            stay.c.business_date.not_in(select(figure.c.business_date)),
        )
        .group_by(stay.c.business_date, stay.c.type_id)
    )
    names = [
        "business_date",
        "type_id",
        "rooms",
        "out_of_order",
        "house_use",
        "sold",
        "complimentary",
        "revenue",
        "arrivals",
        "departures",
        "no_shows",
    ]
    with house.engine.begin() as connection:
        connection.execute(insert(figure).from_select(names, counted))
        days = (
            connection.execute(
                select(figure.c.business_date)
                .where(
                    figure.c.business_date < house.today - DAY,
                    figure.c.business_date.not_in(select(table_of(LedgerDay).c.business_date)),
                )
                .distinct()
            )
            .scalars()
            .all()
        )
        connection.execute(
            insert(table_of(LedgerDay)),
            [
                {"business_date": day, "ledger": ledger, "opening": 0, "debit": 0, "credit": 0, "closing": 0}
                for day in days
                for ledger in LEDGERS
            ],
        )


def ask_for_figures(house: House) -> None:
    """Ask what the daily revenue report asks for its month and its year."""
    day = house.today - timedelta(days=1)
    for span in SPANS:
        start, end = span(day)
        for question in QUESTIONS:
            house.office.ask(question, start=start, end=end)


_OTHER = dict.fromkeys((column for _name, column, _type in two_books.FIELDS), None) | {
    "station": "desk-1",
    "clerk_id": 1,
}


def lay_trail(house: House, entries: int) -> None:
    """Write so many chained entries behind the trail, as that many changes would have: every posting's own,
    and others."""
    entry, ledger = table_of(AuditEntry), table_of(Transfer)
    with house.engine.begin() as connection:
        number, before = connection.execute(
            select(entry.c.id, entry.c.digest).order_by(entry.c.id.desc()).limit(1)
        ).one()
        postings = connection.execute(
            select(ledger).where(ledger.c.id >= BULK).order_by(ledger.c.id)
        ).mappings()
        rest = ({"id": None, **_OTHER, "at": house.moment, "business_date": house.today} for _ in count())
        told = islice(chain(postings, rest), entries)
        while some := list(islice(told, 5000)):
            rows: list[dict[str, Any]] = []
            for n, posting in enumerate(some, number + 1):
                row = {
                    "id": n,
                    **{name: posting[name] for name in ("at", "business_date", "clerk_id", "station")},
                    "action": "folios:charge",
                    "record": "transfer" if posting["id"] else "stay",
                    "record_id": posting["id"] or n,
                    "approved_by": None,
                    "changes": two_books.noted(posting),
                }
                before = row["digest"] = audit.link(house.office.secret, before, row)
                rows.append(row)
            connection.execute(insert(entry), rows)
            number += len(some)


def prove(house: House) -> int:
    """Prove all of the history as ``verify`` does; returns how many pages and entries do not prove."""
    pages, trail, _books, two, *_rest = proving.proofs(
        house.office
    )  # the bulk history has no ledger days to carry: timed, not judged
    return len(pages[1]) + len(trail[1]) + len(two[1])


def rows(house: House) -> int:
    """Count the rows of every table."""
    with house.engine.connect() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata().sorted_tables
        )
