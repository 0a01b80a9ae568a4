"""The row of payments: what the rest of the program has to know of it."""

from pms.core import places
from pms.core.duty import Duty
from pms.core.i18n import N_
from pms.core.permissions import Permission
from pms.core.places import Spot

DUTY = Duty(
    "payments",
    N_("Kinds of payment"),
    found_by=N_("payment method, WeChat, Alipay, UnionPay, card, voucher, transaction number"),
    at=Spot(places.SETTINGS, 60),
    icon="cash",
    screen="pms.ui.screens.payments.screen:PaymentsScreen",
    reads=(Permission.PROPERTY_EDIT,),
)
