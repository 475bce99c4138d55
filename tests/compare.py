"""Compare what a cell printed with what it should: words exactly, decimals within a tolerance."""

import math
import re

NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
RELATIVE = 1e-4  # another processor rounds otherwise


class Text(str):
    """Equal where the words and whole numbers are equal and the decimals are close."""

    __slots__ = ()

    def __eq__(self, other):
        if not isinstance(other, str):
            return NotImplemented
        mine, others = NUMBER.findall(self), NUMBER.findall(other)
        words = [re.sub(r"\s+", " ", NUMBER.sub("#", text)).strip() for text in (self, other)]
        return words[0] == words[1] and all(map(_close, mine, others))

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


def _close(a, b):
    if a == b:
        return True
    if not set(a + b) & set(".eE"):
        return False  # two whole numbers
    unit = max(_last_digit(a), _last_digit(b))
    a, b = (float(x.replace("−", "-")) for x in (a, b))
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=1.001 * unit)


def _last_digit(number):
    mantissa, _, exponent = number.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))
