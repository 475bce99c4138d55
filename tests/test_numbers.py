"""Masks, coordinates, metrics, the device and timing."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import peak_signal_noise_ratio

from helpers.coordinates import grid_coordinates
from helpers.device import torch_device
from helpers.masks import random_mask
from helpers.metrics import psnr, rmse
from helpers.timing import Ratio, median_seconds, paired_ratio

shapes = st.lists(st.integers(1, 8), min_size=1, max_size=3).map(tuple)


@given(shapes, st.integers(0, 2**32), st.data())
def test_a_mask_hides_exactly_the_count(shape, seed, data):
    count = data.draw(st.integers(0, int(np.prod(shape))))
    mask = random_mask(shape, count, np.random.default_rng(seed))
    assert mask.shape == shape
    assert mask.dtype == bool
    assert mask.sum() == count
    assert np.array_equal(mask, random_mask(shape, count, np.random.default_rng(seed)))


@given(shapes, st.floats(0, 1))
def test_a_mask_hides_the_proportion(shape, proportion):
    mask = random_mask(shape, proportion, np.random.default_rng(0))
    assert abs(mask.sum() - proportion * mask.size) <= 0.5


def test_every_pixel_is_as_likely_to_be_hidden():
    rng = np.random.default_rng(0)
    share = np.mean([random_mask((4, 5), 5, rng) for _ in range(4000)], axis=0)
    # five standard errors of a share of 1/4 over 4000 draws
    assert abs(share - 0.25).max() < 5 * np.sqrt(0.25 * 0.75 / 4000)


@pytest.mark.parametrize("missing", [-1, 17, -0.1, 1.1, float("nan")])
def test_a_mask_that_cannot_be_is_refused(missing):
    with pytest.raises(ValueError, match="missing is"):
        random_mask((4, 4), missing, np.random.default_rng(0))


def test_a_mask_of_a_shape_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"shape is \(-2, -3\)"):
        random_mask((-2, -3), 1, np.random.default_rng(0))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_coordinates_belong_to_the_flattened_values(shape):
    points = grid_coordinates(shape, -1, 2)
    assert points.shape == (np.prod(shape), len(shape))
    for k, index in enumerate(np.ndindex(*shape)):
        for axis, i in enumerate(index):
            assert points[k, axis] == np.linspace(-1, 2, shape[axis])[i]


@pytest.mark.parametrize("shape", [(), (0,), (3, -1), (2.5,), (np.nan,), (np.inf,)])
def test_a_grid_without_points_is_refused(shape):
    with pytest.raises(ValueError, match="shape is"):
        grid_coordinates(shape)


@pytest.mark.parametrize(
    ("low", "high"), [(1, 1), (2, 1), (0, np.inf), (-np.inf, 0), (np.nan, 1), (0, np.nan)]
)
def test_a_grid_of_no_extent_is_refused(low, high):
    with pytest.raises(ValueError, match=f"low is {low} and high is {high}"):
        grid_coordinates((3,), low, high)


def test_metrics_agree_with_their_definitions():
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 7, 9, 3))
    assert rmse(a, b) == pytest.approx(np.sqrt(np.mean((a - b) ** 2)), rel=1e-12)
    # torchmetrics takes the logarithm in single precision
    assert psnr(a, b) == pytest.approx(-20 * np.log10(rmse(a, b)), rel=1e-6)
    assert psnr(255 * a, 255 * b, data_range=255) == pytest.approx(psnr(a, b), rel=1e-6)
    assert psnr(a, b) == pytest.approx(peak_signal_noise_ratio(b, a, data_range=1), rel=1e-6)
    assert psnr(torch.tensor(a), b) == psnr(a, b)
    assert psnr(a, a) == np.inf


@pytest.mark.parametrize("metric", [rmse, psnr])
def test_metrics_refuse_what_does_not_fit(metric):
    with pytest.raises(ValueError, match="image has shape"):
        metric(np.zeros((2, 3)), np.zeros((3, 2)))
    with pytest.raises(ValueError, match="reference has NaN"):
        metric(np.zeros(2), np.array([0, np.nan]))
    with pytest.raises(ValueError, match="image has NaN or infinite"):
        metric(np.array([0, np.inf]), np.zeros(2))
    with pytest.raises(ValueError, match=r"image has no pixels, its shape is \(0, 3\)"):
        metric(np.zeros((0, 3)), np.zeros((0, 3)))
    with pytest.raises(ValueError, match="reference has values of type complex128"):
        metric(np.zeros(2), np.array([0, 1j]))
    with pytest.raises(ValueError, match="image has values of type object"):
        metric([None, None], np.zeros(2))


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64])
def test_bytes_need_their_range(kind):
    dark, light = np.zeros((2, 3), kind), np.full((2, 3), 17, kind)
    for pair in ((dark, light), (dark, light / 255), (dark / 255, light)):
        with pytest.raises(
            ValueError, match=r"(image|reference) has whole numbers, .* bytes .* 255"
        ):
            psnr(*pair)
    assert psnr(dark, light, data_range=255) == pytest.approx(20 * np.log10(255 / 17), rel=1e-6)
    assert rmse(dark, light) == rmse(light, dark) == 17  # bytes do not wrap round
    assert psnr(torch.tensor(dark), torch.tensor(light), 255) == psnr(dark, light, 255)


def test_masks_are_pictures_of_zero_and_one():
    assert psnr(np.array([True, False]), np.array([True, True])) == pytest.approx(
        20 * np.log10(2) / 2
    )


@pytest.mark.parametrize("data_range", [0, -1, float("nan"), float("inf")])
def test_a_data_range_must_be_positive(data_range):
    with pytest.raises(ValueError, match="data_range is"):
        psnr(np.zeros(2), np.ones(2), data_range=data_range)


def test_the_device_is_there():
    assert torch_device("cpu") == torch.device("cpu")
    assert torch_device().type == ("cuda" if torch.cuda.is_available() else "cpu")


@pytest.mark.parametrize("name", ["gpu", "cuda:99", ""])
def test_an_unknown_device_is_refused(name):
    with pytest.raises(ValueError, match="name is"):
        torch_device(name)


def test_the_ratio_is_of_paired_calls_in_turn(monkeypatch):
    calls, clock = [], [0.0]
    monkeypatch.setattr("helpers.timing.time.perf_counter", lambda: clock[0])

    def takes(name, seconds):
        def work():
            calls.append(name)
            clock[0] += seconds

        return work

    ratio = paired_ratio(takes("slow", 6), takes("fast", 2), repeats=3)
    assert calls == ["slow", "fast"] * 4  # once before the clock starts
    assert ratio == pytest.approx(Ratio(3, 3, 3, 6, 2))
    assert str(ratio) == "3× (3 to 3)"
    assert median_seconds(takes("one", 5)) == 5
    durations = iter([0, 0, 2, 1, 10, 1, 6, 1])  # the ratios are 2, 10 and 6
    ratio = paired_ratio(*2 * [lambda: takes("", next(durations))()], repeats=3)
    assert (ratio.median, ratio.low, ratio.high) == (6, 2, 10)
    calls.clear()
    paired_ratio(takes("slow", 6), takes("fast", 2), repeats=1, warm_up=False)
    assert calls == ["fast", "slow", "fast"]


@pytest.mark.parametrize(
    "measure", [lambda: paired_ratio(print, print, 0), lambda: median_seconds(print, 0)]
)
def test_no_repeat_is_refused(measure):
    with pytest.raises(ValueError, match="repeats is 0"):
        measure()
