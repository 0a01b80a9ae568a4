"""The stages of a shift's page."""

NONE, WORK, DROP, PAY_OUT, CORRECT, COUNT, SHOP, CLOSE, TAKE, PAPER = (
    "none",
    "work",
    "drop",
    "pay_out",
    "correct",
    "count",
    "shop",
    "close",
    "take",
    "paper",
)
