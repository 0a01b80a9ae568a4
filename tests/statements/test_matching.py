"""Statements against the books: the samples' day as EXPECTED.json wants it, and each way of differing."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pms.core.money import Money
from pms.services.folios.numbers import Moved
from pms.services.statements import formats
from pms.services.statements.formats import parts
from pms.services.statements.matching import (
    BY_AMOUNT,
    DIFFERS,
    HERE,
    KIND_OF,
    LESS,
    MATCHED,
    NO_FUND,
    OTHER_DAY,
    SETTLED,
    THERE,
    VOIDED,
    WAITING,
    Fact,
    Pair,
    match,
)

from .samples import expected, fen, needs_samples, sample

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 9, 5)
TRADES = {
    "wechat": "wechat_trade_ALL_20260905.csv",
    "alipay": "alipay_trade_20260905_业务明细.csv",
    "unionpay": "INN26090588ZM_999000000000999",
    "card": "pos_acquirer_20260905.csv",
}


def local(at: datetime) -> datetime:
    return at.astimezone(ZONE)


def facts(*names: str) -> tuple[list[Fact], frozenset[tuple[str, str, date]], list[str]]:
    """Return the lines of some samples as they are kept, the days they are of, and what was doubled."""
    made, covered, doubled = [], set(), []
    for name in names:
        found = formats.read(name, sample(name))
        doubled += found.doubled
        covered |= {
            (found.source, found.sort, found.first + timedelta(n))
            for n in range((found.last - found.first).days + 1)
        }
        for x in found.lines:
            made.append(
                Fact(
                    len(made) + 1,
                    found.source,
                    found.sort,
                    x.kind,
                    x.at.date(),
                    x.at,
                    x.amount,
                    x.gross,
                    x.fee,
                    x.order,
                    x.trade,
                    x.refund,
                    x.refund_trade,
                    x.text,
                    x.state,
                    x.party,
                )
            )
    return made, frozenset(covered), doubled


def posting(n: int, kind: str, number: str, amount: int, at: datetime, of: str = "") -> Moved:
    return Moved(n, kind, number, of, Money(amount), at, at.date(), None, None, None)


def ledger() -> list[Moved]:
    return [
        posting(
            int(p["id"][1:]),
            KIND_OF[p["method"]],
            p["reference"],
            fen(p["amount"]),
            datetime.fromisoformat(p["at"]).replace(tzinfo=ZONE),
        )
        for p in json.loads(sample("ledger_20260905.json"))
    ]


def numbers(pairs: list[Pair], source: str, *states: str, note: str = "") -> list[str]:
    return sorted(
        p.number for p in pairs if p.source == source and p.state in states and (not note or note in p.notes)
    )


@needs_samples
@pytest.mark.parametrize("source", TRADES)
def test_the_bills_of_the_fifth_give_what_they_must(source):
    wanted = expected()["ledger_20260905.json"][source]
    lines, covered, doubled = facts(*TRADES.values())
    # nothing of the next day is here: what was posted in its first seconds stands against the fifth's bill
    pairs = match(lines, ledger(), covered, local)
    assert numbers(pairs, source, HERE) == wanted["only_in_statement"]
    assert numbers(pairs, source, THERE, WAITING) == wanted["only_in_ledger"]
    assert numbers(pairs, source, DIFFERS) == wanted.get("amount_differs", [])
    less = [p for p in pairs if p.source == source and LESS in p.notes]
    assert [
        {
            "order": p.number,
            "ledger": f"{p.posting.amount / 100:.2f}",
            "settled": f"{p.line.amount / 100:.2f}",
        }
        for p in less
    ] == wanted.get("settled_less", [])
    assert numbers(pairs, source, MATCHED, note=OTHER_DAY) == wanted.get("other_day", [])
    own = [x for x in doubled if x in {line.order for line in lines if line.source == source}]
    assert own == wanted.get("doubled_in_file", [])
    backs = [
        p.number for p in pairs if p.state == MATCHED and p.line.kind == parts.REFUND and p.source == source
    ]
    assert backs == wanted.get("refunds_matched", backs)


@needs_samples
def test_what_is_missing_there_is_told_only_where_a_statement_of_the_day_is_here():
    lines, covered, _doubled = facts(TRADES["wechat"])
    pairs = match(lines, ledger(), covered, local)
    assert numbers(pairs, "wechat", THERE) == ["HT26090500109"]
    assert numbers(pairs, "alipay", THERE) == []
    assert len(numbers(pairs, "alipay", WAITING)) == 4


@needs_samples
def test_what_the_fund_bill_lacks_is_noted_and_a_split_day_is_not():
    lines, covered, _doubled = facts(
        TRADES["wechat"], "wechat_fundflow_BASIC_20260905.csv", "wechat_fundflow_BASIC_20260906.csv"
    )
    pairs = match(lines, ledger(), covered, local)
    assert numbers(pairs, "wechat", MATCHED, HERE, note=NO_FUND) == ["HT26090500102", "HT26090500105"]


@needs_samples
def test_the_banks_day_totals_stand_against_the_bills():
    lines, covered, _doubled = facts(*TRADES.values(), "bank_ccb_202609a.csv", "bank_icbc_202609.csv")
    wire = [
        posting(90, "WIRE", "", 150000, datetime(2026, 9, 7, 15, tzinfo=ZONE)),
        posting(91, "WIRE", "", -30000, datetime(2026, 9, 8, 11, tzinfo=ZONE)),
    ]
    pairs = [p for p in match(lines, [*ledger(), *wire], covered, local) if p.source == "bank"]
    assert [(p.line.amount, p.state, p.notes) for p in pairs] == [
        (82929, MATCHED, (SETTLED,)),
        (167160, MATCHED, (SETTLED,)),
        (-3500, HERE, ()),
        (150000, MATCHED, (OTHER_DAY,)),
        (-30000, MATCHED, ()),
    ]


@needs_samples
def test_a_payment_that_was_voided_at_the_terminal_is_even_unless_the_books_hold_it():
    lines, covered, _doubled = facts("pos_acquirer_20260906.csv")
    assert [(p.state, p.notes) for p in match(lines, [], covered, local)] == [(MATCHED, (VOIDED,))]
    held = [posting(1, "BANK", "112233000348", 30000, datetime(2026, 9, 6, 9, tzinfo=ZONE))]
    found = match(lines, held, covered, local)
    assert [(p.state, p.difference) for p in found] == [(DIFFERS, -30000)]


# ------------------------------------------------------------------ each way of differing
AT = datetime(2026, 9, 5, 12)
PAID = Fact(
    1, "wechat", "trade", parts.PAYMENT, DAY, AT, 26800, 26800, 160, "HT1", "42001", "", "", "", "", ""
)
BACK = replace(PAID, id=2, kind=parts.REFUND, amount=-5000, gross=-5000, refund="RF1", refund_trade="50301")
COVERED = frozenset({("wechat", "trade", DAY)})
NOON = AT.replace(tzinfo=ZONE)


def states(lines, postings) -> list[tuple[str, int]]:
    return [(p.state, p.difference) for p in match(lines, postings, COVERED, local)]


def test_another_amount_differs_by_it():
    assert states([PAID], [posting(1, "WECHAT", "42001", 26000, NOON)]) == [(DIFFERS, 800)]


def test_a_refund_stands_against_its_payments_number_or_its_own():
    for number, of in (("RF1", ""), ("50301", ""), ("", "42001"), ("", "HT1"), ("RF1", "42001")):
        assert states([BACK], [posting(1, "WECHAT", number, -5000, NOON, of)]) == [(MATCHED, 0)], number or of
    assert states([BACK], [posting(1, "WECHAT", "", -4000, NOON, "42001")]) == [(HERE, -5000), (THERE, 4000)]


def test_two_refunds_of_one_payment_stand_apart():
    other = replace(BACK, id=3, refund="RF2", refund_trade="50302", amount=-700, gross=-700)
    books = [
        posting(1, "WECHAT", "", -700, NOON, "42001"),
        posting(2, "WECHAT", "", -5000, NOON, "42001"),
    ]
    assert states([BACK, other], books) == [(MATCHED, 0), (MATCHED, 0)]


def test_the_sign_parts_a_payment_from_its_refund():
    assert states([PAID], [posting(1, "WECHAT", "42001", -26800, NOON)]) == [(HERE, 26800), (THERE, 26800)]


def test_a_payment_without_a_number_is_found_by_amount_and_time_where_it_is_the_only_one():
    near = [posting(1, "WECHAT", "", 26800, NOON + timedelta(minutes=4))]
    found = match([PAID], near, COVERED, local)
    assert [(p.state, p.notes) for p in found] == [(MATCHED, (BY_AMOUNT,))]
    two = [*near, posting(2, "WECHAT", "", 26800, NOON)]
    assert [state for state, _sum in states([PAID], two)] == [HERE, THERE, THERE]
    late = [posting(1, "WECHAT", "", 26800, NOON + timedelta(hours=2))]
    assert [state for state, _sum in states([PAID], late)] == [HERE, THERE]


def test_the_order_of_lines_changes_nothing():
    books = [posting(1, "WECHAT", "42001", 26800, NOON), posting(2, "WECHAT", "", -5000, NOON, "42001")]
    assert sorted(states([PAID, BACK], books)) == sorted(states([BACK, PAID], books[::-1]))
