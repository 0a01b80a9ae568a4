"""The end of the check-in: what was done, what the encoder and the printer say, and what comes next."""

from functools import partial

from PySide6.QtWidgets import QFrame

from pms.core.i18n import N_, _, ngettext
from pms.core.office import Office
from pms.services.cards import queries as card_queries
from pms.services.cards.queries import CardRow
from pms.services.folios import queries as folio_queries
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs.queries import JobRow, Sheets
from pms.services.stays import queries
from pms.services.stays.queries import StayRow
from pms.ui.kit import formats
from pms.ui.kit import theme as th
from pms.ui.kit.actions import ActButton
from pms.ui.kit.desk import Desk
from pms.ui.kit.empty import Empty
from pms.ui.kit.messages import note
from pms.ui.kit.parts import Pic, box, card, col, empty_out, frame, label, row
from pms.ui.kit.preview import Preview
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

CARD_KINDS = {"new": N_("New card"), "duplicate": N_("Copy"), "extend": N_("Extended")}
CARD_STATES = {
    "pending": (N_("To be cut"), "expect", "clock"),
    "valid": (N_("Valid"), "good", "check"),
    "failed": (N_("Failed"), "bad", "alert"),
    "ended": (N_("Ended"), "block", "close"),
    "returned": (N_("Returned"), "block", "close"),
    "lost": (N_("Lost"), "bad", "alert"),
}
PAPER_TONES = {
    "queued": ("expect", "clock"),
    "failed": ("warn", "alert"),
    "printing": ("expect", "printer"),
    "printed": ("good", "check"),
    "saved": ("block", "sheet"),
    "incomplete": ("warn", "alert"),
    "replaced": ("block", "close"),
    "cancelled": ("block", "close"),
}
CARDS = (
    Column(
        N_("Room card"),
        lambda c: _(CARD_KINDS.get(c.kind, c.kind)),
        sub=lambda c: c.trouble,
        bold=True,
    ),
    Column(
        N_("State"),
        lambda c: _(CARD_STATES[c.state][0]),
        "badge",
        width=112,
        tone=lambda c: CARD_STATES[c.state][1],
        icon=lambda c: CARD_STATES[c.state][2],
    ),
)
"""What was cut, or is waiting for the encoder."""
PAPERS = (
    Column(N_("Paper"), lambda j: j.title, sub=lambda j: j.trouble or j.number, bold=True),
    Column(
        N_("State"),
        lambda j: j.state_name,
        "badge",
        width=140,
        tone=lambda j: PAPER_TONES[j.became][0],
        icon=lambda j: PAPER_TONES[j.became][1],
    ),
)
"""What was printed, or is waiting for the printer."""


