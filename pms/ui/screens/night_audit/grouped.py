"""The one list of the audit's page: findings under the head of their kind with one measure, tonight's money;
at its end what was checked and found nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from pms.core.i18n import N_, _
from pms.core.money import Money
from pms.services.night_audit.checks import Check
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .stage import Item, Night

MARKS = {"approved": N_("Approved"), "queried": N_("Queried")}
MARK_TONES = {"approved": "good", "queried": "warn"}


@dataclass(frozen=True)
class Head:
    """The head of a kind: how many findings, and how much money hangs on them tonight. Without a kind it
    stands above the checks that found nothing."""

    kind: str
    title: str
    count: int
    amount: Money
    blocking: bool = False


@dataclass(frozen=True)
class Quiet:
    """A check that found nothing."""

    kind: str
    title: str


Row = Head | Item | Quiet


def rows(night: Night, checks: Mapping[str, Check]) -> list[Row]:
    """Return the findings, the worst kind first, then the checks that found nothing."""
    made: list[Row] = []
    items = {item.finding.key: item for item in night.items()}
    found = {group.kind: group for group in night.groups()}
    for kind, group in found.items():
        title = _(checks[kind].title)
        made.append(Head(kind, title, len(group.findings), group.amount, group.blocking))
        made += [items[finding.key] for finding in group.findings]
    clear = [Quiet(kind, _(check.title)) for kind, check in checks.items() if kind not in found]
    if clear:
        made.append(Head("", _("Checked, nothing found"), len(clear), Money(0)))
    return made + clear


def _words(row: Row) -> str:
    if isinstance(row, Item):
        return row.finding.title
    return f"{row.count}  {row.title}" if isinstance(row, Head) else row.title  # what is cut is not the count


def _detail(row: Row) -> str:
    return row.finding.detail if isinstance(row, Item) else ""


def _tone(row: Row) -> str:
    if isinstance(row, Quiet):
        return "muted"
    blocking = row.finding.blocking if isinstance(row, Item) else row.blocking
    return "bad" if blocking else ""


def _tonight(row: Row) -> Money | None:
    if isinstance(row, Quiet):
        return None
    return (row.finding.amount if isinstance(row, Item) else row.amount) or None


def _mark(row: Row) -> str:
    return _(MARKS[row.state]) if isinstance(row, Item) and row.state else ""


class Findings(Table):
    """The list. ``headed`` tells the kind whose head was clicked."""

    headed = Signal(str)

    def __init__(self, checks: Mapping[str, Check], digits: int) -> None:
        self.checks = checks
        super().__init__(
            (
                Column(
                    N_("Finding"),
                    _words,
                    sub=_detail,
                    icon=self._icon,
                    tone=_tone,
                    bold=lambda row: isinstance(row, Head),
                ),
                Column(
                    N_("Tonight"),
                    _tonight,
                    "money",
                    width=104,
                    sub=_mark,
                    bold=lambda row: isinstance(row, Head),
                ),
            ),
            key=self.key_of,
            ground=lambda row: "sunken" if isinstance(row, Head) else "",
            fixed=lambda row: not isinstance(row, Item),
            digits=digits,
            many=True,
        )
        self.setAccessibleName(_("Findings"))

    @staticmethod
    def key_of(row: Row) -> str:
        """Return what a row is known by; heads and quiet lines are never asked for by it."""
        if isinstance(row, Item):
            return row.finding.key
        return f"{type(row).__name__} {row.kind}"

    def _icon(self, row: Row) -> str:
        if isinstance(row, Item):
            return ""
        return self.checks[row.kind].icon if isinstance(row, Head) and row.kind else "check"

    def show_night(self, night: Night) -> None:
        """Show one look; where nothing is in hand, the first finding is taken."""
        self.show_rows(rows(night, self.checks))
        if self.row() is None and night.findings:
            self.pick(night.findings[0].key)

    def items(self) -> Sequence[Item]:
        """Return the findings in the order they stand."""
        return [row for row in self.rows.rows() if isinstance(row, Item)]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a kind's head is about the whole kind."""
        row = self.rows.row(self.indexAt(event.position().toPoint()))
        if isinstance(row, Head) and row.kind and event.button() == Qt.MouseButton.LeftButton:
            self.headed.emit(row.kind)
            return
        super().mousePressEvent(event)
