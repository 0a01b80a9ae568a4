"""Columns that every migration writes alike."""

import sqlalchemy as sa


def number(name: str, **extra: object) -> sa.Column[int]:
    """Return a whole-number column of 64 bits, which SQLite wants to be called INTEGER."""
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), **extra)  # type: ignore[arg-type]
