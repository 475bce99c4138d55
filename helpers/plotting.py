"""Figures in the book's one style."""

from importlib.resources import as_file, files

import matplotlib.pyplot as plt
import numpy as np


def use_style():
    """Draw every later figure in the book's style."""
    with as_file(files("helpers") / "book.mplstyle") as path:
        plt.style.use(path)


def show_images(images, titles=None, *, columns=None, limits=(0, 1), cmap="gray", colorbar=False):
    """Draw pictures side by side, pixel for pixel; return the figure.

    `images` is a sequence of (H, W) or (H, W, 3) arrays, or a dict from title to array. Values
    are clipped to `limits` (low, high); `cmap` colours the pictures of one channel, and
    `colorbar=True` adds their scale. `columns` is the number in a row, all of them by default.
    Raises ValueError for no picture, a wrong shape, NaN, or titles that do not match.
    """
    if isinstance(images, dict):
        titles, images = list(images), list(images.values())
    images = [np.asarray(image) for image in images]
    titles = [""] * len(images) if titles is None else list(titles)
    low, high = limits
    if not images:
        raise ValueError("images is empty; it must hold at least one picture")
    if len(titles) != len(images):
        raise ValueError(f"titles has {len(titles)} entries; it must have {len(images)}")
    for image in images:
        if not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)):
            raise ValueError(f"images has shape {image.shape}; it must be (H, W) or (H, W, 3)")
        if np.isnan(image).any():
            raise ValueError("images has NaN; paint missing pixels before showing them")
    columns = min(columns or len(images), len(images))
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
