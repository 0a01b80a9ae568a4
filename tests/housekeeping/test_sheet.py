"""The status sheet: recorded as typed, shared, signed, frozen; and what differs is found, paired and
cleared."""

from datetime import timedelta

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from pms.core import i18n
from pms.core.errors import Conflict, NeedsApproval, NotPermitted, Refused
from pms.core.office import Clerk
from pms.duties import ROLES
from pms.printing import pdf
from pms.services.guests.person import Person
from pms.services.housekeeping import queries, service
from pms.services.housekeeping.duty import SEEN_FIRST
from pms.services.housekeeping.service import Seen
from pms.services.print_jobs import queries as print_queries
from pms.services.property import service as property_service
from pms.services.room_board import queries as board_queries
from pms.services.rooms import service as rooms
from pms.services.staff import service as staff
from pms.services.stays import service as stays
from tests import builders
from tests.builders import TODAY, House

DAY = timedelta(days=1)
COLUMNS = (
    "sheet_id, room_id, number, floor, type_code, version, desk_persons, desk_clean, desk_block, persons, "
    "clean, remarks, odd, taken, before, at, by"
)


def lead(house: House) -> House:
    """Let the housekeeping lead work here."""
    who = house.do(
        staff.take_on, login="he", name="He Jiayi", password=builders.PASSWORD, role="housekeeping"
    )
    house.clerk = Clerk(who, "He Jiayi", "housekeeping", ROLES["housekeeping"][1])
    return house


def boss(house: House) -> Clerk:
    return Clerk(1, "Zhang Li", "owner", ROLES["owner"][1])


def open_sheet(house: House, part: str = "AM") -> int:
    return house.do(service.open_sheet, business_date=house.house().business_date, part=part)


def line(house: House, sheet: int, number: str) -> queries.Line:
    return next(x for x in house.ask(queries.lines, sheet_id=sheet) if x.number == number)


def see(house: House, sheet: int, number: str, persons: int | None, clean: str = "clean", **fields):
    """Type one room over what the sheet shows now."""
    now = line(house, sheet, number)
    [answer] = house.do(
        service.record, sheet_id=sheet, rooms=[Seen(now.room_id, now.version, persons, clean, **fields)]
    )
    return answer


def see_all(house: House, sheet: int) -> None:
    """Record every missing room as the desk has it."""
    todo = [x for x in house.ask(queries.lines, sheet_id=sheet) if not x.recorded]
    house.do(
        service.record,
        sheet_id=sheet,
        rooms=[Seen(x.room_id, 0, x.desk_persons or 0, x.desk_clean, x.remarks) for x in todo],
    )


def check_in(house: House, number: str, adults: int = 1) -> int:
    house.clerk, held = boss(house), house.clerk
    stay = house.do(
        stays.walk_in,
        room_id=house.room_id(number),
        departure=TODAY + 2 * DAY,
        guests=[Person("Chen Zhiyuan")],
        adults=adults,
        plan_id=1,
        intent=house.new_intent(),
    )
    house.clerk = held
    return stay


def odd(house: House, number: str) -> str:
    """Return what the board shows."""
    return next(t.odd for t in house.ask(board_queries.board) if t.number == number)


def test_a_sheet_holds_every_room_in_rack_order_as_the_desk_has_it(house):
    stay = check_in(house, "302", adults=2)
    house.do(rooms.set_clean, room_ids=[house.room_id("203")], clean="dirty")
    house.do(
        rooms.block, room_id=house.room_id("304"), kind="OOO", reason="leak", start=TODAY, end=TODAY + DAY
    )
    found = house.ask(queries.lines, sheet_id=open_sheet(house))
    assert stay
    assert [x.number for x in found] == ["201", "202", "203", "204", "301", "302", "303", "304"]
    assert {
        x.number: (x.desk_persons, x.desk_clean, x.desk_block)
        for x in found
        if x.number in ("203", "302", "304")
    } == {"203": (None, "dirty", ""), "302": (2, "clean", ""), "304": (None, "clean", "OOO")}
    assert not any(x.recorded for x in found)


def test_a_row_is_saved_as_typed_and_the_board_shows_the_difference(house):
    lead(house)
    check_in(house, "301", adults=2)
    sheet = open_sheet(house)
    assert see(house, sheet, "301", 2).odd == ""
    assert see(house, sheet, "302", 1).odd == "sleep"
    assert see(house, sheet, "301", 0, "dirty").odd == "skip"
    assert (odd(house, "301"), odd(house, "302")) == ("skip", "sleep")
    assert see(house, sheet, "301", 3).odd == "person"
    tile = next(t for t in house.ask(board_queries.board) if t.number == "301")
    assert (tile.odd, tile.clean) == ("person", "clean")
    assert line(house, sheet, "301").by == "He Jiayi"


