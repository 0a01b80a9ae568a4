"""What is declared twice, missing or unlisted in the rows of the duties is named."""

from dataclasses import replace

import pytest

from pms.core import offers, places
from pms.core.duty import SERVICES, SLIPS, Duty, Grant, Paper, faults, right_words, starting_rights
from pms.core.options import Option
from pms.core.permissions import EVERY_DESK, Permission, Right
from pms.core.places import Place, Spot
from pms.duties import DUTIES
from pms.services.shop.duty import SHOP_SELL

LEND = Grant(Right("bikes:lend"), "Lend bikes", SERVICES, EVERY_DESK)
BIKES = Duty(
    "bikes",
    "Bikes",
    rights=(LEND,),
    papers=(Paper("bikes_slip", "Rental slip", SLIPS),),
    key="Alt+B",
    found_by="bicycles",
)
DAYS = Option("bikes_days", 1, "Days", "Bikes")


def told(**changed) -> list[str]:
    return faults((*DUTIES, replace(BIKES, **changed)))


def test_a_duty_that_is_whole_is_told_nothing():
    assert told(options=(DAYS,), handbook=("F07",), append_only=("bikes_move",)) == []


def test_what_is_declared_twice_is_named():
    search = offers.search.by("pms.services.bikes.queries:search")
    assert told(
        word="luggage",
        key="Alt+L",
        rights=(LEND, LEND),
        papers=(Paper("luggage_tag", "Tag", SLIPS),),
        options=(DAYS, DAYS, Option("hold_time", "", "Hold", "Times")),
        offers=(search, search),
        append_only=("transfer",),
    ) == [
        "the word luggage is declared twice",
        "the key Alt+L is declared twice",
        "the offer search pms.services.bikes.queries:search is declared twice",
        "the right bikes:lend is declared twice",
        "the topic luggage is declared twice",
        "the paper luggage_tag is declared twice",
        "the option bikes_days is declared twice",
        "the option hold_time is declared twice",
        "the append-only table transfer is declared twice",
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"reads": (Right("bikes:see"),)},
            "bikes is opened by the right bikes:see, which is in no duty's row",
        ),
        ({"rights": (LEND._replace(right=Right("Lend")),)}, "the right Lend of bikes is no noun:verb"),
        (
            {"rights": (LEND._replace(words=""),)},
            "the right bikes:lend of bikes has no words or no group",
        ),
        (
            {"rights": (LEND._replace(group="x"),)},
            "the right bikes:lend of bikes has no words or no group",
        ),
        (
            {"rights": (LEND._replace(roles=frozenset({"porter"})),)},
            "the right bikes:lend of bikes is given to porter, which is no role",
        ),
        ({"papers": (Paper("bikes_slip", "", SLIPS),)}, "the paper bikes_slip of bikes has no name"),
        ({"papers": (Paper("bikes_slip", "Slip", ""),)}, "the paper bikes_slip of bikes goes to no printer"),
        (
            {"screen": "pms.x:Bikes", "at": Spot(places.SERVICES, 25), "found_by": ""},
            "the page bikes is found by no word beside its title",
        ),
        (
            {"options": (replace(DAYS, words=""),)},
            "the option bikes_days of bikes has no words or no card",
        ),
        ({"handbook": ("F7",)}, "F7 of bikes is no line of the handbook"),
    ],
)
def test_what_is_missing_is_named(changed, said):
    assert told(**changed) == [said]


def test_a_right_that_no_row_declares_is_named():
    without = [replace(row, rights=()) if row.word in ("shop", "reports") else row for row in DUTIES]
    assert f"the right {Permission.TAKE_OUT} is in no duty's row" in faults(without)
    assert f"shop is opened by the right {SHOP_SELL}, which is in no duty's row" in faults(without)


def test_a_role_starts_with_what_the_rows_say():
    roles = starting_rights((BIKES,))
    assert {role for role, rights in roles.items() if LEND.right in rights} == {*EVERY_DESK, "owner"}
    assert right_words((BIKES,))[SERVICES] == [("bikes:lend", "Lend bikes")]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (None, "the page bikes stands in no place"),
        (Spot(places.SERVICES), "the page bikes has no tab in services"),
        (Spot(places.SERVICES, 10), "luggage and bikes are both tab 10 of services"),
        (
            Spot(Place("yard", "Yard", "house", "Alt+Y"), 10),
            "the page bikes stands in yard, which is no place",
        ),
    ],
)
def test_a_page_without_a_place_or_at_anothers_tab_is_named(at, said):
    assert told(screen="pms.ui.screens.bikes.screen:BikesScreen", at=at) == [said]


def test_a_page_that_is_reached_from_others_only_needs_a_place_and_no_tab():
    paths = (("bike", "pms.ui.screens.bikes.screen:BikeScreen"),)
    assert told(pages=paths) == ["the page bikes stands in no place"]
    assert told(pages=paths, at=Spot(places.SERVICES)) == []


def test_a_later_duty_adds_its_tab_by_its_row_alone():
    row = replace(BIKES, screen="pms.ui.screens.bikes.screen:BikesScreen", at=Spot(places.SERVICES, 25))
    words = [each.word for each in places.tabs((row, *DUTIES))["services"]]
    assert words == ["luggage", "lost_found", "bikes", "wake_ups", "rental", "damages"]
