"""The forms of companies: the agreement, a suspension, and who may sign."""

from collections.abc import Callable
from typing import Any

from pms.core import tax_numbers
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.money import Money
from pms.services.companies import queries
from pms.services.companies.queries import CompanyRow
from pms.services.rates import queries as rate_queries
from pms.ui.kit.amounts import Amount, Day, Number
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Choice, Code, Text
from pms.ui.kit.parts import row
from pms.ui.kit.register import Register
from pms.ui.kit.times import Time
from pms.ui.kit.verbs import RowForm

Do = Callable[[], object]


def tax_fault(text: str) -> str:
    """Say what is wrong with a tax number."""
    try:
        tax_numbers.read(text)
    except Refused as refusal:
        return str(refusal)
    return ""


class CompanyForm(RowForm):
    """A company: who it is, how it is reached, what is agreed, and what it may owe."""

    page: Register

    def begin(self, row: CompanyRow | None) -> None:
        """Show a company, or empty fields for a new one."""
        plans = [(p.id, p.name) for p in self.page.office.ask(rate_queries.plans) if p.active]
        self["plan_id"].set_options([(None, _("None agreed")), *plans])
        for name in ("valid_from", "valid_until"):
            self[name].today = self.page.today
        names = list(self.form.fields)
        if row is None:
            self.fill(**{**dict.fromkeys(names, ""), **_NEW})
        else:
            self.fill(**{name: getattr(row, name) for name in names})


_NEW: dict[str, Any] = {
    "plan_id": None,
    "valid_from": None,
    "valid_until": None,
    "credit_limit": Money(0),
    "days_to_pay": 30,
}


def company_form(page: Register, do: Do, back: Do) -> CompanyForm:
    """Make the form of a company."""
    name = Text(_("Company name"), required=True, longest=80)
    code = Code(_("Short code"), width=96, longest=20)
    tax = Text(_("Tax number"), check=tax_fault, longest=24, plain=True, width=190)
    contact = Text(_("Contact"), longest=40, width=130)
    phone = Text(_("Phone"), longest=40, plain=True, width=150)
    address = Text(_("Company address"), longest=200)
    plan = Choice(_("Rate plan"), width=180)
    since = Day(_("Valid from"), today=page.today, width=144)
    until = Day(_("Valid until"), today=page.today, width=144)
    free = Time(_("Free departure until"), required=False)
    limit = Amount(_("Credit limit"), digits=page.digits, required=True)
    days = Number(_("Days to pay"), value=30, most=365, required=True)
    made = CompanyForm(
        _("Company"),
        _("Save"),
        do,
        back,
        name,
        row(code, tax, None),
        row(contact, phone, None),
        address,
        row(plan, free, None),
        row(since, until, None),
        row(limit, days, None),
        name=name,
        code=code,
        tax_number=tax,
        contact=contact,
        phone=phone,
        address=address,
        plan_id=plan,
        free_until=free,
        valid_from=since,
        valid_until=until,
        credit_limit=limit,
        days_to_pay=days,
    )
    made.page = page
    return made


def reason_form(_page: Register, do: Do, back: Do) -> RowForm:
    """Make the form of a suspension."""
    reason = Text(_("Reason"), required=True, longest=120)
    return RowForm(_("Suspend"), _("Suspend"), do, back, reason, reason=reason)


class SignerForm(RowForm):
    """Who may sign for a company."""

    def begin(self, row: CompanyRow) -> None:
        """Begin empty."""
        self.say(row.name)
        self.fill(name="", phone="", specimen="", valid_until=row.valid_until)


def signer_form(page: Register, do: Do, back: Do) -> SignerForm:
    """Make the form of a signer."""
    name = Text(_("Name"), required=True, longest=40)
    phone = Text(_("Phone"), longest=40, plain=True, width=150)
    specimen = Text(_("Specimen signature"), longest=120, hint=_("Where the paper lies"))
    until = Day(_("Valid until"), today=page.today, width=144)
    return SignerForm(
        _("New signer"),
        _("Save"),
        do,
        back,
        name,
        row(phone, until, None),
        specimen,
        name=name,
        phone=phone,
        specimen=specimen,
        valid_until=until,
    )


class EndForm(FormPage):
    """Which signer may not sign any more."""

    def open(self, page: Register, company: CompanyRow) -> None:
        """Offer those who may sign."""
        found = page.office.ask(queries.signers, number=company.number)
        self.say(company.name)
        self["signer_id"].set_options([(s.id, s.name) for s in found if s.removed_on is None])


def picture_form(do: Do, back: Do) -> EndForm:
    """Make the form that asks whose signature a picture shows."""
    signer = Choice(_("Signer"), required=True)
    return EndForm(_("Signature picture"), _("Choose the picture"), do, back, signer, signer_id=signer)


def end_form(do: Do, back: Do) -> EndForm:
    """Make the form by which a signer is taken off."""
    signer = Choice(_("Signer"), required=True)
    return EndForm(_("Take a signer off"), _("Take off"), do, back, signer, signer_id=signer)
