"""How far a picture is from its reference: RMSE and PSNR, by torchmetrics."""

import numpy as np
import torch
from torchmetrics.functional import mean_squared_error
from torchmetrics.functional.image import peak_signal_noise_ratio


def rmse(image, reference):
    """Return the root mean squared error of `image`, in the units of its pixels.

    Both are arrays or tensors of one shape. Raises ValueError for different shapes or for
    values that are not finite.
    """
    image, reference = _pair(image, reference)
    return mean_squared_error(image.reshape(-1), reference.reshape(-1), squared=False).item()


def psnr(image, reference, data_range=1.0):
    """Return the peak signal-to-noise ratio of `image` in dB: 20 log₁₀(data_range / RMSE).

    `data_range` is the largest difference that two pixels may have: 1 for values in [0, 1], 255
    for bytes. It is infinite where the two are equal. Raises ValueError as `rmse` does, and for
    a `data_range` that is not positive.
    """
    if not data_range > 0:
        raise ValueError(f"data_range is {data_range}; it must be positive, 1.0 for [0, 1]")
    image, reference = _pair(image, reference)
    return peak_signal_noise_ratio(image, reference, data_range=float(data_range)).item()


def _pair(image, reference):
    image, reference = (
        torch.as_tensor(np.asarray(a), dtype=torch.float64) for a in (image, reference)
    )
    if image.shape != reference.shape:
        raise ValueError(
            f"image has shape {tuple(image.shape)} and reference {tuple(reference.shape)}; "
            "they must be the same"
        )
    for name, a in (("image", image), ("reference", reference)):
        if not torch.isfinite(a).all():
            raise ValueError(f"{name} has NaN or infinite values; every pixel must be finite")
    return image, reference
