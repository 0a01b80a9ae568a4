"""Every text of every operation is looked at by the door: a walk over all of them finds none without."""

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from pms.core import limits, offers
from pms.core.errors import Refused
from pms.core.money import Money
from pms.core.operation import Call
from pms.core.reading import query
from tests.test_house_rules import OPERATIONS

CARD = "4111 1111 1111 1111"
Path = tuple[str, Any]
"""The name of the field in which a text lies, and the value around it."""


def values(name: str, kind: Any, text: Callable[[str], str]) -> Iterator[Path]:
    """Yield a value of a kind for each place in it where a text may stand, with a text there by the
    field's name."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is str:
        yield name, text(name)
    elif kind is Any:
        yield name, {"field": [text(name)]}
        yield name, text(name)
    elif origin in (Union, UnionType):
        for each in inner:
            yield from values(name, each, text)
    elif origin is not None and issubclass(origin, Mapping):
        yield from ((where, {"key": found}) for where, found in values(name, inner[1], text))
        yield from ((where, {found: 1}) for where, found in values(name, inner[0], text) if inner[0] is str)
    elif origin is not None and issubclass(origin, Sequence):
        yield from (
            (where, origin_of(origin)([found])) for each in inner for where, found in values(name, each, text)
        )
    elif dataclasses.is_dataclass(kind):
        for each, inside in get_type_hints(kind).items():
            for where, found in values(each, inside, text):
                yield where, filled(kind, {each: found})
    elif kind is bytes:
        return  # a file: what its reader keeps of it is bounded there (tests/statements)
    else:
        assert kind in (int, bool, bytes, date, datetime, Money, NoneType, Ellipsis) or issubclass(
            kind, Enum
        ), f"{name}: say how a text in {kind} is found"


def origin_of(kind: Any) -> Any:
    """Return what a sequence is made with."""
    return tuple if kind is tuple else list


def filled(kind: Any, given: dict[str, Any]) -> Any:
    """Return a record with some fields; nobody looks at the others here."""
    made = object.__new__(kind)
    for each in dataclasses.fields(kind):
        object.__setattr__(made, each.name, given.get(each.name))
    return made


def texts(text_of: Callable[[str], str]) -> Iterator[tuple[str, str, Call[Any]]]:
    """Yield a call for each place of each operation where a text may stand; ``text_of`` a field's name is the
    text."""
    for function in OPERATIONS.values():
        for taken in list(inspect.signature(function, eval_str=True).parameters.values())[1:]:
            for where, value in values(taken.name, taken.annotation, text_of):
                yield function.action, where, Call(function, {taken.name: value})


def unrefused(house, text_of: Callable[[str], str], why: str) -> list[tuple[str, str]]:
    """Return the texts that the door let through, or refused with another sentence."""
    found = []
    for action, where, call in texts(text_of):
        try:
            house.office_do(call)
        except Refused as refusal:
            if why not in str(refusal):
                found.append((action, where))
        except Exception:
            found.append((action, where))
        else:
            found.append((action, where))
    return found


@pytest.fixture
def door(house):
    """The hotel's own door, without the helps that tests have before it."""
    house.office_do = lambda call: house.do(call, intent="x")
    return house


def test_the_walk_finds_every_text():
    found = {(action, where) for action, where, _call in texts(lambda _name: "x")}
    assert len(found) > 250
    assert {
        ("stays:check_in", "chinese_name"),
        ("shifts:close", "shop_reasons"),
        ("property:edit", "label"),
        ("rooms:set_remarks", "remarks"),
        ("drafts:keep", "typed"),
        ("approvals:keep", "why"),
    } <= found


def test_no_operation_takes_a_text_without_an_end(door):
    assert unrefused(door, lambda name: "x" * (limits.LONGEST.get(name, limits.LINE) + 1), "too long") == []
    assert max(limits.LONGEST.values()) <= 10_000


@pytest.mark.parametrize("sign", ["\0", "\ud83d"], ids=["NUL", "half a character"])
def test_no_operation_takes_a_sign_that_cannot_be_stored(door, sign):
    assert unrefused(door, lambda _name: f"Wang{sign}", "cannot be stored") == []


def test_no_operation_takes_a_cards_number_but_where_a_list_says_so(door):
    let_in = set(unrefused(door, lambda _name: CARD, "bank card"))
    assert {where for action, where in let_in if action not in limits.STORED} <= limits.REFERENCES
    assert {action for action, where in let_in if where not in limits.REFERENCES} == limits.STORED


def test_the_lists_name_nothing_that_is_not_there():
    named = {where for _action, where, _call in texts(lambda _name: "x")}
    assert set(limits.LONGEST) - named == set()
    assert limits.REFERENCES - named == set()
    assert (limits.PRIVATE | limits.PHONES) - named == set()


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "%" * 100_000, "Wang\0", "Wang\ud83d", "\udfff" * 300], ids=len
)
def test_what_is_looked_for_has_an_end_and_nothing_crashes(house, text):
    """On both engines: every search of the house, and a question that takes any text."""
    house.gather(offers.search, text=text)
    assert len(house.asked(_echo, text=text)) <= limits.LINE


@query()
def _echo(_session: Any, *, text: str) -> str:
    return text


def test_a_refusal_shows_nothing_that_is_private():
    for name in limits.PRIVATE:
        with pytest.raises(Refused) as told:
            limits.check("any:thing", {name: "Canary" * 1000})
        assert "Canary" not in str(told.value)
