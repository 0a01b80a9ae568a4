"""Ledger and trail are two books: whatever is changed in one of them alone is named, by ``verify`` and by the
next close, on both engines."""

import pytest
from sqlalchemy import text

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.folios import service as folios
from pms.services.night_audit import service
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY, House
from tests.night_audit.forger import faults, forge, rechain, unguarded


def lived_in(house: House) -> int:
    """One closed day and an open one, with money in both; return the stay."""
    stay = house.do(
        stays.check_in,
        line_id=house.book(nights=4),
        room_id=house.room_id("301"),
        deposit=Paid("CASH", Money(50000)),
        intent="in",
    )
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(777), intent="c0")
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(300), intent="c1")
    house.next_day()
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(999), text="two beers", intent="c2")
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(12345), intent="p")
    house.do(folios.charge, stay_id=stay, code="LAUNDRY", amount=Money(450), intent="c3")
    return stay


def open_posting(house: House) -> int:
    return house.ask(
        lambda s: s.execute(text("SELECT max(id) FROM transfer WHERE amount = 999")).scalar_one()
    )


def test_the_books_of_an_honest_house_are_one(house):
    lived_in(house)
    assert faults(house) == []
    house.next_day()
    assert faults(house) == []


def test_a_charge_of_the_open_day_made_smaller_is_named_with_both_amounts(house):
    lived_in(house)
    n = open_posting(house)
    forge(house, f"UPDATE transfer SET amount = 1 WHERE id = {n}")
    [said] = faults(house)
    assert said.startswith(f"Posting {n}: the ledger says 0.01, the trail (entry ")
    assert said.endswith(" 9.99.")
    with pytest.raises(Refused, match=f"Posting {n}: .* nothing was closed"):
        house.next_day()


CHANGES = {
    "amount": "amount = amount + 1",
    "accounts swapped": "debit_id = credit_id, credit_id = debit_id",
    "payer": "debit_id = (SELECT max(id) FROM account WHERE id <> debit_id AND id <> credit_id)",
    "code": "code = 'MISC'",
    "text": "text = 'nothing'",
    "rule": "rule = 'by hand'",
    "quantity": "quantity = 3",
    "key": "key = 'elsewhere'",
    "reverses": "reverses = (SELECT min(id) FROM transfer)",
    "slip": "slip = 'D-99'",
    "stay": "stay_id = 77",
    "night": "night = '2031-01-01'",
    "shift": "shift_id = 99",
    "clerk": "clerk_id = 99",
    "workstation": "station = 'elsewhere'",
    "moment": "at = '2031-01-01 10:00:00.000000'",
    "day": "business_date = '2031-01-01'",
}


def changed(house: House, table: str, change: str, where: str) -> list[str]:
    """Return what is named while a change stands; afterwards the rows are as they were."""
    columns = [c.partition("=")[0].strip() for c in change.split(", ") if "=" in c]
    with house.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT id, {', '.join(columns)} FROM {table} WHERE {where}").all()
    assert rows
    forge(house, f"UPDATE {table} SET {change} WHERE {where}")
    found = faults(house)
    with unguarded(house) as connection:
        for number, *values in rows:
            back = ", ".join(f"{c} = :v{n}" for n, c in enumerate(columns))
            connection.execute(
                text(f"UPDATE {table} SET {back} WHERE id = {number}"),
                {f"v{n}": v for n, v in enumerate(values)},
            )
    return found


def test_any_column_of_a_posting_that_was_changed_is_named(house):
    """One of the open day by itself, one that the audit made by its day."""
    lived_in(house)
    n = open_posting(house)
    for what, change in CHANGES.items():
        said = changed(house, "transfer", change, f"id = {n}")
        assert any(s.startswith(f"Posting {n}") for s in said), what
        said = changed(house, "transfer", change, "code = 'ROOM'")
        assert any(s.startswith(f"{TODAY}: the postings are not") for s in said), (what, said)
    assert faults(house) == []


