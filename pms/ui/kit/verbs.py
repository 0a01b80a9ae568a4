"""A verb of a register: the action on the row in hand with its form, its operation, and what is said then."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from pms.core.i18n import _
from pms.core.operation import Operation
from pms.ui.kit.actions import Spec
from pms.ui.kit.flow import FormPage

if TYPE_CHECKING:
    from pms.ui.kit.register import Register

Do = Callable[[], object]


class RowForm(FormPage):
    """A form about a row of the register, which it keeps while it is open."""

    row: Any = None

    def begin(self, row: Any) -> None:
        """Show what is known of the row, or empty fields."""
        self.fill(**dict.fromkeys(self.form.fields, ""))

    def given(self) -> dict[str, Any]:
        """Return what the operation takes beside the row."""
        return self.form.values()


class Verb:
    """An action declared in a register's class body.

    ``of(row)`` names the row as the operation does; ``said`` may use what the register's ``named`` tells of
    it; ``can(screen)`` says why it cannot be done ("" = it can). ``form(screen, do, back)`` makes the form
    whose fields the operation takes as well; without one it is done at once. ``prepare(screen, form)`` makes
    the open form ready and says whether it is shown.
    """

    def __init__(
        self,
        label: str,
        *,
        operation: Operation[..., Any],
        of: Callable[[Any], dict[str, Any]],
        key: str = "",
        said: str = "",
        can: Callable[[Any], str],
        form: Callable[[Any, Do, Do], RowForm] | None = None,
        prepare: Callable[[Any, Any], bool] | None = None,
        icon: str = "",
        kind: str = "",
    ) -> None:
        self.label, self.key, self.operation, self.of, self.said = label, key, operation, of, said
        self.can, self.form, self.prepare = can, form, prepare
        self.icon, self.kind = icon, kind

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.action = Spec(
            name,
            self.label,
            self.key,
            self.operation.permission,
            self.icon,
            self.kind,
            operation=self.operation,
        )
        setattr(owner, f"can_{name}", self.can)

    def __get__(self, screen: Any, _owner: type | None = None) -> Any:
        return self if screen is None else partial(self.press, screen)

    def press(self, screen: "Register") -> None:
        """Open the form for the row in hand, or do it."""
        screen.notes.clear()
        row = screen.table.row()
        if self.form is None:
            self._run(screen, row, screen.office.new_intent(), {})
            return
        form = screen.forms[self.name]
        form.row, form.intent = row, screen.office.new_intent()
        form.begin(row)
        if self.prepare is None or self.prepare(screen, form):
            screen.panel.show_page(self.name)

    def submit(self, screen: "Register") -> None:
        """Check the form, run the operation and turn back to the row."""
        form = screen.forms[self.name]
        if missing := form.form.missing():
            screen.refuse(missing)
        elif self._run(screen, form.row, form.intent, form.given()):
            screen.show_row()

    def _run(self, screen: "Register", row: Any, intent: str, values: dict[str, Any]) -> bool:
        said = _(self.said) % screen.named(row) if self.said else ""
        return bool(screen.run(self.operation.of(**self.of(row), **values), intent=intent, said=said))


def verbs(owner: type) -> dict[str, Verb]:
    """Return the verbs of a register that have a form, by name."""
    found = {name: getattr(owner, name, None) for cls in owner.__mro__ for name in vars(cls)}
    return {name: verb for name, verb in found.items() if isinstance(verb, Verb) and verb.form is not None}
