"""The only exceptions a screen may show; everything else is a defect and is logged."""


class Refused(Exception):
    """The hotel's rules say no: what, why and what to do, in one or two sentences.

    ``word`` names the screen on which it is put right, ``verb`` what one does there; a button beside the
    message goes there.
    """

    def __init__(self, *message: object, word: str = "", verb: str = "") -> None:
        super().__init__(*message)
        self.word, self.verb = word, verb


class NotPermitted(Refused):
    """The clerk's role lacks the right."""


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


class NeedsApproval(Exception):
    """A second person with this right must agree; the same call is repeated with an approval."""

    def __init__(self, permission: str, message: str, amount: int | None = None) -> None:
        super().__init__(message)
        self.permission = permission
        self.amount = amount
