"""Papers of the shop: receipt, blind count sheet, purchase request."""

from collections.abc import Sequence

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.db.work import Work
from pms.printing import slip
from pms.printing.slip import Barcode, Signatures, Slip, Table, Total
from pms.services.folios import kinds
from pms.services.folios.printouts import headed, letterhead, stamp

from .models import ShopSale
from .queries import ROOM, GoodRow, RequestRow, number_shown

Line = tuple[str, int, Money]
"""What, how many, price of one."""


def receipt(
    work: Work,
    sale: ShopSale,
    lines: Sequence[Line],
    *,
    guest: str = "",
    room: str = "",
    of: str = "",
    tendered: Money | None = None,
) -> Slip:
    """Return the receipt of a sale or a return; one to a room is signed, cash opens the drawer."""
    s, number, to_room = work.setting, number_shown(sale.number), sale.method == ROOM
    back = sale.kind == "return"
    rows = tuple(
        slip.row(name, str(count), show(price, s.digits), show(price * count, s.digits))
        for name, count, price in lines
    )
    included = sum(price * count for _name, count, price in lines) == abs(sale.total)
    words = _("Tax within the price") if included else _("Tax")
    tax = (Total(words, show(abs(sale.tax), s.digits)),) if sale.tax else ()
    total = Total(_answer(sale, room, back=back), slip.money(abs(sale.total), s.currency, s.digits), True)
    change: tuple[Total, ...] = ()
    if tendered is not None:
        change = (
            Total(_("Cash received"), show(tendered, s.digits)),
            Total(_("Change due"), show(tendered - sale.total, s.digits)),
        )
    facts = (
        (_("Date"), stamp(work)),
        (_("Paid by"), "" if to_room else kinds.words(work, sale.method)),
        (_("Guest"), guest),
        (_("Return of"), of),
        (_("Reason"), sale.reason),
    )
    signed = (Signatures((_("Guest's signature"), _("Clerk's signature"))),) if to_room or back else ()
    return Slip(
        "shop_receipt",
        _("Return receipt") if back else _("Shop receipt"),
        (
            Table(
                (
                    slip.left(_("Article"), 5),
                    slip.right(_("Quantity")),
                    slip.right(_("Unit price"), 2),
                    slip.right(_("Amount"), 2),
                ),
                rows,
                (*tax, total, *change),
            ),
            slip.facts(*((name, value) for name, value in facts if value)),
            Barcode(number),
            *signed,
        ),
        number=number,
        copies=(_("Finance copy"), _("Guest copy")) if signed else (),
        drawer=sale.method == "CASH",
        **headed(work),
    )


def _answer(sale: ShopSale, room: str, *, back: bool) -> str:
    """Return what the sum of a receipt is: nothing is paid at the till where a room bears it."""
    if sale.method == ROOM:
        words = _("Credited to room %(room)s") if back else _("Charged to room %(room)s")
        return words % {"room": room}
    return _("Refund due") if back else _("To pay")


def count_sheet(work: Work, goods: Sequence[GoodRow]) -> Slip:
    """Return the sheet on which the goods are counted; the stock is not on it, so that nobody counts what is
    expected."""
    columns = (
        slip.left(_("Article"), 5),
        slip.left(_("Barcode"), 3),
        slip.left(_("Unit")),
        slip.right(_("Par level")),
        slip.right(_("Counted"), 2),
        slip.left(_("Reason"), 4),
    )
    return Slip(
        "stocktake",
        _("Stocktake"),
        (
            Table(
                columns,
                tuple(slip.row(g.name, g.barcode, g.unit, str(g.par), "", "") for g in goods),
                grid=True,
            ),
            Signatures((_("Counted by"), _("Checked by"))),
        ),
        paper="A4",
        **letterhead(work),
    )


def purchase_request(work: Work, request: RequestRow) -> Slip:
    """Return the request to buy, with what there was of each good."""
    columns = (
        slip.left(_("Article"), 5),
        slip.left(_("Unit")),
        slip.right(_("Stock"), 2),
        slip.right(_("Order quantity"), 2),
        slip.left(_("Remark"), 4),
    )
    rows = tuple(
        slip.row(name, unit, str(stock), str(wanted), "") for _id, name, unit, stock, wanted in request.lines
    )
    return Slip(
        "purchase_request",
        _("Purchase request"),
        (
            *((slip.facts((_("Remark"), request.remark)),) if request.remark else ()),
            Table(columns, rows, grid=True),
            Signatures((_("Requested by"), _("Approved by"))),
        ),
        number=f"PR-{request.number}",
        paper="A4",
        **letterhead(work),
    )
