"""The platform's template filled and its list of issued invoices read back. On both engines."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest

from pms.core import tables
from pms.core.errors import Conflict, NotPermitted, Refused
from pms.core.money import Money
from pms.core.options import Options
from pms.services.folios import service as folios
from pms.services.invoices import compared, exporting, items, listed, queries, service, template
from pms.services.invoices.duty import ITEMS, OWN_NUMBER
from pms.services.night_audit import queries as audit
from pms.services.night_audit.checks import listed as checks
from pms.services.staff import log
from tests.authority.people import person
from tests.builders import TODAY
from tests.invoices.sample import SELLER, issued_list, template_file
from tests.invoices.test_invoices import BLUE, BUYER, OTHER, RED, left, paid, want
from tests.property.test_settings import set_options
from tests.statements.samples import expected, needs_samples, sample

__all__ = ("paid",)


def fill(house, content=None, numbers=None):
    numbers = [i.number for i in house.ask(queries.wanted)] if numbers is None else numbers
    return house.ask(exporting.filled, content=content or template_file(), numbers=numbers)


def rows(content, title):
    book = openpyxl.load_workbook(BytesIO(content))
    heads, *more = list(book[title].iter_rows(min_row=3, values_only=True))
    heads = [h.strip(" *\n") for h in heads]
    return [{h: v for h, v in zip(heads, row, strict=True) if v is not None} for row in more if any(row)]


def test_the_template_is_filled_in_the_platforms_words(house, paid):
    house.do(folios.charge, stay_id=paid, code="BREAKFAST", amount=Money(5800), intent=house.new_intent())
    house.do(folios.pay, stay_id=paid, method="CASH", amount=Money(9000), intent=house.new_intent())
    more = {"address_phone": "虚构市虚构路1号 0571-00000000", "bank": "虚构银行 999000000000001"}
    want(house, paid, 60000, special=True, remark="a < b & c", **more)
    want(house, paid, 5200, buyer="郭娜", tax_number="", individual=True)
    made = fill(house)
    assert (made.invoices, made.amount) == (2, 65200)
    assert rows(made.content, template.HEADS) == [
        {
            "发票流水号": "I00000000001",
            "发票类型": "增值税专用发票",
            "是否含税": "是",
            "受票方自然人标识": "否",
            "购买方名称": BUYER["buyer"],
            "购买方纳税人识别号": BUYER["tax_number"],
            "购买方地址": "虚构市虚构路1号",
            "购买方电话": "0571-00000000",
            "购买方开户银行": "虚构银行",
            "购买方银行账号": "999000000000001",
            "是否展示购买方地址电话银行账号": "展示地址、电话、开户银行及银行账号",
            "备注": "a < b & c",
        },
        {
            "发票流水号": "I00000000002",
            "发票类型": "普通发票",
            "是否含税": "是",
            "受票方自然人标识": "是",
            "购买方名称": "郭娜",
        },
    ]
    lodging = {"项目名称": "住宿费", "商品和服务税收编码": "3070402000000000000", "税率": "0.06"}
    food = {"项目名称": "餐费", "商品和服务税收编码": "3070401000000000000", "税率": "0.06"}
    assert rows(made.content, template.LINES) == [
        {"发票流水号": "I00000000001", "金额": "594.00", **lodging},
        {"发票流水号": "I00000000001", "金额": "6.00", **food},
        {"发票流水号": "I00000000002", "金额": "52.00", **food},
    ]


def test_nothing_of_the_template_changes_but_its_rows_from_four_on(house, paid):
    want(house, paid, 59400)
    before, after = template_file(), fill(house).content
    assert tables.hidden(after) == {template.VERSION}
    assert tables.sheets(after)[template.VERSION].rows[3] == ["pt:20260401"]
    book = openpyxl.load_workbook(BytesIO(after))
    sheet = book[template.HEADS]
    assert [str(v.sqref) for v in sheet.data_validations.dataValidation] == ["B4:B1001"]
    assert (sheet["A4"].number_format, sheet["A4"].data_type, sheet["A5"].value) == ("@", "s", None)
    with ZipFile(BytesIO(before)) as old, ZipFile(BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        where = {tables.parts(before)[name] for name in (template.HEADS, template.LINES, template.EMPTIED[0])}
        same = [n for n in old.namelist() if n not in where]
        assert same
        assert all(old.read(name) == new.read(name) for name in same)
    # what stood in the rows of a used one is gone, in every sheet, and filling twice gives the same
    again = fill(house, content=after).content
    assert rows(again, template.HEADS) == rows(after, template.HEADS)


@needs_samples
def test_the_samples_template_is_filled_and_its_old_rows_go(house, paid):
    want(house, paid, 59400)
    made = fill(house, content=sample("einvoice_import_1.xlsx"))
    assert [row["发票流水号"] for row in rows(made.content, template.HEADS)] == ["I00000000001"]
    assert [row["金额"] for row in rows(made.content, template.LINES)] == ["594.00"]
    assert tables.hidden(made.content) == {"excelVersion"}
    cells = [
        c
        for title in (template.HEADS, template.LINES)
        for row in openpyxl.load_workbook(BytesIO(made.content))[title].iter_rows(min_row=4)
        for c in row
        if c.value is not None
    ]
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<a/>", "no XLSX workbook"),
        (b"PK\x03\x04 cut", "cut off"),
        (template_file()[:900], "cut off"),
        (template_file(version=""), "not the platform's template"),
        (template_file(shown=True), "not the platform's template"),
        (template_file(without="购买方名称"), "no column 购买方名称 in row 3"),
        (issued_list(), "not the platform's template"),
    ],
)
def test_what_is_not_the_template_is_refused(house, paid, content, why):
    want(house, paid, 59400)
    with pytest.raises(Refused, match=why):
        house.ask(exporting.filled, content=content, numbers=[1])


def test_columns_are_found_by_their_heads_in_any_order(house, paid):
    want(house, paid, 59400)
    made = fill(house, content=template_file(turned=True))
    assert rows(made.content, template.HEADS)[0]["购买方名称"] == BUYER["buyer"]


def test_a_part_goes_to_each_invoice_and_never_a_coin_more(house, paid):
    for sum_ in (1, 33333, 100, 25966):
        want(house, paid, sum_)
    found = fill(house).content
    sums = {}
    for row in rows(found, template.LINES):
        sums[row["发票流水号"]] = sums.get(row["发票流水号"], 0) + round(float(row["金额"]) * 100)
    assert list(sums.values()) == [1, 33333, 100, 25966]


def test_what_was_written_into_a_file_says_so_and_one_issued_meanwhile_is_refused(house, paid):
    numbers = [want(house, paid, 100), want(house, paid, 200)]
    house.do(exporting.exported, numbers=numbers)
    assert all(row.exported_at for row in house.ask(queries.wanted))
    [left] = [e.what for e in house.ask(log.entries, start=TODAY, end=TODAY) if e.kind == "exported"]
    assert "Invoices wanted" in left
    house.do(service.issue, number=numbers[0], serial=BLUE, issued_on=TODAY)
    with pytest.raises(Refused, match="I-1 waits no more"):
        fill(house, numbers=numbers)
    with pytest.raises(Refused, match="Nobody waits"):
        fill(house, numbers=[])


def test_the_hotels_own_items_are_taken_and_wrong_ones_told(house, paid):
    want(house, paid, 59400)

    def items_are(text):
        set_options(house, **{ITEMS.name: text})

    items_are("MINIBAR 饮料 1030307000000000000 0.13; * 住宿费 3070402000000000000 0.06")
    [line] = rows(fill(house).content, template.LINES)
    assert (line["项目名称"], line["税率"]) == ("饮料", "0.13")
    items_are("MINIBAR 饮料 103 0.13")
    with pytest.raises(Refused, match="invoice items: 'MINIBAR"):
        fill(house)
    items_are("MINIBAR 饮料 1030307000000000000 0.13")
    with pytest.raises(Refused, match=r"begins with \*"):
        fill(house)


# ------------------------------------------------------------------ the list read back
def read(house, content):
    return house.do(compared.read_list, file="C:\\x\\全量发票.xlsx", content=content)


def found(house):
    return [(f.state, f.serial, f.difference, f.number) for f in house.ask(compared.findings)]


@needs_samples
@pytest.mark.parametrize("name", ["einvoice_issued_202609.xlsx", "einvoice_issued_202609b.xlsx"])
def test_a_list_is_read_as_the_samples_say(name):
    told, wanted = listed.read(sample(name)), expected()[name]
    assert (sum(row.blue for row in told), sum(not row.blue for row in told)) == (
        wanted["blue"],
        wanted["red"],
    )
    if "net" in wanted:
        assert f"{sum(row.total for row in told):.2f}" == wanted["net"]
        assert [row.red_of for row in told] == ["", BLUE]
    else:
        assert [row.tax_number for row in told] == [""]


@needs_samples
def test_the_samples_list_issues_what_was_wanted_and_takes_it_back(house, paid):
    number = want(house, paid, 59400)
    house.clock.set(TODAY, 20)
    made = read(house, sample("einvoice_issued_202609.xlsx"))
    assert house.ask(compared.list_read, list_id=made) == (2, 2)
    row = house.ask(queries.invoice, number=number)
    assert (row.serial, row.red, left(house, paid)) == (BLUE, 59400, 59400)
    assert found(house) == []
    with pytest.raises((Conflict, Refused), match="read in already"):
        read(house, sample("einvoice_issued_202609.xlsx"))


def test_what_the_list_tells_otherwise_is_found_until_its_cause_is_gone(house, paid):
    for serial, sum_ in ((BLUE, 100), (OTHER, 200), (RED, 300)):
        house.do(service.issue, number=want(house, paid, sum_), serial=serial, issued_on=TODAY)
    unknown = f"{9:020}"
    read(
        house,
        issued_list(
            (BLUE, TODAY, "1.00", "正常"),
            (OTHER, TODAY, "2.50", "正常"),
            (unknown, TODAY, "7.00", "正常"),
        ),
    )
    assert found(house) == [
        ("missing", RED, -300, 3),
        ("differs", OTHER, 50, 2),
        ("unknown", unknown, 700, None),
    ]
    [line] = [f.line_id for f in house.ask(compared.findings) if f.state == "unknown"]
    assert house.do(compared.adopt, line_id=line, stay_id=paid) == 4
    assert [state for state, *_rest in found(house)] == ["missing", "differs"]
    with pytest.raises(Conflict, match="here already"):
        house.do(compared.adopt, line_id=line, stay_id=paid)
    # the latest telling counts
    read(house, issued_list((OTHER, TODAY, "2.00", "正常"), (RED, TODAY, "3.00", "正常")))
    assert found(house) == []
    read(house, issued_list((OTHER, TODAY, "2.00", "已红冲-全额")))
    assert [f[:2] for f in found(house)] == [("taken", OTHER)]


def test_the_night_audit_tells_what_the_list_tells_otherwise(house, paid):
    house.do(service.issue, number=want(house, paid, 200), serial=OTHER, issued_on=TODAY)
    read(house, issued_list((OTHER, TODAY, "2.50", "正常"), (BLUE, TODAY, "9.00", "正常")))
    every = house.ask(audit.findings, business_date=TODAY, checks=checks(house.offers))
    assert sorted((f.title, f.amount) for f in every if f.kind == "invoices") == [
        (f"{BLUE}: unknown here", 900),
        (f"{OTHER}: differs", 50),
    ]


def test_doubled_days_buyers_and_red_letters_are_told(house, paid):
    for serial, sum_ in ((BLUE, 100), (OTHER, 200)):
        house.do(service.issue, number=want(house, paid, sum_), serial=serial, issued_on=TODAY)
    read(
        house,
        issued_list(
            (BLUE, TODAY, "1.00", "正常"),
            (BLUE, TODAY, "1.00", "正常"),
            (OTHER, TODAY.replace(day=1), "2.00", "正常"),
            (RED, TODAY, "-1.00", "正常"),
        ),
    )
    assert {(f.state, f.serial, f.said) for f in house.ask(compared.findings)} == {
        ("twice", BLUE, "2 times"),
        ("differs", OTHER, "Another day"),
        ("unknown", RED, "A red letter that is not entered here"),
    }


def test_a_clerk_reads_the_list_and_leaves_red_letters_to_who_may(house, paid):
    house.do(service.issue, number=want(house, paid, 100), serial=BLUE, issued_on=TODAY)
    boss, house.clerk = house.clerk, person(house, "clerk")
    red = (RED, TODAY, "-1.00", "正常", f"被红冲蓝字数电发票号码：{BLUE} 红字发票信息确认单编号：{5:020}")
    read(house, issued_list((BLUE, TODAY, "1.00", "已红冲-全额"), red))
    assert {f[:2] for f in found(house)} == {("taken", BLUE), ("unknown", RED)}
    house.clerk = boss
    read(house, issued_list((BLUE, TODAY, "1.00", "已红冲-全额"), red, (OTHER, TODAY, "9.00", "正常")))
    assert [f[:2] for f in found(house)] == [("unknown", OTHER)]
    assert house.ask(queries.invoice, number=1).red == 100
    house.clerk = person(house, "attendant")
    with pytest.raises(NotPermitted):
        read(house, issued_list())


def test_a_list_that_is_cut_off_does_not_add_up_or_is_anothers_is_refused(house, paid):
    whole = issued_list((BLUE, TODAY, "1.00", "正常"), (OTHER, TODAY, "2.00", "正常"))
    for why, content in {
        "cut off": whole[: len(whole) // 2],
        "no XLSX": b"<EInvoice/>",
        "list of issued invoices": template_file(),
        "two sheets tell different sums": issued_list((BLUE, TODAY, "1.00", "正常"), cut=True),
        "do not run from 1": issued_list((BLUE, TODAY, "1.00", "正常"), begin=2),
        "no invoice in this list": issued_list(),
        "no column 开票日期": issued_list((BLUE, TODAY, "1.00", "正常"), without="开票日期"),
        "no day of issue": issued_list((BLUE, "soon", "1.00", "正常")),
        "no sum": issued_list((BLUE, TODAY, "one", "正常")),
        "lost figures": issued_list((int(BLUE), TODAY, "1.00", "正常")),
    }.items():
        with pytest.raises(Refused, match=why):
            read(house, content)
    read(house, whole)
    stranger = issued_list((RED, TODAY, "1.00", "正常"), seller="91440399MAXXXXX23F")
    with pytest.raises(Refused, match="another seller"):
        read(house, stranger)
    set_options(house, **{OWN_NUMBER.name: "91440399MAXXXXX23F"})
    read(house, stranger)
    with pytest.raises(Refused, match=f"another seller .{SELLER}"):
        read(house, issued_list((RED, TODAY, "2.00", "正常")))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("虚构路1号 0571-00000000", ("虚构路1号", "0571-00000000")),
        ("虚构路1号057100000000", ("虚构路1号", "057100000000")),
        ("虚构路1号", ("虚构路1号", "")),
        ("0571 0000 0000", ("", "0571 0000 0000")),
        ("", ("", "")),
    ],
)
def test_address_and_phone_are_parted(text, parts):
    got = exporting.parted(exporting._PHONE, text)
    assert "".join("".join(got).split()) == "".join(text.split())
    assert got == parts or text == "虚构路1号057100000000"


def test_the_items_a_hotel_starts_with_are_read():
    assert set(items.known(Options())) == {"*", "BREAKFAST"}
