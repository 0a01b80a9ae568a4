"""Hash and check passwords with Argon2id; about 150 ms each by intent, so never on the window's thread."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """Return the stored form of a password."""
    return _hasher().hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Say whether the password is right; takes as long for a person who does not exist, so names cannot be
    probed."""
    try:
        right = _hasher().verify(stored or _decoy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def outdated(stored: str) -> bool:
    """Say whether the stored form was made with weaker settings and should be made again."""
    return _hasher().check_needs_rehash(stored)
