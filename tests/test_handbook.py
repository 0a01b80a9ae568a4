"""What the index says a duty serves of the hotel's handbook, it serves whole: the page it is worked on, the
operations that do it, the tests that show it."""

import ast
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pms import duties
from tests.test_house_rules import OPERATIONS, called

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Served:
    """Where a line of the handbook is worked (words of pages), by which operations (``duty:operation``), what
    shows it (``file:test``), and on which papers; ``but`` is what of it another line brings."""

    pages: tuple[str, ...]
    operations: tuple[str, ...]
    tests: tuple[str, ...]
    papers: tuple[str, ...] = ()
    but: str = ""


WITH_PAPERS = {"F04", "F06", "F08", "F11", "F12", "F14", "F19", "F20", "H03", "C10"}
"""Lines that something is signed, handed out or filed for: each names its papers."""
SERVED = {
    "F04": Served(  # members: levels and what they give, cards, points, stored value, their price and hours
        ("members",),
        (
            "members:join",
            "members:add_level",
            "members:sell_card",
            "members:lose_card",
            "members:replace_card",
            "members:count_stay",
            "members:spend_points",
            "members:charge_up",
            "members:pay",
            "members:refund",
            "members:print_statement",
        ),
        (
            "members/test_screen:test_a_guest_becomes_a_member_with_a_card_on_the_room_by_keys",
            "members/test_screen:test_a_lost_card_is_reported_and_replaced_by_keys_for_a_waived_price",
            "members/test_screen:test_a_member_is_welcomed_at_check_in_and_named_in_house",
            "members/test_screen:test_stored_value_is_charged_used_and_refunded_by_keys",
            "members/test_points:test_a_stay_that_ended_and_is_paid_earns_once_times_the_level",
            "members/test_points:test_points_are_a_rebate_on_the_folio_and_come_back_once",
            "members/test_stored:test_the_paid_part_goes_back_the_way_it_came_and_takes_its_gift_along",
        ),
        papers=("member_card", "stored_receipt", "stored_slip", "stored_sheet"),
    ),
    "F06": Served(  # rooms changed, guests settled and gone, their records kept
        ("stays", "check_in", "party", "joined", "extend", "room_change", "price_change", "check_out"),
        (
            "stays:change_room",
            "stays:check_out",
            "stays:undo_check_out",
            "stays:settle_window",
            "stays:extend",
        ),
        (
            "stays/test_day:test_a_room_change_moves_nights_cards_and_history",
            "stays/test_day:test_a_late_departure_pays_half_a_day_and_says_why",
            "stays/test_day:test_a_mistaken_check_out_is_taken_back",
            "stays/test_day:test_no_more_than_the_deposit_goes_back",
            "debts/test_debts:test_what_a_signer_signs_for_is_owed_by_the_company",
            "e2e/test_bad_money:test_what_cannot_be_is_told_to_the_word_and_nothing_is_lost",
        ),
        papers=("room_change_slip", "registration_card", "bill", "deposit_receipt", "loss_declaration"),
        but="the room check, which comes with housekeeping's own line",
    ),
    "F19": Served(  # the night audit: discounts, invoices, transfer slips and vouchers against the accounts
        ("night_audit", "invoices"),
        (
            "night_audit:begin",
            "night_audit:mark",
            "night_audit:close",
            "invoices:want",
            "invoices:issue",
            "invoices:take_back",
            "folios:transfer_line",
        ),
        (
            "night_audit/test_checks:test_every_planted_irregularity_is_found",
            "night_audit/test_planted:test_a_planted_error_is_found_by_name_and_with_its_sum",
            "night_audit/test_who_did_it:test_every_check_says_who_did_it_or_why_nobody_did",
            "night_audit/test_close:test_the_audit_goes_step_by_step_and_can_be_taken_up_by_another_desk",
            "invoices/test_invoices:test_an_invoice_is_wanted_issued_and_taken_back",
            "folios/test_splitting:test_each_part_has_its_slip_with_number_from_to_lines_who_and_why",
        ),
        papers=("audit_rehearsal", "transfer_slip", "rebate_slip", "report_audit_record"),
    ),
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
        papers=("lost_found_slip", "lost_found_out"),
    ),
    "F12": Served(  # shop goods sold, and counted blind at the handover
        ("shop", "shifts"),
        ("shop:sell", "shop:take_back", "shop:receive", "shop:issue", "shifts:count_shop"),
        (
            "shop/test_shop:test_a_cash_sale_moves_goods_and_money_and_opens_the_drawer",
            "shop/test_shop:test_a_sale_to_a_room_stands_on_the_folio_line_by_line_and_is_signed",
            "e2e/test_trades_day:test_a_morning_and_an_evening_are_worked_by_keys_and_handed_over",
        ),
        papers=("shop_receipt", "handover_sheet"),
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
        papers=("debt_notice", "debt_slip", "report_revenue", "handover_sheet"),
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
        papers=("handover_sheet",),
    ),
    "H03": Served(  # the status sheet, twice a day, signed
        ("housekeeping",),
        ("housekeeping:record", "housekeeping:sign", "housekeeping:print_sheet", "housekeeping:clear"),
        (
            "housekeeping/test_sheet:test_signing_names_the_missing_rooms_then_freezes_and_prints",
            "housekeeping/test_screen:test_a_hundred_rooms_with_twenty_that_differ_take_at_most_160_keys",
        ),
        papers=("status_sheet",),
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
        papers=("damage",),
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
        papers=("rental_slip", "rental_charge"),
    ),
}
CLAIMED = {number for duty in duties.DUTIES for number in duty.handbook}


