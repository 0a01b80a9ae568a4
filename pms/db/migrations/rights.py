"""Give the roles of a database that is already in use the rights that a release adds; a new database gets
them at its founding."""

import json
from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy import Connection


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
