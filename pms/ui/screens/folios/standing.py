"""What a check-out now would ask for or give back, folio by folio."""

from collections.abc import Mapping, Sequence
from typing import Any

from pms.core.i18n import _
from pms.core.money import Money, show
from pms.ui.kit.flow import sums
from pms.ui.kit.parts import Item, box, col

from .forms import Facts


def standing(facts: Facts, lines: Sequence[Any], pending: Mapping[str, int]) -> Item:
    """Make the boxes that say, folio by folio, what a check-out now would ask for or give back."""
    boxes: list[Item] = []
    for folio in facts.folios():
        own = [x for x in lines if x.window == folio.window and not x.struck and x.posting is not None]
        charges = sum(x.charge for x in own)
        paid = sum(x.paid for x in own if x.posting.code != "DEPOSIT")
        held = facts.held() if folio.window == "A" else Money(0)
        late, theirs = pending.get(folio.window, 0), folio.of_channel
        made = [(_("Charges"), show(charges, facts.digits))] if charges else []
        made += [(_("Paid"), show(-paid, facts.digits))] if paid else []
        made += [(_("Not posted yet"), show(late, facts.digits))] if late else []
        made += [(_("Of the channel"), show(theirs, facts.digits))] if theirs else []
        made += [(_("Deposit held"), show(-held, facts.digits))] if held else []
        boxes.append(
            sums(f"{folio.window} {folio.name}", made, answer(folio.own + late - held, facts.digits))
        )
    return box(col(*boxes, gap=12))


def answer(net: int, digits: int) -> tuple[str, str, str]:
    """Name what a sum means for the guest: to pay, to be given back, or even."""
    if net > 0:
        return _("To pay"), show(net, digits), ""
    return (_("Refund due"), show(-net, digits), "") if net < 0 else (_("Settled"), show(0, digits), "good")
