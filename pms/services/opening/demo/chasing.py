"""Guests of the demonstration hotel who are chased: some stayed on without a deposit, some were called."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pms.core.errors import Refused
from pms.db.office import DatabaseOffice
from pms.services.chasing import queries as chased
from pms.services.chasing import service as chasing
from pms.services.chasing.queries import LEAVES, NO_ANSWER, PROMISED, REACHED, REFUSES
from pms.services.stays import queries as stays
from pms.services.stays import service as staying

DAY = timedelta(days=1)
MOST = 4
SAID = (
    (NO_ANSWER, ""),
    (PROMISED, "14:00"),
    (PROMISED, "20:00"),
    (REFUSES, ""),
    (LEAVES, "15:30"),
    (REACHED, ""),
)
"""What came of the calls, one guest after the other; a time that is past by now is not promised."""
Do = Callable[..., Any]


def stay_on(office: DatabaseOffice, do: Do, today: date) -> None:
    """Extend some who were to leave today, on their word that they would come down and pay."""
    here = office.look(stays.departures, business_date=today)
    for row in [row for row in here if not row.kind and row.payer == "guest"][::3][:MOST]:
        try:
            do("clerk", staying.extend.of(stay_id=row.stay_id, departure=today + DAY))
        except Refused:
            continue  # the room is promised to somebody else


def call(office: DatabaseOffice, do: Do) -> None:
    """Call those who stand first in the list."""
    owing = [one for one in office.look(chased.listed, now=office.clock()) if one.missing]
    for one, (result, time) in zip(owing, SAID, strict=False):
        try:
            do("clerk", chasing.call.of(stay_id=one.id, result=result, time=time))
        except Refused:
            do("clerk", chasing.call.of(stay_id=one.id, result=REACHED))
