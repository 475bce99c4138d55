"""Load pictures by name, path or address as float32 arrays in [0, 1]."""

import io
from importlib.resources import files
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 50_000_000
MAX_BYTES = 50_000_000


def image_names():
    """Return the names of the pictures that scikit-image brings along, sorted."""
    return sorted(_bundled())


def load_image(name, size=None, gray=False):
    """Load a picture as float32 in [0, 1]: (H, W, 3), or (H, W) with `gray=True`.

    `name` is one of `image_names()`, a path, or an http(s) address. `size` is None for the
    picture's own size, or one side of a square, or (height, width): the picture is cropped about
    its centre to that shape and resampled. The camera's orientation (EXIF) is applied;
    transparent pixels are laid on white; grey is the luma of Rec. 601.

    Raises ValueError for an unknown name, a file that is no picture, or one of more than
    `MAX_PIXELS` pixels; FileNotFoundError for a path that is not there; ConnectionError for an
    address that cannot be read.
    """
    if size is not None:
        size = _checked_size(size)
    with _open(name) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError(
                f"name is {str(name)!r}, a picture of {picture.width}×{picture.height} pixels; "
                f"at most {MAX_PIXELS:,} pixels are read"
            )
        try:
            picture.load()
        except (OSError, SyntaxError, ValueError) as error:
            raise ValueError(f"name is {str(name)!r}, a damaged picture: {error}") from error
        picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith(("I", "F")):
        picture = _eight_bit(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    picture = picture.convert("L" if gray else "RGB")
    if size is not None:
        height, width = size
        picture = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(picture, dtype=np.float32) / 255


def _bundled():
    folder = files("skimage.data")
    return {Path(f.name).stem: f for f in folder.iterdir() if f.name.endswith((".png", ".jpg"))}


def _open(name):
    if isinstance(name, str) and name.startswith(("http://", "https://")):
        source = io.BytesIO(_download(name))
    elif isinstance(name, str) and name in _bundled():
        source = io.BytesIO(_bundled()[name].read_bytes())
    elif isinstance(name, str) and not Path(name).suffix and not Path(name).exists():
        raise ValueError(
            f"name is {name!r}; it must be a path, an address or one of {', '.join(image_names())}"
        )
    elif Path(name).is_file():
        source = io.BytesIO(Path(name).read_bytes())
    else:
        raise FileNotFoundError(f"name is {str(name)!r}; there is no such file")
    try:
        return Image.open(source)
    except UnidentifiedImageError:
        raise ValueError(f"name is {str(name)!r}; that is not a picture that can be read") from None
    except Image.DecompressionBombError as error:
        raise ValueError(f"name is {str(name)!r}; the picture is too large: {error}") from None


def _download(address):
    # some hosts refuse clients that do not name themselves
    request = Request(address, headers={"User-Agent": "ask-predict-run-check"})
    try:
        with urlopen(request, timeout=20) as response:
            data = response.read(MAX_BYTES + 1)
    except (URLError, TimeoutError, OSError) as error:
        raise ConnectionError(f"name is {address!r}; it cannot be read: {error}") from error
    if len(data) > MAX_BYTES:
        raise ValueError(f"name is {address!r}; at most {MAX_BYTES:,} bytes are read")
    return data


def _eight_bit(picture):
    """Return a 16-bit or floating-point picture as 8-bit grey; Pillow's convert would clip it."""
    values = np.asarray(picture, dtype=np.float64)
    # a float file holds [0, 1] or bytes or 16-bit counts: the largest value tells which
    top = next((t for t in (1, 255, 65535) if values.max(initial=0) <= t), values.max(initial=1))
    if picture.mode.startswith("I"):
        top = 65535
    return Image.fromarray(np.uint8(np.rint(255 * np.clip(values / top, 0, 1))))


def _checked_size(size):
    sides = (size, size) if np.ndim(size) == 0 else tuple(size)
    if len(sides) != 2 or any(not isinstance(n, (int, np.integer)) or n < 1 for n in sides):
        raise ValueError(f"size is {size!r}; it must be a positive integer or (height, width)")
    if sides[0] * sides[1] > MAX_PIXELS:
        raise ValueError(f"size is {size!r}; at most {MAX_PIXELS:,} pixels are made")
    return tuple(int(n) for n in sides)
