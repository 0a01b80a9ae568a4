"""The form that splits the charge in hand: equal parts, per cent or amounts, each to its folio."""

from typing import Any

from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money, show
from pms.services.folios import splitting
from pms.services.folios.queries import FolioLine
from pms.services.folios.splitting import Part
from pms.ui.kit.amounts import Amount
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.parts import row

from .forms import Facts, FolioDesk, FolioForm, elsewhere
from .lines import words

EQUAL, PERCENT, AMOUNT = "equal", "percent", "amount"
PARTS = 3
"""So many folios at once beside the line's own."""


class SplitForm(FolioForm):
    """Move parts of the charge in hand to other folios; the rest stays, and is told while the parts are
    typed."""

    line: FolioLine | None

    def __init__(self, desk: FolioDesk, digits: int) -> None:
        self.digits, self.line, self.left = digits, None, Money(0)
        ways = [(EQUAL, _("Equal parts")), (PERCENT, _("Per cent")), (AMOUNT, _("Amounts"))]
        way, reason = Choice(_("Split by"), ways), Text(_("Reason"), required=True, longest=80)
        self.places = [
            (Choice(_("To folio") if not at else ""), Amount(_("Part") if not at else "", digits=digits))
            for at in range(PARTS)
        ]
        for to, part in self.places:  # the lower ones stand under the titles of the first
            to.editor.setAccessibleName(_("To folio"))
            part.editor.setAccessibleName(_("Part"))
        fields: dict[str, Any] = {f"to{at}": to for at, (to, _part) in enumerate(self.places)}
        fields |= {f"part{at}": part for at, (_to, part) in enumerate(self.places)}
        super().__init__(
            desk,
            _("Split a posting"),
            _("Split"),
            way,
            *(row((to, 1), part, gap=8) for to, part in self.places),
            reason,
            way=way,
            reason=reason,
            **fields,
        )
        way.changed.connect(self._turn)
        for to, part in self.places:
            to.changed.connect(self._tell)
            part.changed.connect(self._tell)

    def prepare(self, facts: Facts) -> None:
        """Start with two equal parts, one of them to the stay's next folio."""
        self.line = facts.line
        if self.line is None:
            return
        self.left = self.desk.office.ask(splitting.left, transfer_id=self.line.id)
        offered = elsewhere(self.desk, facts, self.line)
        for at, (to, _part) in enumerate(self.places):
            to.set_options(offered if not at else [(None, _("Not used")), *offered])
        self.fill(way=EQUAL, reason="", to0=offered[0][0] if offered else None, to1=None, to2=None)
        self._turn()

    def _turn(self) -> None:
        """Count in the way that was chosen."""
        way = self["way"].value()
        for _to, part in self.places:
            part.setVisible(way != EQUAL)
            part.set_value(None)
            part.set_digits(self.digits if way == AMOUNT else 2)
        self._tell()

    def _used(self) -> list[tuple[tuple[int, str], Amount]]:
        return [(to.value(), part) for to, part in self.places if to.value() is not None]

    def _parts(self) -> list[Part]:
        """Return the parts as they were typed; raises ``Refused`` where one cannot be read."""
        used, way = self._used(), self["way"].value()
        if way == EQUAL:
            sums = splitting.equal(self.left, len(used) + 1)[1:]
            return [Part(*where, amount=sum_) for (where, _part), sum_ in zip(used, sums, strict=True)]
        read = [(where, part.value() or 0) for where, part in used]
        if way == PERCENT:
            return [Part(*where, points=points) for where, points in read]
        return [Part(*where, amount=Money(sum_)) for where, sum_ in read]

    def _sums(self, parts: list[Part]) -> list[Money]:
        if self["way"].value() == PERCENT:
            return splitting.shares(self.left, [part.points for part in parts])
        return [part.amount for part in parts]

    def _tell(self) -> None:
        """Say what goes where and what stays."""
        if self.line is None:
            return
        try:
            parts = self._parts()
        except Refused:
            return
        sums = self._sums(parts)
        head = f"{words(self.line.code, self.line.text)} {show(self.left, self.digits)}"
        told = [
            f"{self._named(part)} {show(sum_, self.digits)}" for part, sum_ in zip(parts, sums, strict=True)
        ]
        rest = _("%(sum)s stays on folio %(window)s.") % {
            "sum": show(self.left - sum(sums), self.digits),
            "window": self.line.window,
        }
        self.say("\n".join((head, *told, rest)))

    def _named(self, part: Part) -> str:
        to = next(to for to, _part in self.places if to.value() == (part.stay_id, part.window))
        return f"\u2192 {to.combo.currentText()}"

    def submit(self) -> None:
        """Split it."""
        if self.complete() and self.line is not None:
            parts = self._parts()
            self.send(
                splitting.split_line.of(transfer_id=self.line.id, parts=parts, reason=self["reason"].value()),
                _("%(sum)s is split off.") % {"sum": show(sum(self._sums(parts)), self.digits)},
            )