class CheckedIn(QFrame):
    """Shown in place of the form; the preview at its left shows the paper in hand."""

    def __init__(self, preview: Preview, again: ActButton, folio: ActButton, following: ActButton) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedWidth(th.px(460))
        self.stay_id, self._cards, self._shown = 0, list[CardRow](), 0
        self._preview, self.again, self.next = preview, again, following
        self.headline, self.about = label("", "page", wrap=True), label("", "muted", wrap=True)
        self.facts, self.trouble = col(gap=8), col(gap=8)
        self.cards = Table(CARDS)
        self.cards.set_empty(Empty("key-card", _("No card was asked for.")))
        self.papers = Table(PAPERS)
        self.papers.setMinimumHeight(th.px(124))
        self.papers.set_empty(Empty("printer", _("No paper was asked for.")))
        self.notes_at = col()
        foot = frame("footer", row(folio, (following, 1), gap=8, pad=(16, 10, 16, 10)))
        head = row(col(Pic("check", "good", 24), None), (col(self.headline, self.about, gap=2), 1), gap=12)
        body = col(
            head,
            self.facts,
            (
                card(
                    row(label(_("Room cards"), "title"), None, again),
                    self.trouble,
                    (self.cards, 1),
                    pad=(12, 10, 12, 8),
                ),
                2,
            ),
            (card(self.papers, title=_("Papers"), pad=(12, 10, 12, 8)), 3),
            box(self.notes_at),
            gap=12,
            pad=(16, 16, 16, 12),
        )
        self.setLayout(col((box(body), 1), foot, gap=0))

    def connect_papers(self, desk: Desk) -> None:
        """Show the paper in hand in the preview, drawn off the window's thread."""
        self.papers.picked.connect(partial(self._show_paper, desk))

    # -------------------------------------------------------------- what was done
    def show_stay(self, office: Office, stay_id: int) -> None:
        """Show a stay that has just begun."""
        self.stay_id, self._shown = stay_id, 0
        self.look(office)
        if self.papers.row() is None and self.papers.rows.rowCount():
            self.papers.selectRow(0)

    def look(self, office: Office) -> None:
        """Look again at what has become of cards and papers."""
        house = office.house()
        stay: StayRow = office.ask(queries.stay, stay_id=self.stay_id, business_date=house.business_date)
        guests = office.ask(queries.sharers, stay_id=self.stay_id)
        self._cards = office.ask(card_queries.of_stay, stay_id=self.stay_id)
        self._show_head(stay, house.digits, [g.identity for g in guests])
        self.cards.show_rows(self._cards)
        self._show_trouble()
        self.papers.show_rows(self._jobs(office))

    def _show_head(self, stay: StayRow, digits: int, identities: list[str]) -> None:
        self.headline.setText(
            _("%(guest)s is checked in to %(room)s") % {"guest": stay.guest, "room": stay.room}
        )
        nights = ngettext("%(n)s night", "%(n)s nights", stay.nights) % {"n": stay.nights}
        until = _("until %(day)s") % {"day": formats.long_day(stay.departure)}
        self.about.setText(formats.commas((f"S-{stay.number}", stay.type_name, nights, until)))
        pending = sum(identity == "pending" for identity in identities)
        facts = (
            (_("Deposit"), formats.amount(stay.deposit, digits)),
            (_("Balance"), formats.amount(stay.balance, digits)),
            (_("Guests"), str(len(identities))),
        )
        empty_out(self.facts)
        self.facts.addLayout(
            row(
                *(row(label(word, "muted"), label(fact, "strong"), gap=4) for word, fact in facts),
                None,
                gap=16,
            )
        )
        if pending:
            self.facts.addWidget(
                note(
                    "warn",
                    ngettext("%(n)s identity is pending", "%(n)s identities are pending", pending)
                    % {"n": pending},
                    icon="shield",
                )
            )

    def _show_trouble(self) -> None:
        empty_out(self.trouble)
        if self.failed():
            self.trouble.addWidget(
                note(
                    "warn",
                    _("The guest is checked in, the card is not cut"),
                    _("Check the encoder and put a card on it, then cut again."),
                    icon="key-card",
                )
            )
        self.again.setVisible(bool(self.failed()))

    def failed(self) -> list[CardRow]:
        """Return the cards that the encoder did not cut."""
        return [c for c in self._cards if c.state == "failed"]

    # -------------------------------------------------------------- papers
    def _jobs(self, office: Office) -> list[JobRow]:
        """Return the registration card, then the deposit receipts."""
        found: list[JobRow] = office.ask(print_queries.of_record, record="stay", record_id=self.stay_id)
        for line in office.ask(folio_queries.folio_lines, stay_id=self.stay_id):
            if line.slip:
                found = found + office.ask(print_queries.of_record, record="transfer", record_id=line.id)
        return found

    def _show_paper(self, desk: Desk, job: JobRow | None) -> None:
        if job is not None and job.id != self._shown:
            self._shown = job.id
            desk.ask_slow(partial(print_queries.sheets, job_id=job.id), then=partial(self._drawn, job.id))

    def _drawn(self, job_id: int, found: Sheets) -> None:
        if job_id == self._shown:
            self._preview.show_document(
                found.pages,
                title=found.title,
                printer=found.printer or _("no printer yet"),
                copies=found.copies,
            )
