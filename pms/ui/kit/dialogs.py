"""The only dialogs: a step that cannot be taken back, and a second person's password. Never two deep."""

from typing import Protocol, cast

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from pms.core.errors import NeedsApproval, Reason, Refused
from pms.core.i18n import _
from pms.core.money import show
from pms.core.office import Approval, House, Office
from pms.core.permissions import Permission
from pms.ui.kit import background, keys, safety
from pms.ui.kit import theme as th
from pms.ui.kit.actions import shortcut
from pms.ui.kit.forms import Choice, Flag, Secret, Text
from pms.ui.kit.messages import Notes, split
from pms.ui.kit.parts import Button, Pic, col, frame, label, row


class Approver(Protocol):
    """What the approval dialog needs of the office."""

    def approve(self, login: str, password: str, wish: NeedsApproval) -> Approval:
        """Check a second person's password and rights, or a signature."""

    def approve_by_phone(self, login: str, note: str, wish: NeedsApproval) -> Approval:
        """Keep that a person has agreed by phone."""

    def staff_names(self) -> list[tuple[str, str]]:
        """Return login and name of those who may sign in."""

    def house(self) -> House:
        """Return the hotel's currency."""


class Ask(QDialog):
    """A dialog of one question: what happens, why it is asked, the filled button and the way back."""

    def __init__(self, title: str, text: str, icon: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if parent is None:
            th.wear(self)
        self.setWindowTitle(title)
        self.setModal(True)
        self.notes = Notes()
        self.yes = Button(verb, "Enter", kind="primary")
        self.yes.setDefault(True)
        self.no = Button(_("Back"), "Esc")
        self.no.setAutoDefault(False)
        self.yes.clicked.connect(self.pressed)
        shortcut(keys.PRIMARY, self, self.yes.click)
        self.no.clicked.connect(self.reject)
        words = col(label(title, "title", wrap=True), *([label(text, wrap=True)] if text else []), gap=4)
        head = row(col(Pic(icon, "warn", 24), None), (words, 1), gap=12)
        foot = frame("footer", row(None, self.no, self.yes, gap=8, pad=(16, 8, 16, 8)))
        body = col(head, *self.extra(), self.notes, gap=12, pad=(16, 16, 16, 16))
        self.setLayout(col(body, foot, gap=0))
        self.notes.said.connect(self.fit)
        self.setFixedWidth(th.px(440))

    def showEvent(self, event: QShowEvent) -> None:
        """Wait until the question has been read: the key that asked it does not answer it."""
        super().showEvent(event)
        self.fit()
        safety.opened()

    def fit(self) -> None:
        """Be as high as the words need at this width, so that no field is squeezed; what wraps asks for too
        little by itself."""
        if (layout := self.layout()) is None:
            return
        layout.activate()
        self.adjustSize()
        if layout.hasHeightForWidth():
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))

    def extra(self) -> list[QLayout | QWidget]:
        """Return what stands between the words and the buttons."""
        return []

    def pressed(self) -> None:
        """Act on the filled button."""
        self.accept()


class ConfirmDialog(Ask):
    """Go on after reading this?"""

    def __init__(self, message: str, parent: QWidget | None = None, *, verb: str = "") -> None:
        title, text = split(message)
        super().__init__(title, text, "alert", verb or _("Continue"), parent)
        self.yes.setFocus()

    def ask(self) -> bool:
        """Show the dialog and return whether to go on."""
        return self.exec() == QDialog.DialogCode.Accepted