def test_a_payment_of_the_open_day_that_was_taken_out_is_named(house):
    lived_in(house)
    forge(house, "DELETE FROM transfer WHERE amount = 12345")
    [said] = faults(house)
    assert "123.45 CASH" in said
    assert "is not in the ledger any more" in said
    with pytest.raises(Refused, match="nothing was closed"):
        house.next_day()


def test_a_posting_that_nobody_made_is_named(house):
    lived_in(house)
    columns = (
        "business_date, at, debit_id, credit_id, amount, code, text, rule, quantity, slip, stay_id, station"
    )
    forge(
        house,
        f"INSERT INTO transfer (id, key, {columns}) SELECT 9000, 'made-up', {columns} FROM transfer "
        "WHERE amount = 999",
    )
    [said] = faults(house)
    assert said == "Posting 9000 of the ledger (9.99 MINIBAR) is not in the trail: nobody posted it."
    with pytest.raises(Refused, match="nothing was closed"):
        house.next_day()


def test_two_postings_that_changed_places_are_both_named(house):
    lived_in(house)
    one, other = open_posting(house), open_posting(house) + 1
    forge(
        house,
        *(f"UPDATE transfer SET id = {new} WHERE id = {old}" for old, new in ((one, 9999), (other, one))),
        f"UPDATE transfer SET id = {other} WHERE id = 9999",
    )
    said = " ".join(faults(house))
    assert f"Posting {one}" in said
    assert f"Posting {other}" in said


def test_a_closed_day_forged_with_all_its_sums_is_named(house):
    """The posting, both accounts' balances, the day's balances and the trial balance, all to the cent."""
    lived_in(house)
    debit, credit = house.ask(
        lambda s: s.execute(text("SELECT debit_id, credit_id FROM transfer WHERE amount = 777")).one()
    )
    forge(
        house,
        "UPDATE transfer SET amount = 77 WHERE amount = 777",
        f"UPDATE account SET balance = balance - 700 WHERE id = {debit}",
        f"UPDATE account SET balance = balance + 700 WHERE id = {credit}",
        f"UPDATE account_day SET debit = debit - 700, closing = closing - 700 WHERE account_id = {debit}",
        f"UPDATE account_day SET credit = credit - 700, closing = closing + 700 WHERE account_id = {credit}",
        "UPDATE ledger_day SET debit = debit - 700, closing = closing - 700 WHERE ledger = 'guest'",
        "UPDATE ledger_day SET credit = credit - 700, closing = closing + 700 WHERE ledger = 'revenue'",
    )
    said = " ".join(faults(house))
    assert "the ledger says 0.77" in said
    for rows in ("postings", "accounts' balances", "trial balance"):
        assert f"{TODAY}: the {rows} are not what the close wrote" in said


SNAPSHOTS = {
    "a night cheaper": ("UPDATE night_stay SET price = price - 1", "rooms sold"),
    "a night given away": ("UPDATE night_stay SET kind = 'comp'", "rooms sold"),
    "another guest": ("UPDATE night_stay SET guest = 'Nobody'", "rooms sold"),
    "a night gone": ("DELETE FROM night_stay", "rooms sold"),
    "a figure": ("UPDATE night_figure SET sold = sold + 1 WHERE sold > 0", "figures of the room types"),
    "an account's day": ("UPDATE account_day SET opening = opening + 5", "accounts' balances"),
    "a trial balance": ("UPDATE ledger_day SET debit = debit + 1 WHERE ledger = 'guest'", "trial balance"),
}


def test_a_snapshot_that_was_changed_is_named_by_its_day(house):
    lived_in(house)
    named = []
    for statement, rows in SNAPSHOTS.values():
        forge(house, statement)
        said = faults(house)
        named.append(rows)
        assert all(any(s.startswith(f"{TODAY}: the {r} are not") for s in said) for r in named), statement


def test_a_cached_balance_is_held_against_the_postings(house):
    lived_in(house)
    forge(house, "UPDATE account SET balance = balance + 1 WHERE code = 'ROOM'")
    assert any("carries" in said for said in faults(house))


def test_a_business_date_that_was_moved_is_named(house):
    lived_in(house)
    forge(house, "UPDATE property SET business_date = '2031-01-01'")
    assert any("The business date is 2031-01-01" in said for said in faults(house))


