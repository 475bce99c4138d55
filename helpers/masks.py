"""Which pixels of a picture are missing."""

import operator

import numpy as np


def random_mask(shape, missing, rng):
    """Return a boolean array of `shape`, True at exactly `missing` places drawn by `rng`.

    `missing` is a count if it is an integer, and a proportion of all pixels in [0, 1], rounded to
    the nearest count, if it is a float. `rng` is a `numpy.random.Generator`. Raises ValueError
    for a count or a proportion that cannot be, and for a shape with a negative length.
    """
    if np.min(shape, initial=0) < 0:
        raise ValueError(f"shape is {shape}; no length may be negative")
    total = int(np.prod(shape))
    if isinstance(missing, (float, np.floating)):
        if not 0 <= missing <= 1:
            raise ValueError(f"missing is {missing}; a proportion must lie in [0, 1]")
        count = round(missing * total)
    else:
        count = operator.index(missing)
        if not 0 <= count <= total:
            raise ValueError(f"missing is {count}; a count must lie in [0, {total}]")
    mask = np.zeros(total, dtype=bool)
    mask[rng.choice(total, size=count, replace=False)] = True
    return mask.reshape(shape)
