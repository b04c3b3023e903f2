"""Short numbers, in Python as in digits.mjs."""

import math


def digits(number):
    """Return a number from 0 up with at most three digits: 0.05, 12.5, 1330, 2.5e-7."""
    if number == 0 or not number < math.inf:
        return "∞" if number else "0"
    mantissa, exponent = f"{number * (1 + 1e-12):.2e}".split("e")  # the nudge: halves go up, as in JavaScript
    if -4 <= int(exponent) < 5:
        return _short(f"{float(f'{mantissa}e{exponent}'):.6f}")
    return f"{_short(mantissa)}e{int(exponent)}"


def _short(text):
    return text.rstrip("0").rstrip(".")
