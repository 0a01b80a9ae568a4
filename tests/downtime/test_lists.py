"""The lists that are told when the server is away: sealed, for whom, of which moment, and written down
afterwards. On both engines."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event

from pms.core.errors import Refused
from pms.db.keys import derive
from pms.db.office import NOBODY
from pms.services.downtime import keeper, lists, sealing
from pms.services.downtime.away import Away
from pms.services.downtime.keeper import OUTLIVED, Kept, ListKeeper
from pms.services.guests.person import Person
from pms.services.staff import log
from pms.services.staff import service as staff
from pms.services.stays import erasing, people, queries
from pms.services.stays import service as stays
from tests import builders
from tests.authority.people import person
from tests.builders import DAY, PASSWORD, SECRET, TODAY
from tests.stays.test_evacuation import Everything

OTHER = bytes(range(9, 41))


@pytest.fixture
def busy(house):
    """Wang Yaqin is in 301, Hu Ming in 202 is not to be disclosed, Zhou Yi is to come; a clerk,
    an attendant and an administrator have set their passwords."""
    house.do(stays.check_in, line_id=house.book("Wang Yaqin"), room_id=house.room_id("301"), intent="in")
    hidden = house.do(
        stays.walk_in,
        room_id=house.room_id("202"),
        departure=TODAY + DAY,
        guests=[Person("Hu Ming")],
        plan_id=1,
        confirmed=Everything(),
        intent="walk",
    )
    guest = house.ask(queries.sharers, stay_id=hidden)[0].guest_id
    house.do(people.mark, guest_id=guest, do_not_disclose=True)
    house.book("Zhou Yi")
    for role in ("clerk", "attendant", "administrator"):
        person(house, role)
    builders.settle(house)
    person(house, "supervisor")  # whose password somebody else has set
    return house


@pytest.fixture
def kept(tmp_path, busy):
    return Kept(tmp_path / "lists", SECRET, busy.clock)


@pytest.fixture
def away(busy, kept, tmp_path):
    ListKeeper(busy, kept).write()
    return Away(kept, tmp_path / "paper", busy.clock)


def stored(kept):
    return kept._file.read_bytes()


def test_rooms_and_numbers_open_with_the_hotels_key_and_nothing_else_does(away, kept):
    found = away.lists()
    assert [(row.room, row.people) for row in found.lodged] == [("202", 1), ("301", 1)]
    opened = json.dumps([sealing.unseal(stored(kept), SECRET).__dict__], default=str, ensure_ascii=False)
    for name in ("Wang", "Hu Ming", "Zhou", "argon2id$v=19$m=64,t=1,p=1$"):
        assert name.encode() not in stored(kept)
    assert "Wang" not in opened
    assert "Zhou" not in opened
    assert sealing.unseal(stored(kept), OTHER) is None
    assert sealing.unseal(stored(kept)[:-9] + b"AAAAAAAA=", SECRET) is None


def test_no_hash_of_a_password_stands_in_the_file(busy, kept, away):
    from sqlalchemy import select

    from pms.services.staff.models import Staff

    text = sealing.unseal(stored(kept), SECRET)
    digests = [row.rpartition("$")[2] for row in busy.ask(lambda s: s.scalars(select(Staff.password)).all())]
    assert len(digests) == 5
    for digest in digests:
        assert digest not in json.dumps(text._people)


def test_a_password_opens_what_its_person_may_read(away):
    clerk = away.open_for("clerk", PASSWORD)
    assert clerk.name == "Clerk"
    assert [(r.room, r.listed) for r in clerk.residents] == [
        ("202", "Do not disclose"),
        ("301", "Wang Yaqin"),
    ]
    assert [e.listed for e in clerk.expected] == ["Zhou Yi"]
    by_room = {r.room: clerk.standing[r.number] for r in clerk.residents}
    assert by_room.keys() == {"202", "301"}
    assert len(clerk.rooms) == 8
    attendant = away.open_for(" Attendant ", PASSWORD)
    assert (attendant.residents, attendant.expected, attendant.standing) == (None, None, None)
    assert {r.number for r in attendant.rooms if r.occupied} == {"202", "301"}
    assert away.open_for("administrator", PASSWORD).empty
    assert away.open_for("supervisor", PASSWORD).empty  # somebody else knows this password


def test_a_name_not_to_be_disclosed_never_reaches_the_file(busy, kept, away):
    found = busy.look(lists.read, station="desk-1", now=busy.now())
    assert "Hu Ming" not in "".join(lists.parts(found).values())
    assert "Wang Yaqin" in lists.parts(found)["guests"]


def test_balances_are_those_of_the_books(busy, away):
    books = {
        row.number: (row.balance, row.deposit) for row in busy.ask(queries.in_house, business_date=TODAY)
    }
    opened = away.open_for("boss", PASSWORD)
    assert {n: (s.balance, s.deposit) for n, s in opened.standing.items()} == books


def test_wrong_passwords_wait_longer_and_longer_and_are_told_afterwards(busy, kept, tmp_path):
    seconds = [100.0]
    ListKeeper(busy, kept).write()
    away = Away(kept, tmp_path / "paper", busy.clock, lambda: seconds[0])
    for _n in range(3):
        with pytest.raises(Refused, match="Name or password"):
            away.open_for("clerk", "a wrong one")
    with pytest.raises(Refused, match="Wait 2 s"):
        away.open_for("clerk", PASSWORD)
    with pytest.raises(Refused, match="Wait 2 s"):
        away.open_for("somebody else", PASSWORD)
    seconds[0] += 2.1
    with pytest.raises(Refused, match="Name or password"):
        away.open_for("nobody there", PASSWORD)
    with pytest.raises(Refused, match="Wait 4 s"):
        away.open_for("clerk", PASSWORD)
    seconds[0] += 4.1
    assert away.open_for("clerk", PASSWORD).name == "Clerk"
    ListKeeper(busy, kept).write()
    told = [r for r in busy.ask(log.entries, start=TODAY, end=TODAY, refusals=True) if r.kind == "password"]
    assert sorted(r.what.split(",")[0] for r in told) == ["clerk", "clerk", "clerk", "nobody there"]


def test_what_was_seen_and_printed_is_in_the_access_log_once(busy, kept, away, tmp_path):
    opened = away.open_for("clerk", PASSWORD)
    away.print_in_house(away.lists(), opened)
    assert away.print_evacuation() == 2
    assert b"Clerk" not in kept._seen.read_bytes()
    with kept._seen.open("a") as file:
        file.write("half a li")  # the power went
    before = kept.noted()
    busy.clerk = NOBODY
    ListKeeper(busy, kept).write()
    assert kept.noted() == []
    for seen in before:
        kept.note(seen)  # killed after it was told, before it was removed
    ListKeeper(busy, kept).write()
    rows = [
        (r.kind, r.who, r.what.split(",")[0])
        for r in busy.ask(log.entries, start=TODAY, end=TODAY, refusals=False)
        if "without the server" in r.what
    ]
    assert sorted(rows) == [
        ("away", "Clerk", "The lists were opened"),
        ("evacuation", "", "2 people"),
        ("printed", "Clerk", "In-house list"),
    ]
    assert sorted(p.name.partition("-")[2].partition("-")[2] for p in (tmp_path / "paper").iterdir()) == [
        "evacuation.pdf",
        "in_house_list.pdf",
    ]


def test_the_lists_say_of_which_moment_they_are(busy, away):
    head = away.lists().head
    busy.clock.now += timedelta(minutes=4, seconds=10)
    assert away.age(head) == "As of 14:30, 4 minutes ago."
    away.server(answers=False)
    busy.clock.now += timedelta(minutes=30)
    away.server(answers=False)  # still: the first moment counts
    assert away.age(head) == "As of 14:30, 4 minutes before the server stopped answering."
    busy.clock.now += timedelta(hours=12)
    away.server(answers=True)
    assert away.age(head) == "As of 20 Nov 14:30, 12 hours ago."


def test_lists_of_more_than_a_day_ago_are_removed(busy, kept, away):
    busy.clock.now += OUTLIVED
    assert away.lists()
    busy.clock.now += timedelta(seconds=1)
    with pytest.raises(Refused, match="no lists of the last day"):
        away.lists()
    assert not kept._file.exists()


def test_who_has_left_and_is_erased_is_gone_with_the_next_writing(busy, kept, away):
    stay = next(r for r in away.open_for("boss", PASSWORD).residents if r.room == "301").number
    row = next(r for r in busy.ask(queries.in_house, business_date=TODAY) if r.number == stay)
    busy.do(stays.check_out, stay_id=row.stay_id, unsettled="later", confirmed=Everything(), intent="out")
    busy.do(erasing.erase, guest_id=row.guest_id, reason="asked for it", intent="erase")
    ListKeeper(busy, kept).write()
    found = away.open_for("boss", PASSWORD)
    assert "Wang Yaqin" not in repr(found)
    assert [r.room for r in found.residents] == ["202"]
    assert [p.name for p in kept._file.parent.iterdir() if p.name.startswith("lists")] == [kept._file.name]


def test_who_is_sent_away_or_changes_the_password_opens_only_what_was_written_before(busy, kept, away):
    busy.do(staff.edit, staff_id=2, name="Clerk", role="clerk", active=False)
    assert away.open_for("clerk", PASSWORD)
    ListKeeper(busy, kept).write()
    with pytest.raises(Refused, match="Name or password"):
        away.open_for("clerk", PASSWORD)


def test_the_lists_are_read_in_a_few_statements(busy):
    asked = []
    event.listen(busy.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    busy.look(lists.read, station="desk-1", now=busy.now())
    assert 0 < len(asked) <= 12


def test_another_key_of_the_same_hotel_opens_nothing(kept, away):
    assert sealing.unseal(stored(kept), derive(SECRET).chain) is None


def test_lists_that_cannot_be_written_are_told_once_and_their_return_too(busy, tmp_path):
    place = tmp_path / "lists"
    place.write_text("a file where the folder should be")
    told = []
    writing = ListKeeper(busy, Kept(place, SECRET, busy.clock), told.append)
    assert not writing.look()
    assert not writing.look()
    [words] = told
    assert "cannot be written here" in words
    place.unlink()
    assert writing.look()
    assert writing.look()
    assert told == [words, ""]


def test_as_long_as_the_server_answers_the_lists_are_less_than_five_minutes_old():
    most_to_read, most_waited = 10.0, keeper.EVERY + 2 * keeper.AGAIN
    assert most_waited + most_to_read < 300
