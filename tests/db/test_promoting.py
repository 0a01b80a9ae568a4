"""A standby that takes the first server's place waits for what it received, and no longer than that moves."""

from types import SimpleNamespace
from typing import Any

from pms.db import standby


class Received:
    """A standby's answers: how far it is with what it received, one a question, the last one for ever."""

    def __init__(self, *reached: tuple[str, bool]) -> None:
        self.reached, self.waits = list(reached), 0

    def execute(self, _question: Any) -> Any:
        where, through = self.reached.pop(0) if len(self.reached) > 1 else self.reached[0]
        return SimpleNamespace(one=lambda: SimpleNamespace(reached=where, through=through))

    def exec_driver_sql(self, _sleep: str) -> None:
        self.waits += 1


def test_it_waits_as_long_as_anything_is_replayed(monkeypatch):
    monkeypatch.setattr(standby, "STILL", 0.5)
    server = Received(("0/1", False), ("0/2", False), ("0/3", True))
    assert standby._replayed(server).through
    assert server.waits == 2


def test_half_a_record_at_the_end_of_what_was_received_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(standby, "STILL", 0.05)
    server = Received(("0/1", False), ("0/2", False))
    assert not standby._replayed(server).through
    assert server.waits > 1
