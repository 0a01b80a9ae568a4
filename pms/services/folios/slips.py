"""The slip of each transfer: from whom, to whom, what with its tax, who and why."""

from pms.core import offers
from pms.db.work import Work

from . import corrections, ledger, printouts, tax
from .models import Account, Transfer


def of_transfer(work: Work, made: int, reason: str) -> None:
    """Print the slip of the transfer numbered ``made`` and of what went along with it."""
    moved = work.session.get_one(Transfer, made)
    charge = corrections.root(work, moved)
    along = [
        (printouts.code_name(part.code), int(part.amount))
        for part in tax.parts_of(work, made)
        if part.debit_id == moved.debit_id
    ]
    named = printouts.code_name(charge.code)
    item = f"{named} {charge.text}".strip() if charge.text not in printouts.CODE_NAMES else named
    told = printouts.Moved(
        folio_words(work, moved.credit_id),
        folio_words(work, moved.debit_id),
        item,
        charge.business_date,
        ((item, int(moved.amount)), *along),
        reason.strip(),
    )
    work.print(printouts.transfer_slip(work, told), record="transfer", record_id=made)


def folio_words(work: Work, account_id: int) -> str:
    """Return a folio as a paper names it: its room, its letter, who pays, and the guest where that is
    another."""
    folio = work.session.get_one(Account, account_id)
    if (folio.code or "").startswith(ledger.OF_HOUSE):
        return f"HA-{str(folio.code).removeprefix(ledger.OF_HOUSE)} {folio.name}"
    whose = work.ask_up(offers.stay_name, stay_id=folio.stay_id) if folio.stay_id is not None else None
    guest = whose.guest if whose is not None and whose.guest != folio.name else ""
    return " ".join(
        filter(None, (whose.room if whose else "", folio.window, folio.name, guest and f"({guest})"))
    )
