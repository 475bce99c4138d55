"""Figures and sliders."""

import base64
import io
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from PIL import Image

from helpers.plotting import show_images, use_style
from helpers.slider import frame_slider

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_the_style_is_the_books():
    with plt.rc_context():
        use_style()
        assert plt.rcParams["image.interpolation"] == "nearest"
        assert plt.rcParams["savefig.facecolor"] == "white"


def test_pictures_stand_in_rows_under_their_titles():
    pictures = {f"p{i}": np.full((4, 6, 3), i / 5) for i in range(5)}
    figure = show_images(pictures, columns=3)
    shown = [axis for axis in figure.axes if axis.images]
    assert len(figure.axes) == 6
    assert [axis.get_title() for axis in shown] == list(pictures)


def test_values_are_clipped_to_the_limits():
    colour, gray = np.full((2, 2, 3), -3.0), np.full((2, 2), 7.0)
    figure = show_images([colour, gray], limits=(-1, 1), colorbar=True)
    drawn = [axis.images[0] for axis in figure.axes if axis.images]
    assert drawn[0].get_array().max() == 0
    assert drawn[1].get_clim() == (-1, 1)


def test_a_mask_is_drawn_black_and_white():
    mask = np.array([[True, False]])
    figure = show_images([mask, np.stack([mask] * 3, axis=-1)])
    for axis in figure.axes:
        drawn = axis.images[0]
        assert drawn.to_rgba(drawn.get_array())[0, :, :3].tolist() == [[1, 1, 1], [0, 0, 0]]


def test_whole_numbers_are_drawn_within_their_own_limits():
    bytes_ = np.array([[[0, 51, 255]]], np.uint8)
    figure = show_images([bytes_, bytes_[..., 0]], limits=(0, 255))
    assert figure.axes[0].images[0].get_array().tolist() == [[pytest.approx([0, 0.2, 1])]]
    assert figure.axes[1].images[0].get_clim() == (0, 255)
    below = show_images([bytes_], limits=(51, 255)).axes[0].images[0]
    assert below.get_array().tolist() == [[[0, 0, 1]]]  # bytes do not wrap round


def test_many_pictures_may_come_as_one_array():
    assert len(show_images(np.zeros((5, 4, 6))).axes) == 5
    assert len(show_images(np.zeros((2, 4, 6, 3))).axes) == 2


@pytest.mark.parametrize(
    "picture", [np.zeros((20, 30)), np.zeros((20, 30, 3)), np.zeros((9, 3, 3))]
)
@pytest.mark.parametrize("kind", [np.asarray, torch.tensor])
def test_one_picture_must_stand_in_a_list(picture, kind):
    with pytest.raises(
        ValueError, match=r"images is one array of shape .*; put a picture into a list"
    ):
        show_images(kind(picture))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"limits": (1, 0)}, r"limits is \(1, 0\)"),
        ({"limits": (1, 1)}, r"limits is \(1, 1\)"),
        ({"limits": (0, np.nan)}, "limits is"),
        ({"columns": 0}, "columns is 0"),
        ({"columns": -1}, "columns is -1"),
        ({"columns": 1.5}, "columns is 1.5"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        show_images([np.zeros((2, 2))], **options)


BAD_PICTURES = [
    (np.zeros((2, 2, 4)), r"has shape \(2, 2, 4\)"),
    (np.zeros(4), r"has shape \(4,\)"),
    (np.zeros((0, 4)), r"has shape \(0, 4\); a picture has pixels"),
    (np.full((2, 2), np.nan), "has NaN"),
    (np.zeros((2, 2), np.uint8), r"has whole numbers \(uint8\); they must be floats in \[0, 1\]"),
    (np.ones((2, 2, 3), np.int64), r"has whole numbers \(int64\)"),
    (np.zeros((2, 2), complex), "has values of type complex128"),
    (np.full((2, 2), None), "has values of type object"),
]


@pytest.mark.parametrize(("picture", "message"), BAD_PICTURES)
def test_a_picture_that_cannot_be_drawn_is_refused(picture, message):
    fine = np.zeros((2, 2))
    with pytest.raises(ValueError, match="images " + message):
        show_images([fine, picture])
    with pytest.raises(ValueError, match="frames " + message):
        frame_slider([fine, picture], ["a", "b"], "n")


@pytest.mark.parametrize(
    ("images", "titles", "message"),
    [
        ([], None, "images is empty"),
        ({}, None, "images is empty"),
        ([np.zeros((2, 2))] * 2, ["a"], "titles has 1 entries; it must have 2"),
        ([np.zeros((2, 2))], ["a", "b"], "titles has 2 entries"),
    ],
)
def test_what_cannot_be_shown_is_refused(images, titles, message):
    with pytest.raises(ValueError, match=message):
        show_images(images, titles)


def test_a_slider_shows_one_frame_with_its_label():
    frames = [np.full((8, 10), v) for v in (0.0, 0.5, 1.0)]
    page = frame_slider(frames, ["rank <1>", "rank 2", "rank 3"], "rank", start=1).data
    images = re.findall(
        r'<img src="data:image/webp;base64,([^"]+)" alt="([^"]+)".*?display:(\w+)', page
    )
    assert [(alt, display) for _, alt, display in images] == [
        ("rank &lt;1&gt;", "none"),
        ("rank 2", "block"),
        ("rank 3", "none"),
    ]
    for frame, (data, _, _) in zip(frames, images, strict=True):
        decoded = np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("L")) / 255
        assert decoded.shape == frame.shape
        assert abs(decoded - frame).max() < 0.03  # WebP of high quality, not lossless
    assert "http" not in page


def test_a_slider_takes_masks_and_clips():
    frames = [np.full((4, 4), True), np.full((4, 4), 7.0), np.full((4, 4), -7.0)]
    page = frame_slider(frames, "abc", "n").data
    decoded = [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("L"))
        for data in re.findall(r'webp;base64,([^"]+)"', page)
    ]
    assert [(picture.min(), picture.max()) for picture in decoded] == [(255, 255)] * 2 + [(0, 0)]


def test_a_slider_takes_figures():
    figure, _ = plt.subplots()
    assert "data:image/png;base64" in frame_slider([figure], ["only"], "n").data


@pytest.mark.parametrize(
    ("labels", "start", "message"),
    [
        (["a"], 0, "labels has 1 entries for 2"),
        (["a", "b"], 2, "start is 2"),
        (["a", "b"], -1, "start"),
        (["a", "b"], 0.5, "start is 0.5"),
    ],
)
def test_a_slider_that_does_not_fit_is_refused(labels, start, message):
    with pytest.raises(ValueError, match=message):
        frame_slider([np.zeros((2, 2))] * 2, labels, "n", start)
