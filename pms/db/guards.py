"""Triggers that make a table append-only in the database itself, on both engines.

Rebuilding a table drops its triggers (SQLite's batch migrations do): a migration that rebuilds one calls
``protect`` again, and a test tries UPDATE and DELETE at head.
"""

APPEND_ONLY = (
    "audit_entry",
    "transfer",
    "luggage_claim",
    "found_contact",
    "found_outcome",
    "shop_sale",
    "shop_move",
    "shift_count",
    "shelf_count",
    "handover",
    "night_stay",
    "night_figure",
    "night_loss",
    "night_part",
    "authority_use",
)
"""Tables that are guarded at head; a migration names its own, because the ones it guards must not change with
a later release."""


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
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE "
        f"FUNCTION refuse_change()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE "
        f"FUNCTION refuse_change()",
    ]


def freeze(
    dialect: str, table: str, frozen: str, verbs: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
) -> list[str]:
    """Return the statements that make the database refuse a change of the rows for which ``frozen`` holds.

    ``frozen`` is a condition over ``ROW`` that does not read what it guards: ``ROW.signed_at IS NOT NULL``.
    It is judged on the row as it was, and for a new row as it would be.
    """
    judged = {verb: frozen.replace("ROW.", "NEW." if verb == "INSERT" else "OLD.") for verb in verbs}
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_frozen_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows are frozen'); END"
            for verb, when in judged.items()
        ]
    found = []
    for verb, when in judged.items():
        name = f"{table}_frozen_{verb.lower()}"
        found += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            f"{when} THEN "
            f"RAISE EXCEPTION '% rows are frozen', TG_TABLE_NAME; END IF; RETURN "
            f"{'OLD' if verb == 'DELETE' else 'NEW'}; END $$",
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]
    return found
