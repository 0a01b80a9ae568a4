"""The series of numbers against the numbers that are used."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from pms.core.i18n import _
from pms.db.base import NumberSeries, PrintJob
from pms.services.channels.models import Channel
from pms.services.companies.models import Company
from pms.services.damages.models import Damage
from pms.services.day_audit.models import DayFinding
from pms.services.debts.models import CompanyBill, CompanyReceipt
from pms.services.folios.models import ChannelBill, PaymentAttempt, Preauth
from pms.services.house_accounts.models import HouseAccount
from pms.services.invoices.models import Invoice
from pms.services.lost_found.models import FoundItem, LossReport
from pms.services.luggage.models import LuggageTag
from pms.services.members.models import Member
from pms.services.orders.models import ChannelOrder
from pms.services.period_reports.models import PeriodReport
from pms.services.rental.models import Rental
from pms.services.reservations.models import Reservation
from pms.services.settlements.models import ChannelReceipt
from pms.services.shifts.models import Handover, Shift
from pms.services.shop.models import PurchaseRequest, ShopSale
from pms.services.stays.models import Stay
from pms.services.vouchers.models import FormBook

NUMBERED: tuple[tuple[str, Any], ...] = (
    ("reservation", Reservation.number),
    ("stay", Stay.number),
    ("shift", Shift.number),
    ("handover", Handover.number),
    ("luggage", LuggageTag.number),
    ("rental", Rental.number),
    ("damage", Damage.number),
    ("preauth", Preauth.number),
    ("payment_attempt", PaymentAttempt.number),
    ("invoice", Invoice.number),
    ("member", Member.number),
    ("company", Company.number),
    ("channel", Channel.number),
    ("channel_order", ChannelOrder.number),
    ("company_bill", CompanyBill.number),
    ("company_receipt", CompanyReceipt.number),
    ("channel_bill", ChannelBill.number),
    ("channel_receipt", ChannelReceipt.number),
    ("day_finding", DayFinding.number),
    ("shop_sale", ShopSale.number),
    ("purchase_request", PurchaseRequest.number),
    ("found_item", FoundItem.number),
    ("loss_report", LossReport.number),
    ("period_report", PeriodReport.number),
    ("form_book", FormBook.number),
    ("house_account", HouseAccount.number),
)
PAPERS = (
    ("rebate", "A"),
    ("bill", "B"),
    ("room_change", "C"),
    ("deposit", "D"),
    ("receipt", "P"),
    ("advance_end", "V"),
    ("stored_value", "K"),
    ("debt_notice", "N"),
    ("transfer_slip", "TS"),
)
"""Series of papers, and the letters before their number."""


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each series that stands below a number that is used, which it would give out once
    more."""
    latest = {name: n for name, n in session.execute(select(NumberSeries.name, NumberSeries.latest))}
    used = {name: session.execute(select(func.max(column))).scalar() for name, column in NUMBERED}
    embedded = session.get_bind().dialect.name == "sqlite"
    for name, letter in PAPERS:  # a server refuses to count what is no number, SQLite takes its first figures
        figures = (
            func.substr(PrintJob.number, len(letter) + 2)
            if embedded
            else func.substring(PrintJob.number, f"^{letter}-([0-9]+)$")
        )
        most = select(func.max(cast(figures, BigInteger))).where(PrintJob.number.like(f"{letter}-%"))
        used[name] = session.execute(most).scalar()
    for name, number in used.items():
        if number and number > latest.get(name, 0):
            yield _("The series “%(name)s” stands at %(latest)s, and number %(used)s is used.") % {
                "name": name,
                "latest": latest.get(name, 0),
                "used": number,
            }
