import http.server
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from helpers import images
from helpers.images import image_names, load_image


@pytest.mark.parametrize("name", image_names())
@pytest.mark.parametrize("gray", [False, True])
def test_bundled_pictures_load(name, gray):
    image = load_image(name, gray=gray)
    assert image.dtype == np.float32
    assert image.shape[2:] == (() if gray else (3,))
    assert image.min() >= 0
    assert 0 < image.max() <= 1


def test_a_known_picture_is_as_scikit_image_has_it():
    import skimage

    assert np.array_equal(load_image("astronaut"), np.float32(skimage.data.astronaut()) / 255)
    assert np.array_equal(load_image("camera", gray=True), np.float32(skimage.data.camera()) / 255)


@given(st.integers(1, 40), st.integers(1, 40))
def test_size_is_height_then_width(height, width):
    assert load_image("microaneurysms", size=(height, width)).shape == (height, width, 3)


def test_size_crops_about_the_centre_and_does_not_squeeze(tmp_path):
    pixels = np.zeros((20, 40), np.uint8)
    pixels[:, 10:30] = 255  # the middle square is white
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png", size=20, gray=True).min() == 1


def test_the_orientation_of_the_camera_is_applied(tmp_path):
    pixels = np.zeros((4, 6, 3), np.uint8)
    pixels[0] = 255  # the top row
    picture, exif = Image.fromarray(pixels), Image.Exif()
    exif[0x0112] = 6  # the camera was turned by 90° clockwise
    picture.save(tmp_path / "a.png", exif=exif)
    image = load_image(tmp_path / "a.png")
    assert image.shape == (6, 4, 3)
    assert np.all(image[:, -1] == 1)
    assert np.all(image[:, :-1] == 0)


def test_transparent_pixels_are_white(tmp_path):
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0, 3] = 255  # one opaque black pixel
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png", gray=True).tolist() == [[0, 1], [1, 1]]


@pytest.mark.parametrize(
    ("values", "mode"),
    [
        (np.array([[0, 32768, 65535]], np.uint16), "16-bit counts"),
        (np.array([[0.0, 0.5, 1.0]], np.float32), "floats"),
    ],
)
def test_deep_pictures_are_scaled_not_clipped(tmp_path, values, mode):
    Image.fromarray(values).save(tmp_path / "a.tiff")
    np.testing.assert_allclose(
        load_image(tmp_path / "a.tiff", gray=True), [[0, 0.5, 1]], atol=0.003
    )


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"name is 'astronot'.*astronaut.*camera"):
        load_image("astronot")


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"no_such\.png"):
        load_image("no_such.png")


@pytest.mark.parametrize("content", [b"no picture", b""])
def test_a_file_that_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(ValueError, match="not a picture"):
        load_image(tmp_path / "a.png")


def test_a_damaged_picture_is_refused(tmp_path):
    Image.fromarray(np.zeros((50, 50, 3), np.uint8)).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    (tmp_path / "a.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="damaged"):
        load_image(tmp_path / "a.png")


def test_an_oversized_picture_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 99)
    Image.new("L", (10, 10)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="10×10 pixels; at most 99"):
        load_image(tmp_path / "a.png")


@pytest.mark.parametrize("size", [0, -3, 2.5, (4,), (4, 0), (1, 2, 3), "64", 10**9])
def test_a_wrong_size_is_refused(size):
    with pytest.raises(ValueError, match="size is"):
        load_image("camera", size=size)


@pytest.fixture
def address(tmp_path):
    """A server on this machine with one picture and one file that is too large."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=tmp_path)

        def log_message(self, *_):
            pass

    Image.new("RGB", (3, 2), "white").save(tmp_path / "a.png")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_is_loaded_from_an_address(address):
    assert load_image(f"{address}/a.png").shape == (2, 3, 3)


def test_an_address_that_cannot_be_read_is_named(address):
    with pytest.raises(ConnectionError, match=r"no_such\.png"):
        load_image(f"{address}/no_such.png")


def test_a_download_that_is_too_large_is_cut(address, monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 10)
    with pytest.raises(ValueError, match="at most 10 bytes"):
        load_image(f"{address}/a.png")
