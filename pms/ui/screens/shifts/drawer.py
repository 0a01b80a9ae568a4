"""What a running shift shows: what came in by each way to pay, what moved between drawer and safe, and the
handovers there were."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pms.core.i18n import N_, _
from pms.core.office import Clerk
from pms.services.shifts.queries import Electronic, HandoverRow, MoveRow, ShiftRow, Taking
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.empty import Empty
from pms.ui.kit.parts import Pic, box, col, label, row, set_tone
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .papers import listed

MOVES = {"FLOAT": N_("Float"), "DROP": N_("Drop"), "PAYOUT": N_("Paid out")}


def whose(shift: ShiftRow, clerk: Clerk, zone: str) -> tuple[str, str]:
    """Return whose drawer it is, and where another person works at it who that is, in warning tone."""
    told = {
        "open": _("Drawer of %(name)s since %(time)s."),
        "counted": _("Drawer of %(name)s, counted."),
        "closed": _("Drawer of %(name)s, closed, to be handed over."),
    }[shift.state] % {"name": shift.clerk, "time": formats.day_time(shift.opened_at, zone)}
    if shift.clerk_id == clerk.id:
        return told, ""
    return told + ("" if formats.chinese() else " ") + _("Signed in: %(name)s.") % {
        "name": clerk.name
    }, "warn"


class DrawerView(QWidget):
    """The page's left side before the count; ``chosen`` tells the number of a handover."""

    chosen = Signal(int)

    def __init__(self, zone: str, digits: int) -> None:
        super().__init__()
        self.zone, self.digits = zone, digits
        self.called: dict[str, str] = {}
        """How the house calls each kind of payment."""
        self.takings = self._takings()
        self.moves = self._moves()
        self.past = self._past()
        self.past.chosen.connect(lambda h: self.chosen.emit(h.number))
        self._top = box(
            row(
                (listed(_("Takings"), self.takings), 2),
                (listed(_("Drops and payouts"), self.moves), 3),
                gap=12,
            )
        )
        self.numbers = self._numbers()
        self._electronic = listed(_("Electronic payments"), self.numbers)
        below = row((self._electronic, 3), (listed(_("Handovers"), self.past), 5), gap=12)
        self.setLayout(col((self._top, 1), (box(below), 1), gap=12))

    def _called(self, one: Taking | Electronic) -> str:
        return self.called.get(one.method, one.method)

    def _timed(self, one: Electronic) -> str:
        """Say when it came and by which kind, on one line: the number below takes the whole width."""
        return f"{formats.time(one.at, self.zone)} {self._called(one)}"

    def _numbers(self) -> Table:
        made = Table(
            (
                Column(N_("Payment method"), self._timed, sub=lambda n: n.number),
                Column(N_("Amount"), lambda n: n.amount, "money", width=96),
            ),
            key=lambda n: n.id,
            digits=self.digits,
        )
        made.setAccessibleName(_("Electronic payments"))
        made.set_empty(Empty("cash", _("No electronic payment in this shift.")))
        return made

    def _takings(self) -> Table:
        made = Table(
            (
                Column(N_("Payment method"), self._called),
                Column(N_("Slips"), lambda t: t.slips, "number", width=64),
                Column(N_("Amount"), lambda t: t.net, "money", width=108),
            ),
            key=lambda t: t.method,
            digits=self.digits,
        )
        made.setAccessibleName(_("Takings"))
        made.set_empty(Empty("cash", _("Nothing was taken in this shift.")))
        return made

    def _moves(self) -> Table:
        made = Table(
            (
                Column(N_("Time"), lambda m: formats.day_time(m.at, self.zone), width=112),
                Column(N_("Kind"), lambda m: _(MOVES[m.code]), width=80, bold=True),
                Column(N_("What for"), lambda m: m.reason if m.code == "FLOAT" else m.text),
                Column(N_("Amount"), lambda m: -m.amount if m.reverses else m.amount, "money", width=108),
            ),
            key=lambda m: m.id,
            digits=self.digits,
        )
        made.setAccessibleName(_("Drops and payouts"))
        made.set_empty(Empty("cash", _("Nothing was dropped or paid out in this shift.")))
        return made

    def _past(self) -> Table:
        made = Table(
            (
                Column(N_("Number"), lambda h: f"H-{h.number}", width=80, bold=True),
                Column(N_("Time"), lambda h: formats.day_time(h.at, self.zone), width=120),
                Column(N_("Handed over by"), lambda h: h.given_by),
                Column(N_("Taken over by"), lambda h: h.taken_by),
                Column(
                    N_("Over or short"),
                    lambda h: h.over_short,
                    "money",
                    width=120,
                    tone=lambda h: "bad" if h.over_short else "",
                ),
                Column(N_("Open items"), lambda h: h.items, "number", width=110),
            ),
            key=lambda h: h.id,
            digits=self.digits,
        )
        made.setAccessibleName(_("Handovers"))
        made.set_empty(Empty("handover", _("No shift has been handed over yet.")))
        return made

    def show_shift(
        self,
        moves: Sequence[MoveRow] | None,
        takings: Sequence[Taking],
        numbers: Sequence[Electronic] = (),
    ) -> None:
        """Show what a live shift moved and took; where none is live (None) the handovers have the page."""
        self._top.setVisible(moves is not None)
        self._electronic.setVisible(moves is not None)
        self.numbers.show_rows(list(numbers))
        self.moves.show_rows(list(moves or ()))
        self.takings.show_rows(list(takings))

    def show_past(self, past: Sequence[HandoverRow]) -> None:
        """Show the handovers there were."""
        self.past.show_rows(list(past))


class Steps(QWidget):
    """The three steps of a shift's end, and which of them is due."""

    TITLES = (N_("Count"), N_("Explain"), N_("Handover"))

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        self._pics = [Pic("check", "good", 16) for _title in self.TITLES]
        self._words = [label("", "strong") for _title in self.TITLES]
        parts: list[QWidget] = []
        for n, (pic, words) in enumerate(zip(self._pics, self._words, strict=True)):
            parts += [*([Pic("chevron-right", "muted", 14)] if n else []), pic, words]
        self.setLayout(row(*parts, gap=4))
        self.show_step(0)

    def show_step(self, at: int) -> None:
        """Show that step 1, 2 or 3 is due; 0 before the first."""
        self.at = at
        for n, (title, pic, words) in enumerate(zip(self.TITLES, self._pics, self._words, strict=True), 1):
            pic.setVisible(n < at)
            words.setText(f"{n} {_(title)}")
            words.setMinimumWidth(th.measure("strong").horizontalAdvance(words.text()) + 4)
            words.setFont(th.font("strong" if n == at else "body"))
            set_tone(words, "" if n == at else "muted")
