"""The pictures of a run, made small once, when its result is stored: photographs JPEG, plots PNG.

A plot keeps 256 colours, which is all that it has. Pages, slides, PDF and EPUB show these files.
"""

import base64
import io
import re

from PIL import Image

PHOTOGRAPH = "picture"  # the tag of a cell whose figures hold photographs
FRAME = re.compile(r"data:image/png;base64,([\w+/=]+)")


def lighten(notebook):
    """Replace the pictures in the outputs of a notebook, and the frames of its sliders."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if png := data.get("image/png"):
                if PHOTOGRAPH in cell.metadata.get("tags", []):
                    del data["image/png"]
                    data["image/jpeg"] = encoded(opened(png), "jpeg", quality=90)
                else:
                    data["image/png"] = plot(png)
            if "text/html" in data:
                data["text/html"] = FRAME.sub(
                    lambda frame: f"data:image/png;base64,{plot(frame[1])}", data["text/html"]
                )


def of(output):
    """Return the picture of an output as its kind and its bytes in base64, or None."""
    data = output.get("data", {})
    found = [(kind, data[kind]) for kind in ("image/png", "image/jpeg") if kind in data]
    return found[0] if found else None


def opened(data):
    """Return the picture in a text of base64."""
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def encoded(picture, kind, **options):
    """Return a picture as a text of base64."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


def plot(data):
    """Return a plot in a text of base64 with 256 colours, unless it has no more already."""
    if Image.open(io.BytesIO(base64.b64decode(data))).mode == "P":
        return data
    few = opened(data).quantize(256, dither=Image.Dither.NONE)
    return encoded(few, "png", optimize=True)
