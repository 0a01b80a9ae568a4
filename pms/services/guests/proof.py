"""A document shown at the desk for one act: checked and masked; the number itself is kept nowhere."""

import unicodedata
from datetime import date

from pms.core.errors import Refused
from pms.core.i18n import _

from . import documents, seal
from .person import FAULTS


def masked(document_type: str, number: str, today: date) -> str:
    """Return the mask of a document's number; refuses one that is missing or cannot be right."""
    plain = "".join(unicodedata.normalize("NFKC", number).split()).upper()
    if not plain:
        raise Refused(_("Give the number of the document."))
    if document_type in documents.NUMBERED and (fault := documents.resident_number_fault(plain, today)):
        raise Refused(_(FAULTS[fault]))
    return seal.masked(plain)
