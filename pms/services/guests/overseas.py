"""What is asked of a guest from abroad besides the document, and what can be wrong with it."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import N_, _

FOREIGN = ("passport", "travel_permit", "other")
"""Documents that are asked about visa and entry."""
VISAS = {
    "": N_("no visa"),
    "FREE": N_("visa-free"),
    "PERMIT": N_("permit"),
    "L": "L",
    "M": "M",
    "F": "F",
    "Z": "Z",
    "X1": "X1",
    "X2": "X2",
    "Q1": "Q1",
    "Q2": "Q2",
    "S1": "S1",
    "S2": "S2",
    "J1": "J1",
    "J2": "J2",
    "R": "R",
    "G": "G",
    "C": "C",
    "D": "D",
}
"""Visa types by the letter that stands on the visa."""
_CODES = """
ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH
BLM BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB
CUW CXR CYM CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO
GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN
IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA
MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER
NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU
RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA
TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI URY USA UZB VAT VCT VEN VGB VIR VNM VUT
WLF WSM YEM ZAF ZMB ZWE GBD GBN GBO GBP GBS RKS UNA UNK UNO XOM XXA XXB XXC XXX EUE
"""
CODES = frozenset(_CODES.split())
"""Nationalities as travel documents write them: ISO 3166-1 and what ICAO Doc 9303 adds."""


@dataclass(frozen=True)
class Overseas:
    """A guest from abroad: the name as the document parts it, the visa, until when the stay is allowed, and
    the last entry."""

    surname: str = ""
    given_name: str = ""
    chinese_name: str = ""
    visa_type: str = ""
    visa_number: str = ""
    stay_until: date | None = None
    entry_date: date | None = None
    entry_port: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))

    def text(self) -> str:
        """Return the record as text, to be sealed."""
        return json.dumps({k: v for k, v in asdict(self).items() if v}, default=str, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> "Overseas":
        """Return the record that ``text`` was made of."""
        stored = json.loads(text)
        days = {
            name: date.fromisoformat(stored[name]) for name in ("stay_until", "entry_date") if name in stored
        }
        return cls(**(stored | days))


def nationality_fault(code: str) -> str:
    """Say what is wrong with a nationality."""
    return "" if code.upper() in CODES else _("Three letters as in the passport, such as GBR or JPN.")


def birth_fault(day: date, today: date) -> str:
    """Say what is wrong with a date of birth."""
    return "" if today.year - 130 <= day.year and day <= today else _("No date of birth.")


def entry_fault(day: date, today: date) -> str:
    """Say what is wrong with the date of the last entry."""
    return _("The entry is not after today.") if day > today else ""


def check(record: Overseas, nationality: str, birth: date | None, today: date) -> None:
    """Refuse what cannot be right, in a sentence."""
    if nationality and (fault := nationality_fault(nationality)):
        raise Refused(_("“%(code)s” is no nationality. %(what)s") % {"code": nationality, "what": fault})
    if birth is not None and (fault := birth_fault(birth, today)):
        raise Refused(
            _("%(day)s is no date of birth of a guest. Check it.") % {"day": dates.day(birth, year=True)}
        )
    if record.entry_date is not None and (fault := entry_fault(record.entry_date, today)):
        raise Refused(fault)
    if record.entry_date and record.stay_until and record.stay_until < record.entry_date:
        raise Refused(_("The stay is allowed until a day before the entry. Check both dates."))
    if record.visa_type not in VISAS:
        raise Refused(_("“%(type)s” is no visa type.") % {"type": record.visa_type})
