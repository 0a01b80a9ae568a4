"""What the index says a duty serves of the hotel's handbook, it serves whole: the page it is worked on, the
operations that do it, the tests that show it."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

from pms import duties
from tests.test_house_rules import OPERATIONS, called

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Served:
    """Where a line of the handbook is worked (words of pages), by which operations (``duty:operation``), and
    what shows it (``file:test``)."""

    pages: tuple[str, ...]
    operations: tuple[str, ...]
    tests: tuple[str, ...]


SERVED = {
    "F08": Served(  # lost property: registered, kept, checked, given back
        ("lost_found",),
        (
            "lost_found:register",
            "lost_found:move",
            "lost_found:report",
            "lost_found:match",
            "lost_found:contact",
            "lost_found:give_back",
            "lost_found:send_on",
            "lost_found:hand_to_police",
            "lost_found:dispose",
        ),
        (
            "lost_found/test_lost_found:test_a_find_is_written_down_with_slip_place_and_keeping_time",
            "lost_found/test_lost_found:test_an_item_is_given_back_once_against_a_document_of_which_the_mask_"
            "is_kept",
            "lost_found/test_lost_found:test_nothing_is_disposed_of_before_its_time",
        ),
    ),
    "F12": Served(  # shop goods sold, and counted blind at the handover
        ("shop", "shifts"),
        ("shop:sell", "shop:take_back", "shop:receive", "shop:issue", "shifts:count_shop"),
        (
            "shop/test_shop:test_a_cash_sale_moves_goods_and_money_and_opens_the_drawer",
            "shop/test_shop:test_a_sale_to_a_room_stands_on_the_folio_line_by_line_and_is_signed",
            "e2e/test_trades_day:test_a_morning_and_an_evening_are_worked_by_keys_and_handed_over",
        ),
    ),
    "F14": Served(  # debts chased with log and notices, the day's revenue, the shift handed over
        ("chasing", "reports", "shifts"),
        (
            "chasing:call",
            "chasing:notify",
            "chasing:extend_and_take",
            "chasing:allow",
            "chasing:show_phone",
            "reports:print_reports",
            "shifts:count",
            "shifts:take_over",
        ),
        (
            "stays/test_lasting:test_the_hour_is_the_one_from_which_a_check_out_would_owe_more",
            "chasing/test_chasing:test_the_worst_stands_first_with_its_hour_and_its_sum",
            "chasing/test_chasing:test_a_promise_is_kept_by_paying_and_is_told_when_its_time_is_past",
            "chasing/test_chasing:test_a_notice_names_deposit_spent_owed_and_until_when_to_pay",
            "chasing/test_chasing:test_what_is_left_at_two_goes_to_the_duty_manager_until_it_is_dealt_with",
            "chasing/test_screen:test_a_guest_is_extended_and_the_deposit_taken_in_five_keys",
            "reports/test_reports:test_the_revenue_papers_sums_are_the_raw_ledgers",
            "shifts/test_shifts:test_the_next_person_takes_over_with_every_item_accepted_one_by_one",
        ),
    ),
    "F20": Served(  # the handover by the rule, and what was handed over followed up
        ("shifts", "messages"),
        (
            "shifts:open_shift",
            "shifts:count",
            "shifts:close",
            "shifts:take_over",
            "messages:write",
            "messages:close",
            "messages:reopen",
        ),
        (
            "shifts/test_shifts:test_the_next_person_takes_over_with_every_item_accepted_one_by_one",
            "messages/test_messages:test_an_entry_is_written_handed_over_and_closed",
        ),
    ),
    "H03": Served(  # the status sheet, twice a day, signed
        ("housekeeping",),
        ("housekeeping:record", "housekeeping:sign", "housekeeping:print_sheet", "housekeeping:clear"),
        (
            "housekeeping/test_sheet:test_signing_names_the_missing_rooms_then_freezes_and_prints",
            "housekeeping/test_screen:test_a_hundred_rooms_with_twenty_that_differ_take_at_most_160_keys",
        ),
    ),
    "D01": Served(  # authority handed over for a period, every use recorded, reported by person and kind
        ("authority", "delegations", "approvals"),
        ("authority:give", "authority:withdraw", "approvals:print_uses"),
        (
            "authority/test_delegation:test_a_right_is_lent_for_the_period_and_its_use_is_written_down",
            "authority/test_delegation:test_it_ends_when_it_is_taken_back_or_the_giver_loses_it",
            "authority/test_delegation:test_nobody_hands_over_what_they_do_not_have",
            "authority/test_delegations_screen:test_the_use_by_person_and_kind_prints",
        ),
    ),
    "D06": Served(  # findings summed up for training
        ("day_audit",),
        ("day_audit:note", "day_audit:look_into", "day_audit:close", "day_audit:print_register"),
        (
            "day_audit/test_day_audit:test_a_finding_is_closed_with_cause_and_training_and_never_changes_again",
            "day_audit/test_day_audit:test_counts_by_a_person_add_up_to_the_register",
        ),
    ),
    "C02": Served(  # stock counted, low stock asked for
        ("shop",),
        ("shop:count", "shop:print_count_sheet", "shop:request", "shop:receive", "shop:drop_request"),
        (
            "shop/test_shop:test_a_count_books_each_difference_with_its_reason_or_nothing",
            "shop/test_shop:test_low_stock_is_asked_for_once_and_the_delivery_closes_the_request",
        ),
    ),
    "F11": Served(  # damage at list price, signed for, waived by authority only, told to a leader of the desk
        ("damages",),
        ("damages:charge", "damages:see", "damages:add_item", "damages:edit_item"),
        (
            "damages/test_damages:test_a_damage_is_charged_at_the_lists_price_and_signed_for_in_four_parts",
            "damages/test_damages:test_less_than_the_price_needs_a_reason_and_authority",
            "damages/test_damages:test_one_who_leads_the_desk_is_told_at_once_until_they_have_seen_it",
            "damages/test_screen:test_a_damage_is_charged_by_keys",
        ),
    ),
    "C10": Served(  # wheelchairs and the like lent against a deposit
        ("rental",),
        (
            "rental:lend",
            "rental:extend",
            "rental:take_back",
            "rental:take_back_damaged",
            "rental:write_off",
            "rental:add_item",
            "rental:edit_item",
        ),
        (
            "rental/test_rental:test_an_item_is_lent_against_its_deposit_with_a_slip",
            "rental/test_rental:test_the_last_piece_brings_the_deposit_back_the_way_it_came",
            "rental/test_rental:test_what_is_lost_is_charged_at_its_price_and_is_the_houses_no_more",
            "rental/test_screen:test_an_item_is_lent_by_keys_and_taken_back",
        ),
    ),
}
CLAIMED = {number for duty in duties.DUTIES for number in duty.handbook}


def test_the_index_claims_what_is_served_and_nothing_else():
    assert set(SERVED) == CLAIMED


@pytest.mark.parametrize("number", sorted(SERVED))
def test_each_line_has_its_page_its_operations_and_its_tests(number):
    served = SERVED[number]
    claiming = [duty for duty in duties.DUTIES if number in duty.handbook]
    pages = {word for duty in claiming for word in (duty.word, *(word for word, _page in duty.pages))}
    assert set(served.pages) == pages & set(duties.screens(duties.DUTIES))
    for operation in served.operations:
        [where] = [place for place, found in OPERATIONS.items() if found.action == operation]
        assert where in called(), operation
    for shown in served.tests:
        file, test = shown.split(":")
        assert test in names_of(ROOT / "tests" / f"{file}.py"), shown


def names_of(file: Path) -> set[str]:
    """Return the names of a file's tests that assert something or expect a refusal."""
    found = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = ast.unparse(node)
            if "assert" in words or "raises" in words:
                found.add(node.name)
    return found
