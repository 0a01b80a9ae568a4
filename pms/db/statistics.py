"""What the database knows of its own tables: how many rows, how many to a key. It chooses its ways by that,
and without it walks through the history of years for what stands in one day."""

import logging
from contextlib import closing

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

ROWS = 400
"""So many rows of each index are looked at: enough to choose by, a second or two in a house of ten years."""
GROWN = """
SELECT quote_ident(schemaname) || '.' || quote_ident(relname) FROM pg_stat_user_tables
WHERE pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = relid), 'USAGE')
AND n_mod_since_analyze > 100 + n_live_tup / 10 ORDER BY 1
"""
"""A server looks by itself, but not at once, and where somebody has switched that off not at all. Only who
owns a table may look."""
_log = logging.getLogger(__name__)


def renew(engine: Engine) -> None:
    """Look again at the tables that have grown since the last look.

    Nobody waits for it and nothing depends on it: what fails is written down and done another time.
    """
    try:
        _embedded(engine) if engine.dialect.name == "sqlite" else _server(engine)
    except (DBAPIError, _driver_error(engine)) as error:
        _log.warning("statistics: %s", error)


def _driver_error(engine: Engine) -> type[Exception]:
    found: type[Exception] = engine.dialect.loaded_dbapi.Error
    return found


def _embedded(engine: Engine) -> None:
    with closing(engine.raw_connection()) as connection:  # no transaction around it: each table is one
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA analysis_limit={ROWS}")
        cursor.execute(
            "PRAGMA optimize=0x10002"
        )  # every table that needs it, not only those asked of just now
        cursor.close()


def _server(engine: Engine) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for table in connection.exec_driver_sql(GROWN).scalars().all():
            connection.exec_driver_sql(f"ANALYZE {table}")
