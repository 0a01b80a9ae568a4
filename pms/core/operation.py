"""An operation as a value: its name, its right, and a call of it whose fields the types check."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from pms.core.permissions import Right

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
PLAIN = (None, int, str, bool, list[int], list[str])
"""What an operation may return so that its result is kept with its intent key."""


class Acting(Protocol):
    """What an operation needs to know of the work it is part of: who acts, and what was asked for."""

    action: str
    open_door: bool

    def must_hold(self, permission: Right) -> None:
        """Refuse whoever does not hold a right."""


@dataclass(frozen=True)
class Call(Generic[R]):
    """An operation with its fields, ready for the office to run; made by ``Operation.of``."""

    operation: "Operation[..., R]"
    fields: dict[str, Any] = field(default_factory=dict)
    on_paper: datetime | None = None
    """When it was done on paper, where it is typed afterwards."""

    def done_at(self, moment: datetime) -> "Call[R]":
        """Return the same call as typed afterwards: it was done on paper at this moment."""
        if not self.operation.paper:
            raise TypeError(f"{self.operation.action} is not typed afterwards")
        return replace(self, on_paper=moment)


class Operation(Generic[P, R]):
    """A service function that asks for its right and is named in the audit trail."""

    def __init__(
        self,
        function: Callable[Concatenate[Any, P], R],
        permission: Right | None,
        money: bool = False,
        secrets: tuple[str, ...] = (),
        private: bool = False,
        paper: bool = False,
    ) -> None:
        self._function, self.permission, self.money = function, permission, money
        self.secrets, self.private, self.paper = secrets, private, paper
        self.action = f"{function.__module__.split('.')[-2]}:{function.__name__}"
        self.keeps_result = not private and function.__annotations__.get("return", object) in PLAIN
        update_wrapper(self, function)

    def of(self, *args: P.args, **fields: P.kwargs) -> Call[R]:
        """Return a call with these fields, by name."""
        if args:
            raise TypeError(f"{self.action} takes its fields by name")
        return Call(self, fields)

    def __call__(self, work: Acting, /, *args: P.args, **fields: P.kwargs) -> R:
        """Run as part of ``work``; an operation that calls another asks for the rights of both, but for those
        of the door and the set-up, where nobody holds a right yet."""
        if not work.action:
            work.action, work.open_door = self.action, self.permission is None
        if self.permission is not None and not work.open_door:
            work.must_hold(self.permission)
        return self._function(work, *args, **fields)

    def __repr__(self) -> str:
        return f"<operation {self.action}>"