class ApprovalDialog(Ask):
    """A second person agrees with name and password, or has agreed by phone; checked off the window's
    thread."""

    def __init__(self, office: Office, wish: NeedsApproval, parent: QWidget | None = None) -> None:
        self._office, self._wish = cast(Approver, office), wish
        self.approval: Approval | None = None
        who, title, text, verb = self.words()
        self.person = Choice(who, self.people(office))
        self.password = Secret(_("Password"))
        self.said = Text(_("What was said, and the number called"), required=True)
        self.said.hide()
        self.by_phone = Flag(_("Agreed by phone"))
        self.by_phone.setVisible(not wish.own and office.clerk.may(Permission.APPROVE_BY_PHONE))
        self.by_phone.toggled.connect(self._phoned)
        super().__init__(title, text, "users", verb, parent)
        self.person.setFocus()

    def words(self) -> tuple[str, str, str, str]:
        """Return the name of the first field, title and text of the dialog, and the verb on the button."""
        reasons = self._wish.reasons
        title, text = _("A second person has to agree"), _("Both names are recorded.")
        if len(reasons) > 1:
            text = _("For all %(n)s points together. Both names are recorded.") % {"n": len(reasons)}
        return _("Who approves"), title, text, _("Approve")

    def people(self, office: Office) -> list[tuple[str, str]]:
        """Return sign-in name and name of those who may be chosen: everybody but the person at the screen."""
        return [(login, name) for login, name in self._office.staff_names() if name != office.clerk.name]

    def extra(self) -> list[QLayout | QWidget]:
        """Show what is agreed to, each with its sum, and both fields side by side."""
        points = [self._point(reason) for reason in self._wish.reasons] if not self._wish.own else []
        return [*points, row((self.person, 1), (self.password, 1), gap=8), self.by_phone, self.said]

    def _point(self, reason: Reason) -> QWidget:
        what = reason.what.rstrip(".")
        sum_ = show(reason.amount, self._office.house().digits) if reason.amount is not None else ""
        told = col(
            label(what, "strong", wrap=True),
            *([label(reason.why, "muted", wrap=True)] if reason.why else []),
            gap=2,
        )
        return frame(
            "note",
            row((told, 1), *([label(sum_, "strong")] if sum_ else []), gap=12, pad=(10, 8, 10, 8)),
            "warn",
        )

    def _phoned(self, on: bool) -> None:
        self.password.setVisible(not on)
        self.said.setVisible(on)
        (self.said if on else self.password).setFocus()
        self.fit()

    def ask(self) -> Approval | None:
        """Show the dialog and return the agreement, or None."""
        self.exec()
        return self.approval

    def pressed(self) -> None:
        """Check the password; what is wrong is said under the fields."""
        phoned = self.by_phone.isChecked()
        proof = self.said if phoned else self.password
        if not proof.validate():
            proof.setFocus()
            return
        give = self._office.approve_by_phone if phoned else self._office.approve
        login, words, wish = str(self.person.value()), str(proof.value()), self._wish
        self._lock(True)
        background.run(self, lambda: give(login, words, wish), self._agreed, self._refused)

    def _agreed(self, approval: Approval) -> None:
        self.approval = approval
        self.accept()

    def _refused(self, error: Exception) -> None:
        self._lock(False)
        if not isinstance(error, Refused):
            raise error
        self.notes.refuse(error)
        if not self.by_phone.isChecked():
            self.password.set_value("")
            self.password.setFocus()

    def _lock(self, on: bool) -> None:
        for widget in (self.person, self.password, self.said, self.by_phone, self.yes):
            widget.setEnabled(not on)


class SignatureDialog(ApprovalDialog):
    """A paper is signed with name and password, by the person at the screen or another."""

    def __init__(self, office: Office, wish: NeedsApproval, parent: QWidget | None = None) -> None:
        super().__init__(office, wish, parent)
        self.password.setFocus()

    def words(self) -> tuple[str, str, str, str]:
        """Return the words of a signature."""
        return _("Who signs"), *split(self._wish.reasons[0].what), self._wish.verb or _("Sign")

    def people(self, office: Office) -> list[tuple[str, str]]:
        """Return everybody, the person at the screen first."""
        return sorted(self._office.staff_names(), key=lambda person: person[1] != office.clerk.name)
