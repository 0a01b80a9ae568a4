"""A channel's statement made to measure."""


def week(*lines: tuple[str, str]) -> bytes:
    """Return a settlement of prepaid orders: number and amount of each."""
    head = "结算单号,JS1,,结算周期,2026-11-16 至 2026-11-22"
    columns = "订单号,客人姓名,入住,离店,间夜,底价金额,扣款,结算金额,扣款原因"
    rows = [f"{n},客人,2026/11/16,2026/11/17,1,{amount},0,{amount}," for n, amount in lines]
    return "\n".join([head, columns, *rows]).encode()
