"""The guests' records: find one, see every stay, put right what is wrong, make one of two, VIP and do not
disclose."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout, QWidget

from pms.core import countries
from pms.core.i18n import N_, _, ngettext
from pms.services.guests import queries, service
from pms.services.guests.queries import GuestRow
from pms.services.stays import erasing, one_file, people
from pms.services.stays import queries as stay_queries
from pms.services.stays import service as stays
from pms.services.stays.printouts import DOCUMENTS, SEXES
from pms.ui.kit import files, formats, keys
from pms.ui.kit.actions import action
from pms.ui.kit.empty import Empty
from pms.ui.kit.flow import FormPage
from pms.ui.kit.messages import note
from pms.ui.kit.one import One
from pms.ui.kit.parts import box, card, col, label, row
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.table import Table

from .forms import CORRECT, ERASE, MERGE, REVEAL, TAKE_OUT, CorrectForm, MergeForm, ReasonForm


def _kind(g: GuestRow) -> str:
    """Name the document of which something is shown."""
    return _(DOCUMENTS[g.document_type]) if g.document_shown and g.document_type in DOCUMENTS else ""


COLUMNS = (
    Column(
        N_("Guest"),
        lambda g: g.name,
        bold=True,
        icon=lambda g: "lock" if g.do_not_disclose else "star" if g.vip else "",
        sub=lambda g: _("Do not disclose") if g.do_not_disclose else "",
    ),
    Column(N_("Phone"), lambda g: g.phone, width=150),
    Column(
        N_("Document"),
        lambda g: g.document_shown,
        width=210,
        sub=lambda g: _kind(g),
    ),
    Column(N_("Nationality"), lambda g: countries.name(g.nationality), width=120),
)
STAYS = (
    Column(N_("Arrival"), lambda s: s.arrival, "day", width=96, bold=True),
    Column(N_("Departure"), lambda s: s.departure, "day", width=96),
    Column(N_("Room"), lambda s: s.room, width=72),
    Column(N_("Registered as"), lambda s: s.name, sub=lambda s: s.document_shown),
    Column(
        N_("State"),
        lambda s: _("In house") if s.open else "",
        width=110,
        icon=lambda s: "bed" if s.open else "",
        tone=lambda s: "accent" if s.open else "",
    ),
)


class GuestsScreen(Register):
    """Opened with ``guest_id`` for one record, or with nothing to look for one."""

    NAME = N_("Guests")
    VIEWS = (View("found", N_("Guests"), N_("Type a name or a phone number."), "user"),)
    CHOOSE = N_("No guest selected.")
    FIND = N_("Name, pinyin, phone or its last four")
    FIND_WIDTH, PANEL, PAUSED = 300, 360, True
    TOPICS = frozenset({"guests", "stays", "business_date"})
    guest_id = 0
    """The record that stays in the list while nothing is looked for."""

    def lists(self) -> Mapping[str, Sequence[GuestRow]]:
        """Ask for the record that was opened."""
        one = self.office.ask(queries.some, guest_ids=(self.guest_id,)) if self.guest_id else []
        return {"found": one}

    def fitting(self, _rows: Sequence[GuestRow], text: str) -> Sequence[GuestRow]:
        """Find among all the house has ever known."""
        return self._look_up(text)

    def _look_up(self, text: str) -> Sequence[GuestRow]:
        found: Sequence[GuestRow] = self.office.ask(queries.find, text=text, limit=50)
        return found

    def columns(self, _list: str) -> Sequence[Column]:
        """Say who it is and how they are reached."""
        return COLUMNS

    def list_page(self, name: str) -> QWidget:
        """Put the stays of the guest in hand under the list of guests."""
        found = super().list_page(name)
        self.stays = Table(STAYS, key=lambda s: s.stay_id, sortable=True)
        self.stays.set_empty(Empty("bed", _("No stay yet.")))
        self.stays.setAccessibleName(_("Stays of the guest"))
        self.stays.chosen.connect(lambda _row: self.acts["folio"].press())
        self.stays.picked.connect(lambda _row: self.update_actions())
        self.told = label("", "strong")
        stays_ = card((self.stays, 1), gap=0, pad=(1, 1, 1, 1))
        return box(col((found, 3), row((self.told, 1), self.button("folio")), (stays_, 2), gap=12))

    def foot(self, _list: str) -> QLayout:
        """Correct, merge, mark, show, take out, erase; check in."""
        return col(
            None,
            row((self.button("correct"), 1), (self.button("merge"), 1), gap=8),
            row(self.button("vip", icon=""), (self.button("private", icon=""), 1), gap=8),
            row((self.button("reveal"), 1), (self.button("take_out"), 1), gap=8),
            self.button("erase"),
            self.button("check_in"),
            gap=8,
        )

    @cached_property
    def correct_form(self) -> CorrectForm:
        """The form that puts a record right, made when it is first opened."""
        return self.panel.add_form(CORRECT, CorrectForm(self.today, self._correct, self.close_form))

    @cached_property
    def merge_form(self) -> MergeForm:
        """The form that makes one record of two."""
        return self.panel.add_form(MERGE, MergeForm(self._look_up, self._merge, self.close_form))

    @cached_property
    def reveal_form(self) -> FormPage:
        """The form that shows a document's number, for a reason."""
        form = ReasonForm(_("Show the document's number"), _("Show"), self._reveal, self.close_form)
        return self.panel.add_form(REVEAL, form)

    @cached_property
    def erase_form(self) -> FormPage:
        """The form that erases a guest's data, for a reason."""
        form = ReasonForm(_("Erase the guest's data"), _("Erase"), self._erase, self.close_form)
        return self.panel.add_form(ERASE, form)

    @cached_property
    def take_out_form(self) -> FormPage:
        """The form that saves what is kept of a guest as a file, for a reason."""
        form = ReasonForm(_("Export the guest's data"), _("Save"), self._take_out, self.close_form)
        return self.panel.add_form(TAKE_OUT, form)

    def start(self) -> QWidget:
        """Begin where one types whom to look for; with a record in hand, in the list."""
        return self.table if self.table.row() is not None else self.finder

    def open(self, guest_id: int | None = None, text: str = "", **_more: Any) -> None:
        """Take one record in hand, or look for a name."""
        self.notes.clear()
        self.panel.show_page(self.HOME)
        self.guest_id = guest_id or 0
        self.finder.set_value(text)
        self.refresh()

    # -------------------------------------------------------------- what is shown
    def picked(self) -> None:
        """Show the stays of the guest in hand."""
        g = self._held()
        if g is not None:
            self.guest_id = g.id
        rows = self.office.ask(stay_queries.history, guest_id=g.id) if g else []
        self.stays.show_rows(rows)
        nights = sum(s.nights for s in rows)
        counts = (
            ngettext("%(n)s stay", "%(n)s stays", len(rows)) % {"n": len(rows)},
            ngettext("%(n)s night", "%(n)s nights", nights) % {"n": nights},
        )
        self.told.setText(formats.commas(counts) if g else "")

    def _held(self) -> GuestRow | None:
        found: GuestRow | None = self.table.row()
        return found

    def facts(self, g: GuestRow) -> One:
        """Show a record."""
        papers = (_kind(g), g.document_state, g.document_shown) if g.document_shown else ()
        known = (
            (_("Phone"), g.phone),
            (_("Document"), " ".join(filter(None, papers))),
            (_("Valid until"), formats.day(g.document_until, year=True) if g.document_until else ""),
            (_("Sex"), _(SEXES[g.sex]) if g.sex in SEXES else ""),
            (_("Date of birth"), formats.day(g.birth, year=True) if g.birth else ""),
            (_("Nationality"), countries.name(g.nationality)),
            (_("Ethnic group"), g.ethnic),
            (_("Address"), g.address),
        )
        badges = [(_("VIP"), "accent", "star")] if g.vip else []
        badges += [(_("No document"), "warn", "shield")] if g.identity == "pending" else []
        return One(g.name, known, badges=badges, parts=self._warnings(g))

    def _warnings(self, g: GuestRow) -> list[QWidget]:
        found: list[QWidget] = []
        if g.do_not_disclose:
            found.append(note("bad", _("Do not disclose: tell nobody that this guest is here"), icon="lock"))
        if g.erased_on is not None:
            day = {"day": formats.day(g.erased_on, year=True)}
            found.append(note("info", _("The data were erased on %(day)s.") % day, icon="lock"))
        if g.document_until is not None and g.document_until < self.today:
            found.append(note("warn", _("The document has expired."), icon="alert"))
        return found

    def _one(self) -> str:
        """Say that a record must be in hand."""
        return "" if self._held() is not None else _("Choose a guest first.")

    # -------------------------------------------------------------- actions
    @action(N_("Check in"), key=keys.CHECK_IN, operation=stays.walk_in, icon="check-in", kind="primary")
    def check_in(self) -> None:
        """Go to the check-in with this guest."""
        if (g := self._held()) is None:
            self.refuse(self._one())
            return
        self.go("check_in", guest_id=g.id)

    def can_check_in(self) -> str:
        """Only with a record in hand."""
        return self._one()

    @action(N_("Folio"), key=keys.FOLIO, icon="receipt")
    def folio(self) -> None:
        """Go to the folio of the stay in hand."""
        self.go("folios", stay_id=self.stays.row().stay_id)

    def can_folio(self) -> str:
        """Only with a stay in hand."""
        return "" if self.stays.row() is not None else _("Choose a stay first.")

    @action(N_("Correct"), key=keys.CHANGE, operation=people.correct)
    def correct(self) -> None:
        """Open the form that puts the record right."""
        if (g := self._held()) is not None:
            self.correct_form.show(g)
            self.open_form(self.correct_form, CORRECT)

    def can_correct(self) -> str:
        """Only with a record in hand."""
        return self._one()

    def _correct(self) -> None:
        if (g := self._held()) is None:
            return
        if missing := self.correct_form.missing():
            self.refuse(missing)
            return
        person = self.correct_form.person(g)
        changed = people.correct.of(guest_id=g.id, person=person)
        self.save(self.correct_form, changed, _("The record is corrected."))

    @action(N_("Merge"), key="Ctrl+M", operation=people.merge)
    def merge(self) -> None:
        """Open the form that makes one record of this and another."""
        if (g := self._held()) is not None:
            self.merge_form.begin(g)
            self.open_form(self.merge_form, MERGE)

    def can_merge(self) -> str:
        """Only with a record in hand."""
        return self._one()

    def _merge(self) -> None:
        g, other = self._held(), self.merge_form.other
        if g is None or other is None:
            self.refuse(_("Choose the other record from the list under the field."))
            return
        self.guest_id = g.id
        self.save(
            self.merge_form,
            people.merge.of(guest_id=g.id, other_id=other.id),
            _("One record now: %(name)s.") % {"name": g.name},
        )

    @action(N_("VIP"), operation=people.mark, icon="star")
    def vip(self) -> None:
        """Make the guest a VIP, or no longer."""
        if (g := self._held()) is not None:
            said = _("%(name)s is no VIP any more.") if g.vip else _("%(name)s is a VIP.")
            self.run(people.mark.of(guest_id=g.id, vip=not g.vip), said=said % {"name": g.name})

    def can_vip(self) -> str:
        """Only with a record in hand."""
        return self._one()

    @action(N_("Do not disclose"), operation=people.mark, icon="lock")
    def private(self) -> None:
        """Hide the guest from everybody who asks, or no longer."""
        if (g := self._held()) is not None:
            said = (
                _("%(name)s may be disclosed again.")
                if g.do_not_disclose
                else _("%(name)s is set to do not disclose.")
            )
            self.run(
                people.mark.of(guest_id=g.id, do_not_disclose=not g.do_not_disclose),
                said=said % {"name": g.name},
            )

    def can_private(self) -> str:
        """Only with a record in hand."""
        return self._one()

    def _document(self) -> str:
        g = self._held()
        return self._one() or (
            "" if g and g.document_shown else _("No document has been entered or it is erased.")
        )

    @action(N_("Show number"), key="Ctrl+Shift+V", operation=service.reveal_document)
    def reveal(self) -> None:
        """Open the form that shows the document's number for a reason."""
        self.reveal_form.fill(reason="")
        self.reveal_form.say(_("Who looked and why is recorded."))
        self.open_form(self.reveal_form, REVEAL)

    def can_reveal(self) -> str:
        """Only where there is a document."""
        return self._document()

    def _reveal(self) -> None:
        g, page = self._held(), self.reveal_form
        if g is None:
            return
        if missing := page.form.missing():
            self.refuse(missing)
            return
        shown = self.run(service.reveal_document.of(guest_id=g.id, reason=page["reason"].value()))
        if shown:
            self.close_form()
            self.notes.inform(f"{g.name}: {shown.value}", icon="lock")

    @action(N_("Data as a file"), operation=one_file.guest_file)
    def take_out(self) -> None:
        """Open the form that saves everything that is kept of a guest as one file, for a reason."""
        self.take_out_form.fill(reason="")
        self.take_out_form.say(
            _(
                "Everything that is kept of the guest, the document's number too, in a file that anybody can "
                "read. Who took it and why is written down."
            )
        )
        self.open_form(self.take_out_form, TAKE_OUT)

    def can_take_out(self) -> str:
        """Only with a record in hand."""
        return self._one()

    def _take_out(self) -> None:
        g, page = self._held(), self.take_out_form
        if g is None:
            return
        if missing := page.form.missing():
            self.refuse(missing)
            return
        if (path := files.where(self, f"G-{g.id}", "json")) is None:
            return
        made = self.run(one_file.guest_file.of(guest_id=g.id, reason=page["reason"].value()))
        if made:
            self.close_form()
            files.save(self, path, made.value.encode())

    @action(N_("Erase data"), operation=erasing.erase, kind="danger")
    def erase(self) -> None:
        """Open the form that erases a guest's data for a reason."""
        self.erase_form.fill(reason="")
        self.erase_form.say(
            _(
                "Document, birth, address, phone and visa are erased for good, on stored papers too. "
                "The name, the stays and their money stay."
            )
        )
        self.open_form(self.erase_form, ERASE)

    def can_erase(self) -> str:
        """Only where something is left to erase."""
        g = self._held()
        return self._one() or (_("The data are erased already.") if g and g.erased_on else "")

    def _erase(self) -> None:
        if (g := self._held()) is not None:
            self.save(
                self.erase_form,
                erasing.erase.of(guest_id=g.id, reason=self.erase_form["reason"].value()),
                _("The data of %(name)s are erased.") % {"name": g.name},
            )
