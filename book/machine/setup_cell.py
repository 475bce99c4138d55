"""How a set-up cell begins: the lines that find the book's helpers, wherever the notebook is.

In the repository the helpers lie beside the notebooks; a committed notebook that is opened
elsewhere, as in Colab, has pip fetch them from the repository's address. A notebook that a page
offers, or `make student` writes, carries them within itself.
"""

import base64
import io
import zipfile

import yaml

from book.machine import results

PLACEHOLDER = "https://github.com/example/"
END = results.END_OF_BOOTSTRAP
FETCH = """\
# In Colab, or wherever this notebook stands alone, fetch the book's helpers.
import sys
from pathlib import Path


def with_helpers():
    places = ["..", *sys.path]
    return [p for p in places if Path(p, "helpers/claims.py").exists()][:1]


if not with_helpers():
    %pip install -q git+ADDRESS
# in front of anything else that is called `helpers`"""
CARRY = """\
# @title Set-up: the book's helpers, packed into one long line, and the imports
import atexit
import base64
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path


def with_helpers():
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    packed = "PACKED"
    Path(folder, "helpers.zip").write_bytes(base64.b64decode(packed))
    return [f"{folder}/helpers.zip"]


packages = PACKAGES
missing = [packages[name] for name in packages if not importlib.util.find_spec(name)]
if missing:
    %pip install -q {" ".join(missing)}
# in front of anything else that is called `helpers`"""
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
    return FETCH.replace("ADDRESS", address()) + END


def carrying(notebook):
    """Return the lines that a set-up cell begins with where the notebook is to stand alone."""
    packages = {name: PACKAGES.get(name, name) for name in results.modules(notebook)}
    return CARRY.replace("PACKED", packed()).replace("PACKAGES", repr(packages)) + END


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
