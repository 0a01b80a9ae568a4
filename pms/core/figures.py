"""The figures a hotel is steered by, each with its formula; counts are stored, ratios are worked out where
they are shown."""

from dataclasses import dataclass

from pms.core.i18n import N_
from pms.core.money import Money

FORMULAS = {
    "occupancy": N_("rooms sold ÷ rooms available"),
    "adr": N_("room revenue net of tax ÷ rooms sold"),
    "revpar": N_("room revenue ÷ rooms available"),
    "available": N_("all rooms − house use"),
}
LOCAL = {"available": N_("all rooms − house use − out of order")}
"""Where the house deducts broken rooms, as a switch of the hotel says."""


@dataclass(frozen=True)
class Figures:
    """Counts and revenue of some days, of the house or of one room type; ``halves`` are half days sold beside
    the nights."""

    rooms: int = 0
    out_of_order: int = 0
    house_use: int = 0
    sold: int = 0
    complimentary: int = 0
    revenue: Money = Money(0)
    arrivals: int = 0
    departures: int = 0
    no_shows: int = 0
    local: bool = False
    halves: int = 0

    @property
    def half_nights(self) -> int:
        """Return the room nights sold, counted in halves: a half day is one, a night or a full day two."""
        return 2 * self.sold + self.halves

    @property
    def nights(self) -> str:
        """Write the room nights sold."""
        return written(self.half_nights)

    @property
    def available(self) -> int:
        """Return the room nights that could be sold."""
        return self.rooms - self.house_use - (self.out_of_order if self.local else 0)

    @property
    def occupancy(self) -> int | None:
        """Return the share of available rooms sold, in basis points; None when there was nothing to sell. A
        room sold by day and by night counts twice, so it may pass one hundred per cent."""
        return _ratio(self.half_nights * 10000, 2 * self.available)

    @property
    def adr(self) -> Money | None:
        """Return the average daily rate; a night sold at 0 counts, a complimentary one does not."""
        found = _ratio(2 * self.revenue, self.half_nights)
        return None if found is None else Money(found)

    @property
    def revpar(self) -> Money | None:
        """Return the revenue per available room."""
        found = _ratio(self.revenue, self.available)
        return None if found is None else Money(found)


def written(half_nights: int) -> str:
    """Write a number of room nights that is counted in halves."""
    return f"{half_nights // 2}{'.5' if half_nights % 2 else ''}"


def _ratio(above: int, below: int) -> int | None:
    """Divide with one rounding, half away from zero."""
    if below <= 0:
        return None
    return (abs(above) * 2 + below) // (2 * below) * (1 if above >= 0 else -1)
