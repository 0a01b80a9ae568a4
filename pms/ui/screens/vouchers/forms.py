"""The forms of books: receive one, hand it out, count it, explain a gap."""

from typing import Any

from pms.core.i18n import _
from pms.services.vouchers.queries import BookRow
from pms.ui.kit.amounts import Number
from pms.ui.kit.flow import FormPage
from pms.ui.kit.forms import Remark, Text
from pms.ui.kit.parts import row
from pms.ui.kit.register import Register
from pms.ui.kit.verbs import Do, RowForm

LONGEST = 24
"""Signs of a form's number with what is typed between its figures."""


class ReceiveForm(FormPage):
    """Which forms came, from which number to which."""

    def __init__(self, do: Do, back: Do) -> None:
        first = Text(_("First number"), required=True, longest=LONGEST, plain=True)
        last = Text(_("Last number"), required=True, longest=LONGEST, plain=True)
        form = Text(_("Form"), required=True, longest=40)
        super().__init__(
            _("A book of forms came"),
            _("Receive"),
            do,
            back,
            form,
            row((first, 1), (last, 1)),
            icon="plus",
            form=form,
            first=first,
            last=last,
        )


class HandOutForm(RowForm):
    """Who gets the book."""

    def __init__(self, screen: Register, do: Do, back: Do) -> None:
        super().__init__(
            _("Hand out the book"),
            _("Hand out"),
            do,
            back,
            icon="user",
            holder=Text(_("Who gets it"), required=True, longest=60),
        )
        self.me = screen.office.clerk.name

    def begin(self, row: BookRow) -> None:
        """Propose who is signed in."""
        self.say(told(row))
        self.fill(holder=self.me)


class CountForm(RowForm):
    """The next unused number, the stubs and the spoilt forms since the count before."""

    def __init__(self, title: str, button: str, do: Do, back: Do) -> None:
        following = Text(
            _("Next unused number (all used: one after the last)"), required=True, longest=LONGEST, plain=True
        )
        stubs, spoilt = Number(_("Stubs there")), Number(_("Spoilt"))
        remark = Text(_("Remark"), longest=120)
        super().__init__(
            title,
            button,
            do,
            back,
            following,
            row((stubs, 1), (spoilt, 1)),
            remark,
            icon="check",
            following=following,
            stubs=stubs,
            spoilt=spoilt,
            remark=remark,
        )

    def begin(self, row: BookRow) -> None:
        """Say how it stood when it was last counted."""
        self.say(told(row))
        self.fill(following="", stubs=None, spoilt=None, remark="")

    def given(self) -> dict[str, Any]:
        """Return the count; a field that is left empty is none."""
        values = super().given()
        return {**values, "stubs": values["stubs"] or 0, "spoilt": values["spoilt"] or 0}


def count_form(_screen: Register, do: Do, back: Do) -> CountForm:
    """Make the form of a count."""
    return CountForm(_("Count the book"), _("Note the count"), do, back)


def back_form(_screen: Register, do: Do, back: Do) -> CountForm:
    """Make the form of a book that comes back, which is counted then."""
    return CountForm(_("Take the book back"), _("Take back"), do, back)


class ExplainForm(RowForm):
    """Where the missing forms are."""

    def __init__(self, _screen: Register, do: Do, back: Do) -> None:
        super().__init__(
            _("Explain the gap"),
            _("Explain"),
            do,
            back,
            icon="check",
            reason=Remark(_("Where the forms are"), required=True, lines=3),
        )

    def begin(self, row: BookRow) -> None:
        """Say which book it is."""
        self.say(told(row))
        super().begin(row)


def told(row: Any) -> str:
    """Name a book and how far it was used when it was last counted."""
    words = f"{row.shown} {row.form} {row.start} – {row.end}"
    return f"{words}\n" + (
        _("next %(number)s") % {"number": row.following} if row.following else _("all used")
    )
