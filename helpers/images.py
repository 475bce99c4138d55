"""Load pictures by name, path or address as float32 arrays in [0, 1]."""

import os
import re
import string
from http.client import HTTPException, IncompleteRead
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import numpy as np
import skimage
from PIL import Image, ImageOps

from helpers.decoding import decode

MAX_PIXELS = 50_000_000
MAX_BYTES = 50_000_000


def image_names():
    """Return the names of the pictures that scikit-image brings along, sorted."""
    return sorted(_bundled())


def load_image(name, size=None, gray=False):
    """Load a picture as float32 in [0, 1]: (H, W, 3), or (H, W) with `gray=True`.

    `name` is one of `image_names()`, a path, or an http(s) address. `size` is None for the
    picture's own size, or one side of a square, or (height, width): the picture is cropped about
    its centre to that shape and resampled. The values are multiples of 1/255. Of several frames
    the first is loaded. The camera's orientation (EXIF) is applied, a colour profile is not;
    transparent pixels are laid on white; grey is the luma of Rec. 601.

    Raises TypeError for a name that is neither text nor a path; ValueError for an unknown name, a
    file that is no picture or a damaged one, one that does not say what white is (such as floats
    far outside [0, 1], NaN, or whole numbers of 32 bits), one of more than `MAX_PIXELS` pixels,
    a download of more than `MAX_BYTES` bytes, or a `size` that is none; FileNotFoundError for a
    path that is not there; ConnectionError for an address that cannot be read.
    """
    if size is not None:
        size = _checked_size(size)
    data = _read(name)
    try:
        picture = decode(data, MAX_PIXELS).convert("L" if gray else "RGB")
    except Exception as error:  # on foreign bytes a decoder may raise anything
        reason = str(error) or type(error).__name__
        raise ValueError(
            f"name is {_shown(name)}, which cannot be read as a picture: {reason}"
        ) from error
    if size is not None:
        height, width = size
        picture = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(picture, dtype=np.float32) / 255


def _bundled():
    folder = files(skimage) / "data"
    return {Path(f.name).stem: f for f in folder.iterdir() if f.name.endswith((".png", ".jpg"))}


def _read(name):
    if not isinstance(name, (str, os.PathLike)):
        raise TypeError(f"name is of type {type(name).__name__}; it must be a string or a path")
    if isinstance(name, str) and re.match("https?://", name, re.IGNORECASE):
        return _download(name)
    if isinstance(name, str) and name in _bundled():
        return _bundled()[name].read_bytes()
    path = os.path.expanduser(name)
    if not os.path.exists(path):
        raise _not_there(name)
    if not os.path.isfile(path):
        raise ValueError(f"name is {_shown(name)}, a folder or device; it must be a picture's file")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"name is {_shown(name)}, a file that cannot be read: {error}") from error


def _not_there(name):
    if isinstance(name, str) and not Path(name).suffix:
        names = ", ".join(image_names())
        return ValueError(
            f"name is {_shown(name)}; it must be a path, an address or one of {names}"
        )
    return FileNotFoundError(f"name is {_shown(name)}; there is no such file")


def _download(address):
    try:
        # some hosts refuse clients that do not name themselves
        request = Request(
            quote(address, safe=string.punctuation),  # as a browser does with blanks and "é"
            headers={"User-Agent": "ask-predict-run-check"},
        )
        with urlopen(request, timeout=20) as response:
            data = response.read(MAX_BYTES + 1)
            if response.length and len(data) <= MAX_BYTES:
                raise IncompleteRead(data, response.length)
    except (OSError, HTTPException, ValueError) as error:
        raise ConnectionError(f"name is {_shown(address)}; it cannot be read: {error}") from error
    if len(data) > MAX_BYTES:
        raise ValueError(f"name is {_shown(address)}; at most {MAX_BYTES:,} bytes are read")
    return data


def _shown(name):
    """Return the name as a message shows it; an address may be as long as a picture."""
    text = repr(str(name))
    return text if len(text) <= 300 else f"{text[:150]} … {text[-100:]}"


def _checked_size(size):
    sides = (size, size) if np.ndim(size) == 0 else tuple(size)
    if len(sides) != 2 or any(not isinstance(n, (int, np.integer)) or n < 1 for n in sides):
        raise ValueError(f"size is {size!r}; it must be a positive integer or (height, width)")
    if sides[0] * sides[1] > MAX_PIXELS:
        raise ValueError(f"size is {size!r}; at most {MAX_PIXELS:,} pixels are made")
    return tuple(int(n) for n in sides)