def test_the_index_claims_what_is_served_and_nothing_else():
    assert set(SERVED) == CLAIMED


PAPERS = {paper.kind for duty in duties.DUTIES for paper in duty.papers}


def lacking(number: str, served: Served) -> list[str]:
    """Return what a line that is claimed has not: its page, its operations, its papers, its tests."""
    claiming = [duty for duty in duties.DUTIES if number in duty.handbook]
    pages = {word for duty in claiming for word in (duty.word, *(word for word, _page in duty.pages))}
    found = (
        [f"pages {served.pages}"] if set(served.pages) != pages & set(duties.screens(duties.DUTIES)) else []
    )
    there = called()
    worked = {
        operation.action
        for place, operation in OPERATIONS.items()
        if {place, f"{place.partition('.')[0]}.service.{operation.__name__}"} & there
    }
    found += [word for word in served.operations if word not in worked]
    found += [name for name in served.papers if name not in PAPERS]
    found += ["papers"] * (number in WITH_PAPERS and not served.papers)
    for shown in served.tests:
        file, test = shown.split(":")
        path = ROOT / "tests" / f"{file}.py"
        found += [shown] * (not path.exists() or test not in names_of(path))
    return found + [what for what in ("pages", "operations", "tests") if not getattr(served, what)]


@pytest.mark.parametrize("number", sorted(SERVED))
def test_each_line_has_its_page_its_operations_its_papers_and_its_tests(number):
    assert lacking(number, SERVED[number]) == []


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"pages": ()}, "pages ()"),
        ({"pages": ("shop",)}, "pages ('shop',)"),
        ({"operations": ()}, "operations"),
        ({"operations": ("members:dance",)}, "members:dance"),
        ({"papers": ()}, "papers"),
        ({"papers": ("member_song",)}, "member_song"),
        ({"tests": ()}, "tests"),
        ({"tests": ("members/test_points:test_nothing",)}, "members/test_points:test_nothing"),
        ({"tests": ("members/test_songs:test_nothing",)}, "members/test_songs:test_nothing"),
    ],
)
def test_a_line_claimed_without_one_of_them_fails(change, lack):
    assert lack in lacking("F04", replace(SERVED["F04"], **change))


def test_every_line_of_who_pays_is_claimed():
    assert {"F04", "F06", "F11", "F14", "F19"} <= CLAIMED


def names_of(file: Path) -> set[str]:
    """Return the names of a file's tests that assert something or expect a refusal."""
    found = set()
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = ast.unparse(node)
            if "assert" in words or "raises" in words:
                found.add(node.name)
    return found
