"""What is declared twice, missing or unlisted in the rows of the duties is named."""

from dataclasses import replace

import pytest

from pms.core import offers
from pms.core.duty import SERVICES, Duty, Grant, Paper, faults, right_words, starting_rights
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, Permission, Right
from pms.duties import DUTIES

LEND = Grant(Right("rental:lend"), "Lend items", SERVICES, EVERY_DESK)
RENTAL = Duty("rental", "Rentals", rights=(LEND,), papers=(Paper("rental_slip", "Rental slip"),), key="Alt+9")
DAYS = Option("rental_days", 1, "Days", "Rentals")


def told(**changed) -> list[str]:
    return faults((*DUTIES, replace(RENTAL, **changed)))


def test_a_duty_that_is_whole_is_told_nothing():
    assert told(options=(DAYS,), handbook=("F07",), append_only=("rental_move",)) == []


def test_what_is_declared_twice_is_named():
    search = offers.search.by("pms.services.rental.queries:search")
    assert told(
        word="luggage",
        key="Alt+L",
        rights=(LEND, LEND),
        papers=(Paper("luggage_tag", "Tag"),),
        options=(DAYS, DAYS, Option("hold_time", "", "Hold", "Times")),
        offers=(search, search),
        append_only=("transfer",),
    ) == [
        "the word luggage is declared twice",
        "the key Alt+L is declared twice",
        "the offer search pms.services.rental.queries:search is declared twice",
        "the right rental:lend is declared twice",
        "the topic luggage is declared twice",
        "the paper luggage_tag is declared twice",
        "the option rental_days is declared twice",
        "the option hold_time is declared twice",
        "the append-only table transfer is declared twice",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"reads": (Right("rental:see"),)},
            "rental is opened by the right rental:see, which is in no duty's row",
        ),
        ({"rights": (LEND._replace(right=Right("Lend")),)}, "the right Lend of rental is no noun:verb"),
        ({"rights": (LEND._replace(words=""),)}, "the right rental:lend of rental has no words or no group"),
        ({"rights": (LEND._replace(group="x"),)}, "the right rental:lend of rental has no words or no group"),
        (
            {"rights": (LEND._replace(roles=frozenset({"porter"})),)},
            "the right rental:lend of rental is given to porter, which is no role",
        ),
        ({"papers": (Paper("rental_slip", ""),)}, "the paper rental_slip of rental has no name"),
        ({"options": (replace(DAYS, words=""),)}, "the option rental_days of rental has no words or no card"),
        ({"handbook": ("F7",)}, "F7 of rental is no line of the handbook"),
    ],
)
def test_what_is_missing_is_named(changed, said):
    assert told(**changed) == [said]


def test_a_right_that_no_row_declares_is_named():
    without = [replace(row, rights=()) if row.word == "shop" else row for row in DUTIES]
    assert f"the right {Permission.SHOP_SELL} is in no duty's row" in faults(without)


def test_a_role_starts_with_what_the_rows_say():
    roles = starting_rights((RENTAL,))
    assert {role for role, rights in roles.items() if LEND.right in rights} == {*EVERY_DESK, "owner"}
    assert right_words((RENTAL,))[SERVICES] == [("rental:lend", "Lend items")]
