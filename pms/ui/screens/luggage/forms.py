"""The forms of luggage storage: store, hand back, change."""

from collections.abc import Callable
from datetime import date
from typing import Any

from pms.core.i18n import N_, _
from pms.core.office import Office
from pms.services.luggage import queries
from pms.services.luggage.queries import Owner, TagRow
from pms.services.stays.printouts import DOCUMENTS
from pms.ui.kit import formats
from pms.ui.kit.amounts import Day, Number
from pms.ui.kit.finder import Finder
from pms.ui.kit.flow import FormPage, Pick
from pms.ui.kit.forms import Choice, Text
from pms.ui.kit.parts import box, col, label, row, set_tone
from pms.ui.kit.register import Register
from pms.ui.kit.rows import Column
from pms.ui.kit.verbs import RowForm

CONTENTS = (
    ("", N_("Ordinary luggage")),
    ("valuables", N_("Valuables")),
    ("money", N_("Cash")),
    ("documents", N_("Identity papers")),
    ("dangerous", N_("Dangerous goods")),
    ("food", N_("Food")),
)
OWNERS = (
    Column("", lambda o: o.room, width=64, bold=True),
    Column("", lambda o: o.guest, sub=lambda o: state(o)),
)
TAG, IDENTITY = "tag", "identity"


def state(owner: Owner) -> str:
    """Say whether a guest is in house or when they left."""
    day = {"day": formats.day(owner.departure)}
    return _("in house until %(day)s") % day if owner.state == "in_house" else _("left %(day)s") % day


class StoreForm(FormPage):
    """Whose bags, how many, where: a room's number is enough."""

    def __init__(
        self, office: Office, today: date, do: Callable[[], object], back: Callable[[], object]
    ) -> None:
        self.office, self.taken = office, None
        self.owner: Owner | None = None
        who = self.who = Finder(_("Room or guest"), self._ask, OWNERS, required=True)
        self.told = label("", "muted", wrap=True)
        pieces, place = (
            Number(_("Pieces"), value=1, least=1, most=99, required=True),
            Text(_("Place"), width=96, longest=20),
        )
        marks = Text(_("Marks"), hint=_("two black cases, a pram"), longest=120)
        phone, until = Text(_("Phone"), width=150, longest=30, plain=True), Day(_("Until"), today=today)
        word, contents = (
            Text(_("Collection code"), width=112, longest=30),
            Choice(_("Contents"), [(c, _(words)) for c, words in CONTENTS]),
        )
        super().__init__(
            _("Store bags"),
            _("Store, print tag"),
            do,
            back,
            col(who, self.told, gap=4),
            row(pieces, place, None),
            marks,
            row(phone, until, None),
            row(word, (contents, 1)),
            icon="suitcase",
            who=who,
            pieces=pieces,
            place=place,
            marks=marks,
            phone=phone,
            until=until,
            word=word,
            contents=contents,
        )
        who.found.connect(self._take)
        who.changed.connect(self._forget)
        who.left.connect(self.settle)

    def _ask(self, text: str) -> list[Owner]:
        found: list[Owner] = self.office.ask(queries.owners, text=text)
        return found

    def open(self) -> None:
        """Begin afresh: a new intent, one piece, the first free place."""
        self.intent = self.office.new_intent()
        self.owner = None
        self.fill(
            who="",
            pieces=1,
            place=self.office.ask(queries.free_place),
            marks="",
            phone="",
            until=None,
            word="",
            contents="",
        )
        self._tell("", "muted")

    def _take(self, owner: Owner) -> None:
        self.owner = owner
        self.who.set_value(owner.room)
        self["phone"].set_value(owner.phone)
        self._tell(formats.commas((f"{owner.room} {owner.guest}", state(owner))), "good")

    def _forget(self) -> None:
        self.owner = None
        self._tell("", "muted")

    def settle(self) -> None:
        """Take who is in the room that was typed."""
        typed = self.who.value()
        self.who.close_list()
        if self.owner is None and typed and queries.number_of(typed, scanned=True) is None:
            if (owner := self.office.ask(queries.owner_of_room, room=typed)) is not None:
                self._take(owner)
            elif typed.isdecimal():
                self._tell(
                    _("Nobody is in %(room)s, and nobody left it since yesterday.") % {"room": typed}, "warn"
                )
            else:
                self._tell(_("Not a guest of the hotel."), "muted")

    def _tell(self, words: str, tone: str) -> None:
        self.told.setText(words)
        set_tone(self.told, tone)

    def fields(self) -> dict[str, Any]:
        """Return what is to be stored."""
        values = self.form.values()
        who = values.pop("who")
        if self.owner is not None:
            return {"stay_id": self.owner.stay_id, **values}
        return {"guest_name": who, **values}


class ClaimForm(FormPage):
    """Hand bags back: against the tag, or against a document with the reason."""

    def __init__(self, do: Callable[[], object], back: Callable[[], object]) -> None:
        self.tag: TagRow | None = None
        proof = Pick(_("Released against"), [(TAG, _("the tag")), (IDENTITY, _("a document"))])
        pieces, word = Number(_("Pieces"), least=1, required=True), Text(_("Collection code"), width=150)
        name, document_type = (
            Text(_("Collected by"), longest=80),
            Choice(_("Document type"), [(c, _(w)) for c, w in DOCUMENTS.items()]),
        )
        document, reason = Text(_("Document"), longest=40), Text(_("Reason"), hint=_("tag lost"), longest=120)
        self.number = label("", "figure")
        self.identity = box(col(name, document_type, document, reason, gap=12))
        super().__init__(
            _("Release bags"),
            _("Release bags"),
            do,
            back,
            self.number,
            proof,
            row(pieces, word, None),
            self.identity,
            icon="check",
            proof=proof,
            pieces=pieces,
            word=word,
            name=name,
            document_type=document_type,
            document=document,
            reason=reason,
        )
        proof.changed.connect(self._turn)

    def _turn(self) -> None:
        with_document = self["proof"].value() == IDENTITY
        self.identity.setVisible(with_document)
        self["word"].setVisible(not with_document and self.tag is not None and self.tag.with_word)
        for name in ("name", "document", "reason"):
            self[name].required = with_document

    def open(self, tag: TagRow, intent: str) -> None:
        """Begin with all pieces that are left, against the tag."""
        self.tag, self.intent = tag, intent
        self.number.setText(tag.tag)
        self.fill(
            proof=TAG,
            pieces=tag.left,
            word="",
            name="" if tag.private else tag.guest,
            document_type="id_card",
            document="",
            reason="",
        )
        self["pieces"].most = tag.left
        self._turn()


class AmendForm(RowForm):
    """Where the bags stand now, and until when."""

    def begin(self, row: TagRow) -> None:
        """Show what is known."""
        self.fill(place=row.place, marks=row.marks, phone=row.phone, until=row.until)


def amend_form(page: Register, do: Callable[[], object], back: Callable[[], object]) -> AmendForm:
    """Make the form for place and day."""
    return AmendForm(
        _("Change"),
        _("Save"),
        do,
        back,
        place=Text(_("Place"), width=96, longest=20),
        marks=Text(_("Marks"), longest=120),
        phone=Text(_("Phone"), width=150, longest=30, plain=True),
        until=Day(_("Until"), today=page.today),
    )
