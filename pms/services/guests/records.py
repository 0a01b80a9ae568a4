"""What an operation does with the record of a guest: known by the document or new, brought up to date,
sealed, merged, erased. Each takes the ``work`` at hand."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from pms.core import dates
from pms.core.errors import Refused
from pms.core.i18n import _
from pms.core.names import same_name
from pms.db.base import table_of
from pms.db.work import Work

from . import documents, seal
from .models import Guest, GuestKey, GuestWord
from .overseas import Overseas
from .person import Person, checked
from .search import search_text, words

_KEY = insert(table_of(GuestKey))
_WORDS = insert(table_of(GuestWord))
_NO_WORDS = delete(table_of(GuestWord)).where(table_of(GuestWord).c.guest_id == bindparam("guest"))
_BY_MARK = (
    select(Guest)
    .where(Guest.document_mark == bindparam("mark"), Guest.document_type == bindparam("kind"))
    .order_by(Guest.id)
    .with_for_update()
)
_PAPER = (
    "document_type",
    "document_state",
    "document",
    "document_shown",
    "document_until",
    "document_mark",
    "identity",
)


class Entered(NamedTuple):
    """A guest's record, and whether it was there before."""

    guest: Guest
    known: bool


def enter(work: Work, person: Person) -> Entered:
    """Return the record of a person at the desk: whoever is known by this document, else the one chosen by
    hand, brought up to date; else a new one.

    Kind, issuing state and number together make a document; another name than the known one is asked about
    before anything is changed.
    """
    chosen = work.session.get_one(Guest, person.guest_id, with_for_update=True) if person.guest_id else None
    if chosen is not None and not person.name.strip():
        person = replace(person, name=chosen.name)
    told = checked(person, work.business_date)
    if not told.name:
        raise Refused(_("Give the guest's name."))
    if told.document_until is not None and told.document_until < work.business_date:
        work.confirm(
            f"expired:{seal.masked(told.document)}",
            _("%(document)s of %(name)s expired on %(day)s. Register all the same?")
            % {"document": named(told), "name": told.name, "day": dates.day(told.document_until, year=True)},
        )
    holder = _holder(work, told) if told.document else None
    known = holder or (chosen if chosen and _may_be(work, told, chosen) else None)
    if known is None:
        return Entered(_new(work, told), False)
    _bring_up_to_date(work, known, told)
    return Entered(known, True)


def holders(work: Work, told: Person) -> list[Guest]:
    """Return who is known by just this document, under whatever name."""
    return [g for g in _with_number(work, told) if g.document_state == told.state]


def _with_number(work: Work, told: Person) -> list[Guest]:
    given = {"mark": seal.mark(work.session, told.document), "kind": told.document_type}
    return list(work.session.scalars(_BY_MARK, given))


def _holder(work: Work, told: Person) -> Guest | None:
    """Return who is known by this document. A state that nobody told is no proof: the same name is taken for
    the same person, another one is asked about where the new document does not say who issued it."""
    found = _with_number(work, told)
    exact = [g for g in found if g.document_state == told.state]
    open_ = [g for g in found if g not in exact and not (g.document_state and told.state)]
    for guest in (*exact, *open_):
        if same_name(guest.name, told.name):
            return guest
    for guest in exact or ([] if told.state else open_):
        work.confirm(
            f"name:{guest.id}:{told.name}",
            _(
                "%(document)s is registered for %(known)s. Is %(name)s the same person? The name is changed "
                "then; earlier stays keep the old one."
            )
            % {"document": paper(guest), "known": guest.name, "name": told.name},
        )
        return guest
    return None


def _may_be(work: Work, told: Person, chosen: Guest) -> bool:
    """Say whether the person chosen from the list can have this document: a resident number is for life, of
    other documents one gets a new one."""
    if not told.document or not chosen.document_mark or told.document_type != chosen.document_type:
        return True
    if chosen.document_mark == seal.mark(work.session, told.document):
        return chosen.document_state == told.state or not (chosen.document_state and told.state)
    if told.document_type == "id_card":
        return False
    work.confirm(
        f"document:{chosen.id}:{seal.masked(told.document)}",
        _("%(name)s is known by %(document)s. Is %(new)s a new document of the same person?")
        % {"name": chosen.name, "document": paper(chosen), "new": seal.masked(told.document)},
    )
    return True


