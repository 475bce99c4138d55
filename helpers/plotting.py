"""Figures in the book's one style."""

from importlib.resources import as_file, files

import matplotlib.pyplot as plt
import numpy as np

from helpers.pictures import checked_picture


def use_style():
    """Draw every later figure in the book's style."""
    with as_file(files("helpers") / "book.mplstyle") as path:
        plt.style.use(path)


def show_images(images, titles=None, *, columns=None, limits=(0, 1), cmap="gray", colorbar=False):
    """Draw pictures side by side, pixel for pixel; return the figure.

    `images` is a sequence of (H, W) or (H, W, 3) arrays, or a dict from title to array. Values
    are clipped to `limits` (low, high); `cmap` colours the pictures of one channel, and
    `colorbar=True` adds their scale. `columns` is the number in a row, all of them by default.

    Raises ValueError for no picture, one that is not in a list, a wrong shape, NaN, whole numbers
    such as bytes without their own limits, and for titles, limits or columns that do not fit.
    """
    shape = tuple(getattr(images, "shape", ()))
    if len(shape) == 2 or (len(shape) == 3 and shape[2] == 3):
        raise ValueError(f"images is one array of shape {shape}; put a picture into a list")
    if isinstance(images, dict):
        titles, images = list(images), list(images.values())
    low, high = limits
    if not low < high:
        raise ValueError(f"limits is {limits}; the first must be less than the second")
    images = [checked_picture("images", image, limits) for image in images]
    titles = [""] * len(images) if titles is None else list(titles)
    if not images:
        raise ValueError("images is empty; it must hold at least one picture")
    if len(titles) != len(images):
        raise ValueError(f"titles has {len(titles)} entries; it must have {len(images)}")
    columns = len(images) if columns is None else columns
    if columns < 1 or columns % 1:
        raise ValueError(f"columns is {columns}; it must be a positive whole number")
    columns = min(int(columns), len(images))
    rows = -(-len(images) // columns)
    height, width = images[0].shape[:2]
    cell = 7.2 / columns
    size = (7.2, rows * (cell * height / width + 0.3))
    figure, axes = plt.subplots(rows, columns, figsize=size, squeeze=False)
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, image, title in zip(axes.flat, images, titles, strict=False):
        if image.ndim == 3:
            image = np.clip((image - low) / (high - low), 0, 1)
        drawn = axis.imshow(image, cmap=cmap, vmin=low, vmax=high)
        axis.set_title(title)
    if colorbar:
        figure.colorbar(drawn, ax=axes, shrink=0.8)
    return figure
