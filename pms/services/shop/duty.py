"""The row of shop: what the rest of the program has to know of it."""

from pms.core import offers, places
from pms.core.duty import SERVICES, SHEETS, SLIPS, Duty, Grant, Paper
from pms.core.i18n import N_
from pms.core.permissions import EVERY_DESK, LEADERS, Right
from pms.core.places import Spot

SHOP_SELL = Right("shop:sell")
SHOP_RECEIVE = Right("shop:receive")
SHOP_COUNT = Right("shop:count")
SHOP_EDIT = Right("shop:edit")

DUTY = Duty(
    "shop",
    N_("Shop"),
    found_by=N_("sale, sell, till, goods, stock, minibar"),
    at=Spot(places.SHOP, 10),
    icon="shop-bag",
    screen="pms.ui.screens.shop.screen:ShopScreen",
    handbook=("F12", "C02"),
    key="Alt+S",
    reads=(SHOP_SELL, SHOP_COUNT, SHOP_EDIT),
    offers=(
        offers.search.by("pms.services.shop.queries:search"),
        offers.badges.by("pms.services.shop.queries:badges"),
        offers.handover.by("pms.services.shop.queries:handover"),
    ),
    rights=(
        Grant(SHOP_SELL, N_("Sell in the shop"), SERVICES, EVERY_DESK),
        Grant(SHOP_RECEIVE, N_("Receive goods"), SERVICES, EVERY_DESK),
        Grant(SHOP_COUNT, N_("Count goods"), SERVICES, EVERY_DESK),
        Grant(SHOP_EDIT, N_("Change goods and their prices"), SERVICES, LEADERS),
    ),
    papers=(
        Paper("shop_receipt", N_("Shop receipt"), SLIPS),
        Paper("stocktake", N_("Stocktake"), SHEETS),
        Paper("purchase_request", N_("Purchase request"), SHEETS),
    ),
    append_only=("shop_sale", "shop_move", "shop_cost"),
)
