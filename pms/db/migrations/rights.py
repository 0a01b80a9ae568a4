"""Give the roles of a database that is already in use the rights that a release adds; a new database gets
them at its founding."""

import json
from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from pms.core.clock import system_clock
from pms.db import audit
from pms.db.sealed import box_of


def write_down(connection: Connection, revision: str) -> None:
    """Write into the trail what each role holds and how far it goes alone, so that a change past the program
    shows from now on. A migration that changes rights does so at its end; a new hotel's founding does."""
    keys = getattr(box_of(connection), "keys", None)
    day = connection.execute(sa.text("SELECT business_date FROM property")).scalar()
    if day is None or keys is None:
        return
    when = {
        "at": system_clock(),
        "business_date": date.fromisoformat(day) if isinstance(day, str) else day,
        "station": "upgrade",
        "action": f"upgrade:{revision}",
    }
    roles = connection.execute(sa.text("SELECT code, rights FROM role ORDER BY code")).all()
    for code, rights in roles:
        changes = {"code": code, "holds": sorted(json.loads(rights))}
        audit.append(connection, keys.chain, **when, record="role", changes=changes)
    limits = connection.execute(
        sa.text(
            "SELECT role_code, kind, percent, amount, until, month FROM authority_limit "
            "ORDER BY role_code, kind"
        )
    ).all()
    held = {"holds": [list(row) for row in limits]}
    audit.append(connection, keys.chain, **when, record="authority_limit", changes=held)


def grant(connection: Connection, rights: Mapping[str, Iterable[str]]) -> None:
    """Add rights to roles by code; a role that the hotel has removed is passed over."""
    for code, added in rights.items():
        held = connection.execute(
            sa.text("SELECT rights FROM role WHERE code = :code"), {"code": code}
        ).scalar()
        if held is not None:
            known = json.loads(held)
            wanted = json.dumps(
                [*known, *(right for right in added if right not in known)], separators=(",", ":")
            )
            connection.execute(
                sa.text("UPDATE role SET rights = :rights WHERE code = :code"),
                {"rights": wanted, "code": code},
            )
