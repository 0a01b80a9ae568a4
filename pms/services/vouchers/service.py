"""Receive books of blank forms, hand them out, count them, take them back; print how the numbers stand."""

import re
from datetime import date

from sqlalchemy import select

from pms.core import typed
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.db.work import Work, operation

from . import numbers, printouts, queries
from .duty import LOOK, STOCK, WORK
from .models import FormBook, FormEvent
from .queries import BACK, COUNTED, EXPLAINED, IN_STOCK, OUT, RECEIVED, USED_UP, shown

MOST = 100_000
"""Forms of one book, or of a box that is received as one."""
_NUMBER = re.compile(r"([A-Z\-/]{0,8})(\d{1,12})", re.ASCII)


@operation(STOCK)
def receive(work: Work, *, form: str, first: str, last: str) -> int:
    """Take a book of forms into stock, with its first and last number as they are printed, and return the
    house's number of it; refuses numbers that are here already."""
    name = " ".join(form.split())
    if not name:
        raise Refused(_("Say what kind of form it is."))
    prefix, start, width = _read(first)
    other, end, other_width = _read(last)
    if prefix != other or width != other_width:
        raise Refused(_("First and last number begin alike and have as many figures. Read them again."))
    if not start <= end < start + MOST:
        raise Refused(_("From %(first)s to %(last)s is no book.") % {"first": first, "last": last})
    work.hold_number(FormBook.__tablename__, 0)  # two desks receive one after the other
    b = FormBook
    clash = work.session.scalar(
        select(b).where(b.form == name, b.prefix == prefix, b.first <= end, b.last >= start).limit(1)
    )
    if clash is not None:
        raise Refused(
            _("%(number)s holds %(form)s %(from)s to %(to)s already. Read the numbers again.")
            % {
                "number": shown(clash.number),
                "form": name,
                "from": queries.printed(clash.prefix, clash.first, clash.width),
                "to": queries.printed(clash.prefix, clash.last, clash.width),
            }
        )
    made = FormBook(
        number=work.next_number("form_book"),
        form=name,
        prefix=prefix,
        width=width,
        first=start,
        last=end,
        next=start,
        moved_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    _told(work, made, RECEIVED)
    return made.number


def _read(text: str) -> tuple[str, int, int]:
    """Return the letters, the number and how many figures it is printed with."""
    found = _NUMBER.fullmatch("".join(typed.code(text).split()))
    if found is None:
        raise Refused(_("%(typed)s is no number of a form. Type it as it is printed.") % {"typed": text})
    return found[1], int(found[2]), len(found[2])


def _told(work: Work, book: FormBook, what: str, remark: str = "", **parts: int) -> None:
    work.insert_one(
        FormEvent,
        book_id=book.id,
        what=what,
        next=book.next,
        holder=book.holder,
        remark=remark.strip(),
        at=work.now,
        business_date=work.business_date,
        clerk_id=work.clerk.id or None,
        station=work.station,
        **{name: parts.get(name, 0) for name in ("stubs", "spoilt", "missing")},
    )
    work.touch("vouchers")


def _held(work: Work, number: int, *states: str) -> FormBook:
    asked = select(FormBook).where(FormBook.number == number).with_for_update()
    found = work.session.scalars(asked.execution_options(populate_existing=True)).first()
    if found is None:
        raise Refused(_("There is no book %(number)s.") % {"number": shown(number)})
    if states and found.state not in states:
        words = {
            IN_STOCK: _("%(number)s is in stock: hand it out first."),
            OUT: _("%(number)s is handed out already."),
            USED_UP: _("%(number)s is used up, no form of it is left."),
        }
        raise Refused(words[found.state] % {"number": shown(number)})
    return found


@operation(WORK)
def hand_out(work: Work, *, number: int, holder: str) -> None:
    """Hand a book out to somebody, who answers for its numbers until it comes back."""
    name = " ".join(holder.split())
    if not name:
        raise Refused(_("Say who gets the book."))
    book = _held(work, number, IN_STOCK)
    book.state, book.holder, book.moved_at, book.counted_at = OUT, name, work.now, None
    _told(work, book, OUT)


@operation(WORK)
def count(work: Work, *, number: int, following: str, stubs: int, spoilt: int = 0, remark: str = "") -> int:
    """Count a book that is out and return how many of its forms are missing.

    ``following`` is the first number that is unused (after the last: all are used), ``stubs`` and ``spoilt``
    are those used since the count before. Refuses a number that was counted as used, and more than were
    taken.
    """
    return _counted(work, _held(work, number, OUT), following, stubs, spoilt, remark, COUNTED)


def _counted(
    work: Work, book: FormBook, following: str, stubs: int, spoilt: int, remark: str, what: str
) -> int:
    found = re.search(r"(\d{1,12})$", "".join(typed.code(following).split()), re.ASCII)
    at = int(found[1]) if found else -1
    told = {
        "next": queries.printed(book.prefix, book.next, book.width),
        "end": queries.printed(book.prefix, book.last + 1, book.width),
    }
    if not book.next <= at <= book.last + 1:
        raise Refused(
            _("The next unused number lies between %(next)s and %(end)s. Look into the book again.") % told
        )
    taken = at - book.next
    if stubs < 0 or spoilt < 0 or stubs + spoilt > taken:
        raise Refused(
            _("%(n)s forms were taken since %(next)s; stubs and spoilt ones are more. Count again.")
            % {"n": taken, **told}
        )
    missing = taken - stubs - spoilt
    book.next = at
    book.stubs += stubs
    book.spoilt += spoilt
    book.missing += missing
    book.counted_at = work.now
    _told(work, book, what, remark, stubs=stubs, spoilt=spoilt, missing=missing)
    return missing


@operation(WORK)
def take_back(
    work: Work, *, number: int, following: str, stubs: int, spoilt: int = 0, remark: str = ""
) -> int:
    """Count a book and take it back into stock, or put it away where all of it is used; return how many of
    its forms are missing."""
    book = _held(work, number, OUT)
    missing = _counted(work, book, following, stubs, spoilt, remark, BACK)
    book.state = USED_UP if book.next > book.last else IN_STOCK
    book.holder, book.moved_at = "", work.now
    return missing


@operation(STOCK)
def explain(work: Work, *, number: int, reason: str) -> None:
    """Say where the missing forms of a book are; it is a gap no more, and the reason stays with it."""
    if not reason.strip():
        raise Refused(_("Give the reason."))
    book = _held(work, number)
    gap = book.missing - book.explained
    if gap == 0:
        raise Refused(_("No form of %(number)s is missing.") % {"number": shown(number)})
    book.explained = book.missing
    _told(work, book, EXPLAINED, reason, missing=gap)


@operation(LOOK)
def print_numbers(work: Work, *, first: date, last: date) -> None:
    """Print which numbers the papers of some days were given, and how the books stand."""
    found = numbers.given(work.session, first=first, last=last)
    books = queries.books(work.session)
    work.print(printouts.sheet(work, first=first, last=last, found=found, books=books))
