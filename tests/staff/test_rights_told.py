"""What the holder of the desks' role can change past the program in who may do what, and what of it is named
beside the trail; on both engines."""

import pytest
from sqlalchemy import text

from pms.core.authority import Kind, Limit
from pms.db import schema
from pms.services.authority import delegation
from pms.services.authority import proof as rights
from pms.services.authority import service as authority
from pms.services.staff import proof, service
from tests.builders import DAY, PASSWORD


def told(house):
    return house.ask(lambda s: [*proof.faults(s, house.secret), *rights.faults(s)])


@pytest.fixture
def lived(house):
    """A hotel in which rights, limits and delegations were changed through the program."""
    house.do(service.take_on, login="ann", name="Ann", password=f"ann {PASSWORD}", role="clerk")
    house.do(service.edit_role, code="clerk", rights=["guests:read", "reservations:book"])
    house.do(authority.set_limit, kind=Kind.REBATE.value, role="clerk", limit=Limit(10))
    house.do(authority.set_limit, kind=Kind.REBATE.value, role="manager", limit=None)
    ann = house.ask(lambda s: s.scalar(text("SELECT id FROM staff WHERE login = 'ann'")))
    start = house.clock.now
    lent = {"rights": ["guests:read"], "kinds": [], "reason": "holidays of the manager"}
    for until in (start + DAY, start + 2 * DAY):
        made = house.do(delegation.give, taker_id=ann, start=start, until=until, **lent)
    house.do(delegation.withdraw, delegation_id=made)
    return house


def test_what_the_program_changed_is_as_the_trail_has_it(lived):
    assert told(lived) == []


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE role SET rights = '[\"staff:edit\"]' WHERE code = 'clerk'", "role clerk: "),
        ("UPDATE role SET rights = '[]' WHERE code = 'manager'", "role manager: "),
        (
            "INSERT INTO role (code, name, rights) VALUES ('ghost', 'Ghost', '[\"staff:edit\"]')",
            "role ghost: ",
        ),
        ("UPDATE staff SET role_code = 'owner' WHERE login = 'ann'", "Ann: role"),
        ("UPDATE staff SET password = 'x' WHERE login = 'ann'", "Ann: password"),
        ("UPDATE staff SET active = false WHERE login = 'ann'", "Ann: active"),
        (
            "UPDATE authority_limit SET percent = NULL WHERE role_code = 'clerk'",
            "The limit of clerk",
        ),
        ("DELETE FROM authority_limit WHERE role_code = 'clerk'", "The limit of clerk"),
        (
            "INSERT INTO authority_limit (role_code, kind, until) VALUES ('manager', 'rebate', '')",
            "The limit of manager",
        ),
    ],
)
def test_what_was_changed_past_the_program_is_named(lived, statement, named):
    with lived.engine.begin() as connection:
        connection.execute(text(statement))
    assert [line for line in told(lived) if line.startswith(named)], told(lived)


def test_authority_that_nobody_handed_over_is_named(lived):
    columns = "business_date, at, giver_id, taker_id, start, until, last_day, rights, kinds, reason"
    with lived.engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO delegation ({columns}) VALUES ('2026-11-20', '2026-11-20 00:00:00', 1, 2, "
                "'2026-11-20 00:00:00', '2027-11-20 00:00:00', '2027-11-20', '[\"staff:edit\"]', '[]', 'x')"
            )
        )
    assert [line for line in told(lived) if "handed over" in line]


def test_a_hotel_of_an_earlier_release_is_told_from_its_upgrade_on(lived):
    """Its trail says nothing of rights; the upgrade writes down what they are."""
    from alembic import command
    from alembic.script import ScriptDirectory

    with lived.engine.begin() as connection:
        config = schema._config(connection)
        scripts = ScriptDirectory.from_config(config)
        [own] = [r for r in scripts.walk_revisions() if r.path.endswith("_rights_told.py")]
        stand = text("UPDATE alembic_version SET version_num = :number")
        connection.execute(stand, {"number": own.down_revision})
        connection.execute(text("ALTER TABLE sign_in_try DROP COLUMN ticks"))
        connection.execute(text("UPDATE role SET rights = '[\"guests:read\"]' WHERE code = 'clerk'"))
        command.upgrade(config, own.revision)
        connection.execute(stand, {"number": scripts.get_current_head()})
    assert told(lived) == []
    with lived.engine.begin() as connection:
        connection.execute(text("UPDATE role SET rights = '[\"staff:edit\"]' WHERE code = 'clerk'"))
    assert [line for line in told(lived) if line.startswith("role clerk: guests:read, staff:edit")]