def paper(guest: Guest) -> str:
    """Return kind, issuing state and masked number of a guest's document, as a sentence names it."""
    return _paper(guest.document_type, guest.document_state, guest.document_shown)


def named(told: Person) -> str:
    """Return the same of a document that has just been shown."""
    return _paper(told.document_type, told.state, seal.masked(told.document))


def _paper(kind: str, state: str, shown: str) -> str:
    if not shown:
        return ""
    words_ = _(documents.NAMES.get(kind, documents.NAMES["other"]))
    return " ".join(filter(None, (words_, "" if kind in documents.NUMBERED else state, shown)))


def _new(work: Work, told: Person) -> Guest:
    guest = Guest(name=told.name, search=search_text(work.session, told.name, told.phone))
    _take_facts(guest, told)
    key = seal.new_key() if told.document or told.overseas else None
    if key is not None:
        _seal_document(work, guest, told, key)
        guest.overseas = seal.close(key, told.overseas.text(), "overseas") if told.overseas else None
    work.session.add(guest)
    work.session.flush()
    if key is not None:
        work.session.execute(_KEY, {"guest_id": guest.id, "sealed": seal.kept(work.session, guest.id, key)})
    _keep_words(work, guest)
    work.touch("guests")
    return guest


def _bring_up_to_date(work: Work, guest: Guest, told: Person) -> None:
    """What is not told anew stays as it was known: an empty phone rubs nothing out."""
    before, guest.erased_on = guest.search, None
    guest.name = told.name
    _take_facts(guest, told)
    guest.search = search_text(work.session, guest.name, guest.phone)
    if told.document:
        _seal_document(work, guest, told, key_of(work, guest))
    if told.overseas:
        keep_overseas(work, guest, told.overseas)
    work.session.flush()
    if guest.search != before:
        work.session.execute(_NO_WORDS, {"guest": guest.id})
        _keep_words(work, guest)
    work.touch("guests")


def _take_facts(guest: Guest, told: Person) -> None:
    for field in ("phone", "sex", "birth", "nationality", "ethnic", "address"):
        if value := getattr(told, field):
            setattr(guest, field, value)


def _seal_document(work: Work, guest: Guest, told: Person, key: bytes) -> None:
    if not told.document:
        return
    guest.document, guest.document_shown = (
        seal.close(key, told.document, "document"),
        seal.masked(told.document),
    )
    guest.document_type, guest.document_state = told.document_type, told.state or guest.document_state or ""
    guest.document_until = told.document_until
    guest.document_mark, guest.identity = seal.mark(work.session, told.document), "checked"


def _keep_words(work: Work, guest: Guest) -> None:
    found = words(work.session, guest.name, guest.phone)
    if found:
        work.session.execute(_WORDS, [{"word": word, "guest_id": guest.id} for word in found])


def key_of(work: Work, guest: Guest) -> bytes:
    """Return the guest's key, a new one where there is none yet or the last has been destroyed."""
    if (kept := work.session.get(GuestKey, guest.id)) is not None:
        return seal.taken_up(work.session, guest.id, kept.sealed)
    key = seal.new_key()
    work.session.add(GuestKey(guest_id=guest.id, sealed=seal.kept(work.session, guest.id, key)))
    work.session.flush()
    return key


def keep_overseas(work: Work, guest: Guest, record: Overseas) -> None:
    """Seal what is asked of a guest from abroad; the parts of the name stay known, visa and entry are always
    those told last."""
    before = overseas_of(work, guest) or Overseas()
    told = replace(
        record,
        surname=record.surname or before.surname,
        given_name=record.given_name or before.given_name,
        chinese_name=record.chinese_name or before.chinese_name,
    )
    guest.overseas = seal.close(key_of(work, guest), told.text(), "overseas")


