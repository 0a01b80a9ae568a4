"""An operation as a value: its name, its right, and a call of it whose fields the types check."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import update_wrapper
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from pms.core.errors import NotPermitted
from pms.core.i18n import _
from pms.core.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
PLAIN = (None, int, str, bool, list[int], list[str])
"""What an operation may return so that its result is kept with its intent key."""


class Acting(Protocol):
    """What an operation needs to know of the work it is part of: who acts, and what was asked for."""

    action: str

    def holds(self, permission: Permission) -> bool:
        """Say whether who acts holds a right."""


@dataclass(frozen=True)
class Call(Generic[R]):
    """An operation with its fields, ready for the office to run; made by ``Operation.of``."""

    operation: "Operation[..., R]"
    fields: dict[str, Any] = field(default_factory=dict)


class Operation(Generic[P, R]):
    """A service function that asks for its right and is named in the audit trail."""

    def __init__(
        self,
        function: Callable[Concatenate[Any, P], R],
        permission: Permission | None,
        money: bool = False,
    ) -> None:
        self._function, self.permission, self.money = function, permission, money
        self.action = f"{function.__module__.split('.')[-2]}:{function.__name__}"
        self.keeps_result = function.__annotations__.get("return", object) in PLAIN
        update_wrapper(self, function)

    def of(self, *args: P.args, **fields: P.kwargs) -> Call[R]:
        """Return a call with these fields, by name."""
        if args:
            raise TypeError(f"{self.action} takes its fields by name")
        return Call(self, fields)

    def __call__(self, work: Acting, /, *args: P.args, **fields: P.kwargs) -> R:
        """Run as part of ``work``; of an operation that calls another, the outer one's right is asked for."""
        if not work.action:
            if self.permission is not None and not work.holds(self.permission):
                raise NotPermitted(
                    _("Your role may not do this (%(right)s). Ask a person who may.")
                    % {"right": self.permission}
                )
            work.action = self.action
        return self._function(work, *args, **fields)

    def __repr__(self) -> str:
        return f"<operation {self.action}>"
