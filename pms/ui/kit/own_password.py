"""One's own password and PIN: anybody's, with the password that holds now."""

from typing import Protocol, cast

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.office import Clerk, Office
from pms.ui.kit import background
from pms.ui.kit.dialogs import Ask
from pms.ui.kit.forms import Flag, Secret
from pms.ui.kit.parts import label, row

TITLE = N_("My password and PIN")


class Words(Protocol):
    """What the dialog needs of the office."""

    def change_password(self, old: str, new: str) -> Clerk:
        """Change the password of the person at the screen."""

    def set_pin(self, password: str, pin: str) -> None:
        """Give the person at the screen a PIN, or with an empty one none."""

    def pin_opens(self) -> bool:
        """Say whether the person has a PIN."""


class OwnPasswordDialog(Ask):
    """What stays empty stays as it is; both are checked off the window's thread."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        self._office, self.done_words = cast(Words, office), list[str]()
        self.old = Secret(_("Password now"))
        self.new = Secret(_("New password"), required=False)
        self.again = Secret(_("New password again"), required=False)
        self.pin = Secret(_("New PIN"), required=False)
        self.pin_again = Secret(_("New PIN again"), required=False)
        self.no_pin = Flag(_("No PIN any more"))
        self.no_pin.setVisible(self._office.pin_opens())
        self.no_pin.toggled.connect(self._without)
        super().__init__(_(TITLE), office.clerk.name, "lock", _("Save"), parent)
        self.old.setFocus()

    def extra(self) -> list[QLayout | QWidget]:
        """Show the password that holds, and under it what it may become."""
        return [
            self.old,
            row((self.new, 1), (self.again, 1), gap=8),
            row((self.pin, 1), (self.pin_again, 1), gap=8),
            self.no_pin,
            label(
                _(
                    "The PIN has 4 to 8 digits. It opens only the lock of your own session at this "
                    "workstation. What stays empty stays as it is."
                ),
                "muted",
                wrap=True,
            ),
        ]

    def ask(self) -> str:
        """Show the dialog and return in a sentence what has been changed, nothing where nothing was."""
        self.exec()
        return " ".join(self.done_words)

    def _without(self, on: bool) -> None:
        for field in (self.pin, self.pin_again):
            field.set_value("")
            field.setEnabled(not on)

    def pressed(self) -> None:
        """Check what was typed, then change what is wanted; what is wrong is said under the fields."""
        if not self.old.validate():
            self.old.setFocus()
            return
        for first, second in ((self.new, self.again), (self.pin, self.pin_again)):
            same = first.value() == second.value()
            second.set_error("" if same else _("What was typed twice differs."))
            if not same:
                second.setFocus()
                return
        if not (self.new.value() or self.pin.value() or self.no_pin.isChecked()):
            self.notes.refuse(_("Type a new password or a new PIN."))
            self.new.setFocus()
            return
        self._lock(True)
        old, new, pin = self.old.value(), self.new.value(), self.pin.value()
        wants_pin = bool(pin) or self.no_pin.isChecked()
        background.run(self, lambda: self._change(old, new, pin, wants_pin), self._changed, self._refused)

    def _change(self, old: str, new: str, pin: str, wants_pin: bool) -> None:
        if wants_pin:
            self._office.set_pin(old, pin)
            self.done_words.append(_("Your PIN is set.") if pin else _("You have no PIN any more."))
        if new:
            self._office.change_password(old, new)
            self.done_words.append(_("Your password is changed."))

    def _changed(self, _nothing: None) -> None:
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._lock(False)
        if not isinstance(error, Refused):
            raise error
        if self.done_words:  # the PIN is done already, the password is not
            self.no_pin.setChecked(False)
            self._without(False)
        self.notes.refuse(" ".join((*self.done_words, str(error))))
        self.old.setFocus()
        self.old.line.selectAll()

    def _lock(self, on: bool) -> None:
        for widget in (self.old, self.new, self.again, self.pin, self.pin_again, self.no_pin, self.yes):
            widget.setEnabled(not on)
        if not on:
            self._without_pin_fields()

    def _without_pin_fields(self) -> None:
        for field in (self.pin, self.pin_again):
            field.setEnabled(not self.no_pin.isChecked())
