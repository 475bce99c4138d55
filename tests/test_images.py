import http.server
import io
import struct
import threading
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

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


# EXIF's orientation → the rows and columns that a camera stores, of an upright picture
STORED = {
    0: lambda upright: upright,  # a number without a meaning
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: lambda upright: upright[:, ::-1].swapaxes(0, 1),
    7: lambda upright: upright[::-1, ::-1].swapaxes(0, 1),
    8: lambda upright: upright[::-1].swapaxes(0, 1),
    9: lambda upright: upright,
}
PIXELS = np.random.default_rng(1).integers(256, size=(4, 6, 3), dtype=np.uint8)
LOSSLESS = {"png": {}, "tiff": {}, "webp": {"lossless": True}}
EXIF = Image.Exif()
EXIF[0x010F] = "a maker"
EXIF[0x0112] = 6


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["png", "webp", "tiff"])
def test_the_orientation_of_the_camera_is_applied(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](PIXELS)))
    stored.save(tmp_path / "a", kind, exif=exif, **LOSSLESS[kind])
    assert np.array_equal(load_image(tmp_path / "a"), np.float32(PIXELS) / 255)


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg"])
@pytest.mark.parametrize(
    "exif",
    [b"rubbish", b"Exif\0\0rubbish, and more of it", EXIF.tobytes()[:12], EXIF.tobytes()[:20]],
)
def test_rubbish_in_exif_costs_no_picture(tmp_path, kind, exif):
    for name, options in (("with", {"exif": exif}), ("without", {})):
        Image.fromarray(PIXELS).save(tmp_path / name, kind, **options)
    with warnings.catch_warnings(record=True, action="always") as told:
        assert np.array_equal(load_image(tmp_path / "with"), load_image(tmp_path / "without"))
    assert told == []


def test_rubbish_in_a_text_that_should_be_exif_costs_no_picture(tmp_path):
    text = PngImagePlugin.PngInfo()
    text.add_text("Raw profile type exif", "\nexif\n4\nno digits")
    Image.fromarray(PIXELS).save(tmp_path / "a.png", pnginfo=text)
    assert np.array_equal(load_image(tmp_path / "a.png"), np.float32(PIXELS) / 255)


@given(
    st.sampled_from(["png", "webp"]),
    st.integers(0, len(EXIF.tobytes())),
    st.dictionaries(st.integers(6, len(EXIF.tobytes()) - 1), st.integers(0, 255), max_size=4),
)
def test_damaged_exif_turns_the_picture_or_does_not(tmp_path_factory, kind, length, changes):
    exif = bytearray(EXIF.tobytes())
    for place, value in changes.items():
        exif[place] = value
    path = tmp_path_factory.getbasetemp() / "damaged"
    Image.fromarray(PIXELS).save(path, kind, exif=bytes(exif[:length]), **LOSSLESS[kind])
    image = np.rint(255 * load_image(path))
    turned = [STORED[orientation](image) for orientation in STORED]
    assert any(np.array_equal(pixels, PIXELS) for pixels in turned)


def test_transparent_pixels_are_white(tmp_path):
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0, 3] = 255  # one opaque black pixel
    Image.fromarray(pixels).save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png", gray=True).tolist() == [[0, 1], [1, 1]]


BYTES = np.array([[0, 51, 255]], np.uint8)
FLOATS = np.array([[0, 0.2, 1]])
COUNTS = np.array([[0, 51 * 257, 65535]], np.uint16)
ALPHA = np.array([[1, 1, 0]])


def tiff(values, photometric="minisblack", **options):
    file = io.BytesIO()
    tifffile.imwrite(file, values, photometric=photometric, **options)
    return file.getvalue()


def tiff_of_12_bits():
    """What neither Pillow nor tifffile writes by itself: FLOATS as counts up to 4095."""
    pixels = int("".join(f"{count:012b}" for count in (0, 819, 4095)) + "0000", 2).to_bytes(5)
    tags = {256: 3, 257: 1, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 1, 279: 5}
    fields = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return (
        b"II*\0" + struct.pack("<I", 14) + pixels + b"\0" + struct.pack("<H", 9) + fields + bytes(4)
    )


