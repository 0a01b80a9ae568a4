"""What is booked, from full to sparse, and by whom."""

from datetime import date
from random import Random

from pms.core.errors import Refused
from pms.services.guests.person import Person
from pms.services.reservations import queries as reservation_queries
from pms.services.reservations import service as reservations
from pms.services.reservations.proof import OPEN_TO_ALL
from pms.services.reservations.service import Wish
from pms.services.rooms import queries as room_queries

from .house import House
from .teller import AGREEMENT, DAY, Plan

PREPAID = 0.5
"""How many of a channel's orders are paid there, where it takes payments."""


class Bookings(House):
    """Foresee and book."""

    def foresee(self) -> None:
        """Decide all bookings, from full to sparse; the first evening fills the house at once."""
        house = len(self.office.look(room_queries.rooms))
        for n in range(self.size.past + self.size.ahead):
            arrival = self.first + DAY * n
            weekend = arrival.weekday() in (4, 5)
            wanted = house * (0.66 if n == 0 else 0.5 if weekend else 0.39)
            for _guest in range(round(wanted * self.chance.uniform(0.85, 1.15))):
                self._foresee_one(arrival)

    def _foresee_one(self, arrival: date) -> None:
        c = self.chance
        lead = 0 if c.random() < 0.22 else round(c.expovariate(1 / (9 if c.random() < 0.6 else 34)))
        nights = c.choices((1, 2, 3, 4, 6), (46, 30, 14, 7, 3))[0]
        fate = c.choices(("comes", "cancelled", "no_show"), (90, 7, 3))[0]
        kind = c.choices([t["code"] for t in self.types], [t["weight"] for t in self.types])[0]
        made = max(arrival - DAY * lead, self.first)
        if made <= self.today:
            self.coming[made].append(
                Plan(made, arrival, nights, kind, "walks_in" if made == arrival else fate, c.getrandbits(40))
            )

    def person(self, c: Random) -> Person:
        if c.random() < 0.14:
            n = c.randrange(len(self.data["western"]))
            return Person(
                self.data["western"][n],
                nationality=self.data["nations"][n],
                document_type="passport",
                document=f"P{c.randrange(10**6, 10**7)}",
                phone=f"+{c.randrange(30, 99)} {c.randrange(10**8, 10**9)}",
            )
        name = c.choice(self.data["surnames"]) + c.choice(self.data["given"])
        document = "" if c.random() < 0.04 else _resident_number(c)
        return Person(
            name,
            nationality="CHN",
            phone=f"13{c.randrange(10**8, 10**9)}",
            document_type="id_card" if document else "",
            document=document,
        )

    def bookings(self, day: date) -> None:
        plans = [p for p in self.coming[day] if p.fate != "walks_in"]
        for n, plan in enumerate(plans):
            self.at(day, 8 + 5.5 * n / max(len(plans), 1))
            self._book(plan)
        for line_id, plan in sorted(self.lines.items()):
            decided = day == plan.arrival or Random(plan.seed + day.toordinal()).random() < 0.2
            if plan.fate == "cancelled" and plan.made < day <= plan.arrival and decided:
                self.do(
                    "clerk",
                    reservations.cancel.of(
                        line_id=line_id, reason=self.word(self.data["words"]["cancelled"])
                    ),
                )
                del self.lines[line_id]

    def _book(self, plan: Plan) -> None:
        c = Random(plan.seed)
        guest = self.person(c)
        plan_id = c.choices(*zip(*self.plan_ids, strict=True))[0]
        several = 2 if c.random() < 0.05 else 1
        wish = Wish(
            self.type_ids[plan.type_code],
            plan.arrival,
            plan.arrival + DAY * plan.nights,
            c.choice((1, 1, 2)),
            plan_id=plan_id,
        )
        company = c.choice(self.word(self.data["companies"])) if plan_id == AGREEMENT else ""
        kinds = ["rack", *(p["kind"] for p in self.data["plans"])]
        channel = c.choice(self.word(self.data["channels"])) if not company else ""
        state = c.choices(("confirmed", "guaranteed", "tentative"), (60, 32, 8))[0]
        remarks = c.choice(self.word(self.data["remarks"])) if c.random() < 0.1 else ""
        prepaid = channel not in ("", *self.data["paid_here"]) and c.random() < PREPAID
        try:
            number = self.do(
                "clerk" if company or kinds[plan_id - 1] in OPEN_TO_ALL else "manager",
                reservations.book.of(
                    guest_name=guest.name,
                    rooms=[wish] * several,
                    phone=guest.phone,
                    company=company,
                    state="guaranteed" if prepaid else state,
                    channel=channel,
                    company_number=self.companies.get(company),
                    channel_number=self.channels.get(channel),
                    source="channel" if channel else "company" if company else "phone",
                    remarks=remarks,
                    payer="channel" if prepaid else "guest",
                    reference=f"4{c.randrange(10**14):014}" if channel else "",
                ),
            )
        except Refused:
            return  # the house is full on these nights, as houses are
        for line_id in self.office.look(reservation_queries.lines_of, number=number):
            self.lines[line_id] = plan


def _resident_number(c: Random) -> str:
    """Return an invented resident number of an area that was never given out, with its right check sign."""
    born = date(1962, 1, 1) + DAY * c.randrange(15500)
    body = f"330100{born:%Y%m%d}{c.randrange(1000):03d}"
    total = sum(int(figure) * 2 ** (17 - n) for n, figure in enumerate(body))
    return body + "10X98765432"[total % 11]
