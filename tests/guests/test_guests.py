"""Guests are known again by their document, and what is private stays private; on both engines."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from pms.core.errors import Refused
from pms.db.base import AuditEntry
from pms.db.work import Work, operation
from pms.services.guests import documents, queries, records, service
from pms.services.guests.models import Guest, GuestKey
from pms.services.guests.overseas import Overseas
from pms.services.stays import erasing
from tests.builders import TODAY, House

NUMBER = "11010519491231002X"


def register(house: House, **fields) -> int:
    return house.do(
        service.register, **({"name": "王雅琴", "document_type": "id_card", "document": NUMBER} | fields)
    )


def test_a_guest_who_comes_back_is_the_same_guest(house):
    first = register(house, phone="13800138000", nationality="CHN", vip=True, do_not_disclose=True)
    again = register(house, name="王 雅琴", document=NUMBER.lower())
    assert again == first
    row = house.ask(queries.one, guest_id=first)
    assert (row.name, row.phone, row.nationality, row.vip, row.do_not_disclose) == (
        "王 雅琴",
        "13800138000",
        "CHN",
        True,
        True,
    )
    assert (row.birth, row.sex, row.identity, row.document_shown) == (
        date(1949, 12, 31),
        "F",
        "checked",
        "****************2X",
    )


def test_a_document_is_revealed_for_a_reason_that_stays_and_erased_for_good(house):
    guest = register(house, address="杭州")
    with pytest.raises(Refused, match="why"):
        house.do(service.reveal_document, guest_id=guest, reason=" ")
    assert house.do(service.reveal_document, guest_id=guest, reason="police") == NUMBER
    entries = house.ask(
        lambda s: s.scalars(select(AuditEntry).where(AuditEntry.action == "guests:reveal_document")).all()
    )
    assert [(e.record, e.record_id, e.changes) for e in entries if e.record != "access"] == [
        ("guest", guest, {"revealed": True, "reason": "police"})
    ]
    house.do(erasing.erase, guest_id=guest, reason="asked for it")
    with pytest.raises(Refused, match="erased"):
        house.do(service.reveal_document, guest_id=guest, reason="police")
    left = house.ask(lambda s: s.get(Guest, guest))
    assert (left.document, left.document_shown, left.document_mark, left.birth, left.address) == (
        "",
        "",
        None,
        None,
        "",
    )
    assert house.ask(lambda s: s.scalars(select(GuestKey)).all()) == []
    assert register(house) != guest


def test_the_same_document_is_sealed_differently_each_time(house):
    first = register(house)
    sealed = house.ask(lambda s: s.get(Guest, first).document)
    register(house)
    assert house.ask(lambda s: s.get(Guest, first).document) != sealed
    assert house.do(service.reveal_document, guest_id=first, reason="police") == NUMBER


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (NUMBER, ""),
        (NUMBER.lower(), ""),
        (f" {NUMBER} ", ""),
        ("110105194912310021", "check"),
        ("11010519491331002X", "birth"),
        ("11010519490229002X", "birth"),
        ("110101209901011239", "birth"),
        ("110101184001011230", "birth"),
        ("110101202611211230", "birth"),
        ("1101051949123100", "length"),
        ("", "length"),
        ("1101051949123100AX", "figures"),
        ("１１０１０５１９４９１２３１００２Ｘ", "figures"),
        ("²10105194912310021", "figures"),
    ],
)
def test_resident_numbers_are_checked(number, fault):
    assert documents.resident_number_fault(number, TODAY) == fault


@given(
    st.text(alphabet="0123456789Xx", min_size=18, max_size=18),
    st.integers(0, 16),
    st.sampled_from("0123456789"),
)
def test_one_wrong_figure_never_passes(number, place, figure):
    if documents.resident_number_fault(number, TODAY) == "" and number[place] != figure:
        assert documents.resident_number_fault(number[:place] + figure + number[place + 1 :], TODAY) != ""


def test_a_wrong_number_is_refused_and_leaves_no_guest(house):
    with pytest.raises(Refused, match="last character does not match"):
        register(house, document="110105194912310021")
    assert house.ask(queries.find, text="王雅琴") == []


@pytest.mark.parametrize("typed", ["王", "wang", "wyq", "WangYa", "138 0013-8000", "8000"])
def test_a_guest_is_found_as_people_type(desk, typed):
    made = register(desk, phone="13800138000")
    assert [g.id for g in desk.ask(queries.find, text=typed.casefold())] == [made]
    assert desk.ask(queries.find, text="%") == desk.ask(queries.find, text="_") == []


# ------------------------------------------------------------------ from abroad
SMITH = Overseas("SMITH", "JOHN", "史密斯", "L", "A1234567", date(2026, 12, 20), date(2026, 11, 18), "PVG")


def abroad(house: House, **fields) -> int:
    return register(
        house,
        **(
            {
                "name": "SMITH JOHN",
                "document_type": "passport",
                "document": "533401372",
                "sex": "M",
                "birth": date(1980, 5, 6),
                "nationality": "GBR",
                "overseas": SMITH,
            }
            | fields
        ),
    )


def read_overseas(house: House, guest: int) -> Overseas | None:
    found: list[Overseas | None] = []

    @operation(None)
    def look(work: Work) -> None:
        """Read as a paper does."""
        found.append(records.overseas_of(work, work.session.get_one(Guest, guest)))

    house.do(look)
    return found[0]


def test_what_is_asked_of_a_guest_from_abroad_is_sealed_and_erased_with_the_key(house):
    guest = abroad(house)
    assert read_overseas(house, guest) == SMITH
    stored = house.ask(lambda s: s.get(Guest, guest).overseas)
    assert all(word not in stored for word in ("SMITH", "A1234567", "PVG"))
    trail = house.ask(lambda s: [str(e.changes) for e in s.scalars(select(AuditEntry))])
    assert not [entry for entry in trail if "A1234567" in entry or stored in entry]
    house.do(erasing.erase, guest_id=guest, reason="asked for it")
    assert (read_overseas(house, guest), house.ask(lambda s: s.get(Guest, guest).overseas)) == (None, None)


def test_the_next_visit_has_a_new_visa_and_the_same_name(house):
    guest = abroad(house)
    assert abroad(house, overseas=Overseas(visa_type="FREE", entry_date=date(2026, 11, 20))) == guest
    assert read_overseas(house, guest) == Overseas(
        "SMITH", "JOHN", "史密斯", "FREE", entry_date=date(2026, 11, 20)
    )
    assert abroad(house, overseas=None) == guest
    assert read_overseas(house, guest).visa_type == "FREE"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"nationality": "GRB"}, "GRB"),
        ({"birth": date(2026, 11, 21)}, "birth"),
        ({"birth": date(1850, 1, 1)}, "birth"),
        ({"overseas": Overseas("SMITH", entry_date=date(2026, 11, 21))}, "not after today"),
        (
            {"overseas": Overseas("SMITH", stay_until=date(2026, 11, 1), entry_date=date(2026, 11, 18))},
            "before the entry",
        ),
        ({"overseas": Overseas("SMITH", visa_type="??")}, "no visa type"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(house, fields, why):
    with pytest.raises(Refused, match=why):
        abroad(house, **fields)
    assert house.ask(lambda s: s.scalars(select(Guest)).all()) == []
