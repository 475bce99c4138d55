"""Coordinates of the points of a regular grid."""

import math

import numpy as np


def grid_coordinates(shape, low=0.0, high=1.0):
    """Return the (N, d) float64 coordinates of a d-dimensional grid, last axis fastest.

    Axis i has `shape[i]` points, evenly spaced over [low, high] with both ends. Row k of the
    result belongs to `values.reshape(-1)[k]` of an array `values` of that shape, so a picture's
    coordinates are (row, column), whether it is square or not. Raises ValueError for a shape
    without points and for ends that are not finite or not in order.
    """
    shape = tuple(shape)
    if not shape or any(n < 1 or n % 1 for n in shape):
        raise ValueError(f"shape is {shape}; it must hold positive whole numbers")
    if not -math.inf < low < high < math.inf:
        raise ValueError(f"low is {low} and high is {high}; low must be less, and both finite")
    axes = [np.linspace(low, high, int(n)) for n in shape]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(shape))
