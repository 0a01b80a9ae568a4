"""The index of duties: data only. A duty's folder in services, screens and tests carries its one word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pms.core import offers
from pms.core.i18n import N_
from pms.core.offers import Kind, Offer, Offers
from pms.core.permissions import Permission as P


@dataclass(frozen=True)
class Duty:
    """One duty: its word, title, group in the navigation, icon, screen (dotted, None where it has none), and
    which lines of the handbook it serves whole, alone or with others.

    ``pages`` are screens reached from other screens only, each with its own word: ``("check_in",
    "pms.ui...:CheckInScreen")``.
    ``offers`` are functions that other duties ask for by kind: ``offers.room_users.by(
    "pms.services.stays.answers:room_users")``.
    ``reads`` are the rights of which one opens the pages; anybody may open those without.
    ``key`` opens the screen from anywhere; these are Alt with a letter, which no screen uses.
    """

    word: str
    title: str
    group: str = ""
    icon: str = ""
    screen: str | None = None
    handbook: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    reads: tuple[P, ...] = ()
    pages: tuple[tuple[str, str], ...] = ()
    key: str = ""


DUTIES: tuple[Duty, ...] = (
    Duty(
        "room_board",
        N_("Room board"),
        N_("Front desk"),
        "board",
        "pms.ui.screens.room_board.screen:RoomBoardScreen",
        (),
        reads=(P.ROOMS_STATUS, P.ROOMS_EDIT),
    ),
    Duty(
        "reservations",
        N_("Bookings"),
        N_("Front desk"),
        "calendar",
        "pms.ui.screens.reservations.screen:BookingsScreen",
        (),
        (
            offers.room_users.by("pms.services.reservations.queries:room_users"),
            offers.short_by_day.by("pms.services.reservations.by_day:short"),
            offers.search.by("pms.services.reservations.found:search"),
            offers.older.by("pms.services.reservations.found:older"),
            offers.badges.by("pms.services.reservations.queries:badges"),
            offers.alarms.by("pms.services.reservations.queries:alarms"),
            offers.kept_of.by("pms.services.reservations.kept:kept_of"),
            offers.erase_old.by("pms.services.reservations.erasing:erase_old"),
        ),
        pages=(("booking", "pms.ui.screens.reservations.form:BookingForm"),),
        reads=(P.GUESTS_READ,),
    ),
    Duty(
        "stays",
        N_("In house"),
        N_("Front desk"),
        "users",
        "pms.ui.screens.stays.screen:InHouseScreen",
        (),
        (
            offers.room_users.by("pms.services.stays.answers:room_users"),
            offers.stay_name.by("pms.services.stays.answers:stay_name"),
            offers.open_stay.by("pms.services.stays.answers:open_stay"),
            offers.search.by("pms.services.stays.found:search"),
            offers.older.by("pms.services.stays.found:older"),
            offers.badges.by("pms.services.stays.answers:badges"),
            offers.leaving.by("pms.services.stays.queries:registration_missing"),
            offers.handover.by("pms.services.stays.answers:open_items"),
        ),
        pages=(
            ("check_in", "pms.ui.screens.stays.check_in:CheckInScreen"),
            ("party", "pms.ui.screens.stays.party:PartyScreen"),
            ("extend", "pms.ui.screens.stays.extend:ExtendScreen"),
            ("room_change", "pms.ui.screens.stays.room_change:RoomChangeScreen"),
            ("price_change", "pms.ui.screens.stays.price_change:PriceChangeScreen"),
            ("check_out", "pms.ui.screens.stays.check_out:CheckOutScreen"),
        ),
        reads=(P.GUESTS_READ,),
    ),
    Duty(
        "folios",
        N_("Folios"),
        N_("Money"),
        "receipt",
        None,
        (),
        (
            offers.handover.by("pms.services.folios.queries:open_items"),
            offers.kept_of.by("pms.services.folios.kept:kept_of"),
        ),
        pages=(("folios", "pms.ui.screens.folios.screen:FolioScreen"),),
        reads=(P.FOLIOS_READ,),
    ),
    Duty(
        "receivables",
        N_("Open money"),
        N_("Money"),
        "receipt",
        "pms.ui.screens.receivables.screen:ReceivablesScreen",
        (),
        (offers.handover.by("pms.services.receivables.queries:open_items"),),
        reads=(P.FOLIOS_READ,),
    ),
    Duty(
        "shifts",
        N_("Shift"),
        N_("Money"),
        "handover",
        "pms.ui.screens.shifts.screen:ShiftScreen",
        ("F12", "F20"),
        (
            offers.shift_at.by("pms.services.shifts.queries:shift_at"),
            offers.welcomes.by("pms.services.shifts.queries:to_open"),
            offers.search.by("pms.services.shifts.queries:search"),
            offers.badges.by("pms.services.shifts.queries:badges"),
            offers.tallies.by("pms.services.shifts.queries:tallies"),
        ),
        reads=(P.SHIFTS_WORK,),
    ),
    Duty(
        "night_audit",
        N_("Night audit"),
        N_("Money"),
        "moon",
        "pms.ui.screens.night_audit.screen:NightAuditScreen",
        (),
        (
            offers.countdowns.by("pms.services.night_audit.queries:countdowns"),
            offers.last_close.by("pms.services.night_audit.queries:last_close"),
            *(
                offers.audit_check.by(f"pms.services.night_audit.checks.{name}:CHECK")
                for name in (
                    "departures",
                    "balance",
                    "arrivals",
                    "credit",
                    "identity",
                    "discrepancies",
                    "cards",
                    "voids",
                    "adjustments",
                    "rates",
                    "upgrades",
                    "given_away",
                    "zero_charge",
                    "transfers",
                    "nights",
                    "shifts",
                    "gaps",
                    "authority",
                    "plans",
                    "extended",
                    "other_way",
                    "advances",
                    "over_short",
                    "odd_amounts",
                    "cards_out",
                    "same_document",
                    "by_phone",
                )
            ),
        ),
        reads=(P.AUDIT_RUN,),
    ),
    Duty(
        "housekeeping",
        N_("Status sheet"),
        N_("Rooms"),
        "sheet",
        "pms.ui.screens.housekeeping.screen:HousekeepingScreen",
        ("H03",),
        (
            offers.badges.by("pms.services.housekeeping.queries:badges"),
            offers.handover.by("pms.services.housekeeping.queries:open_items"),
        ),
        reads=(P.ROOMS_STATUS,),
    ),
    Duty(
        "messages",
        N_("Handover book"),
        N_("Services"),
        "handover",
        "pms.ui.screens.messages.screen:MessagesScreen",
        ("F20",),
        (
            offers.badges.by("pms.services.messages.queries:badges"),
            offers.kept_of.by("pms.services.messages.kept:kept_of"),
            offers.search.by("pms.services.messages.queries:search"),
            offers.handover.by("pms.services.messages.queries:handover"),
        ),
        reads=(P.MESSAGES,),
    ),
    Duty(
        "wake_ups",
        N_("Wake-up calls"),
        N_("Services"),
        "clock",
        "pms.ui.screens.wake_ups.screen:WakeUpsScreen",
        (),
        (
            offers.badges.by("pms.services.wake_ups.queries:badges"),
            offers.alarms.by("pms.services.wake_ups.queries:alarms"),
            offers.kept_of.by("pms.services.wake_ups.kept:kept_of"),
            offers.handover.by("pms.services.wake_ups.queries:handover"),
        ),
        reads=(P.WAKE_UPS,),
    ),
    Duty(
        "luggage",
        N_("Luggage"),
        N_("Services"),
        "suitcase",
        "pms.ui.screens.luggage.screen:LuggageScreen",
        (),
        (
            offers.search.by("pms.services.luggage.queries:search"),
            offers.badges.by("pms.services.luggage.queries:badges"),
            offers.leaving.by("pms.services.luggage.queries:leaving"),
            offers.still_needed.by("pms.services.luggage.erasing:still_needed"),
            offers.kept_of.by("pms.services.luggage.kept:kept_of"),
            offers.erase_with.by("pms.services.luggage.erasing:erase_with"),
            offers.erase_old.by("pms.services.luggage.erasing:erase_old"),
            offers.handover.by("pms.services.luggage.queries:handover"),
        ),
        key="Alt+L",
        reads=(P.LUGGAGE_STORE, P.LUGGAGE_CLAIM),
    ),
    Duty(
        "lost_found",
        N_("Lost & found"),
        N_("Services"),
        "lost-found",
        "pms.ui.screens.lost_found.screen:LostFoundScreen",
        ("F08",),
        (
            offers.search.by("pms.services.lost_found.queries:search"),
            offers.badges.by("pms.services.lost_found.queries:badges"),
            offers.leaving.by("pms.services.lost_found.queries:leaving"),
            offers.still_needed.by("pms.services.lost_found.erasing:still_needed"),
            offers.kept_of.by("pms.services.lost_found.kept:kept_of"),
            offers.erase_with.by("pms.services.lost_found.erasing:erase_with"),
            offers.erase_old.by("pms.services.lost_found.erasing:erase_old"),
            offers.handover.by("pms.services.lost_found.queries:handover"),
            offers.tallies.by("pms.services.lost_found.queries:tallies"),
        ),
        key="Alt+F",
        reads=(P.LOST_REGISTER,),
    ),
    Duty(
        "shop",
        N_("Shop"),
        N_("Services"),
        "shop-bag",
        "pms.ui.screens.shop.screen:ShopScreen",
        ("F12", "C02"),
        (
            offers.search.by("pms.services.shop.queries:search"),
            offers.badges.by("pms.services.shop.queries:badges"),
            offers.handover.by("pms.services.shop.queries:handover"),
        ),
        key="Alt+S",
        reads=(P.SHOP_SELL, P.SHOP_COUNT, P.SHOP_EDIT),
    ),
    Duty(
        "day_audit",
        N_("Day audit"),
        N_("Money"),
        "shield",
        "pms.ui.screens.day_audit.screen:DayAuditScreen",
        ("D06",),
        (
            offers.badges.by("pms.services.day_audit.queries:badges"),
            offers.search.by("pms.services.day_audit.queries:search"),
            offers.tallies.by("pms.services.day_audit.queries:tallies"),
        ),
        reads=(P.DAY_AUDIT_NOTE, P.DAY_AUDIT_WORK),
    ),
    Duty(
        "reports",
        N_("Reports"),
        N_("Money"),
        "sheet",
        "pms.ui.screens.reports.screen:ReportsScreen",
        (),
        reads=(P.REPORTS_READ,),
    ),
    Duty(
        "period_reports",
        N_("Weekly reports"),
        N_("Money"),
        "calendar",
        "pms.ui.screens.period_reports.screen:PeriodReportsScreen",
        (),
        reads=(P.REPORTS_READ,),
    ),
    Duty(
        "figures",
        N_("Figures"),
        N_("Money"),
        "chart",
        "pms.ui.screens.figures.screen:FiguresScreen",
        (),
        (offers.budget.by("pms.services.figures.queries:aim"),),
        reads=(P.REPORTS_READ,),
    ),
    Duty(
        "rooms",
        N_("Rooms"),
        icon="bed",
        screen="pms.ui.screens.rooms.screen:RoomsScreen",
        offers=(offers.search.by("pms.services.rooms.queries:search"),),
        reads=(P.ROOMS_STATUS, P.ROOMS_EDIT),
    ),
    Duty(
        "rates",
        N_("Prices"),
        icon="cash",
        screen="pms.ui.screens.rates.screen:RatesScreen",
        reads=(P.RESERVATIONS_BOOK, P.RATES_EDIT),
    ),
    Duty(
        "guests",
        N_("Guests"),
        N_("Front desk"),
        "user",
        "pms.ui.screens.guests.screen:GuestsScreen",
        (),
        (offers.search.by("pms.services.guests.queries:search"),),
        key="Alt+G",
        reads=(P.GUESTS_READ,),
    ),
    Duty("drafts", N_("Drafts"), icon="clock"),
    Duty(
        "cards",
        N_("Room cards"),
        icon="key-card",
        offers=(
            offers.handover.by("pms.services.cards.queries:open_items"),
            offers.kept_of.by("pms.services.cards.kept:kept_of"),
        ),
        reads=(P.CARDS_ISSUE,),
    ),
    Duty(
        "staff",
        N_("Staff"),
        icon="users",
        screen="pms.ui.screens.staff.screen:StaffScreen",
        offers=(offers.badges.by("pms.services.staff.log:badges"),),
        pages=(("access", "pms.ui.screens.staff.access:AccessScreen"),),
        reads=(P.STAFF_READ,),
    ),
    Duty(
        "authority",
        N_("Authority"),
        icon="shield",
        screen="pms.ui.screens.authority.screen:AuthorityScreen",
        handbook=("D01",),
        pages=(("delegations", "pms.ui.screens.authority.delegations:DelegationsScreen"),),
        reads=(P.APPROVE, P.AUTHORITY_EDIT, P.AUTHORITY_DELEGATE),
    ),
    Duty(
        "approvals",
        N_("Approvals"),
        N_("Money"),
        "shield",
        "pms.ui.screens.approvals.screen:ApprovalsScreen",
        ("D01",),
        (offers.badges.by("pms.services.approvals.queries:badges"),),
        reads=(P.APPROVE,),
    ),
    Duty(
        "property",
        N_("Hotel"),
        icon="gear",
        screen="pms.ui.screens.property.screen:PropertyScreen",
        reads=(P.PROPERTY_EDIT, P.REPORTS_READ),
    ),
    Duty("business_day", N_("Business date"), icon="calendar"),
    Duty("opening", N_("Set-up"), icon="gear"),
    Duty("downtime", N_("Without the server"), icon="alert"),
    Duty(
        "print_jobs",
        N_("Print-outs"),
        icon="printer",
        screen="pms.ui.screens.print_jobs.screen:PrintJobsScreen",
        offers=(
            offers.badges.by("pms.services.print_jobs.queries:badges"),
            offers.search.by("pms.services.print_jobs.queries:search"),
            offers.kept_of.by("pms.services.print_jobs.kept:kept_of"),
        ),
        reads=(P.PRINT_AGAIN, P.PROPERTY_EDIT),
    ),
)


def resolve(dotted: str) -> Any:
    """Return what ``package.module:name`` names, importing it now."""
    module, name = dotted.split(":")
    return getattr(import_module(module), name)


def screens(index: Sequence[Duty] = DUTIES) -> dict[str, str]:
    """Return the dotted name of every screen by the word it is reached by."""
    found = {duty.word: duty.screen for duty in index if duty.screen}
    return found | {word: dotted for duty in index for word, dotted in duty.pages}


def offered(index: Sequence[Duty] = DUTIES) -> Offers:
    """Return what duties offer to each other, by kind and in the index's order."""
    found: dict[Kind, list[Callable[..., Any]]] = {}
    for duty in index:
        for offer in duty.offers:
            found.setdefault(offer.kind, []).append(resolve(offer.dotted))
    return Offers(found)
