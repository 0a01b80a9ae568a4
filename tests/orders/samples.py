"""Orders as channels write them: the shared data's samples, and what each must give."""

import json
from datetime import date
from typing import Any

import pytest

from pms.services.orders.reading import layouts, reader
from pms.services.orders.reading.proposal import Proposal
from pms.services.orders.reading.reader import House
from pms.services.orders.reading.types import TypeNames
from tests.bench.run import DATA

SAMPLES = DATA / "samples" / "orders"
EXPECTED = SAMPLES / "expected.json"
needs_samples = pytest.mark.skipif(
    not EXPECTED.exists(), reason="the samples are not here: samples/orders of the shared data"
)
RECEIVED = date(2026, 11, 29)
CODES = ("TWN", "BIG", "BUS", "FAM", "SUI")
NAMES = (
    ("双床房", "Twin"),
    ("大床房", "Queen"),
    ("商务大床房", "Business king"),
    ("家庭房", "Family"),
    ("套房", "Suite"),
)
HOUSE = House(
    names=("云栖快捷酒店", "Cloud Rest Hotel"),
    types=tuple(TypeNames(n, names) for n, names in enumerate(NAMES, 1)),
)


def code_of(type_id: int | None) -> str | None:
    """Return the code of a type of ``HOUSE``."""
    return CODES[type_id - 1] if type_id else None


def expected() -> dict[str, Any]:
    """Return what each sample must give."""
    return json.loads(EXPECTED.read_text("utf-8")) if EXPECTED.exists() else {}


def text(name: str) -> str:
    """Return a sample's text."""
    return (SAMPLES / name).read_text("utf-8")


def read(told: str, received: date = RECEIVED, house: House = HOUSE) -> Proposal:
    """Read a text as the demonstration hotel would."""
    return reader.read(told, layouts=layouts.shipped(), house=house, received=received)
