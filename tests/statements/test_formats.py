"""Each sample of a statement gives what EXPECTED.json says; what is cut off or none at all is refused."""

import gzip
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from pms.core.errors import Refused
from pms.services.statements import formats
from pms.services.statements.formats import parts
from pms.services.statements.formats.parts import Statement

from .samples import bill, expected, fen, needs_samples, sample

EXPECTED = expected()
READ = sorted(
    name
    for name in EXPECTED
    if name.startswith(("wechat", "alipay", "INN", "pos", "bank")) or name.endswith(".csv.zip")
)
PAYMENTS = {
    "payments": (parts.PAYMENT,),
    "refunds": (parts.REFUND,),
    "voids": (parts.VOID,),
    "credits": (parts.CREDIT,),
    "debits": (parts.DEBIT,),
    "incomes": (parts.PAYMENT,),
    "expenses": (parts.REFUND,),
    "neutral": (parts.NEUTRAL,),
}


def sums(found: Statement) -> dict[str, int]:
    """Return the sums that a sample may promise."""
    paid, back = found.of(parts.PAYMENT), found.of(parts.REFUND)
    return {
        "net_fee": sum(x.fee for x in found.lines),
        "fees": sum(x.fee for x in found.lines),
        "settle_sum": sum(x.amount for x in paid),
        "received": sum(x.amount for x in paid),
        "gross": sum(x.gross for x in paid),
        "refund_sum": -sum(x.amount for x in back),
        "net": sum(x.amount for x in found.lines),
        "closing": found.closing or 0,
    }


@needs_samples
@pytest.mark.parametrize("name", READ)
def test_a_sample_gives_what_it_must(name):
    found, wanted = formats.read(name, sample(name)), EXPECTED[name]
    for what, kinds in PAYMENTS.items():
        if what in wanted:
            assert len(found.of(*kinds)) == wanted[what], what
    for what, sum_ in sums(found).items():
        if what in wanted:
            assert sum_ == fen(wanted[what]), what
    if "lines" in wanted:
        assert len(found.lines) == wanted["lines"]
    assert list(found.doubled) == wanted.get("doubled", [])
    told = {*PAYMENTS, *sums(found), "lines", "doubled", "note"}
    assert set(wanted) <= told, "a promise that nothing holds"


@needs_samples
def test_there_is_a_sample_of_each_provider():
    found = {(s.source, s.sort) for s in (formats.read(name, sample(name)) for name in READ)}
    assert len(READ) >= 16
    assert found == {
        ("wechat", "trade"),
        ("wechat", "fund"),
        ("wechat", "wallet"),
        ("alipay", "trade"),
        ("alipay", "fund"),
        ("alipay", "wallet"),
        ("unionpay", "trade"),
        ("card", "trade"),
        ("bank", "account"),
    }


