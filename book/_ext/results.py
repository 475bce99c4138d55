"""The results of executed notebooks, kept until something that they depend on changes.

A result is the executed notebook in `_build/results`, under a name that holds the hash of the
notebook's code, of the helpers that it imports, and of the pinned packages. A result that is
there is valid; so nothing has to be declared stale.
"""

import ast
import hashlib
import sys
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "_build" / "results"
PINS = ("requirements.txt", "constraints.txt")


def notebooks():
    """Return the paths of the chapters and of their template."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def code_hash(notebook):
    """Return the hash of a notebook's code cells, comments and layout left out."""
    return hashlib.sha256("\n".join(_codes(notebook)).encode()).hexdigest()[:16]


def result_path(path, notebook):
    """Return where the result of `notebook`, read from `path`, is kept."""
    digest = hashlib.sha256(code_hash(notebook).encode())
    digest.update(str(sys.version_info[:2]).encode())
    for source in helpers_of(notebook):
        digest.update(_shape(source.read_text("utf-8")).encode())
    for pins in PINS:
        digest.update((ROOT / pins).read_bytes())
    return RESULTS / f"{Path(path).stem}-{digest.hexdigest()[:16]}.ipynb"


def helpers_of(notebook):
    """Return the files of `helpers` that a notebook imports, directly or through one another."""
    found, todo = set(), set().union(*map(_imports, _codes(notebook)))
    while todo:
        found.add(source := todo.pop())
        todo |= _imports(source.read_text("utf-8")) - found
    return sorted(found)


def store(path, notebook, seconds):
    """Keep an executed notebook as the result for `path`, in place of older ones."""
    target = result_path(path, notebook)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for old in RESULTS.glob(f"{Path(path).stem}-{'?' * 16}.ipynb"):
        old.unlink()
    notebook.metadata["execution_seconds"] = round(seconds, 1)
    nbformat.write(notebook, target)


def load(path, notebook):
    """Return the valid result for `notebook`, or None."""
    target = result_path(path, notebook)
    return nbformat.read(target, 4) if target.exists() else None


def with_outputs(notebook, result):
    """Give a notebook the outputs of its result; the code is the same, the prose may be newer."""
    executed = iter(c for c in result.cells if c.cell_type == "code")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            source = next(executed)
            cell.outputs, cell.execution_count = (
                source.outputs,
                source.execution_count,
            )
    return notebook


def _codes(notebook):
    transform = TransformerManager().transform_cell
    return [_shape(transform(c.source)) for c in notebook.cells if c.cell_type == "code"]


def _shape(source):
    # unparse drops comments and layout: reformatting makes no result stale
    return ast.unparse(ast.parse(source))


def _imports(source):
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [
                node.module,
                *(f"{node.module}.{alias.name}" for alias in node.names),
            ]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            stem = ROOT.joinpath(*name.split("."))
            if name.split(".")[0] == "helpers":
                found |= {f for f in (stem.with_suffix(".py"), stem / "__init__.py") if f.exists()}
    return found
