"""Decode a picture file to 8 bits, and refuse one that does not say what white is.

| pixels in the file | white |
|---|---|
| 1 to 8 bits, a palette, colour of 8 or 16 bits a channel | as Pillow reads them |
| unsigned counts of 9 to 16 bits | the largest count |
| floats | 1; what a filter or noise adds, down to −0.5 and up to 1.5, is clipped |
| anything else: counts with a sign or of 32 bits, floats beyond that, NaN | not known: refused |
"""

import io
import warnings

import numpy as np
import tifffile  # scikit-image brings it along
from PIL import Image, ImageFile, UnidentifiedImageError

OVERSHOOT = 0.5
TIFF_HEADERS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
# TIFF's tags, and the values of theirs that change what a pixel means
BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION, PLANES = 258, 259, 262, 274, 284
FURTHER, SAMPLE_FORMAT = 338, 339
UNCOMPRESSED = 1
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, INKS = 0, 1, 2, 5
SEPARATE = 2
UNSPECIFIED, PREMULTIPLIED, STRAIGHT = 0, 1, 2
SIGNED = (2,)
# EXIF's orientation, which is TIFF's → how to turn the picture upright
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# modes that Pillow turns into one other mode only
DETOURS = {"La": "LA", "LAB": "RGB"}
# photometric interpretation and kind of a further channel → Pillow's mode
MODES = {
    (WHITE_IS_ZERO, ()): "L",
    (BLACK_IS_ZERO, ()): "L",
    (BLACK_IS_ZERO, (UNSPECIFIED,)): "L",
    (BLACK_IS_ZERO, (PREMULTIPLIED,)): "La",
    (BLACK_IS_ZERO, (STRAIGHT,)): "LA",
    (RGB, ()): "RGB",
    (RGB, (UNSPECIFIED,)): "RGB",
    (RGB, (PREMULTIPLIED,)): "RGBa",
    (RGB, (STRAIGHT,)): "RGBA",
    (INKS, ()): "CMYK",
}


def decode(data, max_pixels):
    """Return the picture in the bytes `data` as an 8-bit Pillow image, upright and on white.

    Of several frames it is the first. Raises ValueError for more than `max_pixels` pixels and for
    pixels whose white is not known, and what a decoder raises on bytes that it cannot read.
    """
    picture = _open(data, max_pixels)
    picture.load()
    if picture.format == "PNG" and "transparency" in picture.info:
        _scale_transparent_colour(picture, bits=data[24])
    turn = TURNS.get(_orientation(picture))
    if picture.mode.startswith(("I", "F")) or _is_signed(picture):
        picture = _from_deep(picture)
    if picture.mode in DETOURS:
        picture = picture.convert(DETOURS[picture.mode])
    picture = _on_white(picture)
    return picture if turn is None else picture.transpose(turn)


def _open(data, max_pixels):
    try:
        with warnings.catch_warnings(action="ignore"):  # of many pixels, or of damaged EXIF
            picture = Image.open(io.BytesIO(data))
    except UnidentifiedImageError:
        if data.startswith(TIFF_HEADERS):
            return _from_tiff(data, max_pixels)
        raise ValueError("it is of no known format") from None
    if picture.format == "EPS" or isinstance(picture, ImageFile.StubImageFile):
        raise ValueError(f"files of the format {picture.format} are not drawn; save it as PNG")
    _check_count(picture.width, picture.height, max_pixels)
    if picture.format == "TIFF" and _is_misread(picture):
        return _from_tiff(data, max_pixels)
    return picture


def _is_misread(picture):
    """Tell whether Pillow shows another picture than this TIFF holds: of planes, or of floats."""
    tags = picture.tag_v2
    if tags.get(PLANES) == SEPARATE:
        uncompressed = tags.get(COMPRESSION, UNCOMPRESSED) == UNCOMPRESSED
        if uncompressed or (FURTHER in tags and picture.mode != "RGBA"):
            return True
    return picture.mode == "F" and tags.prefix == b"MM"  # the other order of bytes


