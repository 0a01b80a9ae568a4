"""House accounts: opened with a word for it, charged, paid, moved to and fro, closed with a bill; never below
nothing, never beyond the limit unasked."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pms.core.errors import Conflict, NeedsApproval, Refused
from pms.core.money import Money
from pms.db.base import PrintJob
from pms.services.folios import queries as folio_queries
from pms.services.folios import service as folios
from pms.services.folios.models import Account, Transfer
from pms.services.house_accounts import queries, service
from pms.services.night_audit import proof
from pms.services.stays import service as stays
from tests.authority.people import person
from tests.builders import TODAY
from tests.night_audit.test_checks import find, stay_in
from tests.property.test_settings import set_options

MEETING = {"name": "Board meeting", "responsible": "He Ping", "reason": "hall, tea", "limit": Money(100_000)}


def do(house, operation, **fields):
    return house.do(operation, intent=house.new_intent(), **fields)


def papers(house) -> list[dict]:
    """Return what was printed, as plain data."""
    return [
        dict(job.slip)
        for job in house.look(lambda s: s.scalars(select(PrintJob).order_by(PrintJob.id)).all())
    ]


def opened(house, **fields) -> int:
    return do(house, service.open_account, **(MEETING | fields))


def row(house, number: int = 1):
    found = house.ask(queries.account, number=number)
    assert found is not None
    return found


def charged(house, amount: int, number: int = 1, **more) -> int:
    fields = {"number": number, "code": "MISC", "amount": Money(amount), **more}
    return do(house, service.charge, **fields)


def paid(house, amount: int, number: int = 1, method: str = "CASH", **more) -> int:
    fields = {"number": number, "method": method, "amount": Money(amount), **more}
    return do(house, service.pay, **fields)


def test_one_is_opened_charged_paid_and_closed_with_its_bill(house):
    number = opened(house)
    charged(house, 20_000, quantity=2, text="hall")
    assert (row(house).balance, row(house).shown) == (40_000, "HA-1")
    [item] = house.ask(queries.handover)
    assert (item.number, item.text) == ("HA-1", "Board meeting: 400.00")
    with pytest.raises(Refused, match="400.00 stands on HA-1 Board meeting"):
        do(house, service.close, number=number)
    paid(house, 40_000)
    receipt = papers(house)[-1]
    assert (receipt["kind"], "He Ping" in str(receipt)) == ("receipt", True)
    do(house, service.close, number=number)
    bill = papers(house)[-1]
    assert (bill["kind"], bill["paper"]) == ("bill", "A5")
    assert "HA-1 Board meeting, He Ping" in str(bill)
    assert (house.ask(queries.still_open), house.ask(queries.handover)) == ([], [])
    assert [e.what for e in house.ask(queries.events, number=number)] == ["closed", "opened"]
    with pytest.raises(Refused, match="is closed"):
        charged(house, 1)
    with pytest.raises(Refused, match="is closed"):
        do(house, service.close, number=number)


def test_tax_on_top_stands_on_it_by_the_rule_of_folios(house):
    set_options(house, tax_basis_points=600, tax_included=False)
    opened(house)
    line = charged(house, 10_000)
    assert row(house).balance == 10_600
    do(house, service.void, number=1, transfer_id=line, reason="wrong")
    assert row(house).balance == 0


def test_a_clerk_opens_one_and_passes_the_limit_only_with_somebodys_word(house):
    boss, clerk = house.clerk, person(house, "clerk")
    opened(house)
    house.clerk = clerk
    with pytest.raises(NeedsApproval, match="Opening the house account Tea for He Ping, up to 1,000.00"):
        opened(house, name="Tea")
    charged(house, 100_000)
    with pytest.raises(NeedsApproval, match="it owes 1,000.01 then, its limit is 1,000.00"):
        charged(house, 1)
    with pytest.raises(NeedsApproval, match="Limit of HA-1"):
        do(house, service.set_limit, number=1, limit=Money(200_000), reason="more guests")
    assert row(house).balance == 100_000
    house.clerk = boss
    do(house, service.set_limit, number=1, limit=Money(200_000), reason="more guests")
    house.clerk = clerk
    charged(house, 1)
    assert (row(house).limit, row(house).balance) == (200_000, 100_001)


def test_a_line_goes_from_a_folio_and_back_with_its_slips(house):
    set_options(house, tax_basis_points=600, tax_included=False)
    opened(house)
    stay = stay_in(house, "301")
    line = do(house, folios.charge, stay_id=stay, code="MINIBAR", amount=Money(3_000))
    made = do(house, service.take_over, number=1, transfer_id=line, amount=Money(1_000), reason="host")
    assert row(house).balance == 1_060
    slip = papers(house)[-1]
    assert (slip["kind"], "HA-1 Board meeting" in str(slip)) == ("transfer_slip", True)
    with pytest.raises(Refused, match="page House accounts"):
        do(house, folios.void, transfer_id=made, reason="wrong")
    with pytest.raises(Refused, match="page House accounts"):
        do(house, folios.transfer_line, transfer_id=made, to_stay_id=stay)
    back = do(house, service.hand_over, number=1, transfer_id=made, stay_id=stay, reason="his own")
    assert (row(house).balance, owed(house, stay)) == (0, 3_180)
    do(house, service.void, number=1, transfer_id=back, reason="no")
    do(house, service.void, number=1, transfer_id=made, reason="no")
    assert (row(house).balance, owed(house, stay)) == (0, 3_180)
    do(house, folios.void, transfer_id=line, reason="not taken")
    assert owed(house, stay) == 0


def owed(house, stay: int) -> int:
    accounts = house.ask(folio_queries.folios, stay_id=stay)
    return sum(a.balance for a in accounts if a.ledger == "guest")


def test_it_never_stands_below_nothing(house):
    opened(house)
    line = charged(house, 5_000)
    with pytest.raises(Refused, match=r"50\.00 is owed on HA-1"):
        paid(house, 5_001)
    money = paid(house, 3_000)
    with pytest.raises(Refused, match="Void the payment first"):
        do(house, service.void, number=1, transfer_id=line, reason="wrong")
    stay = stay_in(house, "301")
    with pytest.raises(Refused, match="Void the payment first"):
        do(house, service.hand_over, number=1, transfer_id=line, stay_id=stay, amount=Money(2_001))
    with pytest.raises(Refused, match="no charge on HA-1"):
        do(house, service.hand_over, number=1, transfer_id=money, stay_id=stay)
    do(house, service.void, number=1, transfer_id=money, reason="wrong")
    do(house, service.void, number=1, transfer_id=line, reason="wrong")
    with pytest.raises(Conflict, match="reversed already"):
        do(house, service.void, number=1, transfer_id=line, reason="wrong")
    assert row(house).balance == 0


def test_a_line_of_another_account_or_day_is_not_taken_back(house):
    opened(house)
    opened(house, name="Lost keys")
    line = charged(house, 5_000)
    with pytest.raises(Refused, match="not on HA-2 Lost keys"):
        do(house, service.void, number=2, transfer_id=line, reason="wrong")
    house.next_day()
    assert row(house).balance == 5_000
    with pytest.raises(Refused, match="closed day"):
        do(house, service.void, number=1, transfer_id=line, reason="wrong")
    charged(house, 700)
    assert row(house).balance == 5_700
    assert house.look(lambda s: list(proof.faults(s))) == []


def test_it_is_opened_again_on_the_day_it_was_closed(house):
    opened(house)
    do(house, service.close, number=1)
    with pytest.raises(Refused, match="Say why"):
        do(house, service.reopen, number=1, reason=" ")
    do(house, service.reopen, number=1, reason="one more tea")
    with pytest.raises(Conflict, match="is open"):
        do(house, service.reopen, number=1, reason="again")
    charged(house, 900)
    paid(house, 900)
    do(house, service.close, number=1)
    house.next_day()
    with pytest.raises(Refused, match="on another day"):
        do(house, service.reopen, number=1, reason="late")


def test_two_open_ones_never_bear_one_name(house):
    opened(house)
    with pytest.raises(Conflict, match="bears this name already"):
        opened(house, name="  Board   meeting ")
    do(house, service.close, number=1)
    assert opened(house) == 2
    with pytest.raises(Conflict, match="bears this name already"):
        do(house, service.reopen, number=1, reason="mistake")


@pytest.mark.parametrize("lacking", ["name", "responsible", "reason"])
def test_one_without_a_name_a_person_or_a_reason_is_not_opened(house, lacking):
    with pytest.raises(Refused):
        opened(house, **{lacking: "  "})


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_is_more_than_nothing(house, limit):
    with pytest.raises(Refused, match="The limit is more than 0"):
        opened(house, limit=Money(limit))


def test_what_is_no_charge_or_no_payment_is_refused(house):
    opened(house)
    for code, amount in (("ROOM", 100), ("CASH", 100), ("MISC", 0), ("MISC", -100)):
        with pytest.raises(Refused):
            charged(house, amount, code=code)
    charged(house, 500)
    for method, amount in (("SHELLS", 100), ("HOUSE:1", 100), ("CASH", 0), ("WECHAT", 100)):
        with pytest.raises(Refused):
            paid(house, amount, method=method)
    for number in (0, 9):
        with pytest.raises(Refused, match="no house account"):
            charged(house, 100, number=number)
    assert row(house).balance == 500


def test_a_payment_by_phone_keeps_its_number_and_is_posted_once(house):
    opened(house)
    charged(house, 900)
    number = f"42{7:026}"
    line = paid(house, 400, method="WECHAT", reference=number)
    with pytest.raises(Conflict, match="posted already"):
        paid(house, 400, method="WECHAT", reference=number)
    do(house, service.void, number=1, transfer_id=line, reason="other account")
    paid(house, 400, method="WECHAT", reference=number)
    [last] = [x for x in house.ask(queries.lines, number=1) if x.code == "WECHAT"][-1:]
    assert (last.number, row(house).balance) == (number, 500)


def test_an_undone_check_in_never_moves_a_closed_account(house):
    opened(house)
    stay = stay_in(house, "301", deposit=None)
    line = charged(house, 900)
    do(house, service.hand_over, number=1, transfer_id=line, stay_id=stay, reason="his")
    do(house, service.close, number=1)
    with pytest.raises(Refused, match="postings of other days or folios"):
        do(house, stays.undo_check_in, stay_id=stay, reason="wrong guest")
    do(house, service.reopen, number=1, reason="he never came")
    do(house, stays.undo_check_in, stay_id=stay, reason="wrong guest")
    assert row(house).balance == 900


def test_the_audit_names_one_that_is_old_over_its_limit_or_closed_with_money_on_it(house):
    opened(house)
    opened(house, name="Keys")
    opened(house, name="Staff meals", limit=Money(1_000))
    charged(house, 300, number=2)
    charged(house, 1_500, number=3)
    assert [(f.key.partition(":")[2], f.amount) for f in find(house)["house_accounts"]] == [("3", 1_500)]
    month = TODAY - timedelta(days=31)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE house_account SET opened_on = :d WHERE number = 1"), {"d": month})
        connection.execute(
            text("UPDATE house_account SET closed_on = :d, closed_at = opened_at WHERE number = 2"),
            {"d": TODAY},
        )
    found = {f.key.partition(":")[2]: f.detail for f in find(house)["house_accounts"]}
    assert found == {
        "1": "He Ping, open for 31 days",
        "3": "He Ping, owes 15.00, its limit is 10.00",
        "2": "He Ping, closed, and 3.00 stands on it",
    }
    due = house.ask(queries.waiting, now=house.now())
    assert [(d.what["number"], d.grave) for d in due] == [(1, 2), (3, 1)]


def test_it_is_found_by_its_number(house):
    opened(house)
    charged(house, 1_200)
    for typed in ("HA-1", "ha1", " ＨＡ-1 "):
        [hit] = house.ask(queries.search, text=typed)
        assert (hit.title, hit.sub) == ("HA-1 Board meeting", "12.00 open")
    for typed in ("HA-2", "1", "HB-1"):
        assert house.ask(queries.search, text=typed) == []


def test_its_money_is_in_the_trail_and_the_trial_balance(house):
    opened(house)
    charged(house, 1_200)
    assert house.look(
        lambda s: s.scalars(select(Account.code).where(Account.code.like("HOUSE:%"))).all()
    ) == ["HOUSE:1"]
    house.next_day()
    city = [r for r in house.ask(folio_queries.trial_balance, business_date=TODAY) if r.ledger == "city"]
    assert [r.closing for r in city] == [1_200]
    assert house.look(lambda s: s.scalar(select(Transfer.amount))) == 1_200
