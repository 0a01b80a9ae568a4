"""A word, a number or a name that there is not is a sentence, never a defect: every operation of the busy
hotel with each of its words, and each of its records' numbers, made up."""

import inspect
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, get_type_hints

import pytest
from sqlalchemy import make_url

from pms.core.errors import NeedsApproval, NeedsConfirmation, Refused
from pms.db.engine import open_engine
from tests import builders
from tests.builders import House
from tests.conftest import POSTGRES
from tests.faults import acts, busy

NO_WORD, NO_NUMBER = "no such word", 987654
WORDS = (str, str | None, Sequence[str], Sequence[str] | None, list[str], tuple[str, ...])


class Undone(Exception):
    """Takes an act back when all of it has been written."""


def made_up() -> Iterator[tuple[str, str, Any]]:
    """Yield act, field and what stands in it: a word or a number that there is not."""
    for name, act in acts.ACTS.items():
        function = act.of(acts._names).operation._function
        hints = get_type_hints(function)
        for field in inspect.signature(function).parameters:
            kind = hints.get(field)
            if kind in WORDS:
                yield name, field, NO_WORD if kind in WORDS[:2] else [NO_WORD]
            elif field.endswith("_id") and kind in (int, int | None):
                yield name, field, NO_NUMBER
            elif field.endswith("_ids"):
                yield name, field, [NO_NUMBER]
            elif field == "number" and kind is int:
                yield name, field, NO_NUMBER
            elif kind is date:
                yield name, field, date(2031, 2, 3)


@pytest.fixture(scope="module")
def hotel(busy_postgres: tuple[str, busy.Facts]) -> House:
    engine = open_engine(make_url(POSTGRES).set(database=busy_postgres[0]), builders.SECRET)
    made = builders.office(engine, found=False)
    yield made
    engine.dispose()


@pytest.mark.parametrize(("name", "field", "value"), list(made_up()))
def test_what_there_is_not_is_a_sentence(hotel, busy_postgres, name, field, value):
    facts, act = busy_postgres[1], acts.ACTS[name]
    hotel.clock.set(busy.NOW, 10)
    hotel.station = "desk-1"

    def do(work):
        work.action = name
        call = act.of(facts)
        call.operation(work, **{**call.fields, field: value})
        work.session.flush()
        raise Undone

    with pytest.raises((Undone, Refused, NeedsApproval, NeedsConfirmation)):
        acts.run(hotel, facts, act, do=do)