def test_cleanliness_and_remarks_go_to_the_room(house):
    lead(house)
    sheet = open_sheet(house)
    see(house, sheet, "301", 0, "inspected", remarks=("slept_out", "dnd", "nonsense"))
    room = line(house, open_sheet(house, "PM"), "301")
    assert (room.desk_clean, room.remarks) == ("inspected", ("dnd", "slept_out"))


def test_only_who_may_inspect_passes_a_room(house):
    sheet = open_sheet(house)
    role = ROLES["housekeeping"][1] - {"rooms:inspect"}
    who = house.do(staff.take_on, login="li", name="Li", password=builders.PASSWORD, role="housekeeping")
    house.do(staff.edit_role, code="housekeeping", rights=sorted(role))
    house.clerk = Clerk(who, "Li", "housekeeping", role)
    answer = see(house, sheet, "301", 0, "inspected")
    assert "may not pass" in answer.refused
    assert not line(house, sheet, "301").recorded


def test_undo_gives_the_room_back_as_it_was(house):
    house.do(rooms.set_clean, room_ids=[house.room_id("301")], clean="dirty")
    house.do(rooms.report_seen, room_id=house.room_id("301"), persons=0)
    sheet = open_sheet(house)
    see(house, sheet, "301", 1, "clean", remarks=("dnd",))
    assert odd(house, "301") == "sleep"
    see(house, sheet, "301", None)
    now = line(house, sheet, "301")
    assert (now.recorded, now.version, now.desk_clean, now.remarks, odd(house, "301")) == (
        False,
        0,
        "dirty",
        (),
        "",
    )


def test_two_leads_on_one_sheet_lose_nothing(house, engine: Engine):
    lead(house)
    other = builders.office(engine, found=False)
    other.station = "floor-2"
    sheet = open_sheet(house)
    assert open_sheet(other) == sheet
    first, second = line(house, sheet, "301"), line(other, sheet, "301")
    house.do(service.record, sheet_id=sheet, rooms=[Seen(first.room_id, first.version, 1)])
    answers = other.do(
        service.record,
        sheet_id=sheet,
        rooms=[Seen(second.room_id, second.version, 0), Seen(house.room_id("302"), 0, 2)],
    )
    assert "He Jiayi" in answers[0].refused
    assert answers[1].odd == "sleep"
    assert (line(house, sheet, "301").persons, line(house, sheet, "302").persons) == (1, 2)
    assert see(other, sheet, "301", 0).odd == ""


def test_a_room_that_does_not_exist_is_told_and_the_others_are_kept(house):
    sheet = open_sheet(house)
    answers = house.do(
        service.record, sheet_id=sheet, rooms=[Seen(99999, 0, 0), Seen(house.room_id("301"), 0, 0)]
    )
    assert "does not exist" in answers[0].refused
    assert line(house, sheet, "301").recorded
    assert "0 to 20 persons" in see(house, sheet, "302", 21).refused


def test_no_sheet_for_a_past_date_and_none_is_typed_on_after_the_audit(house):
    sheet = open_sheet(house)
    see(house, sheet, "301", 0)
    with pytest.raises(Refused, match="business date is 20 Nov 2026"):
        house.do(service.open_sheet, business_date=TODAY - DAY, part="AM")
    with pytest.raises(Refused, match="morning sheet and an evening sheet"):
        house.do(service.open_sheet, business_date=TODAY, part="NOON")
    house.next_day()
    with pytest.raises(Refused, match="What was typed is kept"):
        see(house, sheet, "302", 0)
    assert [(s.business_date, s.recorded) for s in house.ask(queries.sheets, since=TODAY)] == [(TODAY, 1)]


def test_signing_names_the_missing_rooms_then_freezes_and_prints(house, engine: Engine):
    lead(house)
    sheet = open_sheet(house)
    see(house, sheet, "201", 2)
    with pytest.raises(Refused, match="202, 203, 204, 301, 302, 303, 304"):
        house.do(service.sign, approval=house.clerk, sheet_id=sheet)
    see_all(house, sheet)
    with pytest.raises(NeedsApproval, match="nobody can change it"):
        house.do(service.sign, sheet_id=sheet)
    house.do(service.sign, approval=house.clerk, sheet_id=sheet)
    with pytest.raises(Conflict, match="signed at 14:30"):
        see(house, sheet, "201", 0)
    with pytest.raises(Conflict, match="already"):
        house.do(service.sign, approval=house.clerk, sheet_id=sheet)
    assert [(j.kind, j.number) for j in house.ask(print_queries.jobs) if j.kind == "status_sheet"] == [
        ("status_sheet", "1120-AM")
    ]
    check_in(house, "202")
    assert line(house, sheet, "202").desk_persons is None


