"""Show how far a long loop is, in one line that also reads well when it is finished."""

import itertools


def progress(label, total, dots=20):
    """Print `label`, and return a function whose `total` calls print a line of dots.

    The line is not ended: what follows it, a score say, is printed on the same line.
    """
    if total < 1:
        raise ValueError(f"total is {total}; it must be at least 1")
    print(f"{label:<26}", end="", flush=True)
    calls = itertools.count(1)

    def tick():
        call = next(calls)
        if new := call * dots // total - (call - 1) * dots // total:
            print("." * new, end="", flush=True)

    return tick
