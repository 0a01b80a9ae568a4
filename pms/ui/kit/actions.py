"""Actions: one declaration gives the key, the button with its cap, the palette's line and the right that is
needed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pms.core.i18n import _
from pms.core.office import Clerk
from pms.core.permissions import Right
from pms.ui.kit import keys, safety
from pms.ui.kit.parts import Button, plain

M = TypeVar("M", bound=Callable[..., Any])


@dataclass(frozen=True)
class Spec:
    """What ``@action`` was told about a method."""

    name: str
    label: str
    key: str
    permission: Right | None
    icon: str
    kind: str
    each: bool = False
    operation: Callable[..., Any] | None = None


class Actor(Protocol):
    """What an action needs of the widget that owns it."""

    def refuse(self, why: str) -> None:
        """Say in place why something cannot be done."""


def action(
    label: str,
    *,
    key: str = "",
    operation: Callable[..., Any] | None = None,
    permission: Right | None = None,
    icon: str = "",
    kind: str = "",
    each: bool = False,
) -> Callable[[M], M]:
    """Mark a screen method as an action.

    ``label`` is a marked text (``N_``). ``operation`` gives the right that is needed, or name it with
    ``permission``. ``kind`` is
    ``primary``, ``quiet`` or ``danger``. A method ``can_<name>(self) -> str`` beside it says why it cannot be
    done now ("" = it can). ``each``: every press takes the next row, so that a quick second one is meant.
    """
    right = permission if operation is None else getattr(operation, "permission", permission)

    def mark(method: M) -> M:
        setattr(method, "action", Spec(method.__name__, label, key, right, icon, kind, each, operation))  # noqa: B010
        return method

    return mark


def specs(owner: type) -> list[Spec]:
    """Return the actions of a class in the order they were written, those of its bases first.

    A page's own paper, say, takes Ctrl+P from the list's: what a class binds, its bases bind no more.
    """
    found: dict[str, Spec] = {}
    for cls in reversed(owner.__mro__):
        members = ((name, getattr(member, "action", None)) for name, member in vars(cls).items())
        own = {name: spec for name, spec in members if isinstance(spec, Spec)}
        taken = {keys.normal(spec.key) for spec in own.values() if spec.key}
        for name, spec in found.items():
            if spec.key and keys.normal(spec.key) in taken:
                found[name] = replace(spec, key="")
        found |= own
    return list(found.values())


BOUNCE_MS = 300
"""Milliseconds after a key has changed the books in which it changes nothing again: no hand means that."""


class Act(QAction):
    """A live action. Its shortcut always answers: when it cannot be done, it says why."""

    reasoned = Signal()

    def __init__(self, owner: QWidget, spec: Spec) -> None:
        super().__init__(_(spec.label), owner)
        self.spec, self.owner = spec, owner
        self.reason, self.subject = "", ""
        self._done = -float(BOUNCE_MS)
        self.setObjectName(spec.name)
        if spec.key and spec.key != keys.PRIMARY:  # F12 belongs to the filled button, whichever it is
            self.setShortcut(QKeySequence(spec.key))
            self.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.setAutoRepeat(False)  # a key that lies under a sleeve does nothing twice
        self.triggered.connect(self.press_key)
        owner.addAction(self)

    def press_key(self) -> None:
        """Do it by its key; what opens meanwhile is not fired by the same key, and a key that bounces after
        it has changed the books does nothing."""
        if not self.spec.each and monotonic() - self._done < BOUNCE_MS / 1000:
            return
        before = getattr(self.owner, "ran", 0)
        with safety.guard().pressing(self.spec.key):
            self.press()
        if getattr(self.owner, "ran", 0) != before:
            self._done = monotonic()

    def press(self) -> None:
        """Do it, or say why not."""
        self.judge()
        if self.reason:
            self.owner.refuse(self.reason)  # type: ignore[attr-defined]
        else:
            getattr(self.owner, self.spec.name)()

    def judge(self) -> None:
        """Find out afresh whether it can be done, and tell the buttons."""
        reason = self._reason()
        if reason != self.reason:
            self.reason = reason
            self.reasoned.emit()

    def _reason(self) -> str:
        clerk: Clerk = self.owner.office.clerk  # type: ignore[attr-defined]
        if self.spec.permission is not None and not clerk.may(self.spec.permission):
            return _("%(what)s: your role may not do this. Ask the duty manager.") % {"what": self.text()}
        can = getattr(self.owner, f"can_{self.spec.name}", None)
        return str(can()) if can else ""


class ActButton(Button):
    """The button of an action: same words, same key, same reason."""

    def __init__(
        self, act: Act, *, kind: str | None = None, icon: str | None = None, words: str = ""
    ) -> None:
        spec = act.spec
        super().__init__(
            words or act.text(),
            spec.key,
            spec.icon if icon is None else icon,
            spec.kind if kind is None else kind,
        )
        self.act = act
        act.reasoned.connect(self._show_reason)
        self.clicked.connect(act.press)
        self._show_reason()

    def _show_reason(self) -> None:
        reason = self.act.reason
        # The filled button is never dead: pressed too early it says what is missing.
        self.setEnabled(not reason or self.kind == "primary")
        self.setToolTip(plain(reason or (f"{self.words}  {self.key}" if self.key else self.words)))


def shortcut(key: str, owner: QWidget, do: Callable[[], object]) -> QShortcut:
    """Bind a key of a window or page; held down it does so once."""
    made = QShortcut(QKeySequence(key), owner)
    made.setAutoRepeat(False)
    made.activated.connect(do)
    return made


def build(owner: QWidget) -> dict[str, Act]:
    """Make the live actions of a widget by method name."""
    return {spec.name: Act(owner, spec) for spec in specs(type(owner))}
