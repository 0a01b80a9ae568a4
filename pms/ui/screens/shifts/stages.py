"""The stages of a shift's page."""

NONE, WORK, DROP, PAY_OUT, CORRECT, OPEN, COUNT, SHOP, CLOSE, TAKE, PAPER = (
    "none",
    "work",
    "drop",
    "pay_out",
    "correct",
    "open",
    "count",
    "shop",
    "close",
    "take",
    "paper",
)
