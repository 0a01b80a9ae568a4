"""The currencies a hotel may count in: how many decimals, in which steps prices are rounded, what lies in the
drawer."""

from dataclasses import dataclass

from pms.core.errors import Refused
from pms.core.i18n import N_, _

_NOTES = (10000, 5000, 2000, 1000, 500, 200, 100)


@dataclass(frozen=True)
class Currency:
    """One currency; ``step`` and ``pieces`` (notes and coins, largest first) are in its minor unit.

    ``hundred`` is the round sum, in its minor unit, that is about a hundred yuan: rules and limits that a new
    hotel starts with are reckoned from it.
    """

    code: str
    name: str
    sign: str
    digits: int
    step: int
    pieces: tuple[int, ...]
    hundred: int = 10000

    def worth(self, yuan: int) -> int:
        """Return what a rule given in fen is in this currency's minor unit."""
        return yuan * self.hundred // 10000


_ALL = (
    Currency("CNY", N_("Chinese yuan"), "¥", 2, 100, (10000, 5000, 2000, 1000, 500, 100, 50, 10)),
    Currency(
        "HKD",
        N_("Hong Kong dollar"),
        "HK$",
        2,
        100,
        (100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10),
    ),
    Currency(
        "MOP",
        N_("Macau pataca"),
        "MOP$",
        2,
        100,
        (100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10),
    ),
    Currency("JPY", N_("Japanese yen"), "¥", 0, 1, (10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1), 2000),
    Currency(
        "KRW", N_("South Korean won"), "KRW ", 0, 100, (50000, 10000, 5000, 1000, 500, 100, 50, 10), 20000
    ),
    Currency(
        "SGD", N_("Singapore dollar"), "S$", 2, 100, (10000, 5000, 1000, 500, 200, 100, 50, 20, 10, 5), 2000
    ),
    Currency(
        "MYR", N_("Malaysian ringgit"), "RM", 2, 100, (10000, 5000, 2000, 1000, 500, 100, 50, 20, 10, 5), 5000
    ),
    Currency(
        "THB",
        N_("Thai baht"),
        "THB ",
        2,
        100,
        (100000, 50000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 25),
        50000,
    ),
    Currency("USD", N_("US dollar"), "$", 2, 100, (*_NOTES, 25, 10, 5, 1), 2000),
    Currency("EUR", N_("Euro"), "€", 2, 100, (20000, *_NOTES, 50, 20, 10, 5, 2, 1), 2000),
    Currency(
        "GBP", N_("Pound sterling"), "£", 2, 100, (5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1), 1000
    ),
    Currency(
        "KWD",
        N_("Kuwaiti dinar"),
        "KWD ",
        3,
        100,
        (20000, 10000, 5000, 1000, 500, 250, 100, 50, 20, 10, 5),
        5000,
    ),
    Currency(
        "BHD", N_("Bahraini dinar"), "BHD ", 3, 100, (20000, 10000, 5000, 1000, 500, 100, 50, 25, 10, 5), 5000
    ),
    Currency(
        "OMR",
        N_("Omani rial"),
        "OMR ",
        3,
        100,
        (50000, 20000, 10000, 5000, 1000, 500, 100, 50, 25, 10, 5),
        5000,
    ),
)
CURRENCIES = {one.code: one for one in _ALL}


def of(code: str) -> Currency:
    """Return a currency by its ISO code, in any case; refuses one that is not kept."""
    if (found := CURRENCIES.get(code.strip().upper())) is None:
        raise Refused(
            _("“%(code)s” is no currency the hotel can use. Choose one of %(known)s.")
            % {"code": code, "known": " ".join(CURRENCIES)}
        )
    return found
