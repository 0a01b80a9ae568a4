"""What others owe the demonstration hotel and what is written on paper: channels' and companies' accounts, an
unsettled stay, invoices, a payment in question, books of forms and a channel's order."""

from collections.abc import Sequence
from datetime import date

from pms.core.errors import Refused
from pms.core.money import Money
from pms.services.attempts import service as attempts
from pms.services.companies import queries as company_queries
from pms.services.debts.billing import OnAccount
from pms.services.invoices import queries as invoice_queries
from pms.services.invoices import service as invoices
from pms.services.orders import queries as order_queries
from pms.services.orders import service as orders
from pms.services.orders.reading import booking, layouts, reader
from pms.services.settlements import queries as settlement_queries
from pms.services.settlements import service as settlements
from pms.services.stays import joined, joining
from pms.services.stays.queries import StayRow
from pms.services.vouchers import service as vouchers

from .bookings import Bookings
from .teller import DAY


class Accounts(Bookings):
    """Let channels and companies pay, and count the books of forms."""

    def on_account(self, stay: StayRow) -> OnAccount | None:
        """Return the company that pays later and who of it signs; None where it has no account."""
        if stay.company_number is None:
            return None
        company = self.office.look(company_queries.company, number=stay.company_number)
        signers = self.office.look(company_queries.signers, number=stay.company_number)
        if company is None or not company.credit_limit or not signers:
            return None
        return OnAccount(company.number, signers[0].id)

    def channels_settle(self, reference: str) -> None:
        """Let the channel that owes most pay the oldest third of its bills, as one transfer."""
        owing = [row for row in self.office.look(settlement_queries.accounts) if sum(row.ages) > 0]
        if not owing:
            return
        number = owing[0].number
        bills = [b for b in self.office.look(settlement_queries.open_bills) if b.channel == number]
        paid = [b for b in bills if b.left > 0][: max(len(bills) // 3, 1)]
        self.money(
            "owner",
            settlements.receive.of(
                number=number,
                method="WIRE",
                amount=Money(sum(b.left for b in paid)),
                bills=[b.number for b in paid],
                reference=reference,
            ),
        )

    def invoice(self, left: Sequence[StayRow], day: date) -> None:
        """Ask for invoices of some who have left; the first one is issued already."""
        made = list[int]()
        for stay in left:
            may = self.office.look(invoice_queries.whose, text="", stay_id=stay.stay_id)
            buyer = self.data["buyers"][len(made)]
            if may is not None and may.left > 0:
                wanted = invoices.want.of(
                    stay_id=stay.stay_id,
                    buyer=self.word(buyer),
                    amount=may.left,
                    tax_number=buyer["tax_number"],
                    individual=not buyer["tax_number"],
                )
                made.append(self.do("clerk", wanted))
            if len(made) == len(self.data["buyers"]):
                break
        for number in made[:1]:
            self.do("clerk", invoices.issue.of(number=number, serial=f"263320{number:014}", issued_on=day))

    def stock_forms(self) -> None:
        """Take the books of forms into stock; the desk gets two of them."""
        for n, book in enumerate(self.data["books"]):
            came = vouchers.receive.of(form=self.word(book), first=book["first"], last=book["last"])
            number = self.do("owner", came)
            if n < 2:
                self.do("clerk", vouchers.hand_out.of(number=number, holder=self.people["clerk"].name))

    def count_forms(self) -> None:
        """Count the desk's books; of the first one a form is missing."""
        for n, book in enumerate(self.data["books"][:2]):
            at = book["first"][:-2] + f"{int(book['first'][-2:]) + 9 - 3 * n:02}"
            self.do("clerk", vouchers.count.of(number=n + 1, following=at, stubs=7 - 2 * n, spoilt=1))

    def question(self, inside: Sequence[StayRow]) -> None:
        """Note a payment that a guest calls done and nobody has seen."""
        for stay in inside[5:6]:
            noted = attempts.note.of(
                stay_id=stay.stay_id,
                method="WECHAT",
                amount=Money(20000),
                told=self.word(self.data["words"]["paid"]),
            )
            self.do("clerk", noted)

    def join_rooms(self, inside: Sequence[StayRow]) -> None:
        """Join two rooms whose guests came on their own and travel together."""
        alone = [s for s in inside[-8:] if not self.office.look(joined.beside, stay_id=s.stay_id)]
        if len(alone) > 1:
            self.do("clerk", joining.join.of(stay_id=alone[-2].stay_id, with_stay_id=alone[-1].stay_id))

    def paste_order(self) -> None:
        """Take in an order as it is copied from a channel's page."""
        arrival = self.today + 8 * DAY
        house = self.office.look(order_queries.house)
        text = self.data["order"].format(
            hotel=self.word(self.data["name"]),
            booked=f"{self.today} 13:42",
            first=arrival,
            second=arrival + DAY,
            last=arrival + 2 * DAY,
            room=self.types[0]["zh_CN"],
        )
        found = reader.read(text, layouts=layouts.shipped(), house=house, received=self.today)
        order = booking.as_usual(found, house)
        try:
            self.do("clerk", orders.take_in.of(order=order, pasted=text))
        except Refused:
            return  # the house is full on these nights
