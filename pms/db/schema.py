"""Bring a database to this release's schema, and refuse one that is newer than the program."""

import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, inspect

from pms.core.errors import StoreTrouble
from pms.core.i18n import _
from pms.db.base import Base
from pms.db.patience import patient

MIGRATIONS = Path(__file__).parent / "migrations"


def metadata() -> MetaData:
    """Return every table of the program: the shared ones and those of each duty's ``models``.

    The duties are found by their folders and not imported by name, so the floor below them stays ignorant of
    them.
    """
    services = Path(__file__).parents[1] / "services"
    for found in pkgutil.iter_modules([str(services)]):
        if (services / found.name / "models.py").exists():
            importlib.import_module(f"pms.services.{found.name}.models")
    return Base.metadata


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """Return the revision that this release brings a database to."""
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory.from_config(_config()).get_current_head())


def newest() -> str:
    """Return the same by the names of the files alone, which begin with their revision: what migrates takes
    longer to load than all the rest of the store."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def known() -> frozenset[str]:
    """Return every revision that this release can open."""
    from alembic.script import ScriptDirectory

    return frozenset(str(r.revision) for r in ScriptDirectory.from_config(_config()).walk_revisions())


def revision(connection: Connection) -> str | None:
    """Return the revision a database is at, None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())


def _must_own(connection: Connection) -> None:
    from pms.db import roles

    if roles.owns_nothing(connection):
        raise StoreTrouble(
            _(
                "The hotel's database is of an earlier release, and a desk may not change its tables. Run "
                "“pms server” once with this release, as the server's administrator."
            )
        )


def upgrade(engine: Engine, *, fits: Callable[[Connection], bool] = lambda _connection: True) -> None:
    """Bring the database to this release's schema in one transaction; refuses one that is newer than the
    program.

    ``fits`` says whether the key is this hotel's, before anything is sealed with it.
    """
    with patient(engine).begin() as connection:
        found = revision(connection)
        if found == newest():
            return
        from alembic import command

        if found is not None and found not in known():
            raise StoreTrouble(
                _(
                    "This database was used by a newer release of the program. Install that release "
                    "on this workstation."
                )
            )
        if found not in (None, head()) and connection.dialect.name != "sqlite":
            _must_own(connection)
        if found is not None and not fits(connection):
            raise StoreTrouble(
                _(
                    "The key does not belong to this hotel. Enter the key of its recovery sheet: "
                    "pms restore-key."
                )
            )
        if found != head():
            command.upgrade(_config(connection), "head")
