"""Compare the speed of two ways in one run, so that a busy machine slows both alike."""

import statistics
import time
from typing import NamedTuple


class Ratio(NamedTuple):
    """How many times faster one way is than another: the median and the range of paired ratios."""

    median: float
    low: float
    high: float
    slow_seconds: float
    fast_seconds: float

    def __str__(self):
        return f"{self.median:.3g}× ({self.low:.3g} to {self.high:.3g})"


def paired_ratio(slow, fast, repeats=5, warm_up=True):
    """Time two functions in turn and return the `Ratio` slow/fast.

    Each function takes no argument and is called once before the clock starts; `warm_up=False`
    spares `slow` that call, where it takes seconds. On a GPU a function must wait for its own
    result. The seconds are medians.
    """
    if repeats < 1:
        raise ValueError(f"repeats is {repeats}; it must be at least 1")
    if warm_up:
        slow()
    fast()
    pairs = [(_seconds(slow), _seconds(fast)) for _ in range(repeats)]
    ratios = [a / b for a, b in pairs]
    return Ratio(
        statistics.median(ratios),
        min(ratios),
        max(ratios),
        statistics.median(a for a, _ in pairs),
        statistics.median(b for _, b in pairs),
    )


def median_seconds(function, repeats=3):
    """Return the median time of `repeats` calls in seconds, after one call that is not timed."""
    if repeats < 1:
        raise ValueError(f"repeats is {repeats}; it must be at least 1")
    function()
    return statistics.median(_seconds(function) for _ in range(repeats))


def _seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
