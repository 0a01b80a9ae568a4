"""A register of a hundred thousand lines, as long as a house's history."""

from dataclasses import dataclass

from pms.ui.kit.one import One
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column

NAMES = ("张伟", "李娜", "曾敏", "Chen", "单雄信")


@dataclass(frozen=True)
class Thing:
    """One of many."""

    id: int
    name: str
    told: str
    amount: int


class Long(Register):
    """A list as long as a house's history."""

    NAME = "Long list"
    VIEWS = (View("all", "All", "Nothing here.", "sheet"),)
    THINGS = tuple(
        Thing(n, f"{NAMES[n % len(NAMES)]} {n}", "second line" if n % 3 else "", n * 100)
        for n in range(100_000)
    )

    def lists(self) -> dict[str, tuple[Thing, ...]]:
        """Return all of them."""
        return {"all": self.THINGS}

    def columns(self, _list: str) -> tuple[Column, ...]:
        """Say what a thing is."""
        return (
            Column("No.", lambda t: t.id, "number", width=80),
            Column("Name", lambda t: t.name, sub=lambda t: t.told),
            Column("Amount", lambda t: t.amount, "money", width=60),
        )

    def facts(self, thing: Thing) -> One:
        """Name it."""
        return One(thing.name)
