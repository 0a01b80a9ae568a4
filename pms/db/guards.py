"""Triggers that make a table append-only in the database itself, on both engines.

Rebuilding a table drops its triggers (SQLite's batch migrations do): a migration that rebuilds one calls ``protect`` again, and
a test tries UPDATE and DELETE at head.
"""
APPEND_ONLY = ("audit_entry", "transfer")


def protect(dialect: str, table: str) -> list[str]:
    """Return the statements that make the database refuse UPDATE and DELETE on the table."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]