def planes_of_lzw(planes, photometric):
    """A TIFF that tifffile cannot write by itself: 8 bits, the last plane alpha, LZW."""

    def codes(row):  # clear, a code for each byte, end
        bits = "".join(f"{code:09b}" for code in (256, *row, 257))
        bits += "0" * (-len(bits) % 8)
        return int(bits, 2).to_bytes(len(bits) // 8)

    planes = np.uint8(planes)
    file = tiff(
        map(codes, planes[:, 0]),
        photometric,
        shape=planes.shape,
        dtype=np.uint8,
        planarconfig="separate",
        extrasamples=["unassalpha"],
        compression="zlib",
    )
    compression = struct.pack("<HHI", 259, 3, 1)
    assert file.count(compression + b"\x08") == 1
    return file.replace(compression + b"\x08", compression + b"\x05")


def png(width, bits, colour, row, key):
    """A PNG of one row, in which one colour is transparent."""
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, 1, bits, colour, 0, 0, 0),
        b"tRNS": key,
        b"IDAT": zlib.compress(b"\0" + row),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks.items()
    )


def file_of(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def stacked(*channels, axis=-1):
    return np.stack(np.broadcast_arrays(*channels), axis)


READ = {
    "floats": (tiff(np.float32(FLOATS)), [0, 51, 255]),
    "half floats": (tiff(np.float16(FLOATS)), [0, 51, 255]),
    "double floats": (tiff(FLOATS), [0, 51, 255]),
    "floats a little outside": (tiff(np.float32([[-0.02, 0.2, 1.02]])), [0, 51, 255]),
    "floats as far outside as may be": (tiff(np.float32([[-0.5, 0.2, 1.5]])), [0, 51, 255]),
    "dark floats": (tiff(np.float32(FLOATS / 5)), [0, 10, 51]),
    "floats, 0 is white": (tiff(np.float32(FLOATS), "miniswhite"), [255, 204, 0]),
    "colour in floats": (tiff(np.float32(stacked(FLOATS, FLOATS, FLOATS)), "rgb"), [0, 51, 255]),
    "colour in planes": (
        tiff(stacked(FLOATS, FLOATS, FLOATS, axis=0), "rgb", planarconfig="separate"),
        [0, 51, 255],
    ),
    "transparent floats": (
        tiff(stacked(FLOATS, FLOATS, FLOATS, ALPHA), "rgb", extrasamples=["unassalpha"]),
        [0, 51, 255],
    ),
    "premultiplied floats": (
        tiff(stacked(FLOATS, FLOATS, FLOATS, 1) / 2, "rgb", extrasamples=["assocalpha"]),
        [127, 153, 255],
    ),
    "transparent bytes in planes of LZW": (
        planes_of_lzw([*[BYTES] * 3, np.uint8(255 * ALPHA)], "rgb"),
        [0, 51, 255],
    ),
    "premultiplied grey bytes": (
        tiff(stacked(BYTES, np.uint8(255)), planarconfig="contig", extrasamples=["assocalpha"]),
        [0, 51, 255],
    ),
    "transparent counts": (
        tiff(
            stacked(COUNTS, np.uint16(65535 * ALPHA)),
            planarconfig="contig",
            extrasamples=["unassalpha"],
        ),
        [0, 51, 255],
    ),
    "counts": (tiff(COUNTS), [0, 51, 255]),
    "dark counts": (tiff(COUNTS // 5), [0, 10, 51]),
    "counts, big-endian": (tiff(COUNTS, byteorder=">"), [0, 51, 255]),
    "counts, 0 is white": (tiff(COUNTS, "miniswhite"), [255, 204, 0]),
    "counts, 0 is white, big-endian": (tiff(COUNTS, "miniswhite", byteorder=">"), [255, 204, 0]),
    "bytes, 0 is white": (tiff(BYTES, "miniswhite"), [255, 204, 0]),
    "bits": (tiff(BYTES > 99), [0, 0, 255]),
    "12 bits": (tiff_of_12_bits(), [0, 51, 255]),
    "two pages": (tiff(np.stack([BYTES, 255 - BYTES])), [0, 51, 255]),
    "turned": (tiff(FLOATS.T, extratags=[(274, "H", 1, 6, True)]), [255, 51, 0]),
    "PNG, 16 bits": (file_of(Image.fromarray(COUNTS), "png"), [0, 51, 255]),
    "PNG, 16 bits, black is transparent": (
        png(3, 16, 0, struct.pack(">3H", 0, 1, 65535), bytes(2)),
        [255, 0, 255],
    ),
    "PNG, 8 bits, black is transparent": (png(3, 8, 0, bytes(BYTES), bytes(2)), [255, 51, 255]),
    "PNG, 4 bits, one grey is transparent": (
        png(3, 4, 0, bytes([0x03, 0xF0]), bytes([0, 3])),
        [0, 255, 255],
    ),
    "PNG, 2 bits, one grey is transparent": (
        png(3, 2, 0, bytes([0b00011000]), bytes([0, 1])),
        [0, 255, 170],
    ),
    "PNG, 1 bit, black is transparent": (png(2, 1, 0, bytes([64]), bytes(2)), [255, 255]),
    "PNG, colour, one is transparent": (
        png(2, 8, 2, bytes([1, 2, 3, 9, 9, 9]), bytes([0, 1, 0, 2, 0, 3])),
        [255, 9],
    ),
    "PGM up to 4095": (b"P5 3 1 4095\n" + struct.pack(">3H", 0, 819, 4095), [0, 51, 255]),
    "PGM up to 65535": (b"P5 3 1 65535\n" + COUNTS.astype(">u2").tobytes(), [0, 51, 255]),
    "PFM": (b"Pf\n3 1\n-1.0\n" + np.float32(FLOATS).tobytes(), [0, 51, 255]),
    "palette": (file_of(Image.fromarray(BYTES).convert("P"), "png"), [0, 51, 255]),
    "GIF": (file_of(Image.fromarray(BYTES), "gif"), [0, 51, 255]),
    "CMYK": (file_of(Image.fromarray(BYTES).convert("CMYK"), "tiff"), [0, 51, 255]),
    "CMYK of 16 bits in planes": (
        tiff(stacked(*[COUNTS * 0] * 3, 65535 - COUNTS, axis=0), "separated"),
        [0, 51, 255],
    ),
    "grey and alpha": (
        file_of(Image.fromarray(stacked(BYTES, np.uint8(255 * ALPHA))), "png"),
        [0, 51, 255],
    ),
}


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("gray", [False, True])
def test_what_a_pixel_means_is_known_for(kind, gray, tmp_path):
    data, expected = READ[kind]
    (tmp_path / "a").write_bytes(data)
    image = load_image(tmp_path / "a", gray=gray)
    assert image.dtype == np.float32
    assert image.ndim == (2 if gray else 3)
    expected = np.float32([expected]) / 255
    assert np.array_equal(image, expected if gray else stacked(*[expected] * 3))


def test_colour_in_floats_keeps_its_channels(tmp_path):
    colour = np.random.default_rng(0).random((5, 7, 3))
    tifffile.imwrite(tmp_path / "a.tif", colour, photometric="rgb")
    assert abs(load_image(tmp_path / "a.tif") - colour).max() <= 0.5 / 255 + 1e-7


LAYOUTS = [
    {"planarconfig": planes, "compression": compression, "byteorder": order, "tile": tile}
    for planes in ("contig", "separate")
    for compression in (None, "deflate")
    for order in "<>"
    for tile in (None, (16, 16))
]


@pytest.mark.parametrize("white", [np.uint8(255), np.uint16(65535), np.float32(1)], ids=repr)
@pytest.mark.parametrize("photometric", ["minisblack", "rgb"])
@pytest.mark.parametrize("further", [None, "unspecified", "assocalpha", "unassalpha"])
def test_a_tiff_is_the_same_picture_in_every_layout(tmp_path, white, photometric, further):
    """What tifffile wrote; a pixel is opaque or transparent, so that nothing is rounded."""
    random = np.random.default_rng(0)
    colour = random.integers(256, size=(17, 20, 3 if photometric == "rgb" else 1))
    opaque = random.integers(2, size=(17, 20, 1))
    pixels, expected, options = colour, colour, {}
    if further:
        pixels = np.dstack([colour * opaque if further == "assocalpha" else colour, 255 * opaque])
        options = {"extrasamples": [further]}
    if further in ("assocalpha", "unassalpha"):
        expected = np.where(opaque, colour, 255)
    expected = np.float32(np.broadcast_to(expected, (17, 20, 3))) / 255
    values = (pixels * (white / 255)).astype(white.dtype)
    for layout in LAYOUTS:
        stored = values.transpose(2, 0, 1) if layout["planarconfig"] == "separate" else values
        file = tiff(
            stored if values.shape[2] > 1 else values[..., 0], photometric, **options, **layout
        )
        (tmp_path / "a.tif").write_bytes(file)
        assert np.array_equal(load_image(tmp_path / "a.tif"), expected), layout


@pytest.mark.parametrize("gray", [False, True])
def test_white_in_lab_is_white(gray, tmp_path):
    Image.new("LAB", (2, 1), (255, 128, 128)).save(tmp_path / "a.tif")
    assert load_image(tmp_path / "a.tif", gray=gray).min() >= 254 / 255


def test_every_count_of_16_bits_is_rounded_once(tmp_path):
    counts = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    tifffile.imwrite(tmp_path / "a.tif", counts)
    exact = np.float32(np.rint(counts / 257) / 255)
    assert np.array_equal(load_image(tmp_path / "a.tif", gray=True), exact)


NAN, INFINITE = np.float32([[0, np.nan]]), np.float32([[0, np.inf]])
LONG_TEXT = PngImagePlugin.PngInfo()
LONG_TEXT.add_text("comment", "x" * 2_000_000, zip=True)
NOISE = np.random.default_rng(0).integers(256, size=(40, 40, 3), dtype=np.uint8)
FITS = "".join(
    f"{line:80}"
    for line in (
        "SIMPLE  =                    T",
        "BITPIX  =                   16",
        "NAXIS   =                    2",
        "NAXIS1  =                    3",
        "NAXIS2  =                    1",
        "END",
    )
).encode()
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
REFUSED = {
    "float bytes": (tiff(np.float32(255 * FLOATS)), "floats from 0 to 255, so what white is"),
    "floats too far above": (tiff(np.float32([[0, 1.51]])), "floats from 0 to 1.51"),
    "floats too far below": (tiff(np.float32([[-0.51, 1]])), "floats from -0.51 to 1"),
    "colour in float bytes": (tiff(stacked(*[255 * FLOATS] * 3), "rgb"), "floats from 0 to 255"),
    "NaN": (tiff(NAN), "NaN or infinite"),
    "infinite": (tiff(INFINITE), "NaN or infinite"),
    "int8": (tiff(np.int8(BYTES // 3)), "whole numbers of 32 bits or with a sign"),
    "int16": (tiff(np.int16(COUNTS // 2)), "whole numbers of 32 bits or with a sign"),
    "int32": (tiff(np.int32([[0, 10**6]])), "whole numbers of 32 bits or with a sign"),
    "uint32": (tiff(np.uint32([[0, 2**32 - 1]])), "whole numbers of 32 bits or with a sign"),
    "colour in uint32": (
        tiff(stacked(*[np.uint32(COUNTS)] * 3), "rgb"),
        "whole numbers of 32 bits",
    ),
    "FITS": (FITS.ljust(2880) + bytes(2880), "whole numbers of 32 bits or with a sign"),
    "16-bit colour, one is transparent": (
        png(1, 16, 2, bytes(6), bytes(6)),
        "save it with an alpha channel",
    ),
    "channels of no meaning": (tiff(np.zeros((4, 4, 5)), planarconfig="contig"), "its axes YXS"),
    "a volume": (tiff(np.zeros((2, 16, 16)), tile=(2, 16, 16), volumetric=True), "its axes ZYX"),
    "grey and alpha in planes of LZW": (
        planes_of_lzw([BYTES, BYTES], "minisblack"),
        "LZW.* requires the 'imagecodecs' package",
    ),
    "EPS": (EPS, "files of the format EPS are not drawn"),
    "much text": (file_of(Image.new("L", (2, 2)), "png", pnginfo=LONG_TEXT), "too large"),
    "half a PNG": (file_of(Image.fromarray(NOISE), "png")[:900], "truncated"),
    "half a WebP": (file_of(Image.fromarray(NOISE), "webp")[:900], "."),
    "half a TIFF": (tiff(np.zeros((40, 40, 3)), "rgb")[:900], "."),
    "a TIFF's first bytes": (b"II*\0", "."),
    "text": (b"no picture", "of no known format"),
    "nothing": (b"", "of no known format"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_is_refused_by_its_name(kind, tmp_path):
    data, message = REFUSED[kind]
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(
        ValueError, match=rf"name is '.*a\.png', which cannot be read as a picture: .*{message}"
    ):
        load_image(tmp_path / "a.png")


KINDS = [file_of(Image.fromarray(NOISE), kind) for kind in ("png", "jpeg", "webp", "gif", "tiff")]
KINDS += [file_of(Image.fromarray(COUNTS), "png"), file_of(Image.fromarray(NOISE), "jpeg2000")]
KINDS += [tiff(FLOATS), tiff(stacked(FLOATS, FLOATS, FLOATS), "rgb"), tiff(COUNTS, "miniswhite")]


@given(
    st.sampled_from(KINDS),
    st.floats(0, 1),
    st.lists(st.tuples(st.integers(0, 150), st.integers(0, 255)), max_size=4),
)
def test_a_damaged_file_is_a_picture_or_refused(tmp_path_factory, data, share, changes):
    damaged = bytearray(data[: round(len(data) * share)])
    for place, value in changes:
        damaged[place : place + 1] = bytes([value])
    path = tmp_path_factory.getbasetemp() / "damaged"
    path.write_bytes(damaged)
    try:
        values, refusal = load_image(path), None
    except ValueError as error:
        values, refusal = np.zeros(1), str(error)
    assert refusal is None or f"name is '{path}', which cannot be read as a picture" in refusal
    assert values.min() >= 0
    assert values.max() <= 1


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match=r"name is 'astronot'.*astronaut.*camera"):
        load_image("astronot")


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"no_such\.png"):
        load_image("no_such.png")


@pytest.mark.parametrize("name", [None, 3, b"astronaut", np.zeros((2, 2))])
def test_a_name_of_another_type_is_refused(name):
    with pytest.raises(TypeError, match=f"name is of type {type(name).__name__}"):
        load_image(name)


@pytest.mark.parametrize(
    "name", ["", "data:image/png;base64," + 100_000 * "A", "a\0b", "astronaut "]
)
def test_what_is_no_name_at_all_is_told_briefly(name):
    with pytest.raises(ValueError, match=r"it must be a path, an address or one of") as refusal:
        load_image(name)
    assert repr(name)[:100] in str(refusal.value)
    assert len(str(refusal.value)) < 1000


@pytest.mark.parametrize("kind", [str, Path])
def test_a_folder_is_no_picture(tmp_path, kind):
    with pytest.raises(ValueError, match=rf"name is '{tmp_path}', a folder"):
        load_image(kind(tmp_path))


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.png").touch()

    def refuse(path):
        raise PermissionError("Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ValueError, match=r"a\.png', a file that cannot be read: Permission"):
        load_image(tmp_path / "a.png")


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    Image.new("RGB", (3, 2)).save(tmp_path / "a.png")
    assert load_image("~/a.png").shape == (2, 3, 3)
    assert load_image(Path("~/a.png")).shape == (2, 3, 3)
    with pytest.raises(FileNotFoundError, match=r"'~/b\.png'"):
        load_image("~/b.png")


def test_an_oversized_picture_is_refused_before_it_is_decoded(tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 99)
    Image.new("L", (10, 10)).save(tmp_path / "a.png")
    tifffile.imwrite(tmp_path / "b.tif", np.zeros((10, 10)))
    for name in ("a.png", "b.tif"):
        with pytest.raises(ValueError, match="10×10 pixels; at most 99 are read"):
            load_image(tmp_path / name)
    monkeypatch.setattr(images, "MAX_PIXELS", 100)
    assert load_image(tmp_path / "a.png").shape == (10, 10, 3)


def test_a_size_that_pillow_warns_of_is_refused_without_a_warning(tmp_path):
    Image.new("1", (10_000, 10_000)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="10000×10000 pixels; at most 50,000,000 are read"):
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

        def do_GET(self):
            raw = {
                "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc",
                "/broken": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n99\r\nabc",
                "/foreign": b"hello\r\n\r\n",
                "/silent": b"",
            }
            if self.path in raw:
                self.wfile.write(raw[self.path])
            else:
                super().do_GET()

        def log_message(self, *_):
            pass

    Image.new("RGB", (3, 2), "white").save(tmp_path / "a.png")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_is_loaded_from_an_address(address):
    assert load_image(f"{address}/a.png").shape == (2, 3, 3)


@pytest.mark.parametrize("name", ["a b.png", "a%20b.png", "é.png", "a b.png?x=é y"])
def test_an_address_may_hold_what_a_browser_escapes(address, tmp_path, name):
    for file in ("a b.png", "é.png"):
        Image.new("RGB", (3, 2)).save(tmp_path / file)
    assert load_image(f"{address}/{name}").shape == (2, 3, 3)


def test_an_address_may_begin_in_capitals(address):
    assert load_image(f"{address.upper()}/a.png").shape == (2, 3, 3)


@pytest.mark.parametrize("page", ["no_such.png", "short", "broken", "foreign", "silent"])
def test_an_answer_that_is_none_is_named(address, page):
    with pytest.raises(ConnectionError, match=rf"name is '{address}/{page}'; it cannot be read"):
        load_image(f"{address}/{page}")


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:port/a.png", "http://[::1/a.png", "http://a..b/a.png", "http://"]
)
def test_an_address_that_cannot_be_is_named(name):
    with pytest.raises(ConnectionError) as refusal:
        load_image(name)
    assert str(refusal.value).startswith(f"name is '{name}'; it cannot be read")


def test_a_download_that_is_too_large_is_cut(address, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 10)
    with pytest.raises(ValueError, match=r"a\.png'; at most 10 bytes"):
        load_image(f"{address}/a.png")
    size = (tmp_path / "a.png").stat().st_size
    monkeypatch.setattr(images, "MAX_BYTES", size)
    assert load_image(f"{address}/a.png").shape == (2, 3, 3)
