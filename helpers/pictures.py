"""What may be drawn as a picture."""

import numpy as np


def checked_picture(name, picture, limits=(0, 1)):
    """Return a picture as an array of floats, (H, W) or (H, W, 3).

    Raises ValueError, which begins with the argument's `name`, for another shape, for no pixels,
    for NaN, for values that are no real numbers, and for whole numbers such as bytes where
    `limits` are those of [0, 1]. Booleans are 0 and 1.
    """
    picture = np.asarray(picture)
    if picture.dtype.kind not in "buif":
        raise ValueError(f"{name} has values of type {picture.dtype}; they must be real numbers")
    if picture.dtype.kind in "ui" and tuple(limits) == (0, 1):
        raise ValueError(
            f"{name} has whole numbers ({picture.dtype}); "
            "they must be floats in [0, 1], such as bytes divided by 255"
        )
    if not (picture.ndim == 2 or (picture.ndim == 3 and picture.shape[2] == 3)):
        raise ValueError(f"{name} has shape {picture.shape}; it must be (H, W) or (H, W, 3)")
    if not picture.size:
        raise ValueError(f"{name} has shape {picture.shape}; a picture has pixels")
    if np.isnan(picture).any():
        raise ValueError(f"{name} has NaN; every pixel must be a number, so fill what is missing")
    return picture if picture.dtype.kind == "f" else picture.astype(np.float32)