def _orientation(picture):
    """Return EXIF's orientation, or None; damaged EXIF costs no picture, in any format."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return picture.getexif().get(ORIENTATION)
    except Exception:  # on foreign bytes it may raise anything
        return None


def _from_tiff(data, max_pixels):
    """Return the first page of a TIFF that Pillow does not read, such as colour in floats."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages[0]
        _check_count(page.imagewidth, page.imagelength, max_pixels)
        mode = MODES.get((page.photometric, page.extrasamples))
        if mode is None or page.axes not in ("YX", "YXS", "SYX"):
            raise ValueError(
                f"its axes {page.axes} and channels are not grey or RGB with an alpha, or CMYK"
            )
        values = page.asarray()
    if page.axes == "SYX":
        values = np.moveaxis(values, 0, -1)
    if page.extrasamples == (UNSPECIFIED,):
        values = values[..., :-1]
    pixels = _eight_bit(values, page.bitspersample, page.photometric == WHITE_IS_ZERO)
    picture = Image.frombytes(mode, (page.imagewidth, page.imagelength), pixels.tobytes())
    picture.getexif()[ORIENTATION] = page.tags.valueof(ORIENTATION, 1)
    return picture


def _from_deep(picture):
    """Return a grey picture of more than 8 bits as 8 bits; Pillow's own convert would clip it."""
    tags, values = getattr(picture, "tag_v2", {}), np.asarray(picture)
    if _is_signed(picture):
        values = values.astype(np.int32)  # Pillow passes some of them off as unsigned
    elif picture.mode == "I" and picture.format in ("PNG", "PPM"):
        values = values.astype(np.uint16)  # and some of 16 bits as 32
    bits = tags.get(BITS, (8 * values.itemsize,))[0]
    pixels = _eight_bit(values, bits, tags.get(PHOTOMETRIC) == WHITE_IS_ZERO)
    gray = Image.fromarray(pixels)
    if "transparency" in picture.info:
        gray.putalpha(Image.fromarray(np.uint8(255 * (values != picture.info["transparency"]))))
    return gray


def _eight_bit(values, bits, white_is_zero):
    """Return counts of `bits` bits, or floats in [0, 1], as bytes."""
    if values.dtype.kind == "u" and bits <= 16:
        white = 2**bits - 1
    elif values.dtype.kind == "f":
        white = 1
    else:
        raise ValueError(_unknown_white("whole numbers of 32 bits or with a sign"))
    if not np.isfinite(values).all():
        raise ValueError("it has NaN or infinite values; every pixel must be finite")
    scaled = values.astype(np.float64) / white
    if scaled.min() < -OVERSHOOT or scaled.max() > 1 + OVERSHOOT:
        raise ValueError(_unknown_white(f"floats from {scaled.min():g} to {scaled.max():g}"))
    pixels = np.uint8(np.rint(255 * np.clip(scaled, 0, 1)))
    return 255 - pixels if white_is_zero else pixels


def _unknown_white(pixels):
    return (
        f"its pixels are {pixels}, so what white is cannot be known; "
        "they must be floats in [0, 1], or unsigned counts of 16 bits at most"
    )


def _is_signed(picture):
    tags = getattr(picture, "tag_v2", {})
    return tags.get(SAMPLE_FORMAT) == SIGNED or (picture.format, picture.mode) == ("FITS", "I;16")


def _scale_transparent_colour(picture, bits):
    """Scale a PNG's transparent colour as Pillow scales its pixels; it leaves the colour as is."""
    if picture.mode == "L":
        picture.info["transparency"] *= 255 // (2**bits - 1)
    elif picture.mode == "RGB" and bits == 16:
        raise ValueError("of its 16-bit colours one is transparent; save it with an alpha channel")


def _on_white(picture):
    if not picture.has_transparency_data:
        return picture
    picture = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)


def _check_count(width, height, max_pixels):
    if width * height > max_pixels:
        raise ValueError(f"it has {width}×{height} pixels; at most {max_pixels:,} are read")
