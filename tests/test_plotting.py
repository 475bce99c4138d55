"""Figures and sliders."""

import base64
import io
import re

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
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


@pytest.mark.parametrize(
    ("images", "titles", "message"),
    [
        ([], None, "images is empty"),
        ([np.zeros((2, 2, 4))], None, r"images has shape \(2, 2, 4\)"),
        ([np.zeros(4)], None, r"images has shape \(4,\)"),
        ([np.full((2, 2), np.nan)], None, "images has NaN"),
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


def test_a_slider_takes_figures():
    figure, _ = plt.subplots()
    assert "data:image/png;base64" in frame_slider([figure], ["only"], "n").data


@pytest.mark.parametrize(
    ("labels", "start", "message"),
    [
        (["a"], 0, "labels has 1 entries for 2"),
        (["a", "b"], 2, "start is 2"),
        (["a", "b"], -1, "start"),
    ],
)
def test_a_slider_that_does_not_fit_is_refused(labels, start, message):
    with pytest.raises(ValueError, match=message):
        frame_slider([np.zeros((2, 2))] * 2, labels, "n", start)
