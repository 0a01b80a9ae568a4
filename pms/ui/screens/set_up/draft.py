"""What has been entered so far, and the records it becomes; the services are loaded behind the first page."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pms.services.opening.founding import Person, Server
    from pms.services.opening.service import Hotel


@dataclass
class Draft:
    """A hotel on its way; every page reads and fills its part."""

    property: dict[str, Any] = field(default_factory=dict)
    types: list[dict[str, Any]] = field(default_factory=list)
    floors: list[dict[str, Any]] = field(default_factory=list)
    owner: dict[str, Any] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    printer: dict[str, Any] = field(default_factory=dict)
    server: dict[str, Any] = field(default_factory=dict)
    key: bytes = b""
    typed_key: str = ""
    keep_in: str = "file"

    def hotel(self) -> "Hotel":
        """Return the hotel as the service founds it."""
        from pms.core.options import Options
        from pms.services.opening.service import FloorPlan, Hotel, TypePlan

        p = self.property
        return Hotel(
            p["name"],
            p["zone"],
            p["day"],
            tuple(TypePlan(**t) for t in self.types),
            tuple(FloorPlan(**f) for f in self.floors),
            self.owner["login"],
            self.owner["name"],
            self.owner["password"],
            p["currency"],
            options=Options(phone=p["phone"], address=p["address"], first_day=True),
        )

    def staff(self) -> "list[Person]":
        """Return who else may sign in."""
        from pms.services.opening.founding import Person

        return [Person(**p) for p in self.people]

    def where(self) -> "Server | None":
        """Return the PostgreSQL server, None for this computer."""
        from pms.services.opening.founding import Server

        return Server(**self.server) if self.server else None


def numbers(floor: dict[str, Any]) -> list[str]:
    """Return the room numbers that a line of the pattern makes."""
    from pms.services.rooms.service import numbers_by_pattern

    return numbers_by_pattern(floor["floor"], floor["first"], floor["last"], floor["skip"])
