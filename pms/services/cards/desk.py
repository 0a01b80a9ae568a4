"""The card desk of a workstation: cuts the cards that wait after each commit. A failing encoder costs a card,
never a check-in."""

import logging
import threading

from pms.core.clock import local
from pms.core.errors import DeviceTrouble, Refused
from pms.core.i18n import _
from pms.core.office import Office
from pms.devices.cards import Encoder, Order

from . import queries, service
from .queries import CardRow

_log = logging.getLogger(__name__)


class CardDesk:
    """One plain thread per encoder; ``look`` does one round on the caller's own.

    Cutting a card twice does no harm (the same room, the same dates), so a card that was being cut when the
    program ended simply waits again. One that failed waits for somebody to ask for it.
    """

    def __init__(self, office: Office, encoder: Encoder, *, seconds: float = 5.0) -> None:
        self._office, self._encoder, self._seconds = office, encoder, seconds
        self._wake, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="cards", daemon=True)
        self._deaf = office.changes.listen(self._heard)
        self.trouble = ""
        """What the encoder said last, empty when it worked: for the device lamp."""
        self.worked = False
        """Whether a card has been cut since the start."""

    def start(self) -> None:
        """Begin to cut on a thread of its own."""
        self._thread.start()

    def stop(self, seconds: float = 60.0) -> None:
        """Finish the card in hand and end the thread."""
        self._deaf()
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _heard(self, topics: frozenset[str]) -> None:
        if "cards" in topics:
            self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self.look()
            except Refused as trouble:
                _log.warning("card desk: %s", trouble)
            except Exception:
                _log.exception("card desk")
            self._wake.wait(self._seconds)

    def look(self) -> None:
        """Cut what waits at this workstation, oldest first."""
        waiting: list[CardRow] = self._office.ask(queries.to_cut, station=self._office.station)
        zone = self._office.house().zone if waiting else ""
        for card in waiting:
            if self._stop.is_set():
                return
            self._cut(card, zone)

    def _cut(self, card: CardRow, zone: str) -> None:
        order = Order(
            card.id,
            card.kind,
            card.lock_id or card.room,
            card.stay_id or 0,
            local(card.valid_from, zone),
            local(card.valid_to, zone),
        )
        try:
            uid = self._encoder.cut(order)
        except DeviceTrouble as trouble:
            self._failed(card, str(trouble))
        except Exception as error:
            _log.exception("card encoder")
            why = str(error) or type(error).__name__
            self._failed(card, _("The encoder's driver failed: %(why)s.") % {"why": why})
        else:
            self.trouble, self.worked = "", True
            self._office.do(service.encoded.of(card_id=card.id, seen=card.valid_to, uid=uid))

    def _failed(self, card: CardRow, trouble: str) -> None:
        self.trouble = trouble
        self._office.do(service.failed.of(card_id=card.id, seen=card.valid_to, trouble=trouble))
