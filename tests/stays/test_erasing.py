"""Erasing a guest's data: never while they are needed, by the owner or with the owner's word, each night by
the house's time; the name, the stays and their money stay. On both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pms.core.errors import NeedsApproval, NeedsConfirmation, NotPermitted, Refused
from pms.core.money import Money
from pms.core.office import Approval
from pms.db import audit
from pms.db.base import AuditEntry, Intent, PrintJob
from pms.duties import ROLES
from pms.services.drafts import service as drafts
from pms.services.folios import service as folios
from pms.services.guests import queries as guest_queries
from pms.services.guests import service as guests
from pms.services.guests.models import Guest, GuestKey
from pms.services.guests.person import Person
from pms.services.lost_found import queries as lost_queries
from pms.services.lost_found import service as lost
from pms.services.lost_found.models import FoundItem
from pms.services.luggage import service as luggage
from pms.services.luggage.models import LuggageTag
from pms.services.reservations import service as reservations
from pms.services.reservations.models import Reservation
from pms.services.rooms import service as keeping
from pms.services.staff import log
from pms.services.stays import erasing, people, queries
from pms.services.stays import service as stays
from pms.services.stays.models import Sharer, Stay
from pms.services.stays.service import Paid
from tests import builders
from tests.authority.people import person
from tests.builders import BOSS, TODAY, House
from tests.property.test_settings import set_options
from tests.stays.test_people import QIAN, ZHAO, arrive, card, party, passport, row

WHY = "asked for it"
FACTS = {"phone": "13800138000", "address": "杭州市西湖区文三路 12 号", "ethnic": "回"}


def leave(house: House, stay: int) -> None:
    house.do(stays.check_out, stay_id=stay, intent=house.new_intent())


def gone(house: House, name: str = "Zhao Min", number: str = ZHAO, room: str = "301", **facts: str) -> int:
    """Return a guest who has been here and has left."""
    house.do(keeping.set_clean, room_ids=[house.room_id(room)], clean="inspected")
    stay = arrive(house, room, card(name, number, **(FACTS | facts)))
    guest = row(house, stay).guest_id
    leave(house, stay)
    return guest


def erase(house: House, guest: int, **how) -> None:
    house.do(erasing.erase, guest_id=guest, reason=WHY, intent=house.new_intent(), **how)


def facts(house: House, guest: int) -> tuple:
    g = house.ask(guest_queries.one, guest_id=guest)
    return g.name, g.phone, g.address, g.ethnic, g.birth, g.document_shown, g.document_until


EMPTY = ("", "", "", None, "", None)


def registration(house: House, stay: int) -> str:
    question = select(PrintJob.slip).where(PrintJob.kind == "registration_card", PrintJob.record_id == stay)
    return str(house.ask(lambda s: s.scalars(question).one()))


# ------------------------------------------------------------------ by hand
def test_record_stay_booking_and_paper_say_nothing_more_and_keep_the_name(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO, **FACTS), card("Qian Li", QIAN, phone="13900139000"))
    guest = row(house, stay).guest_id
    with pytest.raises(Refused, match="the party in 301"):
        erase(house, guest)
    leave(house, stay)
    with pytest.raises(Refused, match="why"):
        house.do(erasing.erase, guest_id=guest, reason=" ")
    assert "文三路" in registration(house, stay)
    erase(house, guest)
    assert facts(house, guest) == ("Zhao Min", *EMPTY)
    left = registration(house, stay)
    assert not [told for told in ("文三路", "13800138000", "*2X", "回") if told in left]
    assert all(told in left for told in ("Zhao Min", "Qian Li", "****************3X", "13900139000"))
    kept = house.ask(lambda s: s.scalars(select(Sharer).where(Sharer.guest_id == guest)).one())
    assert (kept.name, kept.document, kept.phone, kept.address, kept.birth) == ("Zhao Min", "", "", "", None)
    assert house.ask(lambda s: s.scalars(select(Reservation.phone)).all()) == [""]
    assert house.ask(lambda s: s.get(GuestKey, guest)) is None
    for typed in ("13800138000", "8000"):
        assert house.ask(guest_queries.find, text=typed) == []
    assert [g.id for g in house.ask(guest_queries.find, text="zhao")] == [guest]
    with pytest.raises(Refused, match="erased"):
        house.do(guests.reveal_document, guest_id=guest, reason="police")
    assert party(house, stay) == [("Zhao Min", True), ("Qian Li", True)]
    assert house.do(guests.register, name="Zhao Min", document_type="id_card", document=ZHAO) != guest


def test_the_trail_keeps_its_chain_and_says_why(house):
    guest = gone(house)
    erase(house, guest)
    entries = house.ask(
        lambda s: s.scalars(select(AuditEntry.changes).where(AuditEntry.action == "stays:erase")).all()
    )
    assert {"erased": True, "reason": WHY} in entries
    rows = house.ask(log.entries, start=TODAY, end=TODAY)
    assert ("erased", "Zhang Li", f"G-{guest}: {WHY}") in [(r.kind, r.who, r.what) for r in rows]
    assert list(house.ask(lambda s: list(audit.broken_links(s, builders.SECRET)))) == []


def test_a_guest_with_another_stay_in_house_keeps_everything(house):
    guest = gone(house)
    again = arrive(house, "302", card("Zhao Min", ZHAO))
    with pytest.raises(Refused, match="the party in 302"):
        erase(house, guest)
    assert facts(house, guest)[1] == FACTS["phone"]
    leave(house, again)
    erase(house, guest)
    assert facts(house, guest) == ("Zhao Min", *EMPTY)


def test_a_sharer_who_left_alone_is_kept_until_the_party_has_left(house):
    stay = arrive(house, "301", card("Qian Li", QIAN), card("Zhao Min", ZHAO))
    guest = next(s.guest_id for s in house.ask(queries.sharers, stay_id=stay) if s.name == "Zhao Min")
    house.do(people.leave_alone, stay_id=stay, guest_id=guest)
    with pytest.raises(Refused, match="belongs to the party in 301"):
        erase(house, guest)
    leave(house, stay)
    erase(house, guest)
    left = registration(house, stay)
    assert ("****************2X" in left, "****************3X" in left) == (False, True)


def test_what_was_merged_into_a_record_goes_with_it(house):
    first = arrive(house, "301", card("Zhao Min", ZHAO, **FACTS))
    second = arrive(house, "302", passport("Zhao Min", "C01X00T47", "DEU"))
    guest, other = row(house, first).guest_id, row(house, second).guest_id
    for stay in (first, second):
        leave(house, stay)
    said = frozenset({f"merge:{guest}:{other}"})
    house.do(people.merge, guest_id=guest, other_id=other, confirmed=said)
    erase(house, guest)
    left = house.ask(lambda s: s.scalars(select(Sharer)).all())
    assert [(s.guest_id, s.document, s.document_shown, s.phone) for s in left] == [(guest, "", "", "")] * 2
    for stay in (first, second):
        assert not [told for told in ("*2X", "*47", FACTS["phone"]) if told in registration(house, stay)]
    assert house.ask(lambda s: s.scalars(select(GuestKey)).all()) == []


def test_a_booking_to_come_keeps_the_data(house):
    guest = gone(house)
    house.book("ZHAO MIN", start=TODAY + timedelta(days=9), phone="+86 138-0013-8000")
    with pytest.raises(Refused, match=r"R-2 of Zhao Min arrives on 29 Nov 2026"):
        erase(house, guest)
    other = gone(house, "Qian Li", QIAN, phone="13900139000")
    house.book("Qian Li", start=TODAY + timedelta(days=9))
    with pytest.raises(NeedsConfirmation, match="Is it somebody else") as asked:
        erase(house, other)
    erase(house, other, confirmed=frozenset({asked.value.token}))
    assert facts(house, other) == ("Qian Li", *EMPTY)


def test_bags_in_store_and_open_entries_of_lost_and_found_keep_the_data(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO, **FACTS))
    guest = row(house, stay).guest_id
    tag = house.do(luggage.store, stay_id=stay, pieces=1)
    number = house.do(
        lost.register, what="ring", finder="Liu", kept_in="safe", room="301", stay_id=stay, found_on=TODAY
    )
    leave_with(house, stay)
    with pytest.raises(Refused, match="Bags T-1 are still in store"):
        erase(house, guest)
    house.do(luggage.claim, number=tag)
    with pytest.raises(Refused, match="LF-1 of lost and found is still open"):
        erase(house, guest)
    house.do(lost.send_on, number=number, name="Zhao Min", address=FACTS["address"], carrier="SF Express")
    item = house.ask(lost_queries.one, number=number)
    out = house.ask(lost_queries.outcome, item_id=item.id)
    assert (out.detail, out.sent_to) == ("SF Express", FACTS["address"])
    assert FACTS["address"] in papers(house)
    erase(house, guest)
    kept = house.ask(lambda s: (s.scalars(select(LuggageTag)).one(), s.scalars(select(FoundItem)).one()))
    assert [(r.guest_name, r.phone) for r in kept] == [("Zhao Min", "")] * 2
    assert house.ask(lost_queries.outcome, item_id=item.id).sent_to == ""
    assert FACTS["address"] not in papers(house)
    assert "SF Express" in papers(house)


def leave_with(house: House, stay: int) -> None:
    """Check out whatever is still open."""
    said: frozenset[str] = frozenset()
    while True:
        try:
            house.do(stays.check_out, stay_id=stay, confirmed=said, intent=house.new_intent())
            return
        except NeedsConfirmation as asked:
            said |= {asked.token}


def papers(house: House) -> str:
    return str(house.ask(lambda s: s.scalars(select(PrintJob.slip)).all()))


def test_an_erased_guest_who_comes_back_is_a_new_matter(house):
    guest = gone(house)
    erase(house, guest)
    again = arrive(house, "302", replace(card("Zhao Min", ZHAO, **FACTS), guest_id=guest))
    assert row(house, again).guest_id == guest
    assert house.ask(guest_queries.one, guest_id=guest).erased_on is None
    assert facts(house, guest)[1] == FACTS["phone"]
    leave(house, again)
    erase(house, guest)
    assert facts(house, guest) == ("Zhao Min", *EMPTY)


# ------------------------------------------------------------------ who may
def test_who_may_not_alone_needs_the_owners_word_for_this_guest(house):
    guest, other = gone(house), gone(house, "Qian Li", QIAN, room="302")
    house.clerk = person(house, "manager")
    with pytest.raises(NeedsApproval) as asked:
        erase(house, guest)
    [reason] = asked.value.reasons
    assert reason.what == f"Erase the personal data of Zhao Min (guest record {guest})"
    assert facts(house, guest)[1] == FACTS["phone"]
    word: Approval = house.word(BOSS, asked.value)
    with pytest.raises(NeedsApproval):
        erase(house, other, approval=word)
    erase(house, guest, approval=word)
    assert (facts(house, guest), facts(house, other)[1]) == (("Zhao Min", *EMPTY), FACTS["phone"])


@pytest.mark.parametrize("role", ["clerk", "housekeeping", "attendant", "administrator"])
def test_a_role_without_the_right_erases_nobody(house, role):
    guest = gone(house)
    house.clerk = person(house, role)
    with pytest.raises(NotPermitted):
        erase(house, guest)
    assert facts(house, guest)[1] == FACTS["phone"]


def test_nobody_but_an_owner_starts_with_the_right_to_erase():
    assert {role for role, (_name, rights) in ROLES.items() if "guests:erase" in rights} == {"owner"}


# ------------------------------------------------------------------ each night
def later(house: House, days: int) -> None:
    for _day in range(days):
        house.next_day()


def test_each_night_takes_whoever_left_long_enough_ago_and_nobody_else(house, monkeypatch):
    monkeypatch.setattr(erasing, "AT_ONCE", 1)
    monkeypatch.setattr(erasing, "LOOKED_AT", 2)
    set_options(house, identity_days=1)
    coming = gone(house, "Wang Wei", "440524198001010013")
    first, second = gone(house), gone(house, "Qian Li", QIAN, phone="")
    never = house.do(guests.register, name="Sun Jun", phone="13700137000")
    in_house = arrive(house, "302", Person("Zhou Yi", phone="13600136000"))
    house.book("Wang Wei", start=TODAY + timedelta(days=20))
    assert house.do(erasing.erase_due) == 0
    later(house, 2)
    counts = []
    while count := house.do(erasing.erase_due):
        counts.append(count)
    assert all(facts(house, g)[1:] == EMPTY for g in (first, second, never))
    assert facts(house, coming)[1] == FACTS["phone"]
    assert facts(house, row(house, in_house).guest_id)[1] == "13600136000"
    assert len(counts) >= 3  # one guest in each transaction
    assert house.ask(lambda s: s.get(Guest, first)).erased_on == house.house().business_date


def test_a_batch_that_is_killed_is_done_the_next_time(house, monkeypatch):
    monkeypatch.setattr(erasing, "AT_ONCE", 1)
    set_options(house, identity_days=1)
    both = gone(house), gone(house, "Qian Li", QIAN)
    later(house, 2)
    assert house.do(erasing.erase_due) >= 1
    assert [facts(house, g)[1:] == EMPTY for g in both] == [True, False]
    cut = erasing.records.erase

    def killed(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(erasing.records, "erase", killed)
    with pytest.raises(KeyboardInterrupt):
        house.do(erasing.erase_due)
    assert facts(house, both[1])[1] == FACTS["phone"]  # whole, and not half of it
    assert "文三路" in papers(house)
    monkeypatch.setattr(erasing.records, "erase", cut)
    while house.do(erasing.erase_due):
        pass
    assert [facts(house, g)[1:] == EMPTY for g in both] == [True, True]
    assert "文三路" not in papers(house)


def test_bookings_bags_and_losses_of_people_who_never_stayed_are_emptied_too(house):
    set_options(house, identity_days=1, luggage_outside=True)
    line = house.book("Wu Di", phone="13500135000")
    house.do(reservations.cancel, line_id=line, reason="ill")
    tag = house.do(luggage.store, guest_name="Passer-by", phone="13400134000", pieces=1)
    kept = house.do(luggage.store, guest_name="Passer-by", phone="13300133000", pieces=1)
    house.do(luggage.claim, number=tag)
    report = house.do(lost.report, what="ring", name="Caller", phone="13200132000")
    house.do(lost.close_report, number=report, result="not found")
    later(house, 4)
    while house.do(erasing.erase_due):
        pass
    assert house.ask(lambda s: s.scalars(select(Reservation.phone)).all()) == [""]
    told = house.ask(lambda s: dict(s.execute(select(LuggageTag.number, LuggageTag.phone)).all()))
    assert told == {tag: "", kept: "13300133000"}
    assert house.ask(lost_queries.one, number=report, report=True).phone == ""


def test_keys_and_drafts_are_kept_for_their_time_only(house):
    house.do(drafts.keep, word="check_in", what={}, about="Zhao", typed={"phone": "138"})
    gone(house)

    def count() -> tuple[int, int]:
        drafts_kept = "SELECT count(*) FROM draft"
        return house.ask(
            lambda s: (len(s.scalars(select(Intent)).all()), s.execute(text(drafts_kept)).scalar())
        )

    assert count()[0] > 0
    house.do(erasing.erase_due)
    assert (count()[0] > 0, count()[1]) == (True, 1)
    later(house, 8)
    before = house.ask(lambda s: s.scalars(select(Intent.at)).all())
    house.do(erasing.erase_due)
    after = house.ask(lambda s: s.scalars(select(Intent.at)).all())
    assert len(after) < len(before)
    assert all(at >= house.now() - timedelta(days=7) for at in after)
    assert count()[1] == 0


def test_closed_days_do_not_change(house):
    stay = arrive(house, "301", card("Zhao Min", ZHAO, **FACTS))
    house.do(folios.charge, stay_id=stay, code="MINIBAR", amount=Money(900), intent="m")
    house.next_day()
    with house.engine.connect() as connection:
        books = lambda: {  # noqa: E731
            table: connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).all()
            for table in ("transfer", "night_stay", "night_figure", "night_part", "stay")
        }
        owed = Paid("CASH", Money(30700))
        house.do(stays.check_out, stay_id=stay, payments=[owed], intent="out")
        before = books()
        connection.rollback()
        erase(house, house.ask(lambda s: s.get(Stay, stay).guest_id))
        assert books() == before
