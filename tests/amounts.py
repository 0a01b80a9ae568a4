"""How the tests write amounts."""


def plain(amount: int, digits: int = 2) -> str:
    """Write an amount for a field or a file: ``-1234.50``."""
    sign, whole = "-" if amount < 0 else "", abs(amount) // 10**digits
    return f"{sign}{whole}.{abs(amount) % 10**digits:0{digits}d}" if digits else f"{sign}{whole}"
