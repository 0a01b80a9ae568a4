"""What a check-out leaves to the guest's company."""

from pms.db.work import Work
from pms.services.debts import billing
from pms.services.debts.billing import Lodged, OnAccount
from pms.services.folios import ledger
from pms.services.rooms.models import Room

from .models import Stay


def to_company(
    work: Work, stay: Stay, told: OnAccount, owed: dict[str, int], folio: dict[str, ledger.Owed]
) -> dict[str, int]:
    """Move what every folio still owes to a company's account, one bill each, and return what is left."""
    parts = {window: balance for window, balance in sorted(owed.items()) if balance > 0}
    if not parts:
        return owed
    room = work.session.get_one(Room, stay.room_id).number
    whose = Lodged(stay.id, stay.number, stay.guest_name, room, stay.arrival, stay.departure)
    company, signer = billing.may_owe(work, told, sum(parts.values()), whose)
    for window, balance in parts.items():
        billing.bill(work, company, signer, whose, folio[window].account_id, balance)
    return {window: min(balance, 0) for window, balance in owed.items()}
