"""Alembic's entry: migrate the connection that was handed in, batch mode for SQLite."""

from alembic import context

from pms.db.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata(), render_as_batch=True, compare_type=True)
context.run_migrations()
