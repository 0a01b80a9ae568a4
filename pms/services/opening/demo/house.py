"""The house as it is founded: rooms, staff, rate plans, companies and channels."""

from pms.core import i18n
from pms.core.money import Money
from pms.core.office import Clerk
from pms.core.options import Options
from pms.services.opening import service as opening
from pms.services.opening.service import FloorPlan, Hotel, TypePlan
from pms.services.rates import service as rates
from pms.services.staff import service as staff

from . import companies
from .teller import AGREEMENT, Teller

FLOAT = Money(500000)


class House(Teller):
    """Found it."""

    def found(self) -> None:
        self.at(self.first, 7)
        d, floors = self.data, self.data["floors"][: self.size.floors]
        codes = {f["type"] for f in floors}
        self.types = [t for t in d["types"] if t["code"] in codes]
        self.office.do(
            opening.found.of(
                hotel=Hotel(
                    self.word(d["name"]),
                    d["zone"],
                    self.first,
                    tuple(
                        TypePlan(t["code"], self.word(t), t["price"], t["weekend"], t["beds"])
                        for t in self.types
                    ),
                    tuple(FloorPlan(f["floor"], f["type"], f["first"], f["last"]) for f in floors),
                    d["owner"]["login"],
                    self.word(d["owner"]),
                    d["password"],
                    options=Options(
                        phone=d["phone"],
                        address=self.word(d["address"]),
                        wifi=d["wifi"],
                        inventory_days=self.size.ahead + 60,
                        float_amount=FLOAT,
                    ),
                    years=2,
                )
            ),
        )
        self.people["owner"] = Clerk(1, self.word(d["owner"]), "owner", frozenset())
        for p in d["staff"]:
            number = self.do(
                "owner",
                staff.take_on.of(
                    login=p["login"],
                    name=self.word(p),
                    password=d["password"],
                    role=p["role"],
                    language=i18n.language(),
                ),
            )
            self.people[p["role"]] = Clerk(number, self.word(p), p["role"], frozenset())
        for p in d["plans"]:
            self.do(
                "owner",
                rates.add_plan.of(
                    code=p["code"],
                    name=self.word(p),
                    kind=p["kind"],
                    base_id=1,
                    basis_points=p["basis_points"],
                ),
            )
        names, signers = self.word(d["companies"]), [self.word(p) for p in d["staff"]][::-1]
        self.companies = companies.enter(self.do, names, signers, AGREEMENT, self.first)
        self.channels = companies.agree(self.office, self.do)
