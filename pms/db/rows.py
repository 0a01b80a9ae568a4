"""The rows of all duties for the floors below their index: found by their folders, as the tables are."""

import pkgutil
from functools import cache
from importlib import import_module
from pathlib import Path

from pms.core.duty import Duty, every_right
from pms.core.permissions import Right


@cache
def rows() -> tuple[Duty, ...]:
    """Return the row of every duty, by its word."""
    services = Path(__file__).parents[1] / "services"
    return tuple(
        import_module(f"pms.services.{found.name}.duty").DUTY
        for found in pkgutil.iter_modules([str(services)])
        if (services / found.name / "duty.py").exists()
    )


@cache
def rights() -> frozenset[Right]:
    """Return every right of this release."""
    return every_right(rows())
