"""Run the question's own case once and write what it measures into the chapter.

Usage: python tests/tools/asker_case.py

The chapter on the pseudo-inverse of a convolution shows 32 channels of 128 × 128 pixels beside
smaller cases. That takes some gigabytes and minutes, so no run of the chapter repeats it. This
script takes the chapter's functions, calls `asker_errors(32, 128)`, and replaces the cell `stored`
by the result and its date. Run `make notebooks NAME=conv_pseudo_inverse` after it.
"""

import ast
import datetime
import sys
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "conv_pseudo_inverse.ipynb"
MEASURES = "asker_errors"


def functions(notebook):
    """Return the namespace of a chapter's imports, functions and classes, without its runs."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            code = "\n".join(line for line in cell.source.splitlines() if "%pip" not in line)
            if cell.id == "setup":
                code = code[code.index("\nimport math") :]
            tree = ast.parse(code)
            tree.body = [node for node in tree.body if isinstance(node, kept)]
            exec(compile(tree, cell.id, "exec"), names)
        if MEASURES in names:
            return names
    raise ValueError(f"{NOTEBOOK.name} has no function {MEASURES}")


def main(channels=32, side=128):
    """Measure, and write the result into the notebook."""
    notebook = nbformat.read(NOTEBOOK, 4)
    start = time.process_time()
    errors = functions(notebook)[MEASURES](channels, side)
    seconds = time.process_time() - start
    today = datetime.datetime.now(datetime.UTC).date()
    cell = next(cell for cell in notebook.cells if cell.get("id") == "stored")
    cell.source = (
        f"# written by tests/tools/asker_case.py: c = {channels}, side {side}\n"
        f"stored_errors = [{', '.join(f'{error:.2e}' for error in errors)}]\n"
        f'stored_when = "{today}, {seconds:.0f} CPU s"'
    )
    nbformat.write(notebook, NOTEBOOK)
    print(cell.source)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
