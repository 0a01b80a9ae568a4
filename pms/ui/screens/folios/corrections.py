"""The form that gives a part of a charge back."""

from pms.core.i18n import _
from pms.core.money import show
from pms.services.folios import service
from pms.services.folios.queries import FolioLine
from pms.ui.kit.amounts import Amount
from pms.ui.kit.forms import Remark

from .forms import Facts, FolioDesk, FolioForm
from .lines import words


class RebateForm(FolioForm):
    """Give a part of the charge in hand back; its tax goes along, the slip prints."""

    line: FolioLine | None

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits, self.line = digits, None
        amount = Amount(_("Rebate"), digits=digits, required=True)
        reason = Remark(_("Reason"), required=True, lines=2)
        super().__init__(desk, _("Give a rebate"), _("Rebate"), amount, reason, amount=amount, reason=reason)

    def prepare(self, facts: Facts) -> None:
        """Name the line."""
        self.line = facts.line
        self.fill(reason="", amount=None)
        if self.line is not None:
            self.say(
                _("Part of %(item)s %(sum)s is rebated, with its tax.")
                % {"item": words(self.line.code, self.line.text), "sum": show(self.line.charge, self.digits)}
            )

    def submit(self) -> None:
        """Give it back."""
        if self.complete() and self.line is not None:
            self.send(
                service.rebate.of(
                    transfer_id=self.line.id, amount=self["amount"].value(), reason=self["reason"].value()
                ),
                _("%(sum)s is rebated, the slip is printing.")
                % {"sum": show(self["amount"].value(), self.digits)},
            )
