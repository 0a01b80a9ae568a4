"""Luggage storage: what is here, store and hand back without leaving the page; a scanned tag opens its claim
wherever it is typed."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core.i18n import N_, _, ngettext
from pms.services.luggage import queries, service
from pms.services.luggage.queries import ClaimRow, TagRow
from pms.services.print_jobs import queries as print_queries
from pms.services.print_jobs import service as print_jobs
from pms.ui.kit import formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import col, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import TAG, ClaimForm, StoreForm, amend_form

STORE, CLAIM = "store", "claim"


class LuggageScreen(Register):
    """The luggage room."""

    NAME, CHOSEN, HEAD, NEW = N_("Luggage"), "hand_back", ("store", "print_list"), "store"
    VIEWS = (
        View("here", N_("In store"), N_("No bags are stored."), "suitcase"),
        View("overnight", N_("Overnight"), N_("No bags stay overnight."), "moon"),
        View("overdue", N_("Not collected"), N_("No bags are overdue."), "clock"),
        View("claimed", N_("Collected"), N_("No bags were collected today."), "check"),
    )
    CHOOSE = N_("Choose a tag first.")
    FIRST = False
    TOPICS = frozenset({"luggage", "business_date", "property", "stays"})

    def lists(self) -> Mapping[str, Sequence[TagRow]]:
        """Ask for what is here, stays overnight, was not fetched, and went today."""
        here = self.office.ask(queries.stored)
        found = {which: [r for r in here if fits(r)] for which, (_words, fits) in service.LISTS.items()}
        return {**found, "claimed": self.office.ask(queries.claimed_on, business_date=self.today)}

    def answer(self) -> str:
        """Say what was not fetched, else how many tags are here."""
        late, here = self.rows["overdue"], self.rows["here"]
        if late:
            words = ngettext(
                "%(n)s not collected, since %(day)s", "%(n)s not collected, oldest since %(day)s", len(late)
            )
            return words % {"n": len(late), "day": formats.day(min(r.until for r in late if r.until))}
        return ngettext("%(n)s tag in store", "%(n)s tags in store", len(here)) % {"n": len(here)}

    def columns(self, _list: str) -> Sequence[Column]:
        """Say whose bags they are, how many, and where they stand."""
        return (
            Column(N_("Tag"), lambda t: t.tag, width=76, bold=True),
            Column(N_("Room"), lambda t: t.room, width=64),
            Column(N_("Guest"), lambda t: t.guest, sub=lambda t: t.marks),
            Column(N_("Pieces"), self._pieces, "number", width=72, sort=lambda t: t.left),
            Column(N_("Place"), lambda t: t.place, width=96, bold=True),
            Column(
                N_("Stored"),
                lambda t: formats.day_time(t.stored_at, self.zone),
                width=120,
                tone=lambda _t: "muted",
                sort=lambda t: t.stored_at,
            ),
            Column(N_("Until"), lambda t: t.until, "day", width=72),
            Column("", self._mark, "badge", width=132, tone=self._tone, icon=self._sign),
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
            return _("Collected")
        return _("Not collected") if row.overdue else _("Overnight") if row.overnight else ""

    @staticmethod
    def _tone(row: TagRow) -> str:
        return "warn" if row.overdue else "block"

    @staticmethod
    def _sign(row: TagRow) -> str:
        return "check" if not row.left else "clock" if row.overdue else "moon" if row.overnight else ""

    def facts(self, tag: TagRow) -> One:
        """Show a tag with what was handed back of it."""
        return One(
            tag.tag,
            (
                (_("Guest"), tag.guest),
                (_("Room"), tag.room),
                (_("Phone"), tag.phone),
                (_("Pieces"), self._pieces(tag)),
                (_("Marks"), tag.marks),
                (_("Place"), tag.place),
                (_("Until"), formats.day(tag.until)),
                (_("Collection code"), _("asked for on collection") if tag.with_word else ""),
            ),
            figure=True,
            badges=((self._mark(tag), self._tone(tag), self._sign(tag)),),
            steps=[
                *map(self._step, self.office.ask(queries.claims, tag_id=tag.id)),
                Step(tag.stored_at, _("Bags stored"), tag.stored_by),
            ],
        )

    @staticmethod
    def _step(claim: ClaimRow) -> Step:
        pieces = ngettext("%(n)s piece collected", "%(n)s pieces collected", claim.pieces)
        who = " ".join(filter(None, (claim.name, claim.document_shown, claim.reason)))
        return Step(claim.at, pieces % {"n": claim.pieces}, claim.by, who)

    def foot(self, _list: str) -> QLayout:
        """Change a tag, print it again, hand its bags back."""
        two = row((self.button("amend"), 1), (self.button("tag_again"), 1), gap=8)
        return col(None, two, self.button("hand_back"), gap=8)

    def make_forms(self) -> None:
        """Store bags: what most who come here want."""
        self.store_form = StoreForm(self.office, self.today, self._store, self.close_form)
        self.panel.add_form(STORE, self.store_form)

    @cached_property
    def claim_form(self) -> ClaimForm:
        """The form of a claim, made when it is first opened."""
        return self.panel.add_form(CLAIM, ClaimForm(self._claim, self.close_form))

    def start(self) -> QWidget:
        """Begin at whose bags they are; a scanned tag goes there too."""
        return self.store_form["who"] if self.panel.page == STORE else self.table

    def open(self, number: int | None = None, **_what: Any) -> None:
        """Begin with an empty form, or show one tag."""
        self.notes.clear()
        if number is None:
            self._begin()
        else:
            self._show_tag(number)

    def step_back(self) -> bool:
        """Leave the tag or its claim for the form that stores."""
        if self.panel.page == STORE:
            return False
        self.notes.clear()
        self._begin()
        return True

    def close_form(self) -> None:
        """Turn to the next bags to store."""
        self.notes.clear()
        self._begin()

    def _begin(self) -> None:
        self.store_form.open()
        self.panel.show_page(STORE)

    def _show_tag(self, number: int) -> bool:
        found = self.office.ask(queries.tag, number=number)
        if found is None:
            self.refuse(
                _("There is no tag %(tag)s. Look at the number on the guest copy.")
                % {"tag": queries.shown(number)}
            )
            return False
        self.take_in_hand("here" if found.left else "claimed", found)
        return True

    # -------------------------------------------------------------- what one can do
    @action(N_("Store bags"), key=keys.NEW, operation=service.store, icon="plus")
    def store(self) -> None:
        """Open the form for storing."""
        self.close_form()

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
            self._begin()
            self.notes.good(_("%(tag)s is stored, the tag is printing.") % {"tag": queries.shown(done.value)})

    @action(N_("Release bags"), key="Ctrl+H", operation=service.claim, icon="check", kind="primary")
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
        gone = {"tag": tag.tag, "when": formats.day_time(tag.claimed_at, self.zone)} if tag else {}
        claimed = _("Tag %(tag)s was collected already, %(when)s.") % gone if gone else ""
        return self.in_hand(_(self.CHOOSE), bool(tag and tag.left), claimed)

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
            self._begin()
            self.notes.good(
                _("%(tag)s: all collected.") % {"tag": tag.tag}
                if not done.value
                else ngettext(
                    "%(tag)s: %(n)s piece stays here.", "%(tag)s: %(n)s pieces stay here.", done.value
                )
                % {"tag": tag.tag, "n": done.value}
            )

    def named(self, tag: TagRow) -> dict[str, str]:
        """Call bags by their tag."""
        return {"tag": tag.tag}

    amend = Verb(
        N_("Change"),
        key=keys.CHANGE,
        operation=service.amend,
        of=lambda tag: {"number": tag.number},
        can=can_hand_back,
        form=amend_form,
        said=N_("%(tag)s is changed."),
    )

    @action(N_("Reprint tag"), operation=print_jobs.reprint, icon="printer")
    def tag_again(self) -> None:
        """Print the tag in hand once more, marked as a duplicate."""
        tag = self.table.row()
        first = self.office.ask(print_queries.of_record, record="luggage_tag", record_id=tag.id)[0]
        self.run(
            print_jobs.reprint.of(job_id=first.id),
            said=_("The tag is printing again, marked as a duplicate."),
        )

    can_tag_again = can_hand_back

    @action(N_("Print the list"), key=keys.PRINT, operation=service.print_list, icon="printer")
    def print_list(self) -> None:
        """Print the list that is shown."""
        which = self.view
        self.run(
            service.print_list.of(which=which if which in service.LISTS else "here"),
            said=_("The list is printing."),
        )