def test_a_signature_needs_the_right_and_a_fresh_password(house):
    sheet = open_sheet(house)
    see_all(house, sheet)
    number = house.do(staff.take_on, login="wang", name="Wang", password=builders.PASSWORD, role="clerk")
    with pytest.raises(NeedsApproval, match="Sign the sheet"):
        house.do(service.sign, approval=Clerk(number, "Wang", "clerk", ROLES["clerk"][1]), sheet_id=sheet)
    with pytest.raises(NeedsApproval) as asked:
        house.do(service.sign, sheet_id=sheet)
    old = house.word(house.clerk, asked.value)
    house.clock.now += timedelta(seconds=61)
    with pytest.raises(NeedsApproval, match="Sign the sheet"):
        house.do(service.sign, approval=old, sheet_id=sheet)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE status_sheet SET part = 'PM'",
        "DELETE FROM status_sheet",
        "UPDATE status_row SET persons = 5",
        "DELETE FROM status_row",
        f"INSERT INTO status_row ({COLUMNS}, id) SELECT {COLUMNS}, id + 100 FROM status_row",
        "UPDATE clearing SET reason = 'x'",
        "DELETE FROM clearing",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_signed(house, engine: Engine, statement):
    sheet = open_sheet(house)
    see(house, sheet, "301", 1)
    house.do(service.clear, room_ids=[house.room_id("301")], action="staff", reason="plumber")
    see_all(house, sheet)
    house.do(service.sign, approval=house.clerk, sheet_id=sheet)
    with pytest.raises(DBAPIError, match="frozen|never changed"), engine.begin() as connection:
        connection.execute(text(statement))


def test_a_check_in_a_check_out_or_a_move_makes_the_old_sighting_void(house):
    stay = check_in(house, "301")
    sheet = open_sheet(house)
    see(house, sheet, "301", 1)
    see(house, sheet, "302", 0)
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("302"), reason="quiet")
    assert (odd(house, "301"), odd(house, "302")) == ("", "")
    see(house, sheet, "302", 1)
    house.next_day()
    house.do(stays.extend, stay_id=stay, departure=TODAY + 3 * DAY)
    assert odd(house, "302") == ""


def test_a_skip_and_a_sleep_of_the_same_heads_are_offered_as_one_move(house):
    stay = check_in(house, "301", adults=2)
    sheet = open_sheet(house)
    for number, persons in (("301", 0), ("303", 2), ("204", 2), ("201", 1)):
        see(house, sheet, number, persons)
    [move] = queries.likely_moves(house.ask(queries.differences))
    assert (move.out_of.number, move.into.number, move.out_of.stay_id) == ("301", "303", stay)
    house.do(stays.change_room, stay_id=stay, room_id=house.room_id("303"), reason="as housekeeping found")
    assert [d.number for d in house.ask(queries.differences)] == ["201", "204"]


def test_a_difference_is_cleared_with_action_and_reason_by_who_may(house):
    stay = check_in(house, "301")
    sheet = open_sheet(house)
    see(house, sheet, "301", 0)
    room = house.room_id("301")
    for fields, words in (
        ({"action": "slept_out", "reason": " "}, "Say why"),
        ({"action": "staff", "reason": "x"}, "Choose what explains"),
    ):
        with pytest.raises(Refused, match=words):
            house.do(service.clear, room_ids=[room], **fields)
    clerk = house.do(staff.take_on, login="wang", name="Wang", password=builders.PASSWORD, role="clerk")
    house.clerk = Clerk(clerk, "Wang", "clerk", ROLES["clerk"][1])
    with pytest.raises(NeedsApproval):
        house.do(service.clear, room_ids=[room], action="slept_out", reason="called the guest")
    with pytest.raises(NotPermitted):
        open_sheet(house)
    house.do(
        service.clear,
        approval=builders.BOSS,
        room_ids=[room],
        action="slept_out",
        reason="called the guest",
    )
    assert house.ask(queries.differences) == []
    [row] = house.ask(queries.cleared, business_date=TODAY)
    assert (row.number, row.kind, row.desk_persons, row.seen_persons, row.action, row.reason) == (
        "301",
        "skip",
        1,
        0,
        "slept_out",
        "called the guest",
    )
    with pytest.raises(Conflict, match="no longer differs"):
        house.do(
            service.clear,
            approval=builders.BOSS,
            room_ids=[room],
            action="slept_out",
            reason="x",
        )
    assert stay


