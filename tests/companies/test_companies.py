"""Companies: entered once, found by whatever is known of them, counted while their agreement runs."""

from base64 import b64encode
from datetime import timedelta

import pytest
from sqlalchemy import text

from pms.core import offers, tax_numbers
from pms.core.errors import NotPermitted, Refused
from pms.core.money import Money
from pms.printing import logos
from pms.services.companies import kept, queries, service
from tests.authority.people import person
from tests.builders import TODAY
from tests.pictures import drawn

DAY = timedelta(days=1)
RIGHT, WRONG = "91330106MA2KKKKK4Q", "91330106MA2KKKKK4N"


def agreed(house, **more) -> int:
    given = {
        "name": "杭州华安科技",
        "code": "ha",
        "contact": "Ms Qian",
        "phone": "0571 8888 1234",
        "plan_id": 1,
    }
    return house.do(service.add, **{**given, **more})


def found(house, text, on=TODAY):
    return [c for c in house.gather(offers.customers, text=text, on=on) if c.kind == "company"]


def test_a_company_is_entered_and_found_by_whatever_is_known_of_it(house):
    number = agreed(house, valid_until=TODAY, free_until="14:00")
    for typed in ("华安", "hangzhou", "hzha", "HA", "ha", "1234", "057188881234", "qian"):
        assert [c.number for c in found(house, typed)] == [number], typed
    [one] = found(house, "华安")
    assert (one.name, one.plan_id, one.free_until, one.why_not) == ("杭州华安科技", 1, "14:00", "")
    assert one.told == "HA Ms Qian"
    assert found(house, "nobody") == found(house, " ") == []
    hits = house.gather(offers.search, text="华安")
    assert [(h.word, h.what) for h in hits if h.word == "companies"] == [("companies", {"number": number})]


def test_the_code_comes_first_then_the_beginning_of_the_name(house):
    for name, code in (("New Moon", ""), ("Moon Travel", ""), ("Sun", "MOON")):
        agreed(house, name=name, code=code, phone="")
    assert [c.name for c in found(house, "moon")] == ["Sun", "Moon Travel", "New Moon"]
    for n in range(12):
        agreed(house, name=f"Moon {n:02}", code="", phone="")
    assert len(found(house, "moon")) == 8


def test_an_agreement_counts_in_its_days_only_and_not_while_suspended(house):
    number = agreed(house, valid_from=TODAY, valid_until=TODAY + DAY)

    def why(on):
        [one] = house.gather(offers.customer_of, kind="company", number=number, on=on)
        return one.why_not

    assert why(TODAY) == why(TODAY + DAY) == ""
    assert "begins on" in why(TODAY - DAY)
    assert "ended on" in why(TODAY + 2 * DAY)
    house.do(service.suspend, number=number, reason="does not pay")
    assert why(TODAY) == "Suspended: does not pay"
    with pytest.raises(Refused, match="suspended already"):
        house.do(service.suspend, number=number, reason="again")
    house.do(service.resume, number=number)
    assert why(TODAY) == ""
    with pytest.raises(Refused, match="not suspended"):
        house.do(service.resume, number=number)
    assert list(house.gather(offers.customer_of, kind="company", number=99, on=TODAY)) == []
    assert list(house.gather(offers.customer_of, kind="robot", number=number, on=TODAY)) == []


def test_who_signs_is_listed_until_taken_off_and_finds_the_company(house):
    number = agreed(house)
    signer = house.do(
        service.add_signer, number=number, name="何平", phone="138 0013 8009", specimen="folder 3"
    )
    assert [c.number for c in found(house, "heping")] == [c.number for c in found(house, "8009")] == [number]
    with pytest.raises(Refused, match="may sign already"):
        house.do(service.add_signer, number=number, name=" 何平")
    with pytest.raises(Refused, match="is over"):
        house.do(service.add_signer, number=number, name="Late", valid_until=TODAY - DAY)
    [one] = house.ask(queries.signers, number=number)
    assert (one.phone, one.specimen) == ("138 0013 8009", "folder 3")
    assert one.may_sign(TODAY)
    house.do(service.end_signer, signer_id=signer)
    [one] = house.ask(queries.signers, number=number)
    assert (one.removed_on, one.may_sign(TODAY)) == (TODAY, False)
    assert found(house, "heping") == []
    with pytest.raises(Refused, match="any more already"):
        house.do(service.end_signer, signer_id=signer)


def test_a_signer_until_a_day_signs_on_it_and_not_after_it(house):
    house.do(service.add_signer, number=(number := agreed(house)), name="Xu", valid_until=TODAY)
    [one] = house.ask(queries.signers, number=number)
    assert (one.may_sign(TODAY), one.may_sign(TODAY + DAY)) == (True, False)


