"""An order made to measure, as a reader would give it."""

from datetime import timedelta

from pms.services.orders.reading.proposal import NEW, PREPAID, Name, Night, Proposal
from tests.builders import TODAY

DAY = timedelta(days=1)


def order_of(type_id: int, reference: str, channel: str = "AIRBNB", after: int = 8) -> Proposal:
    """Return a prepaid order of one room, two nights: each 268.00 sold, 241.20 settled."""
    first = TODAY + after * DAY
    return Proposal(
        channel=channel,
        action=NEW,
        reference=reference,
        arrival=first,
        departure=first + 2 * DAY,
        rooms=1,
        room="Queen room",
        type_id=type_id,
        nightly=(Night(first, 26800, 24120, 0), Night(first + DAY, 26800, 24120, 0)),
        guests=(Name("Lin Jiayin", "Lin", "Jiayin"),),
        payment=PREPAID,
        sell=53600,
        settle=48240,
    )
