"""The papers of a hotel day, byte for byte: what a printer prints is kept as text that a person has read
against the paper.

``PMS_GOLDEN=write`` writes the texts anew; read the difference before you keep it.
"""

import os
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pms.core.money import Money
from pms.db.base import PrintJob
from pms.printing import receipt
from pms.printing.receipt import Ability
from pms.printing.slip import Slip
from pms.services.folios import service as folios
from pms.services.guests.person import Person
from pms.services.property import service as hotel
from pms.services.stays import service as stays
from pms.services.stays.service import Paid
from tests.builders import TODAY, House

from .escpos import Did, Drawn, Printed, Reader, readable

GOLDEN = Path(__file__).parents[1] / "golden" / "printing"
FORMS = {
    "80mm": ("80mm", Ability("gb18030", True, True)),
    "58mm": ("58mm", Ability("gbk", False, False)),
    "no-font": ("80mm", Ability("raster", True, False)),
}
WORDS = {
    "zh_CN": {
        "name": "云山大酒店",
        "address": "杭州市西湖区云山路 18 号",
        "drink": "可乐 330ml",
        "reason": "空调噪音大",
        "rules": "1. 退房时间 12:00,超时加收半日租。\n2. 贵重物品寄存前台保险箱。",
    },
    "en": {
        "name": "Cloud Hill Hotel",
        "address": "18 Cloud Hill Road, Hangzhou",
        "drink": "Cola 330 ml",
        "reason": "Air conditioning too loud",
        "rules": (
            "1. Departure is by 12:00; later departure costs half a day.\n2. Valuables belong in the safe "
            "at the desk."
        ),
    },
}
GUESTS = [
    Person(
        "欧阳䶮",
        phone="13800138000",
        document_type="id_card",
        document="11010519491231002X",
        address="杭州市文三路 138 号 7 幢 1201 室",
    ),
    Person("Zoë Müller-Łukasiewicz", document_type="passport", document="C01X00T47", nationality="DEU"),
]


def day(house: House, lang: str) -> dict[str, Slip]:
    """Work a small hotel's day and return its papers by kind."""
    words = WORDS[lang]
    options = replace(
        house.context_options(),
        address=words["address"],
        phone="0571-88888888",
        house_rules=words["rules"],
        tax_basis_points=600,
        tax_included=False,
    )
    house.do(hotel.edit, name=words["name"], options=options)
    stay = house.do(
        stays.check_in,
        line_id=house.book(name="欧阳䶮", nights=3),
        room_id=house.room_id("301"),
        guests=GUESTS,
        deposit=Paid("CASH", Money(100000)),
        intent="in",
    )
    house.do(
        folios.charge,
        stay_id=stay,
        code="MINIBAR",
        amount=Money(800),
        quantity=2,
        text=words["drink"],
        intent="mini",
    )
    house.next_day()
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("203"), reason=words["reason"])
    house.next_day()
    house.clock.set(TODAY.replace(day=22), 11)
    house.do(
        stays.check_out,
        stay_id=stay,
        refund=Paid("CASH", Money(100000 - 1696 - 2 * 31588)),
        slip_back=False,
        intent="out",
    )
    with Session(house.engine) as session:
        return {
            slip["kind"]: Slip.from_dict(slip)
            for slip in session.scalars(select(PrintJob.slip).order_by(PrintJob.id))
        }


@pytest.mark.parametrize("lang", WORDS)
def test_every_paper_of_a_day_is_as_it_was_read(desk, speak, lang):
    speak(lang)
    papers = day(desk, lang)
    assert set(papers) == {
        "deposit_receipt",
        "registration_card",
        "room_change_slip",
        "bill",
        "loss_declaration",
    }
    different = []
    for form, (paper, ability) in FORMS.items():
        file = GOLDEN / f"{lang}-{form}.txt"
        told = "\n".join(
            readable(receipt.render(replace(slip, paper=paper, copies=slip.copies[:1]), ability))
            for slip in papers.values()
        )
        if os.environ.get("PMS_GOLDEN") == "write":
            file.write_text(told, "utf-8")
        different += unified_diff(
            file.read_text("utf-8").splitlines(), told.splitlines(), file.name, "now", n=1, lineterm=""
        )
    assert different == [], "\n".join(different[:60])


@pytest.mark.parametrize("lang", WORDS)
def test_a_paper_keeps_the_language_it_was_written_in(desk, speak, lang):
    speak(lang)
    slip = replace(day(desk, lang)["deposit_receipt"], reprint=2)
    before = receipt.render(slip)
    speak({"zh_CN": "en", "en": "zh_CN"}[lang])
    assert receipt.render(Slip.from_dict(slip.to_dict())) == before
    assert {"zh_CN": "重印 2", "en": "DUPLICATE 2"}[lang] in readable(before)


def test_every_copy_is_named_and_cut(desk, speak):
    speak("zh_CN")
    told = readable(receipt.render(day(desk, "zh_CN")["deposit_receipt"]))
    assert told.count("[cut]") == 3
    assert [word for word in ("存根联", "财务联", "客人联") if word in told] == ["存根联", "财务联", "客人联"]


@pytest.mark.parametrize("paper", ["80mm", "58mm"])
@pytest.mark.parametrize(("lang", "label"), [("zh_CN", "客人联"), ("en", "Guest copy")])
def test_the_copys_name_stands_in_a_box_without_gaps(desk, speak, lang, label, paper):
    speak(lang)
    slip = replace(day(desk, lang)["deposit_receipt"], paper=paper, copies=(label,))
    data = receipt.render(slip, Ability("gbk"))
    lines = [item for item in Reader(data) if isinstance(item, Printed)]
    [at] = [n for n, line in enumerate(lines) if label in line.text]
    box = lines[at - 1 : at + 2]
    assert [line.text[0] + line.text[-1] for line in box] == ["┌┐", "││", "└┘"]
    assert {(line.cells, line.middle, line.strong) for line in box} == {(box[1].cells, True, True)}
    assert (box[1].wide, box[1].high) == (2, 2)
    assert data.count(b"\x1b3" + bytes((24 * 2,))) == 1  # no leading: the sides meet the corners


def test_money_papers_say_the_sum_in_capital_words(desk, speak):
    speak("zh_CN")
    papers = day(desk, "zh_CN")
    assert "大写：人民币壹仟元整" in readable(receipt.render(papers["deposit_receipt"], Ability("gb18030")))


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030", "raster"])
def test_a_line_with_a_sign_the_printer_lacks_is_drawn_and_the_others_are_not(charset):
    from .samples import deposit

    slip = deposit("zh_CN")
    items = list(Reader(receipt.render(replace(slip, copies=()), Ability(charset))))
    drawn = [item for item in items if isinstance(item, Drawn)]
    assert all(item.black > 50 for item in drawn)
    if charset == "raster":
        assert all(line.text.isascii() for line in items if isinstance(line, Printed))
        assert Did("Chinese on") not in items
    else:
        assert len(drawn) == (
            0 if charset == "gb18030" else 1
        )  # only the largest of the printers' sets has 䶮
        assert Did("Chinese on") in items