def test_what_changed_is_told_with_before_and_after_but_not_a_phone(house):
    number = agreed(house, credit_limit=Money(100000))
    house.do(service.edit, number=number, name="华安", code="HA", phone="0571 1", credit_limit=Money(250000))
    house.do(service.add_signer, number=number, name="Xu Li", phone="13800138000")
    signer, change, made = house.ask(queries.history, number=number)
    assert (signer.record, signer.fields["name"], signer.fields["phone"]) == ("company_signer", "Xu Li", "*")
    assert change.fields["credit_limit"] == [100000, 250000]
    assert change.fields["phone"] == "*"
    assert made.fields["name"] == "杭州华安科技"
    assert change.by == "Zhang Li"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": " "}, "company's name"),
        ({"tax_number": WRONG}, "check sign"),
        ({"tax_number": "12345"}, "this one has 5"),
        ({"valid_from": TODAY, "valid_until": TODAY - DAY}, "before it begins"),
        ({"free_until": "25:00"}, "such as 14:00"),
        ({"credit_limit": Money(-1)}, "not below 0"),
        ({"days_to_pay": 999}, "from 0 to 365"),
        ({"plan_id": 99}, "not there"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(house, given, why):
    with pytest.raises(Refused, match=why):
        agreed(house, **given)
    assert house.ask(queries.companies) == []


def test_two_companies_have_neither_one_name_nor_one_code(house):
    agreed(house)
    with pytest.raises(Refused, match="of this name"):
        agreed(house, code="")
    with pytest.raises(Refused, match="this code"):
        agreed(house, name="Other")
    for name in ("No code", "No code either"):
        agreed(house, name=name, code=" ")


def test_a_tax_number_is_read_in_any_width_and_checked():
    assert tax_numbers.read(f" {RIGHT[:9].lower()} {RIGHT[9:]} ") == RIGHT
    assert tax_numbers.read("９１３３０１０６ＭＡ２ＫＫＫＫＫ４Ｑ") == RIGHT
    assert tax_numbers.read("") == ""
    assert tax_numbers.read("33010612345678X") == "33010612345678X"
    with pytest.raises(Refused, match="check sign"):
        tax_numbers.read(RIGHT.replace("M", "I"))


def test_the_desk_reads_and_only_who_manages_changes(house):
    number = agreed(house)
    house.clerk = person(house, "clerk")
    assert house.asked(queries.companies)[0].number == number
    with pytest.raises(NotPermitted):
        agreed(house, name="Mine")


def test_how_people_are_reached_goes_when_agreement_or_signature_are_long_over(house):
    over = agreed(house, valid_until=TODAY - 2 * DAY, address="Long Road 1")
    stays = agreed(house, name="Still", code="ST", phone="0571 9999 5678")
    signer = house.do(service.add_signer, number=stays, name="Xu", phone="138 0013 8777")
    house.do(service.end_signer, signer_id=signer)
    [file] = house.ask(kept.kept_of, stay_ids=[], line_ids=[], phone="138 0013 8777")
    assert [row["Phone"] for row in file.rows] == ["138 0013 8777"]
    house.do(lambda work: kept.erase_old(work, before=TODAY))
    rows = {c.number: c for c in house.ask(queries.companies)}
    assert (rows[over].phone, rows[over].address, rows[stays].phone) == ("", "", "0571 9999 5678")
    assert found(house, "1234") == []
    assert [c.number for c in found(house, "华安")] == [over]
    assert house.ask(queries.signers, number=stays)[0].phone != ""
    house.do(lambda work: kept.erase_old(work, before=TODAY + DAY))
    assert house.ask(queries.signers, number=stays)[0].phone == ""


def test_a_signers_picture_is_kept_small_replaced_and_told_in_no_trail(house):
    house.do(service.add, name="Moon Travel")
    signer, other = (house.do(service.add_signer, number=1, name=name) for name in ("He Ping", "Xu Li"))
    house.do(service.set_specimen, signer_id=signer, picture=drawn(wide=2000, high=900))
    found = house.ask(queries.specimens, signer_ids=[signer, other])
    assert list(found) == [signer]
    assert found[signer].startswith(b"\x89PNG")
    assert len(found[signer]) < 20_000
    house.do(service.set_specimen, signer_id=signer, picture=drawn(wide=300, kind="JPEG"))
    assert house.ask(queries.specimens, signer_ids=[signer])[signer] != found[signer]
    assert house.ask(queries.specimens, signer_ids=[]) == {}
    for picture in (b"", b"no picture", drawn(ink="white"), b"x" * (logos.MOST_BYTES + 1)):
        with pytest.raises(Refused):
            house.do(service.set_specimen, signer_id=other, picture=picture)
    house.do(service.end_signer, signer_id=other)
    with pytest.raises(Refused, match="may not sign any more"):
        house.do(service.set_specimen, signer_id=other, picture=drawn())
    with house.engine.begin() as books:
        trail = " ".join(str(row) for row in books.execute(text("SELECT * FROM audit_entry")))
    assert b64encode(found[signer]).decode()[:40] not in trail
