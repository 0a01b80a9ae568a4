"""The index of duties: data only. A duty's folder in services, screens and tests carries its one word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pms.core.i18n import N_


@dataclass(frozen=True)
class Duty:
    """One duty: its word, title, group in the navigation, icon, screen (dotted, None where it has none), and
    what it serves.

    ``pages`` are screens reached from other screens only, each with its own word: ``("check_in",
    "pms.ui...:CheckInScreen")``.
    ``offers`` are functions that other duties ask for by kind: ``("room_users",
    "pms.services.stays.queries:room_users")``.
    ``key`` opens the screen from anywhere; these are Alt with a letter, which no screen uses.
    """

    word: str
    title: str
    group: str = ""
    icon: str = ""
    screen: str | None = None
    handbook: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()
    permission: str = ""
    pages: tuple[tuple[str, str], ...] = ()
    key: str = ""


DUTIES: tuple[Duty, ...] = (
    Duty(
        "room_board",
        N_("Room board"),
        N_("Front desk"),
        "board",
        "pms.ui.screens.room_board.screen:RoomBoardScreen",
        ("F01", "D02"),
    ),
    Duty(
        "reservations",
        N_("Bookings"),
        N_("Front desk"),
        "calendar",
        "pms.ui.screens.reservations.screen:BookingsScreen",
        ("F02",),
        (
            ("room_users", "pms.services.reservations.queries:room_users"),
            ("search", "pms.services.reservations.queries:search"),
            ("badges", "pms.services.reservations.queries:badges"),
        ),
        pages=(("booking", "pms.ui.screens.reservations.form:BookingForm"),),
    ),
    Duty(
        "stays",
        N_("In house"),
        N_("Front desk"),
        "users",
        "pms.ui.screens.stays.screen:InHouseScreen",
        ("F03", "F06"),
        (
            ("room_users", "pms.services.stays.queries:room_users"),
            ("stay_names", "pms.services.stays.queries:stay_names"),
            ("open_stay", "pms.services.stays.queries:open_stay"),
            ("search", "pms.services.stays.queries:search"),
            ("badges", "pms.services.stays.queries:badges"),
            ("leaving", "pms.services.stays.queries:registration_missing"),
            ("handover", "pms.services.stays.queries:open_items"),
        ),
        pages=(
            ("check_in", "pms.ui.screens.stays.check_in:CheckInScreen"),
            ("extend", "pms.ui.screens.stays.extend:ExtendScreen"),
            ("room_change", "pms.ui.screens.stays.room_change:RoomChangeScreen"),
            ("check_out", "pms.ui.screens.stays.check_out:CheckOutScreen"),
        ),
    ),
    Duty(
        "folios",
        N_("Folios"),
        N_("Money"),
        "receipt",
        None,
        ("F06", "F11"),
        (("handover", "pms.services.folios.queries:open_items"),),
        pages=(("folios", "pms.ui.screens.folios.screen:FolioScreen"),),
    ),
    Duty(
        "shifts",
        N_("Shift"),
        N_("Money"),
        "handover",
        "pms.ui.screens.shifts.screen:ShiftScreen",
        ("F12", "F14", "F20"),
        (
            ("shift_at", "pms.services.shifts.queries:shift_at"),
            ("search", "pms.services.shifts.queries:search"),
            ("badges", "pms.services.shifts.queries:badges"),
            ("tallies", "pms.services.shifts.queries:tallies"),
        ),
    ),
    Duty(
        "night_audit",
        N_("Night audit"),
        N_("Money"),
        "moon",
        "pms.ui.screens.night_audit.screen:NightAuditScreen",
        ("F14", "F19"),
        (
            ("audited_nights", "pms.services.night_audit.queries:audited_nights"),
            ("countdowns", "pms.services.night_audit.queries:countdowns"),
            *(
                ("audit_check", f"pms.services.night_audit.checks.{name}:CHECK")
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
                )
            ),
        ),
    ),
    Duty(
        "housekeeping",
        N_("Status sheet"),
        N_("Rooms"),
        "sheet",
        "pms.ui.screens.housekeeping.screen:HousekeepingScreen",
        ("H03", "H02", "D02"),
        (
            ("badges", "pms.services.housekeeping.queries:badges"),
            ("handover", "pms.services.housekeeping.queries:open_items"),
        ),
    ),
    Duty(
        "messages",
        N_("Handover book"),
        N_("Services"),
        "handover",
        "pms.ui.screens.messages.screen:MessagesScreen",
        ("F14", "P01"),
        tuple((kind, f"pms.services.messages.queries:{kind}") for kind in ("badges", "search", "handover")),
    ),
    Duty(
        "wake_ups",
        N_("Wake-up calls"),
        N_("Services"),
        "clock",
        "pms.ui.screens.wake_ups.screen:WakeUpsScreen",
        ("F07",),
        tuple((kind, f"pms.services.wake_ups.queries:{kind}") for kind in ("badges", "alarms", "handover")),
    ),
    Duty(
        "luggage",
        N_("Luggage"),
        N_("Services"),
        "suitcase",
        "pms.ui.screens.luggage.screen:LuggageScreen",
        ("F07",),
        (
            ("search", "pms.services.luggage.queries:search"),
            ("badges", "pms.services.luggage.queries:badges"),
            ("leaving", "pms.services.luggage.queries:leaving"),
            ("handover", "pms.services.luggage.queries:handover"),
        ),
        key="Alt+L",
    ),
    Duty(
        "lost_found",
        N_("Lost & found"),
        N_("Services"),
        "lost-found",
        "pms.ui.screens.lost_found.screen:LostFoundScreen",
        ("F08", "H13"),
        (
            ("search", "pms.services.lost_found.queries:search"),
            ("badges", "pms.services.lost_found.queries:badges"),
            ("leaving", "pms.services.lost_found.queries:leaving"),
            ("handover", "pms.services.lost_found.queries:handover"),
            ("tallies", "pms.services.lost_found.queries:tallies"),
        ),
        key="Alt+F",
    ),
    Duty(
        "shop",
        N_("Shop"),
        N_("Services"),
        "shop-bag",
        "pms.ui.screens.shop.screen:ShopScreen",
        ("F12", "C02"),
        (
            ("search", "pms.services.shop.queries:search"),
            ("badges", "pms.services.shop.queries:badges"),
            ("handover", "pms.services.shop.queries:handover"),
        ),
        key="Alt+S",
    ),
    Duty(
        "day_audit",
        N_("Day audit"),
        N_("Money"),
        "shield",
        "pms.ui.screens.day_audit.screen:DayAuditScreen",
        ("D06", "F21"),
        tuple((kind, f"pms.services.day_audit.queries:{kind}") for kind in ("badges", "search", "tallies")),
    ),
    Duty(
        "reports",
        N_("Reports"),
        N_("Money"),
        "sheet",
        "pms.ui.screens.reports.screen:ReportsScreen",
        ("F14", "C09"),
    ),
    Duty(
        "period_reports",
        N_("Weekly reports"),
        N_("Money"),
        "calendar",
        "pms.ui.screens.period_reports.screen:PeriodReportsScreen",
        ("C11",),
    ),
    Duty(
        "figures",
        N_("Figures"),
        N_("Money"),
        "chart",
        "pms.ui.screens.figures.screen:FiguresScreen",
        ("C09",),
        (("budget", "pms.services.figures.queries:budget"),),
    ),
    Duty(
        "rooms",
        N_("Rooms"),
        icon="bed",
        screen="pms.ui.screens.rooms.screen:RoomsScreen",
        handbook=("F01", "H02"),
        offers=(("search", "pms.services.rooms.queries:search"),),
    ),
    Duty(
        "rates",
        N_("Prices"),
        icon="cash",
        screen="pms.ui.screens.rates.screen:RatesScreen",
        handbook=("F01", "F10"),
    ),
    Duty("guests", N_("Guests"), icon="user", handbook=("F05", "F09")),
    Duty(
        "cards",
        N_("Room cards"),
        icon="key-card",
        handbook=("F03",),
        offers=(("handover", "pms.services.cards.queries:open_items"),),
    ),
    Duty(
        "staff",
        N_("Staff"),
        icon="users",
        screen="pms.ui.screens.staff.screen:StaffScreen",
        handbook=("P01",),
    ),
    Duty(
        "authority",
        N_("Authority"),
        icon="shield",
        screen="pms.ui.screens.authority.screen:AuthorityScreen",
        handbook=("D06",),
    ),
    Duty("property", N_("Hotel"), icon="gear", screen="pms.ui.screens.property.screen:PropertyScreen"),
    Duty("business_day", N_("Business date"), icon="calendar", handbook=("F19",)),
    Duty("opening", N_("Set-up"), icon="gear"),
    Duty(
        "print_jobs",
        N_("Print-outs"),
        icon="printer",
        screen="pms.ui.screens.print_jobs.screen:PrintJobsScreen",
        offers=(
            ("badges", "pms.services.print_jobs.queries:badges"),
            ("search", "pms.services.print_jobs.queries:search"),
        ),
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


def collectors() -> dict[str, tuple[Callable[..., Any], ...]]:
    """Return what duties offer to each other by kind, in the index's order."""
    found: dict[str, tuple[Callable[..., Any], ...]] = {}
    for duty in DUTIES:
        for kind, dotted in duty.offers:
            found[kind] = (*found.get(kind, ()), resolve(dotted))
    return found
