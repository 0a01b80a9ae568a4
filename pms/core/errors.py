"""The only exceptions a screen may show; everything else is a defect and is logged."""

from dataclasses import dataclass


class Refused(Exception):
    """The hotel's rules say no: what, why and what to do, in one or two sentences.

    ``word`` names the screen on which it is put right, ``verb`` what one does there; a button beside the
    message goes there.
    """

    def __init__(self, *message: object, word: str = "", verb: str = "") -> None:
        super().__init__(*message)
        self.word, self.verb = word, verb


class NotPermitted(Refused):
    """The clerk's role lacks the right ``right``."""

    def __init__(self, *message: object, right: str = "") -> None:
        super().__init__(*message)
        self.right = right


class SessionOver(NotPermitted):
    """Whoever is signed in here may no longer act so: dismissed, or the password has been changed."""


class Conflict(Refused):
    """Someone else was faster; the message says what changed."""


class KeyUsed(Conflict):
    """What was asked for first under this key may have been done; what is asked for now is something else."""


class DeviceTrouble(Refused):
    """Paper, cable or reader: what to check. The work itself is kept."""


class StoreTrouble(Refused):
    """The database cannot be used: locked, damaged, newer, unreachable or the disk is full."""


class NeedsConfirmation(Exception):
    """The rules allow it, but the clerk must have read this first; the same call is repeated with the token
    confirmed."""

    def __init__(self, token: str, message: str) -> None:
        super().__init__(message)
        self.token = token


@dataclass(frozen=True)
class Reason:
    """One thing in an act that a second person must agree to: the right that is asked for, what is to be done
    (without a full stop), the money it is about, and why the clerk may not do it alone."""

    permission: str
    what: str
    amount: int | None = None
    why: str = ""

    def __str__(self) -> str:
        """Return it as one reads it."""
        return f"{self.what.rstrip('.')}. {self.why}".strip()


class NeedsApproval(Exception):
    """A second person must agree to everything in ``reasons``; the same call is repeated with an approval.

    ``own``: it is a signature, which the person at the screen may give too, ``verb`` what its button says.
    ``act`` is the seal of the
    operation and its fields, set by the office: an approval stands for this act alone.
    """

    def __init__(self, *reasons: Reason, own: bool = False, verb: str = "") -> None:
        super().__init__("\n".join(map(str, reasons)))
        self.reasons, self.own, self.verb = reasons, own, verb
        self.act = self.action = ""

    @property
    def permission(self) -> str:
        """Return the right that the first reason asks for."""
        return self.reasons[0].permission

    @property
    def amount(self) -> int | None:
        """Return the money that the first reason is about."""
        return self.reasons[0].amount