def test_a_series_set_back_is_named_before_a_number_is_given_twice(house):
    lived_in(house)
    forge(house, "UPDATE number_series SET latest = 0 WHERE name IN ('stay', 'deposit')")
    said = " ".join(faults(house))
    assert "The series “stay” stands at 0, and number 1 is used." in said
    assert "The series “deposit” stands at 0, and number 1 is used." in said


def test_a_trail_cut_before_the_last_close_is_named_by_the_close_that_noted_it(house):
    lived_in(house)
    forge(house, "DELETE FROM audit_entry WHERE id > 5")
    assert any(f"The close of {TODAY} noted the trail up to entry" in said for said in faults(house))


def test_guards_that_are_gone_or_changed_or_foreign_are_named(house):
    lived_in(house)
    forge(house, "UPDATE staff SET name = name", back=False)
    said = [fault for fault in faults(house) if fault.startswith("The guard of")]
    assert any("“transfer”" in s for s in said)
    assert any("“shift”" in s for s in said)
    assert len(said) >= 20


def test_a_guard_with_another_body_under_the_same_name_is_named(house):
    lived_in(house)
    sqlite = house.engine.dialect.name == "sqlite"
    with house.engine.begin() as connection:
        for statement in (
            [
                "DROP TRIGGER transfer_no_update",
                "CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer BEGIN SELECT 1; END",
            ]
            if sqlite
            else [
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NEW; END $$"
            ]
        ):
            connection.exec_driver_sql(statement)
    assert "The guard of “transfer” is missing or was changed: its rows can be changed by hand." in faults(
        house
    )


def test_a_foreign_trigger_is_named(house):
    sqlite = house.engine.dialect.name == "sqlite"
    with house.engine.begin() as connection:
        if not sqlite:
            connection.exec_driver_sql(
                "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN NEW.amount := 1; RETURN NEW; END $$"
            )
        connection.exec_driver_sql(
            "CREATE TRIGGER own AFTER INSERT ON transfer BEGIN DELETE FROM topic; END"
            if sqlite
            else "CREATE TRIGGER own BEFORE INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION f()"
        )
    assert any("The guard of “transfer”" in said for said in faults(house))


def test_cells_that_can_no_longer_be_read_do_not_stop_the_proof(house):
    lived_in(house)
    forge(house, "UPDATE audit_entry SET changes = '{' WHERE record = 'transfer'")
    said = faults(house)
    assert any(s.startswith("Entry ") for s in said)
    assert any(s.startswith("Posting ") or "cannot be read" in s for s in said)


def test_days_that_an_earlier_release_closed_are_sealed_with_the_next_close(house):
    """Its trail says less of a posting, and nothing of the closed day."""
    stay = lived_in(house)
    forge(house, "DELETE FROM audit_entry WHERE record = 'closed_day'")
    rechain(house)
    assert faults(house) == []  # nothing to hold them against yet
    house.next_day()
    assert faults(house) == []
    forge(house, f"UPDATE transfer SET text = 'x' WHERE stay_id = {stay} AND code = 'ROOM'")
    assert any(said.startswith(f"Until {TODAY}: the postings are not") for said in faults(house))


def test_odd_texts_and_corrections_are_told_alike_in_both_books(house):
    stay = lived_in(house)
    odd = 'Müll "quoted" \\ back\nline\ttab 王先生 \x7f\x01 end'
    line = house.do(folios.charge, stay_id=stay, code="MISC", amount=Money(500), text=odd, intent="o")
    house.do(folios.pay, stay_id=stay, method="CASH", amount=Money(900), intent="p2")
    house.do(folios.void, transfer_id=line, reason="wrong", intent="v")
    assert faults(house) == []


def test_the_close_reads_today_and_not_the_years(house):
    """What an earlier day hides is found by ``verify``; the close goes on by the open day alone."""
    lived_in(house)
    forge(house, "UPDATE transfer SET text = 'x' WHERE code = 'ROOM'")
    house.at_night()
    house.do(service.close, business_date=house.house().business_date)
    assert faults(house)