@needs_samples
@pytest.mark.parametrize("name", [n for n in READ if not n.startswith("INN26090688")])
def test_a_sample_that_is_cut_off_is_refused_or_read_as_less(name):
    """A file with an end is refused wherever it is cut; one without is refused within a line."""
    data = sample(name)
    has_end = name.startswith(("wechat", "alipay_trade", "alipay_fund", "2088")) and "personal" not in name
    whole = len(formats.read(name, data).lines)
    for cut in range(1, len(data) - 8, max(len(data) // 60, 1)):
        try:
            found = formats.read(name, data[:cut])
        except Refused:
            continue
        nothing = not data[cut:].strip() or cut >= data.rfind(b"#")  # no sum is lost
        assert not has_end or nothing, cut
        assert nothing or len(found.lines) < whole or cut > len(data) - 120, cut


@needs_samples
@pytest.mark.parametrize("name", READ)
def test_who_holds_a_card_is_dropped_on_reading(name):
    for line in formats.read(name, sample(name)).lines:
        assert len(line.party) < 60
    if name.startswith("pos"):
        assert all(len(line.party) == 4 for line in formats.read(name, sample(name)).lines)


# ------------------------------------------------------------------ a bill made to measure
ONE = ("2026-09-05 10:02:11", "4200009990202609050000000101", "HT1", "268.00")
TWO = ("2026-09-05 11:00:00", "4200009990202609050000000102", "HT2", "12.50")


def test_a_bill_of_twenty_columns_is_read_whatever_way_it_comes():
    plain = bill(ONE, TWO)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("bill.csv", plain)
    ways = {
        "plain": plain,
        "stream": plain.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"),
        "gzip": gzip.compress(plain),
        "zip": packed.getvalue(),
    }
    for way, data in ways.items():
        found = formats.read("bill.csv", data)
        assert [(x.order, x.amount, x.fee) for x in found.lines] == [("HT1", 26800, 60), ("HT2", 1250, 60)], (
            way
        )
        assert found.lines[0].text == "房费，a,b"


def test_a_second_payment_of_the_same_order_is_no_doubled_line():
    again = ("2026-09-05 10:02:12", "4200009990202609050000000199", "HT1", "268.00")
    found = formats.read("x.csv", bill(ONE, again))
    assert (len(found.lines), found.doubled) == (2, ())
    twice = formats.read(
        "x.csv", bill(ONE, ONE, TWO, count=2).replace(b"`548.50,", b"`280.50,").replace(b"`1.8,", b"`1.2,")
    )
    assert (len(twice.lines), twice.doubled) == (2, ("HT1",))


def test_an_end_that_promises_otherwise_is_named():
    with pytest.raises(Refused, match="the end says 3, the lines come to 2"):
        formats.read("x.csv", bill(ONE, TWO, count=3))
    with pytest.raises(Refused, match="end says"):
        formats.read(
            "x.csv", bill(ONE, TWO).replace(b"`280.50,`0.00,`0.00,`1.2", b"`280.51,`0.00,`0.00,`1.2")
        )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x00\x01\x02" * 40,
        b"PK\x03\x04rubbish",
        b"\x1f\x8brubbish",
        "房间,金额\n1,2\n".encode(),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(data):
    with pytest.raises(Refused):
        formats.read("x.csv", data)


BANK = (
    ("工商银行 账号: 1202020209900012345",),
    ("交易时间", "贷方发生额", "借方发生额", "余额", "对方户名", "交易流水号", "摘要"),
    ("2026-09-01 09:12:00", "300.00", "", "1300.00", "甲公司", "9000000000000000001", "房费"),
    ("2026-09-02 10:00:01", "", "12.50", "1287.50", "乙公司", "9000000000000000002", "手续费"),
    ("2026-09-03 11:30:00", "80.05", "", "1367.55", "丙公司", "9000000000000000003", "货款"),
)


def workbook(rows, *, numbers=False):
    """Return rows as a workbook; ``numbers``: sums and moments as a workbook keeps them, not as texts."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet, when = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for n, row in enumerate(rows):
        for at, cell in enumerate(row):
            if numbers and n > 1 and at == 0:
                sheet.write_datetime(n, at, datetime.fromisoformat(cell), when)
            elif numbers and n > 1 and at in (1, 2, 3) and cell:
                sheet.write_number(n, at, float(cell))
            else:
                sheet.write_string(n, at, cell)
    book.close()
    return made.getvalue()


@pytest.mark.parametrize("numbers", [False, True])
def test_a_banks_workbook_reads_like_its_list_as_text(numbers):
    as_text = formats.read("bank.csv", "\n".join(map(",".join, BANK)).encode())
    assert [line.amount for line in as_text.lines] == [30000, -1250, 8005]
    assert formats.read("bank.xlsx", workbook(BANK, numbers=numbers)) == as_text
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in BANK)
    assert formats.read("bank.xls", f"<html><table>{cells}</table></html>".encode()) == as_text


def test_a_workbook_that_rounded_a_number_or_is_cut_off_is_refused():
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    for n, row in enumerate(BANK):
        sheet.write_row(n, 0, row)
    sheet.write_number(2, 5, 9000000000000000001)
    book.close()
    with pytest.raises(Refused, match="Line 3 has a number that the workbook rounded"):
        formats.read("bank.xlsx", made.getvalue())
    whole = workbook(BANK)
    with pytest.raises(Refused):
        formats.read("bank.xlsx", whole[: len(whole) // 2])


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data):
    for name in ("x.csv", "INN26090588ZM_999000000000999"):
        for head in (b"", bill(ONE)[:300]):
            with suppress(Refused):
                formats.read(name, head + data)
