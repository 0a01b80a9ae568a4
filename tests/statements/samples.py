"""Statements as the providers give them: the shared data's samples, and a bill made to measure."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.bench.run import DATA

SAMPLES = DATA / "samples" / "formats"
EXPECTED = SAMPLES / "EXPECTED.json"
needs_samples = pytest.mark.skipif(
    not EXPECTED.exists(), reason="the samples are not here: samples/formats of the shared data"
)


def sample(name: str) -> bytes:
    """Return a sample's bytes."""
    return (SAMPLES / name).read_bytes()


def expected() -> dict[str, Any]:
    """Return what each sample must give."""
    return json.loads(EXPECTED.read_text("utf-8")) if EXPECTED.exists() else {}


def fen(text: str) -> int:
    """Return an amount in fen."""
    return int(Decimal(text) * 100)


HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
)
END = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"


def bill(*lines: tuple[str, str, str, str], merchant: str = "1900000999", count: int | None = None) -> bytes:
    """Return a WeChat bill of 20 columns with these payments: time, transaction, order, amount."""
    rows = [
        f"`{at},`wx,`{merchant},`0,`,`{trade},`{order},`o,`NATIVE,`SUCCESS,`OTHERS,`CNY,`{sum_},`0.00,`房费，a,b`,"
        f"`,`0.60000,`0.60%,`{sum_},`"
        for at, trade, order, sum_ in lines
    ]
    total = sum(Decimal(line[3]) for line in lines)
    fees = Decimal("0.6") * len(lines)
    told = len(lines) if count is None else count
    end = f"`{told},`{total},`0.00,`0.00,`{fees},`{total},`0.00"
    return ("\ufeff" + "\r\n".join((HEAD, *rows, END, end)) + "\r\n").encode()
