"""How far a picture is from its reference: RMSE and PSNR, by torchmetrics."""

import math

import numpy as np
import torch
from torchmetrics.functional import mean_squared_error
from torchmetrics.functional.image import peak_signal_noise_ratio


def rmse(image, reference):
    """Return the root mean squared error of `image`, in the units of its pixels.

    Both are arrays or tensors of one shape, of real numbers of any type. Raises ValueError for
    different shapes, for no pixels, and for values that are not finite or not real.
    """
    image, reference = _pair(image, reference)
    return mean_squared_error(image.reshape(-1), reference.reshape(-1), squared=False).item()


def psnr(image, reference, data_range=1.0):
    """Return the peak signal-to-noise ratio of `image` in dB: 20 log₁₀(data_range / RMSE).

    `data_range` is the largest difference that two pixels may have: 1 for values in [0, 1], 255
    for bytes. It is infinite where the two are equal. Raises ValueError as `rmse` does, for a
    `data_range` that is not positive and finite, and for whole numbers with a range of 1.
    """
    if not 0 < data_range < math.inf:
        raise ValueError(f"data_range is {data_range}; it must be positive, 1.0 for [0, 1]")
    for name, pixels in (("image", image), ("reference", reference)):
        if data_range == 1 and np.asarray(pixels).dtype.kind in "ui":
            raise ValueError(f"{name} has whole numbers, and data_range is 1; for bytes it is 255")
    image, reference = _pair(image, reference)
    return peak_signal_noise_ratio(image, reference, data_range=float(data_range)).item()


def _pair(image, reference):
    image, reference = _finite("image", image), _finite("reference", reference)
    if image.shape != reference.shape:
        raise ValueError(
            f"image has shape {tuple(image.shape)} and reference {tuple(reference.shape)}; "
            "they must be the same"
        )
    return image, reference


def _finite(name, pixels):
    pixels = np.asarray(pixels)
    if pixels.dtype.kind not in "buif":
        raise ValueError(f"{name} has values of type {pixels.dtype}; they must be real numbers")
    if not pixels.size:
        raise ValueError(f"{name} has no pixels, its shape is {pixels.shape}; it must have some")
    if not np.isfinite(pixels).all():
        raise ValueError(f"{name} has NaN or infinite values; every pixel must be finite")
    return torch.as_tensor(pixels, dtype=torch.float64)
