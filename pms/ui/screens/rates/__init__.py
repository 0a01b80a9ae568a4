"""Prices in Settings: rate plans, their listed prices by dates and weekdays, and what each night costs in the
end."""
