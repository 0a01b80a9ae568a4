"""Luggage storage: what is here, store and hand back without leaving the page; a scanned tag opens its claim
wherever it is typed."""

from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.services.luggage import queries, service
from pms.services.luggage.queries import TagRow
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs import service as print_jobs
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.chips import Chips
from pms.ui.kit.desk import Screen
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import SidePages
from pms.ui.kit.parts import Badge, box, card, col, empty_out, heading, label, pairs, row
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .forms import TAG, AmendForm, ClaimForm, StoreForm

STORE, CLAIM, AMEND, ONE = "store", "claim", "amend", "one"
CHIPS = (
    ("here", N_("In store")),
    ("overnight", N_("Overnight")),
    ("overdue", N_("Not fetched")),
    ("claimed", N_("Handed back today")),
)
NONE_HERE = {
    "here": N_("No bags are stored."),
    "overnight": N_("No bags stay overnight."),
    "overdue": N_("No bags are overdue."),
    "claimed": N_("No bags were handed back today."),
}


class LuggageScreen(Screen):
    """The luggage room."""

    TOPICS = frozenset({"luggage", "business_date", "property", "stays"})

    def build(self) -> QLayout | QWidget:
        """Put the list at the left and the form for storing at the right."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        self.chips = Chips([(which, _(words)) for which, words in CHIPS], value="here")
        self.chips.chosen.connect(lambda _which: self.refresh())
        self.table = Table(self._columns(), key=lambda t: t.id)
        self.table.setAccessibleName(_("Luggage"))
        self.empty = Empty("suitcase", "")
        self.table.set_empty(self.empty)
        self.table.picked.connect(self._picked)
        self.table.chosen.connect(lambda _row: self.acts["hand_back"].press())
        self.panel = SidePages(self.notes, width=340)
        self.store_form = StoreForm(self.office, self.today, self._store, self._turn_away)
        self.panel.add_form(STORE, self.store_form)
        self.facts = col(gap=12)
        self.panel.add(
            ONE,
            box(col(box(self.facts), None)),
            box(
                col(
                    None,
                    row((self.button("amend"), 1), (self.button("tag_again"), 1), gap=8),
                    self.button("hand_back"),
                    gap=8,
                )
            ),
        )
        head = heading(_("Luggage"), None, self.button("store", kind=""), self.button("print_list"))
        left = col(
            head,
            row(self.chips, None),
            (card((self.table, 1), pad=(0, 0, 0, 0)), 1),
            gap=12,
            pad=(16, 12, 16, 16),
        )
        return row((box(left), 1), self.panel, gap=0)

    @cached_property
    def claim_form(self) -> ClaimForm:
        """The form of a claim, made when it is first opened."""
        return self.panel.add_form(CLAIM, ClaimForm(self._claim, self._turn_away))

    @cached_property
    def amend_form(self) -> AmendForm:
        """The form for place and day, made when it is first opened."""
        return self.panel.add_form(AMEND, AmendForm(self.today, self._amend, self._turn_away))

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(N_("Tag"), lambda t: t.tag, width=76, bold=True),
            Column(N_("Room"), lambda t: t.room, width=64),
            Column(N_("Guest"), lambda t: t.guest, sub=lambda t: t.marks),
            Column(N_("Pieces"), self._pieces, "number", width=72),
            Column(N_("Place"), lambda t: t.place, width=96, bold=True),
            Column(
                N_("Stored"),
                lambda t: formats.day_time(t.stored_at, self.zone),
                width=120,
                tone=lambda _t: "muted",
            ),
            Column(N_("Until"), lambda t: t.until, "day", width=72),
            Column("", self._mark, "badge", width=116, tone=self._tone, icon=self._sign),
        )

    @staticmethod
    def _pieces(row: TagRow) -> str:
        return (
            str(row.pieces)
            if row.left == row.pieces
            else _("%(left)s of %(all)s") % {"left": row.left, "all": row.pieces}
        )

    @staticmethod
    def _mark(row: TagRow) -> str:
        if not row.left:
            return _("Handed back")
        return _("Not fetched") if row.overdue else _("Overnight") if row.overnight else ""

    @staticmethod
    def _tone(row: TagRow) -> str:
        return "warn" if row.overdue else "block"

    @staticmethod
    def _sign(row: TagRow) -> str:
        return "check" if not row.left else "clock" if row.overdue else "moon" if row.overnight else ""

    def start(self) -> QWidget:
        """Begin at whose bags they are; a scanned tag goes there too."""
        return self.store_form["who"] if self.panel.page == STORE else self.table

    def open(self, number: int | None = None, **_what: Any) -> None:
        """Begin with an empty form, or show one tag."""
        self.notes.clear()
        if number is None:
            self._new()
        else:
            self._show_tag(number)

    def step_back(self) -> bool:
        """Leave the tag or its claim for the form that stores."""
        if self.panel.page == STORE:
            return False
        self._turn_away()
        return True

    # -------------------------------------------------------------- what is shown
    def refresh(self) -> None:
        """Ask for the list of the chip."""
        house = self.office.house()
        self.zone, self.today = house.zone, house.business_date
        here = self.office.ask(queries.stored)
        lists = {which: [r for r in here if fits(r)] for which, (_words, fits) in service.LISTS.items()}
        lists["claimed"] = self.office.ask(queries.claimed_on, business_date=self.today)
        which = self.chips.value() or "here"
        self.chips.show_counts({name: len(rows) for name, rows in lists.items()})
        self.empty.say(_(NONE_HERE[which]))
        self.table.show_rows(lists[which])
        if self.panel.page == ONE:
            self._show_facts()

    def _picked(self, tag: TagRow | None) -> None:
        if tag is not None and self.table.hasFocus():
            self.panel.show_page(ONE)
            self._show_facts()
        self.update_actions()

    def _show_tag(self, number: int) -> bool:
        found = self.office.ask(queries.tag, number=number)
        if found is None:
            self.refuse(
                _("There is no tag %(tag)s. Look at the number on the guest's part.")
                % {"tag": queries.shown(number)}
            )
            return False
        self.chips.set_value("here" if found.left else "claimed")
        self.refresh()
        if not self.table.pick(found.id):  # handed back on an earlier day: in no list, shown all the same
            self.table.show_rows([found])
            self.table.pick(found.id)
        self.panel.show_page(ONE)
        self._show_facts()
        self.table.setFocus()
        return True

    def _show_facts(self) -> None:
        empty_out(self.facts)
        tag = self.table.row()
        if tag is None:
            return
        words = self._mark(tag)
        self.facts.addLayout(
            row(
                label(tag.tag, "figure"),
                *([Badge(words, self._tone(tag), self._sign(tag))] if words else []),
                None,
            )
        )
        self.facts.addLayout(self._known(tag))
        for claim in self.office.ask(queries.claims, tag_id=tag.id):
            self.facts.addWidget(self._told(claim))

    def _known(self, tag: TagRow) -> QLayout:
        facts = (
            (_("Guest"), tag.guest),
            (_("Room"), tag.room),
            (_("Phone"), tag.phone),
            (_("Pieces"), self._pieces(tag)),
            (_("Marks"), tag.marks),
            (_("Place"), tag.place),
            (_("Until"), formats.day(tag.until)),
            (_("Stored"), f"{formats.day_time(tag.stored_at, self.zone)} {tag.stored_by}"),
            (_("Pass-word"), _("asked for at the claim") if tag.with_word else ""),
        )
        return pairs(*[(name, value) for name, value in facts if value])

    def _told(self, claim: queries.ClaimRow) -> QWidget:
        who = " ".join(filter(None, (claim.name, claim.document_shown, claim.reason)))
        pieces = ngettext("%(n)s piece", "%(n)s pieces", claim.pieces) % {"n": claim.pieces}
        return label(
            _("%(when)s: %(pieces)s handed back by %(clerk)s. %(who)s")
            % {
                "when": formats.day_time(claim.at, self.zone),
                "pieces": pieces,
                "clerk": claim.by,
                "who": who,
            },
            "muted",
            wrap=True,
        )

    def _new(self) -> None:
        self.store_form.open()
        self.panel.show_page(STORE)

    def _turn_away(self) -> None:
        self.notes.clear()
        self._new()

    # -------------------------------------------------------------- what one can do
    @action(N_("Store bags"), key="Ctrl+B", operation=service.store, icon="plus")
    def store(self) -> None:
        """Open the form for storing."""
        self._turn_away()

    def _store(self) -> None:
        scanned = queries.number_of(self.store_form["who"].value(), scanned=True)
        if scanned is not None:
            if self._show_tag(scanned):
                self.acts["hand_back"].press()
            return
        self.store_form.settle()
        if missing := self.store_form.form.missing():
            self.refuse(missing)
            return
        done = self.run(service.store.of(**self.store_form.fields()), intent=self.store_form.intent)
        if done:
            self._new()
            self.notes.good(_("%(tag)s is stored, the tag is printing.") % {"tag": queries.shown(done.value)})

    @action(N_("Hand back"), key="Ctrl+H", operation=service.claim, icon="check", kind="primary")
    def hand_back(self) -> None:
        """Open the claim of the tag in hand."""
        tag = self.table.row()
        self.notes.clear()
        self.claim_form.open(tag, self.office.new_intent())
        self.claim_form.say(" ".join(filter(None, (tag.room, tag.guest, tag.place, tag.marks))))
        self.panel.show_page(CLAIM)
        self.claim_form["word" if tag.with_word else "pieces"].setFocus()

    def can_hand_back(self) -> str:
        """Say why there is nothing to hand back."""
        tag = self.table.row()
        if tag is None:
            return _("Choose a tag first.")
        if tag.left:
            return ""
        return _("Tag %(tag)s was claimed already, %(when)s.") % {
            "tag": tag.tag,
            "when": formats.day_time(tag.claimed_at, self.zone),
        }

    def _claim(self) -> None:
        form = self.claim_form
        if missing := form.form.missing():
            self.refuse(missing)
            return
        tag, values = form.tag, form.form.values()
        assert tag is not None
        shared = {"number": tag.number, "pieces": values["pieces"], "seen": tag.left}
        if values["proof"] == TAG:
            done = self.run(service.claim.of(word=values["word"], **shared), intent=form.intent)
        else:
            done = self.run(
                service.claim_without_tag.of(
                    **shared,
                    **{name: values[name] for name in ("name", "document_type", "document", "reason")},
                ),
                intent=form.intent,
            )
        if done:
            self._new()
            self.notes.good(
                _("%(tag)s: all handed back.") % {"tag": tag.tag}
                if not done.value
                else ngettext(
                    "%(tag)s: %(n)s piece stays here.", "%(tag)s: %(n)s pieces stay here.", done.value
                )
                % {"tag": tag.tag, "n": done.value}
            )

    @action(N_("Change"), key="Ctrl+E", operation=service.amend)
    def amend(self) -> None:
        """Open the form for place and day."""
        self.amend_form.open(self.table.row())
        self.panel.show_page(AMEND)

    def _amend(self) -> None:
        if missing := self.amend_form.form.missing():
            self.refuse(missing)
            return
        tag = self.table.row()
        if self.run(
            service.amend.of(number=tag.number, **self.amend_form.form.values()),
            said=_("%(tag)s is changed.") % {"tag": tag.tag},
        ):
            self.panel.show_page(ONE)
            self._show_facts()

    @action(N_("Tag again"), key=keys.PRINT, operation=print_jobs.reprint, icon="printer")
    def tag_again(self) -> None:
        """Print the tag in hand once more, marked as a duplicate."""
        tag = self.table.row()
        first = self.office.ask(print_queries.of_record, record="luggage_tag", record_id=tag.id)[0]
        self.run(
            print_jobs.reprint.of(job_id=first.id),
            said=_("The tag is printing again, marked as a duplicate."),
        )

    can_amend = can_tag_again = can_hand_back

    @action(N_("Print the list"), key="Ctrl+O", operation=service.print_list, icon="printer")
    def print_list(self) -> None:
        """Print the list that is shown."""
        which = self.chips.value()
        self.run(
            service.print_list.of(which=which if which in service.LISTS else "here"),
            said=_("The list is printing."),
        )
