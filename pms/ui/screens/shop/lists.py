"""What the lists of goods, receipts and purchase requests say."""

from collections.abc import Mapping, Sequence

from pms.core.i18n import N_, _
from pms.core.office import Clerk
from pms.services.margin.duty import SEE as COSTS
from pms.services.shop import queries
from pms.services.shop.duty import SHOP_EDIT
from pms.services.shop.queries import GoodRow
from pms.ui.kit import formats
from pms.ui.kit.rows import Column


def method_words(called: Mapping[str, str], method: str, room: str = "") -> str:
    """Name a way to pay as the house calls it, or the room."""
    if method == queries.ROOM:
        return _("Room %(room)s") % {"room": room}
    return called.get(method, method)


def good_mark(good: GoodRow) -> str:
    """Return what is to be known of a good: that it is low, or not sold."""
    return _("Low stock") if good.low else "" if good.active else _("Not on sale")


def of_goods() -> Sequence[Column]:
    """Return what the list says of a good."""
    return (
        Column(N_("Article"), lambda g: g.name, bold=True, sub=lambda g: g.barcode),
        Column(N_("Unit"), lambda g: g.unit, width=72),
        Column(N_("Unit price"), lambda g: g.price, "money", width=96),
        Column(N_("Stock"), lambda g: g.stock, "number", width=72),
        Column(N_("Par level"), lambda g: g.par, "number", width=88),
        Column(
            "",
            good_mark,
            "badge",
            width=112,
            tone=lambda g: "warn" if g.low else "block",
            icon=lambda g: "alert" if g.low else "",
        ),
    )


def of_sales(zone: str, called: Mapping[str, str]) -> Sequence[Column]:
    """Return what the list says of a receipt."""
    return (
        Column(N_("Number"), lambda s: s.shown, width=88, bold=True),
        Column(
            N_("Time"),
            lambda s: formats.time(s.at, zone),
            width=64,
            tone=lambda _s: "muted",
            sort=lambda s: s.at,
        ),
        Column(
            N_("Paid by"),
            lambda s: method_words(called, s.method, s.room),
            sub=lambda s: " ".join(filter(None, (s.guest, s.reason))),
        ),
        Column(
            "",
            lambda s: _("Return") if s.kind == "return" else "",
            "badge",
            width=96,
            icon=lambda s: "room-change" if s.kind == "return" else "",
        ),
        Column(N_("By"), lambda s: s.by, width=124, tone=lambda _s: "muted"),
        Column(N_("Amount"), lambda s: s.total, "money", width=110),
    )


def of_requests(zone: str) -> Sequence[Column]:
    """Return what the list says of a purchase request."""
    return (
        Column(N_("Number"), lambda r: f"PR-{r.number}", width=88, bold=True),
        Column(
            N_("Article"),
            lambda r: _(", ").join(f"{name} {n} {unit}".strip() for _g, name, unit, _s, n in r.lines),
            sub=lambda r: r.remark,
        ),
        Column(
            N_("Requested"),
            lambda r: formats.day_time(r.asked_at, zone),
            width=120,
            tone=lambda _r: "muted",
            sort=lambda r: r.asked_at,
        ),
        Column(N_("By"), lambda r: r.by, width=124, tone=lambda _r: "muted"),
    )


def sees_cost(clerk: Clerk) -> bool:
    """Say whether somebody sees what goods cost the house: who sees the margin, and who sets the prices."""
    return clerk.may(COSTS) or clerk.may(SHOP_EDIT)
