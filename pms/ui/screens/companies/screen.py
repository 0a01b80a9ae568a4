"""Companies: which agreements are in force, who signs for whom, and what changed."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtWidgets import QLayout

from pms.core.i18n import N_, _, ngettext
from pms.core.operation import Call
from pms.printing import logos
from pms.services.companies import queries, service
from pms.services.companies.queries import FIELDS, CompanyRow, SignerRow
from pms.services.rates import queries as rate_queries
from pms.services.staff.told import Told
from pms.ui.kit import files, formats, keys, trail
from pms.ui.kit.actions import action
from pms.ui.kit.one import One, Step
from pms.ui.kit.parts import Item, col, label, row
from pms.ui.kit.picture import Picture
from pms.ui.kit.register import Register, View
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import Verb

from .forms import (
    CompanyForm,
    EndForm,
    company_form,
    end_form,
    picture_form,
    reason_form,
    signer_form,
)

COMPANY, END, DRAW = "company", "end", "draw"
SIGNER = {"name": N_("Signer"), "removed_on": N_("Signs no more since")}


class CompaniesScreen(Register):
    """The register of agreement companies."""

    NAME = N_("Companies")
    HEAD = ("add",)
    NEW = "add"
    VIEWS = (
        View("valid", N_("In force"), N_("No agreement is in force. Insert enters the first."), "check"),
        View("other", N_("Not in force"), N_("Every agreement is in force."), "clock"),
    )
    CHOOSE = N_("Choose a company first.")
    CHOSEN = "edit"
    TOPICS = frozenset({"companies", "rates", "business_date", "property"})

    def lists(self) -> Mapping[str, Sequence[CompanyRow]]:
        """Ask for all, and part those that count today from the others."""
        found = self.office.ask(queries.companies)
        return {
            "valid": [c for c in found if not c.why_not(self.today)],
            "other": [c for c in found if c.why_not(self.today)],
        }

    def answer(self) -> str:
        """Say how many agreements are in force."""
        n = len(self.rows["valid"])
        return ngettext("%(n)s agreement in force", "%(n)s agreements in force", n) % {"n": n}

    def columns(self, _list: str) -> Sequence[Column]:
        """Say which company, on which plan, until when, and what it may owe."""
        return (
            Column(N_("Company"), lambda c: c.name, bold=True, sub=lambda c: c.contact),
            Column(N_("Short code"), lambda c: c.code, width=96),
            Column(N_("Rate plan"), lambda c: c.plan_name, width=132),
            Column(N_("Valid until"), self._until, width=116, sort=lambda c: str(c.valid_until or "9")),
            Column(N_("Credit limit"), lambda c: c.credit_limit or None, "money", width=112),
            Column("", self._mark, "badge", width=104, tone=lambda _c: "warn"),
        )

    @staticmethod
    def _until(c: CompanyRow) -> str:
        return formats.day(c.valid_until, year=True) if c.valid_until else ""

    def _mark(self, c: CompanyRow) -> str:
        if c.suspended:
            return _("Suspended")
        if c.valid_from is not None and self.today < c.valid_from:
            return _("To come")
        return _("Ended") if c.why_not(self.today) else ""

    def facts(self, c: CompanyRow) -> One:
        """Show what is agreed, who signs, and what changed."""
        signing = self.office.ask(queries.signers, number=c.number)
        credit = formats.amount(c.credit_limit, self.digits) if c.credit_limit else _("none")
        days = ngettext("%(n)s day", "%(n)s days", c.days_to_pay) % {"n": c.days_to_pay}
        since = formats.day(c.valid_from, year=True) if c.valid_from else ""
        return One(
            c.name,
            (
                (_("Number"), str(c.number)),
                (_("Short code"), c.code),
                (_("Tax number"), c.tax_number),
                (_("Contact"), formats.commas((c.contact, c.phone))),
                (_("Company address"), c.address),
                (_("Rate plan"), c.plan_name or _("None agreed")),
                (_("Valid"), " – ".join((since, self._until(c))) if since or c.valid_until else ""),
                (_("Free departure until"), c.free_until),
                (_("Credit limit"), credit),
                (_("Days to pay"), days),
            ),
            badges=((self._mark(c), "warn", "alert"),),
            about=c.why_not(self.today),
            more=self._signers(signing),
            steps=self._steps(c),
        )

    def _signers(self, signing: Sequence[SignerRow]) -> list[QLayout]:
        may = [s for s in signing if s.may_sign(self.today)]
        head = label(_("Signers"), "strong") if may else label(_("Nobody may sign for it."), "muted")
        drawn = self.office.ask(queries.specimens, signer_ids=[s.id for s in may])
        lines: list[Item] = []
        for s in may:
            lines.append(row(label(s.name), (label(self._told_of(s), "muted", wrap=True), 1), gap=8))
            if s.id in drawn:
                words = _("Signature of %(name)s") % {"name": s.name}
                lines.append(row(Picture(words, drawn[s.id]), None))
        return [col(head, *lines, gap=4)]

    @staticmethod
    def _told_of(s: SignerRow) -> str:
        until = (
            _("may sign until %(day)s") % {"day": formats.day(s.valid_until, year=True)}
            if s.valid_until
            else ""
        )
        return formats.commas((s.phone, until, s.specimen))

    def _steps(self, c: CompanyRow) -> list[Step]:
        found = [self._step(change) for change in self.office.ask(queries.history, number=c.number)]
        return [step for step in found if step is not None]

    def _step(self, change: Told) -> Step | None:
        if change.record == "company":
            return trail.step(change, FIELDS, self._say, _("Company entered"))
        return trail.step(change, SIGNER, self._say, _("Signer added"))

    def _say(self, field: str, value: Any) -> str:
        if value in (None, ""):
            return ""
        if field == "credit_limit":
            return formats.amount(value, self.digits)
        return self._plans.get(value, "") if field == "plan_id" else str(value)

    @cached_property
    def _plans(self) -> dict[int, str]:
        return {p.id: p.name for p in self.office.ask(rate_queries.plans)}

    def refresh(self) -> None:
        """Ask again; plans may have other names now."""
        self.__dict__.pop("_plans", None)
        super().refresh()

    def foot(self, _list: str) -> QLayout:
        """Who signs, then suspension, then the agreement itself."""
        self.halting = {False: self.button("suspend"), True: self.button("resume")}
        return col(
            row(self.button("add_signer"), self.button("end_signer"), gap=8),
            self.button("picture"),
            row(*self.halting.values(), gap=8),
            self.button("edit"),
            gap=8,
        )

    def picked(self) -> None:
        """Offer of suspending and resuming the one that can be."""
        for suspended, button in self.halting.items():
            button.setVisible(suspended == self._is_suspended())

    def named(self, row: CompanyRow) -> dict[str, str]:
        """Call a company by its name."""
        return {"company": row.name}

    def one(self, number: int | None = None, **_what: Any) -> tuple[str, CompanyRow] | None:
        """Find the company that the search or a booking asks for."""
        found = self.office.ask(queries.company, number=number) if number is not None else None
        if found is None:
            return None
        return ("other" if found.why_not(self.today) else "valid"), found

    # -------------------------------------------------------------- what one can do
    @action(N_("New company"), key=keys.NEW, operation=service.add, icon="plus")
    def add(self) -> None:
        """Open the form for a new company."""
        self.open_form(self.new_form, COMPANY)
        self.new_form.begin(None)

    @cached_property
    def new_form(self) -> CompanyForm:
        """The form for a new company, made when it is first opened."""
        return self.panel.add_form(COMPANY, company_form(self, self._add, self.close_form))

    def _add(self) -> None:
        if missing := self.new_form.form.missing():
            self.refuse(missing)
            return
        given = self.new_form.form.values()
        if made := self.run(service.add.of(**given), intent=self.new_form.intent):
            self.close_form()
            self.open(number=made.value)
            self.notes.good(_("%(company)s is saved.") % {"company": given["name"]})

    def _none(self) -> str:
        return self.in_hand(_(self.CHOOSE))

    def _is_suspended(self) -> bool:
        found = self.table.row()
        return found is not None and bool(found.suspended)

    def _not_suspended(self) -> str:
        return self.in_hand(_(self.CHOOSE), self._is_suspended(), _("This company is not suspended."))

    def _suspended(self) -> str:
        return self.in_hand(_(self.CHOOSE), not self._is_suspended(), _("This company is suspended already."))

    edit = Verb(
        N_("Change"),
        key=keys.CHANGE,
        operation=service.edit,
        of=lambda c: {"number": c.number},
        can=_none,
        form=company_form,
        said=N_("%(company)s is saved."),
        icon="check",
        kind="primary",
    )
    suspend = Verb(
        N_("Suspend"),
        operation=service.suspend,
        of=lambda c: {"number": c.number},
        can=_suspended,
        form=reason_form,
        said=N_("%(company)s is suspended."),
        kind="danger",
    )
    resume = Verb(
        N_("Resume"),
        operation=service.resume,
        of=lambda c: {"number": c.number},
        can=_not_suspended,
        said=N_("%(company)s counts again."),
    )
    add_signer = Verb(
        N_("New signer"),
        operation=service.add_signer,
        of=lambda c: {"number": c.number},
        can=_none,
        form=signer_form,
        said=N_("%(company)s has one more signer."),
        icon="plus",
    )

    @action(N_("Take a signer off"), operation=service.end_signer)
    def end_signer(self) -> None:
        """Open the form that asks who may not sign any more."""
        self.open_form(self.ending, END)
        self.ending.open(self, self.table.row())

    def can_end_signer(self) -> str:
        """Only where somebody signs."""
        return self._none()

    @action(N_("Signature picture"), operation=service.set_specimen)
    def picture(self) -> None:
        """Open the form that asks whose signature it is."""
        self.open_form(self.drawing, DRAW)
        self.drawing.open(self, self.table.row())

    def can_picture(self) -> str:
        """Only where somebody signs."""
        return self._none()

    @cached_property
    def drawing(self) -> EndForm:
        """The form for a picture, made when it is first opened."""
        return self.panel.add_form(DRAW, picture_form(self._draw, self.close_form))

    def _draw(self) -> None:
        signer = self.drawing["signer_id"].value()
        if signer is None:
            self.refuse(_("Nobody may sign for it."))
            return
        path = files.which(self, _("Signature picture"), "*.png *.jpg *.jpeg")
        content = files.read(self, path, logos.MOST_BYTES) if path else None
        if content is not None:
            call: Call[None] = service.set_specimen.of(signer_id=signer, picture=content)
            self.save(self.drawing, call, _("The signature is kept and shown at check-out."))

    @cached_property
    def ending(self) -> EndForm:
        """The form by which a signer is taken off, made when it is first opened."""
        return self.panel.add_form(END, end_form(self._end, self.close_form))

    def _end(self) -> None:
        signer = self.ending["signer_id"].value()
        if signer is None:
            self.refuse(_("Nobody may sign for it."))
            return
        call: Call[None] = service.end_signer.of(signer_id=signer)
        self.save(self.ending, call, _("The signature does not count any more."))