def overseas_of(work: Work, guest: Guest) -> Overseas | None:
    """Return what a guest from abroad has told, for a paper or a report to the police; None where nothing is
    kept."""
    kept = work.session.get(GuestKey, guest.id) if guest.overseas else None
    if kept is None or not guest.overseas:
        return None
    return Overseas.of(
        seal.reveal(seal.taken_up(work.session, guest.id, kept.sealed), guest.overseas, "overseas")
    )


def correct(work: Work, guest: Guest, person: Person) -> None:
    """Put right what a record says: every fact as given now, also where that is nothing. A document that is
    not given stays as it is; one that somebody else is known by is refused."""
    told = checked(person, work.business_date)
    if not told.name:
        raise Refused(_("Give the guest's name."))
    if told.document:
        for other in holders(work, told):
            if other.id != guest.id:
                raise Refused(
                    _("%(document)s is %(name)s's. Merge the two records if they are one person.")
                    % {"document": paper(other), "name": other.name}
                )
        _seal_document(work, guest, told, key_of(work, guest))
    guest.name, guest.phone, guest.address, guest.erased_on = told.name, told.phone, told.address, None
    guest.nationality, guest.ethnic = told.nationality, told.ethnic
    if told.document or guest.document_type not in documents.NUMBERED or not guest.document_mark:
        guest.sex, guest.birth = told.sex, told.birth
    guest.search = search_text(work.session, guest.name, guest.phone)
    work.session.flush()
    work.session.execute(_NO_WORDS, {"guest": guest.id})
    _keep_words(work, guest)


def reseal(work: Work, sealed: str, what: str, before: Guest, after: Guest) -> str:
    """Return what was sealed in a column under one guest's key under another's; nothing where the key is
    gone."""
    kept = work.session.get(GuestKey, before.id) if sealed else None
    if kept is None:
        return ""
    plain = seal.reveal(seal.taken_up(work.session, before.id, kept.sealed), sealed, what)
    return seal.close(key_of(work, after), plain, what)


def absorb(work: Work, guest: Guest, other: Guest) -> None:
    """Take into one record what it lacks and another of the same person has, and forget the other."""
    guest.erased_on = guest.erased_on and other.erased_on
    for field in ("phone", "sex", "birth", "nationality", "ethnic", "address"):
        if not getattr(guest, field):
            setattr(guest, field, getattr(other, field))
    guest.vip, guest.do_not_disclose = (
        guest.vip or other.vip,
        guest.do_not_disclose or other.do_not_disclose,
    )
    taken: dict[str, Any] = {}
    if not guest.document_mark and other.document_mark:
        taken = {field: getattr(other, field) for field in _PAPER}
        taken["document"] = reseal(work, other.document, "document", other, guest)
    if not guest.overseas and other.overseas:
        taken["overseas"] = reseal(work, other.overseas, "overseas", other, guest)
    work.note("guest", {"merged": other.id, "name": other.name}, guest.id)
    work.session.flush()
    forget(work, other)
    for field, value in taken.items():
        setattr(guest, field, value)
    guest.search = search_text(work.session, guest.name, guest.phone)
    work.session.flush()
    work.session.execute(_NO_WORDS, {"guest": guest.id})
    _keep_words(work, guest)


def forget(work: Work, guest: Guest) -> None:
    """Take away the record of somebody who is known by another record already."""
    work.session.execute(_NO_WORDS, {"guest": guest.id})
    work.session.execute(delete(GuestKey).where(GuestKey.guest_id == guest.id))
    work.session.delete(guest)
    work.session.flush()


def erase(work: Work, guests: Iterable[Guest]) -> None:
    """Destroy the keys and marks of these guests' documents, and what else tells who they are besides the
    name."""
    for guest in guests:
        work.session.execute(
            delete(GuestKey).where(GuestKey.guest_id == guest.id).execution_options(synchronize_session=False)
        )
        guest.document = guest.document_shown = ""
        guest.document_mark, guest.document_until = None, None
        guest.birth, guest.overseas = None, None
        guest.address = guest.phone = guest.ethnic = ""
        guest.search = search_text(work.session, guest.name)
        guest.erased_on = work.business_date
        work.session.execute(_NO_WORDS, {"guest": guest.id})
        _keep_words(work, guest)
    work.session.flush()
