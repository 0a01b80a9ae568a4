"""The row of shop: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Permission
from pms.core.places import Spot

DUTY = Duty(
    "shop",
    N_("Shop"),
    found_by=N_("sale, sell, till, goods, stock, minibar"),
    at=Spot(places.SHOP, 10),
    icon="shop-bag",
    screen="pms.ui.screens.shop.screen:ShopScreen",
    handbook=("F12", "C02"),
    key="Alt+S",
    reads=(Permission.SHOP_SELL, Permission.SHOP_COUNT, Permission.SHOP_EDIT),
    offers=(
        offers.search.by("pms.services.shop.queries:search"),
        offers.badges.by("pms.services.shop.queries:badges"),
        offers.handover.by("pms.services.shop.queries:handover"),
    ),
    rights=(
        Grant(Permission.SHOP_SELL, N_("Sell in the shop"), SERVICES, EVERY_DESK),
        Grant(Permission.SHOP_RECEIVE, N_("Receive goods"), SERVICES, EVERY_DESK),
        Grant(Permission.SHOP_COUNT, N_("Count goods"), SERVICES, EVERY_DESK),
        Grant(Permission.SHOP_EDIT, N_("Change goods and their prices"), SERVICES, LEADERS),
    ),
    papers=(
        Paper("shop_receipt", N_("Shop receipt")),
        Paper("stocktake", N_("Stocktake")),
        Paper("purchase_request", N_("Purchase request")),
    ),
    append_only=("shop_sale", "shop_move"),
)
