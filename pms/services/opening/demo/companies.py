"""The agreement companies and the channels of the demonstration hotel."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from pms.core.money import Money
from pms.db.office import DatabaseOffice
from pms.services.channels import queries as channel_queries
from pms.services.channels import service as channels
from pms.services.companies import service as companies

YEAR = timedelta(days=365)
COMMISSIONS = (1500, 1200, 1000, 1200, 1500, 1500, 1800, 300)
TERMS = (("YH", 30, 2_000_000), ("JN", 45, 1_000_000), ("ZJ", 30, 500_000), ("QT", 0, 0))
"""Code, days to pay, and what the company may owe."""
Do = Callable[..., Any]


def enter(do: Do, names: Sequence[str], signers: Sequence[str], plan_id: int, first: date) -> dict[str, int]:
    """Enter companies with their signers, and return their numbers by name."""
    found = {}
    for n, (name, (code, days, limit)) in enumerate(zip(names, TERMS, strict=True)):
        number = found[name] = do(
            "owner",
            companies.add.of(
                name=name,
                code=code,
                contact=signers[n],
                phone=f"0571 8666 {1207 + 311 * n}",
                plan_id=plan_id,
                valid_from=first - YEAR,
                valid_until=first + YEAR,
                free_until="14:00",
                credit_limit=Money(limit),
                days_to_pay=days,
            ),
        )
        if limit:
            do("owner", companies.add_signer.of(number=number, name=signers[n], valid_until=first + YEAR))
    return found


def agree(office: DatabaseOffice, do: Do) -> dict[str, int]:
    """Say what each channel takes, and return their numbers by every name they have."""
    found: dict[str, int] = {}
    for row, commission in zip(office.look(channel_queries.channels), COMMISSIONS, strict=True):
        do(
            "owner",
            channels.edit.of(
                number=row.number,
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                settles=row.settles,
                commission=commission,
            ),
        )
        found |= {row.name: row.number, row.name_en: row.number}
    return found
