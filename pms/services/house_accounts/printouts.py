"""The bill of a house account: the folio's own, with the account in the guest's place."""

from pms.db.work import Work
from pms.printing.slip import Slip
from pms.services.folios import bill, kinds
from pms.services.folios import queries as folios

from .models import HouseAccount
from .queries import shown


def bill_of(work: Work, house: HouseAccount, number: str, layout: str) -> Slip:
    """Return what stands on an account as a bill."""
    found = folios.account_lines(work.session, account_id=house.account_id)
    return bill.bill(
        work,
        number=number,
        whose=None,
        payer=f"{shown(house.number)} {house.name}, {house.responsible}",
        lines=found,
        within=folios.taxes_within(work.session, lines=found),
        layout=bill.layout_of(layout, work.setting.options),
        called=kinds.called(work.session),
    )
