"""What two people run into at once comes out as a sentence, whichever constraint it was."""

import re

import pytest
from sqlalchemy import Engine, UniqueConstraint
from sqlalchemy.dialects import postgresql

from pms.core.errors import Refused
from pms.core.operation import Call
from pms.db import clashes
from pms.db.base import Base
from pms.db.engine import FIRST_ROWS, open_engine
from pms.services.rates import service as rates
from pms.services.rooms import service as rooms
from pms.services.staff import service as staff
from tests import builders, test_house_rules
from tests.builders import PASSWORD, SECRET
from tests.faults.desks import PLACES, forced

SERIES = "numbers come from a series, whose row is held: no two are alike"
CLOSE = "written by the close of a day, which holds the hotel's row"
FOUNDED = "written once, before anybody else can work"
NO_SENTENCE = {
    **dict.fromkeys(
        (
            f"uq_{name}_number"
            for name in (
                *("period_report", "purchase_request", "reservation", "shift", "day_finding", "handover"),
                *("stay", "found_item", "luggage_tag", "shop_sale", "loss_report", "rental", "damage"),
                *("invoice", "member", "company", "channel", "company_bill", "company_receipt"),
                *(
                    "channel_order",
                    "preauth",
                    "payment_attempt",
                    "channel_bill",
                    "channel_receipt",
                    "form_book",
                    "house_account",
                ),
            )
        ),
        SERIES,
    ),
    **dict.fromkeys(
        (
            f"pk_{name}"
            for name in (
                *("audit_run", "ledger_day", "night_loss", "night_part", "night_stay", "account_day"),
                *("night_figure", "night_share"),
            )
        ),
        CLOSE,
    ),
    **dict.fromkeys(("pk_property", "pk_role", "pk_transaction_code"), FOUNDED),
    "pk_audit_entry": "the journal's topic row is held: entries are numbered one after the other",
    "pk_intent": "the same key at two desks: the second is given the first one's answer",
    "uq_transfer_key": "counts up from the intent's key: the second is given the first one's answer",
    "uq_damage_transfer_id": "each damage is written with a posting of its own",
    "uq_company_bill_transfer_id": "each bill is written with a posting of its own",
    "uq_company_receipt_transfer_id": "each receipt is written with a posting of its own",
    "uq_channel_receipt_transfer_id": "each receipt is written with a posting of its own",
    "ix_channel_bill_stay": "written at the check-in, whose booking is held",
    "uq_routed_charge_transfer_id": "each is written with a posting of its own",
    "uq_house_account_account_id": "each is opened with an account of its own",
    "pk_workplace": "a program says again that it is there, a minute later",
    "pk_standby": "who watches says the same again, and makes the row only where there is none",
    "pk_inventory": "nights are opened with the hotel's row held",
    "pk_night_rate": "the prices of a booked room are written with its row held",
    "pk_guest_key": "one key for each guest, written with the guest's row held",
    "pk_guest_word": "the words of a guest are written with the guest's row held",
    "pk_booking_word": "the words of a booking are written with the booking held",
    "pk_member_word": "the words of a member are written with the member held",
    "pk_payment_kind": FOUNDED,
    "pk_past_key": "the key is changed by one program alone, with the hotel's row held",
    "uq_invoiced_stay_stay_id": "begun with its stay held",
    "uq_signer_specimen_signer_id": "written with its signer held",
    "pk_shop_stock": "written together with its new article",
}


def constraints() -> dict[str, str]:
    """Return what is unique, by its name on a server: as an embedded database tells it."""
    prepare = postgresql.dialect().identifier_preparer
    found = {}
    for table in Base.metadata.sorted_tables:
        unique = [
            *(c for c in table.constraints if isinstance(c, UniqueConstraint)),
            *(i for i in table.indexes if i.unique),
        ]
        names = {prepare.format_constraint(c): next(iter(c.columns)) for c in unique}
        keys = list(table.primary_key.columns)
        if [k.name for k in keys] != ["id"] or keys[0].autoincrement is False or table.name == "property":
            names[f"pk_{table.name}"] = keys[0]
        found |= {name: f"{table.name}.{first.name}" for name, first in names.items()}
    return found


def test_whatever_is_unique_has_its_sentence_or_the_reason_why_it_needs_none():
    assert test_house_rules.OPERATIONS  # every duty is loaded
    told = constraints()
    assert len(told) > 50
    assert set(NO_SENTENCE) <= set(told)
    silent = {
        name
        for name, column in told.items()
        if not (clashes.is_told(name) and clashes.is_told(column)) and name not in FIRST_ROWS
    }
    assert silent - set(NO_SENTENCE) == set()
    assert set(NO_SENTENCE) - silent == set(), "a reason that is needed no more"


def test_each_first_row_is_one_of_the_schema():
    assert set(FIRST_ROWS) - set(constraints()) == set()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("call", "named"),
    [
        (rooms.add_rooms.of(type_id=1, numbers=["901", "902"], floor=9), "901"),
        (rooms.add_type.of(code="SUI", name="Suite"), "SUI"),
        (staff.take_on.of(login="new", name="New", password=PASSWORD, role="clerk"), "new"),
        (rates.add_plan.of(code="LONG", name="Long stay"), "LONG"),
    ],
    ids=lambda x: x.operation.action if isinstance(x, Call) else "",
)
def test_what_two_desks_add_at_once_is_there_once_and_the_second_is_told(
    postgres: Engine, place, call, named
):
    one, other = builders.office(postgres, found=False), open_engine(postgres.url, SECRET)
    two = builders.office(other, found=False)
    first, second, _waited = forced(one, lambda: one.do(call), lambda: two.do(call), place)
    other.dispose()
    for outcome in (first, second):
        if outcome.defect is not None:
            raise outcome.defect
    assert first.done != second.done
    said = first.said or second.said
    assert re.search(rf"\b{named}\b.*\b(already|taken)\b", said)


def test_a_sentence_names_the_value_on_an_embedded_database_too(sqlite: Engine):
    desk = builders.office(sqlite, found=False)

    def unasked(work):
        work.insert_one(
            staff.Staff, login="boss", name="x", role_code="clerk", password="", language="en", active=True
        )

    with pytest.raises(Refused, match="The sign-in name boss is taken"):
        desk.do(unasked)
