"""The parts of the audit's page: the finding in hand, every line, the proof, the rooms, the right side."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from pms.core.i18n import _, ngettext
from pms.core.money import show
from pms.services.night_audit.checks import Check
from pms.services.night_audit.printouts import REASONS
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.desk import Screen
from pms.ui.kit.forms import Text
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, row, rule, side_panel
from pms.ui.kit.wrap import Wrap

from . import grouped, signs, tables
from .close import Close, State
from .evidence import EvidencePane
from .stage import Item, Night, Proof, by_code, by_reason

MOST = 3
"""Kinds of postings that are seen at the right without scrolling."""


class FindingPane:
    """The findings in hand with their remark and their mark."""

    def __init__(self, page: Screen, checks: Mapping[str, Check], zone: str, digits: int) -> None:
        self.checks, self.digits = checks, digits
        self.title, self.detail = label("", "page", wrap=True), label("", "muted", wrap=True)
        self.risk, self.told = label("", "page"), label("", wrap=True)
        self.remark = Text(hint=_("Remark"), longest=120)
        self.remark.line.setAccessibleName(_("Remark"))
        self.remark.setMinimumWidth(th.px(120))
        self.evidence = EvidencePane(page, zone)
        self.remedy = page.button("clear", icon="")
        self.extending, self.looking = page.button("extend", icon=""), page.button("folio", icon="")
        self.approving, self.querying = page.button("approve"), page.button("query")
        self.about, self.asked = list[str](), ""
        self.clearing = box(Wrap(self.remedy, self.extending, self.looking))
        self.signs = signs.Signs(page.button("compare"))
        marking = row((self.remark, 1), *(col(b, None) for b in self._marks()), gap=8)
        self.why = label("", "muted", wrap=True)
        self.work = box(col(rule(), self.signs, self.clearing, col(marking, self.why, gap=4), gap=12))
        words = row(
            (col(self.title, self.detail, gap=4), 1),
            col(label(_("Tonight"), "meta", align=Qt.AlignmentFlag.AlignRight), self.risk, None, gap=0),
        )
        self.card = card(words, self.told, (self.evidence.widget, 100), None, self.work, gap=12)

    def _marks(self) -> tuple[QWidget, ...]:
        return self.approving, self.querying

    def show(self, items: Sequence[Item]) -> None:
        """Show the findings in hand; without one, that every check was made."""
        self.about = [item.finding.key for item in items]
        self.work.setVisible(bool(items))
        self.signs.setVisible(len(items) == 1 and items[0].finding.kind == signs.KIND)
        self.clearing.setVisible(len(items) == 1 and items[0].finding.kind != signs.KIND)
        self._say_how_many(len(items))
        self.evidence.show(items[0].finding if len(items) == 1 else None)
        if len(items) > 1:
            self._show_many(items)
        elif items:
            self._show_one(items[0])
        else:
            words = _("Nothing is wrong tonight."), _("Every check was made and none found anything.")
            self._show_words(*words)

    def _show_words(self, title: str, detail: str, risk: int = 0, told: str = "") -> None:
        self.title.setText(title)
        self.detail.setText(detail)
        self.risk.setText(show(risk, self.digits) if risk else "")
        self.told.setText(told)

    def _show_one(self, item: Item) -> None:
        finding = item.finding
        told = _(self.checks[finding.kind].advice)
        if item.state:
            told = _("%(state)s by %(who)s: %(remark)s") % {
                "state": _(grouped.MARKS[item.state]),
                "who": item.by,
                "remark": item.remark,
            }
        self._show_words(finding.title, finding.detail, finding.amount, told)
        self.remedy.say(finding.remedy.words)
        self.extending.setVisible(finding.stay_id is not None)
        self.looking.setVisible(finding.stay_id is not None and finding.remedy.page != "folios")

    def _show_many(self, items: Sequence[Item]) -> None:
        kinds = dict.fromkeys(item.finding.kind for item in items)
        count, marked = len(items), sum(bool(item.state) for item in items)
        told = "\n".join(_(self.checks[kind].advice) for kind in kinds)
        if marked:
            words = ngettext("%(n)s of them has a mark.", "%(n)s of them have a mark.", marked)
            told = f"{words % {'n': marked}}\n{told}"
        self._show_words(
            ngettext("%(n)s finding", "%(n)s findings", count) % {"n": count},
            formats.commas([_(self.checks[kind].title) for kind in kinds]),
            sum(item.finding.amount for item in items),
            told,
        )

    def _say_how_many(self, count: int) -> None:
        """Let the buttons say on how many they act."""
        for button, words in ((self.approving, _("Approve it")), (self.querying, _("Query"))):
            button.say(f"{words} ({count})" if count > 1 else words)

    def say_why(self, reason: str) -> None:
        """Say beside the buttons why what is in hand is not approved; nothing where it may be."""
        self.why.setText(reason)
        self.why.setVisible(bool(reason))

    def typed(self, state: str) -> str:
        """Return the remark; where it is missing, the field says so and has the focus, and what was asked for
        is done when it is typed."""
        remark = str(self.remark.value() or "")
        self.asked = "" if remark else state
        if not remark:
            self.remark.set_error(_("A remark is missing."))
            self.remark.setFocus()
        return remark


class LinesPane:
    """Every line to be posted, and why it differs from last night."""

    def __init__(self, page: Screen, digits: int) -> None:
        self.lines, self.why = tables.lines(digits), tables.reasons(digits)
        self.why_card = box(col(label(_("Why it differs from last night"), "title"), (self.why, 1), gap=8))
        head = heading(_("Every line to be posted"), None, page.button("back_to_findings"))
        tools = Wrap(
            page.button("print_lines"),
            page.button("save_lines_sheet", icon=""),
            page.button("save_lines_pdf", icon=""),
        )
        self.card = card(head, tools, (self.lines, 3), (self.why_card, 2), gap=8)

    def show(self, night: Night) -> None:
        """Show what one look brought."""
        self.lines.show_rows(night.charges)
        self.why.show_rows(night.changes)
        self.why_card.setVisible(bool(night.last_revenue))


class ProofPane:
    """The trial balance of a closed day and the audits before it."""

    def __init__(self, page: Screen, zone: str, digits: int) -> None:
        self.title, self.badge = label("", "page"), row()
        self.ledgers, self.runs = tables.ledgers(digits), tables.runs(zone, digits)
        head = row(self.title, self.badge, None, page.button("back_to_findings"), gap=12)
        self.card = card(head, (self.ledgers, 3), label(_("Last audits"), "title"), (self.runs, 2), gap=8)

    def show(self, proof: Proof) -> None:
        """Show a closed day."""
        self.runs.show_rows(proof.runs)
        empty_out(self.badge)
        self.title.setText(
            _("Proof of %(day)s") % {"day": formats.long_day(proof.day)} if proof.day else _("Proof")
        )
        self.ledgers.show_rows(proof.ledgers)
        if proof.day:
            self.badge.addWidget(
                Badge(
                    _("Closes to 0") if proof.closes else _("Does not close"),
                    "good" if proof.closes else "bad",
                    "check" if proof.closes else "alert",
                )
            )


class RoomsPane:
    """Every room as desk, housekeeping and its cards have it tonight."""

    def __init__(self, page: Screen, zone: str, digits: int) -> None:
        self.rooms = tables.rooms(zone, digits)
        told = _(
            "Stays, housekeeping's sheet and the cards valid tonight. The fourth way, the "
            "police's acknowledgements, comes with the "
            "police link."
        )
        head = heading(_("Three-way check"), None, page.button("back_to_findings"))
        self.card = card(head, label(told, "muted", wrap=True), (self.rooms, 1), gap=8)


class Side:
    """What would be posted, what is under way, and the one filled button."""

    def __init__(self, page: Screen, digits: int) -> None:
        self.digits = digits
        self.codes = tables.codes(digits)
        self.codes.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.title = label("", "title")
        self.total_words, self.total = label("", "strong"), label("", "figure")
        self.compared = col(gap=4)
        self.busy = self._busy(page)
        self.big, self.then = page.button("go_on"), label("", "muted", wrap=True)
        self.panel: QWidget = side_panel(
            self.title,
            card(self.codes, gap=0, pad=(1, 1, 1, 1)),
            row(self.total_words, None, self.total),
            box(self.compared),
            self._links(page),
            None,
            self.busy,
            page.notes,
            col(self.big, self.then, gap=8),
            width=308,
        )

    def _busy(self, page: Screen) -> QWidget:
        self.stop = page.button("call_off")
        self.progress, self.doing = QProgressBar(), label("", "strong", wrap=True)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        safe = _("It may be interrupted: the day is open or closed, never half.")
        made = box(
            col(self.doing, self.progress, label(safe, "muted", wrap=True), row(self.stop, None), gap=8)
        )
        made.hide()
        self.stop.hide()
        return made

    @staticmethod
    def _links(page: Screen) -> QWidget:
        proof = page.button("proof", kind="quiet", words=_("Proof"))
        return box(
            col(
                row(page.button("every_line", kind="quiet"), proof, None, gap=4),
                row(page.button("reports", kind="quiet", icon=""), None),
                row(page.button("three_ways", kind="quiet", icon=""), None),
                gap=0,
            )
        )

    def show(self, night: Night) -> None:
        """Show the sums of the rehearsal, and what differs from last night."""
        # Once a day is closed this is the next day's: it names its day, and is nobody's tonight.
        self.title.setText(_("Rehearsal of %(day)s") % {"day": formats.day(night.business_date)})
        sums = by_code(night.charges)
        self.codes.show_rows(sums)
        lines = min(max(len(sums), 1), MOST)  # what is not needed here a refusal below may need
        self.codes.setFixedHeight(th.px(th.ROW["dense"]) + lines * th.px(th.ROW["table"]) + 2)
        self.total_words.setText(
            ngettext("Total, %(n)s line", "Total, %(n)s lines", len(night.charges))
            % {"n": len(night.charges)}
        )
        self.total.setText(show(night.total(), self.digits))
        empty_out(self.compared)
        if night.last_revenue:
            self._compare(night)

    def _compare(self, night: Night) -> None:
        more = sum(c.now - c.before for c in night.changes)  # with the nights that are posted already
        reasons = [
            (f"{_(REASONS[reason])} ({count})", show(amount, self.digits))
            for reason, count, amount in by_reason(night.changes)
        ]
        for words, figure in (
            (_("Rooms last night"), show(night.last_revenue, self.digits)),
            *reasons,
            (_("Up on last night") if more >= 0 else _("Down on last night"), show(abs(more), self.digits)),
        ):
            self.compared.addLayout(row(label(words, "muted"), None, label(figure)))

    def show_work(self, closing: Close) -> None:
        """Show what is under way, and the way to stop it while there is one."""
        warned = closing.state is State.WARNED
        self.doing.setText(closing.doing)
        self.busy.setVisible(warned or closing.running)
        self.stop.setVisible(warned)
