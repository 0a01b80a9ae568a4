"""What a record says is put right, two are made one, and one who is not to be
disclosed is not; on both engines."""

from datetime import date

import pytest
from sqlalchemy import select

from pms.core import offers
from pms.core.errors import NeedsConfirmation, Refused
from pms.db.base import AuditEntry
from pms.duties import ROLES
from pms.services.guests import queries as guest_queries
from pms.services.guests import service as guests
from pms.services.guests.models import Guest, GuestKey
from pms.services.guests.overseas import Overseas
from pms.services.guests.person import Person
from pms.services.housekeeping import queries as housekeeping
from pms.services.luggage import queries as luggage
from pms.services.room_board import queries as board_queries
from pms.services.shop import queries as shop
from pms.services.stays import people, queries
from pms.services.stays import service as stays
from pms.services.stays.models import Sharer
from pms.services.wake_ups import queries as wake_ups
from pms.services.wake_ups import service as wake_up_service
from tests.builders import TODAY, House
from tests.stays.test_people import QIAN, ZHAO, arrive, card, row


def leave(house: House, stay: int) -> None:
    house.do(stays.check_out, stay_id=stay, intent=house.new_intent())


def known(house: House, guest: int) -> guest_queries.GuestRow:
    return house.ask(guest_queries.one, guest_id=guest)


# ------------------------------------------------------------------ correct
def test_a_correction_changes_the_record_and_the_open_stay_and_no_stay_that_is_over(house):
    old = arrive(house, "301", card("Wang Wie", ZHAO, phone="1380"))
    guest = row(house, old).guest_id
    leave(house, old)
    new = arrive(house, "302", card("Wang Wie", ZHAO))
    told = Person("Wang Wei", phone="138 0013 8000", nationality="CHN", ethnic="回", address="杭州")
    house.do(people.correct, guest_id=guest, person=told)
    g = known(house, guest)
    assert (g.name, g.phone, g.ethnic, g.address) == ("Wang Wei", "138 0013 8000", "回", "杭州")
    assert (g.document_shown, g.sex, g.birth) == ("****************2X", "F", date(1949, 12, 31))
    assert (row(house, old).guest, row(house, new).guest) == ("Wang Wie", "Wang Wei")
    assert [t.guest for t in house.ask(board_queries.board) if t.guest] == ["Wang Wei"]
    assert [g.id for g in house.ask(guest_queries.find, text="13800138000")] == [guest]
    assert house.ask(guest_queries.find, text="wie") == []


def test_a_correction_takes_a_fact_away_and_cannot_take_anothers_document(house):
    one = house.do(guests.register, name="Zhao Min", phone="138", document_type="id_card", document=ZHAO)
    other = house.do(guests.register, name="Qian Li", phone="139", document_type="id_card", document=QIAN)
    house.do(people.correct, guest_id=other, person=Person("Qian Li"))
    assert known(house, other).phone == ""
    with pytest.raises(Refused, match="Zhao Min's. Merge"):
        house.do(people.correct, guest_id=other, person=card("Qian Li", ZHAO))
    with pytest.raises(Refused, match="name"):
        house.do(people.correct, guest_id=one, person=Person(" "))


# ------------------------------------------------------------------ merge
def test_two_records_of_one_person_become_one_with_every_stay(house):
    first = arrive(house, "301", Person("Wang Yaqin", phone="138"))
    plain = row(house, first).guest_id
    leave(house, first)
    second = arrive(house, "302", card("王雅琴", ZHAO))
    full = row(house, second).guest_id
    leave(house, second)
    house.do(people.mark, guest_id=plain, vip=True)
    with pytest.raises(NeedsConfirmation, match="cannot be taken back"):
        house.do(people.merge, guest_id=plain, other_id=full)
    house.do(people.merge, guest_id=plain, other_id=full, confirmed=frozenset({f"merge:{plain}:{full}"}))
    g = known(house, plain)
    assert (g.name, g.phone, g.vip, g.document_shown) == ("Wang Yaqin", "138", True, "****************2X")
    assert [(s.name, s.room) for s in house.ask(queries.history, guest_id=plain)] == [
        ("王雅琴", "302"),
        ("Wang Yaqin", "301"),
    ]
    assert house.ask(lambda s: s.get(Guest, full)) is None
    assert house.do(guests.reveal_document, guest_id=plain, reason="police") == ZHAO
    said = frozenset({f"name:{plain}:王雅琴"})
    paper = {"document_type": "id_card", "document": ZHAO}
    assert house.do(guests.register, name="王雅琴", **paper, confirmed=said) == plain
    sealed = house.ask(lambda s: s.scalars(select(Sharer.document).where(Sharer.stay_id == second)).one())
    assert sealed
    [entry] = house.ask(lambda s: [e.changes for e in s.scalars(select(AuditEntry)) if "merged" in e.changes])
    assert entry == {"merged": full, "name": "王雅琴"}


