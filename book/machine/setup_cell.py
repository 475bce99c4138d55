"""How a set-up cell begins: the lines that find the book's helpers, wherever the notebook is.

In the repository the helpers lie beside the notebooks; a committed notebook that is opened
elsewhere, as in Colab, has pip fetch them from the repository's address. A notebook that a page
offers, or `make student` writes, carries them within itself.
"""

import base64
import io
import zipfile
from pathlib import Path

import yaml

from book.machine import results

PLACEHOLDER = "https://github.com/example/"
END = results.END_OF_BOOTSTRAP
# Jupyter folds the cell by the one, Colab by the other
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
# where a package is not called as its module
PACKAGES = {
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
}


def address():
    """Return the address of the repository, which stands in `_config.yml` alone."""
    config = yaml.safe_load((results.ROOT / "_config.yml").read_text("utf-8"))
    return config["repository"]["url"]


def is_public():
    """Return whether the repository has an address, and not the placeholder."""
    return not address().startswith(PLACEHOLDER)


def fetching():
    """Return the lines that the set-up cell of every committed notebook begins with."""
    return _beginning("fetch.txt", ADDRESS=address())


def carrying(notebook):
    """Return the lines that a set-up cell begins with where the notebook is to stand alone."""
    packages = {name: PACKAGES.get(name, name) for name in results.modules(notebook)}
    return _beginning("carry.txt", PACKED=packed(), PACKAGES=repr(packages))


def _beginning(template, **values):
    text = (Path(__file__).parent / "templates" / template).read_text("utf-8").rstrip()
    for name, value in values.items():
        text = text.replace(name, value)
    return text + END


def replace(notebook, beginning):
    """Give the set-up cell, the first code cell, another beginning, if it is one; return it."""
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    _, end, rest = first.source.partition(END)
    if end:
        first.source = beginning + rest
    return first


def packed():
    """Return the helpers as a zip file in base64, the same wherever and whenever it is made."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for source in sorted((results.ROOT / "helpers").glob("*.*")):
            entry = zipfile.ZipInfo(f"helpers/{source.name}")
            file.writestr(entry, source.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    return base64.b64encode(data.getvalue()).decode()
