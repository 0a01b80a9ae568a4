"""What every part of the twin is made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.orm import Session

from pms.core.operation import Call

if TYPE_CHECKING:
    from tests.faults.twin.hotel import Hotel

DAY = timedelta(days=1)
Facts = dict[Any, Any]
T = TypeVar("T")


def nothing(_answer: Any) -> None:
    """Change nothing."""


@dataclass(frozen=True)
class Step:
    """One call at a desk: whether the hotel must do it (``may``), and what is so then, by its answer.

    ``agreed``: the clerk says yes to whatever is asked; without it a question counts as a refusal.
    """

    call: Call[Any]
    may: bool
    then: Callable[[Any], object] = nothing
    agreed: bool = False


Draw = Callable[[Any], Step | None]


def act(often: int) -> Callable[[Draw], Draw]:
    """Mark a method that draws a step, None where there is nothing to do it with; ``often``: its weight."""

    def mark(method: Draw) -> Draw:
        method.often = often  # type: ignore[attr-defined]
        return method

    return mark


class Part:
    """One part of the twin."""

    def __init__(self, hotel: "Hotel") -> None:
        self.hotel = hotel

    def acts(self) -> dict[Callable[[], Step | None], int]:
        """Return what can be done here, and how often it is."""
        found = {name: method for name, method in vars(type(self)).items() if hasattr(method, "often")}
        return {getattr(self, name): method.often for name, method in found.items()}

    def night(self) -> None:
        """Change what the close of the day changes here; it is still the day that is closed."""

    def says(self) -> Facts:
        """Return what is so."""
        return {}

    def shows(self, session: Session) -> Facts:
        """Return what the hotel shows of the same, under the same names."""
        return {}

    def any(self, of: Sequence[T]) -> T | None:
        """Return one of these, None where there is none."""
        return self.hotel.lot.choice(of) if of else None

    def mostly(self, good: Callable[[T], bool], of: Sequence[T]) -> T | None:
        """Return one of these, mostly a good one: what is refused is wanted too, and more is wanted of the
        rest."""
        some = [one for one in of if good(one)]
        return self.any(some if some and not self.chance(8) else of)

    def chance(self, one_of: int) -> bool:
        """Return True once in so many times."""
        return self.hotel.lot.randrange(one_of) == 0


def nights(start: date, end: date) -> list[date]:
    """Return the nights from ``start`` until the day of departure."""
    return [start + DAY * n for n in range((end - start).days)]