def test_what_was_sealed_is_still_read_after_the_merge(house):
    record = Overseas("SMITH", "JOHN", visa_type="L", visa_number="A1234567")
    passport = Person(
        "SMITH JOHN", nationality="GBR", document_type="passport", document="533401372", overseas=record
    )
    stay = arrive(house, "301", passport)
    other = row(house, stay).guest_id
    one = house.do(guests.register, name="Smith J")
    house.do(people.merge, guest_id=one, other_id=other, confirmed=frozenset({f"merge:{one}:{other}"}))
    assert house.do(guests.reveal_document, guest_id=one, reason="police") == "533401372"
    assert (row(house, stay).guest_id, row(house, stay).guest) == (one, "SMITH JOHN")
    assert house.ask(lambda s: s.scalars(select(GuestKey.guest_id)).all()) == [one]


def test_two_of_one_party_are_never_one_person(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO), Person("Zhao Min"))
    one, other = (s.guest_id for s in house.ask(queries.sharers, stay_id=stay))
    said = frozenset({f"merge:{one}:{other}"})
    with pytest.raises(Refused, match="two people"):
        house.do(people.merge, guest_id=one, other_id=other, confirmed=said)
    with pytest.raises(Refused, match="two records"):
        house.do(people.merge, guest_id=one, other_id=one)


# ------------------------------------------------------------------ do not disclose
def hits(house: House, typed: str) -> list[tuple[str, str]]:
    return [(hit.title, hit.sub) for hit in house.gather(offers.search, text=typed)]


def test_one_who_is_not_to_be_disclosed_is_on_no_list_board_or_paper(house):
    stay = arrive(house, "301", card("王雅琴", ZHAO, phone="13800138000"))
    guest = row(house, stay).guest_id
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    house.do(wake_up_service.take, stay_id=stay, day=date(2026, 11, 21), time="6:30")
    tile = next(t for t in house.ask(board_queries.board) if t.number == "301")
    assert (tile.guest, "lock" in tile.flags) == ("Do not disclose", True)
    stay_row = row(house, stay)
    assert (stay_row.guest, stay_row.listed, stay_row.listed_phone) == ("王雅琴", "Do not disclose", "")
    assert house.ask(shop.payer, room="301").guest == "Do not disclose"
    assert [o.guest for o in house.ask(luggage.owners, text="301")] == ["Do not disclose"]
    assert [w.guest for w in house.ask(wake_ups.due)] == ["Do not disclose"]
    assert "王雅琴" not in str(house.ask(housekeeping.differences))
    for typed in ("王雅琴", "wyq", "13800138000"):
        found = [
            (title, sub) for title, sub in hits(house, typed) if "Do not disclose" in sub or "301" in title
        ]
        assert found
        assert all("301" not in title + sub for title, sub in found), typed
    assert all("王雅琴" not in title + sub for title, sub in hits(house, "301"))
    assert any("301" in title for title, _sub in hits(house, "301"))
    assert [(s.room, s.open) for s in house.ask(queries.history, guest_id=guest)] == [("", True)]
    house.do(people.mark, guest_id=guest, do_not_disclose=False)
    assert ("301 王雅琴", "in house until 22 Nov") in hits(house, "wyq")
    assert TODAY


def test_a_sharer_is_found_in_house_by_name(house):
    stay = arrive(house, "301", Person("Zhao Min"), Person("Qian Li"))
    assert any(title == "301 Qian Li" for title, _sub in hits(house, "qian"))
    house.do(people.leave_alone, stay_id=stay, guest_id=house.ask(queries.sharers, stay_id=stay)[1].guest_id)
    assert not any(title == "301 Qian Li" for title, _sub in hits(house, "qian"))


def test_who_may_reveal_a_number():
    clerk, manager = ROLES["clerk"][1], ROLES["manager"][1]
    assert guests.reveal_document.permission not in clerk
    assert guests.reveal_document.permission in manager
    assert {people.correct.permission, people.merge.permission, people.mark.permission} <= clerk