def seen_first(house: House) -> None:
    """Let the hotel have rooms seen before the desk's state is shown."""
    rules = house.context_options().changing(SEEN_FIRST, True)
    house.do(property_service.edit, name=house.house().name, options=rules)


def test_a_hotel_may_have_rooms_seen_before_the_desks_state_is_shown(house):
    check_in(house, "301", adults=2)
    house.do(rooms.set_clean, room_ids=[house.room_id("203")], clean="dirty")
    seen_first(house)
    page = house.ask(queries.page, day=TODAY, part="AM")
    assert page.seen_first
    assert {(x.desk_persons, x.desk_clean, x.desk_block, x.remarks) for x in page.lines} == {
        (None, "", "", ())
    }
    sheet = open_sheet(house)
    answer = see(house, sheet, "301", 1)
    assert (answer.odd, answer.desk) == ("person", (2, "clean", ""))
    shown = {x.number: x for x in house.ask(queries.page, day=TODAY, part="AM").lines}
    assert (shown["301"].desk_persons, shown["301"].hidden) == (2, False)
    assert (shown["203"].desk_clean, shown["203"].hidden) == ("", True)
    answer = see(house, sheet, "203", 0, "dirty", taken=True)
    assert "203: in this hotel what was seen is entered first" in answer.refused
    assert not line(house, sheet, "203").recorded


def test_the_signature_says_how_many_rooms_were_taken_as_the_desk_has_them(house):
    sheet = open_sheet(house)
    todo = [x for x in house.ask(queries.lines, sheet_id=sheet) if x.number != "201"]
    seen = [Seen(x.room_id, 0, 0, x.desk_clean, x.remarks, taken=True) for x in todo]
    house.do(service.record, sheet_id=sheet, rooms=seen)
    see(house, sheet, "201", 0)
    see(house, sheet, "202", 0, remarks=("dnd",))  # taken first, then looked into
    with pytest.raises(NeedsApproval, match="6 of 8 rooms were taken as the desk has them"):
        house.do(service.sign, sheet_id=sheet)
    house.do(service.sign, approval=house.clerk, sheet_id=sheet)
    [shown] = house.ask(queries.sheets, since=TODAY)
    assert (shown.recorded, shown.taken) == (8, 6)
    [job] = [j for j in house.ask(print_queries.jobs) if j.kind == "status_sheet"]
    document = PdfDocument(pdf.render(house.ask(print_queries.stored, job_id=job.id)))
    printed = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    assert [w for w in ("As the desk has it, unchanged", "6 / 8") if w not in " ".join(printed.split())] == []


def test_a_sheet_older_than_the_count_says_nothing_of_it(house, engine: Engine):
    sheet = open_sheet(house)
    see_all(house, sheet)
    with engine.begin() as connection:
        connection.execute(text("UPDATE status_row SET taken = NULL"))
    [shown] = house.ask(queries.sheets, since=TODAY)
    assert shown.taken is None
    with pytest.raises(NeedsApproval) as asked:
        house.do(service.sign, sheet_id=sheet)
    assert "as the desk has" not in str(asked.value)


def test_a_stronger_line_stands_after_five_rooms_and_after_a_floor():
    assert queries.guides([2] * 7 + [3] * 5 + [4]) == {4, 6, 11, 12}
    assert queries.guides([]) == frozenset()


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_the_sheet_prints_every_room_and_what_differs(house, lang):
    check_in(house, "301", adults=2)
    sheet = open_sheet(house)
    see(house, sheet, "301", 0, "dirty", remarks=("light_luggage",))
    see(house, sheet, "303", 2)
    see_all(house, sheet)
    i18n.use(lang)
    house.do(service.print_sheet, sheet_id=sheet)
    i18n.use("en")
    [job] = [j for j in house.ask(print_queries.jobs) if j.kind == "status_sheet"]
    document = PdfDocument(pdf.render(house.ask(print_queries.stored, job_id=job.id)))
    printed = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    english = ("not signed", "light luggage", "Sleep", "Skip", "room change to 303")
    words = english if lang == "en" else ("未签名", "轻便行李", "虚空", "虚住", "换房到 303")
    assert [w for w in (*words, "201", "304", "Chen Zhiyuan") if w not in printed] == []


def test_what_differs_and_unsigned_sheets_go_into_the_handover(house):
    sheet = open_sheet(house)
    see(house, sheet, "301", 1)
    items = house.ask(queries.open_items)
    assert [(i.number, i.since is not None) for i in items] == [("301", True), ("20 Nov AM", True)]
    assert [b.count for b in house.ask(queries.badges)] == [1]
