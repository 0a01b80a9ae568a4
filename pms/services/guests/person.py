"""A person at the desk: what is told of one, and what of it cannot be right."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import N_, _
from pms.core.mrz import SIGNS as ZONE

from . import documents
from .overseas import Overseas, birth_fault, check, nationality_fault

FAULTS = {
    "length": N_("An identity number has 18 characters; check what is missing."),
    "figures": N_("An identity number has digits only, the last character may be X."),
    "birth": N_("The identity number holds no real date of birth."),
    "check": N_("The identity number's last character does not match the others: one digit is wrong."),
}
LONGEST = {"name": 100, "phone": 40, "address": 200, "ethnic": 20, "document": 40}
"""How many signs a field holds."""
CHINESE = ("id_card", "residence_permit", "travel_permit")
"""Documents that China issues."""


@dataclass(frozen=True)
class Person:
    """A guest at the desk: known already (``guest_id``) or to be entered; no document leaves the identity
    pending.

    ``issuer`` is the state that issued the document, told by its machine-readable zone; ``document_until`` is
    its last day.
    """

    name: str = ""
    guest_id: int | None = None
    phone: str = ""
    sex: str = ""
    birth: date | None = None
    nationality: str = ""
    document_type: str = ""
    document: str = ""
    address: str = ""
    overseas: Overseas | None = None
    ethnic: str = ""
    issuer: str = ""
    document_until: date | None = None

    @property
    def state(self) -> str:
        """Return the state that issued the document, empty where nothing tells it."""
        return self.issuer or ("CHN" if self.document_type in CHINESE else self.nationality)

    @property
    def paper(self) -> tuple[str, str, str]:
        """Return what makes a document the same one: kind, issuing state, number."""
        return self.document_type, self.state, self.document


def checked(person: Person, today: date) -> Person:
    """Return a person with every field as it is kept; refuses, in a sentence, what cannot be right."""
    number = "".join(unicodedata.normalize("NFKC", person.document).split()).upper()
    told = replace(
        person,
        name=" ".join(person.name.split()),
        phone=person.phone.strip(),
        nationality=person.nationality.strip().upper(),
        issuer=person.issuer.strip().upper(),
        document=number,
        document_type=person.document_type if number else "",
        ethnic=person.ethnic.strip(),
        address=person.address.strip(),
    )
    _fields(told)
    if number and told.document_type in documents.NUMBERED:
        if fault := documents.resident_number_fault(number, today):
            raise Refused(_(FAULTS[fault]))
        told = replace(
            told,
            birth=documents.birth_date(number),
            sex=documents.sex(number),
            nationality=told.nationality or documents.nationality(number),
        )
    _facts(told, today)
    return told


def _fields(told: Person) -> None:
    for field, most in LONGEST.items():
        if len(getattr(told, field)) > most:
            raise Refused(
                _("“%(begun)s…” is too long: at most %(most)s characters.")
                % {"begun": getattr(told, field)[:20], "most": most}
            )
    if told.sex not in ("", "M", "F"):
        raise Refused(_("“%(sex)s” is no sex on a document: M or F.") % {"sex": told.sex})
    if any(ZONE.fullmatch(field) and "<" in field for field in (told.phone, told.name, told.document)):
        raise Refused(
            _("A line of a machine-readable zone stands in a field. Put the zone into the document's field.")
        )


def _facts(told: Person, today: date) -> None:
    for code in filter(None, (told.nationality, told.issuer)):
        if fault := nationality_fault(code):
            raise Refused(_("“%(code)s” is no nationality. %(what)s") % {"code": code, "what": fault})
    if told.birth is not None and birth_fault(told.birth, today):
        raise Refused(_("%(day)s is no date of birth of a guest. Check it.") % {"day": told.birth})
    if told.overseas:
        check(told.overseas, told.nationality, told.birth, today)
