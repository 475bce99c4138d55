"""Run the question's own case once and write what it measures into the chapter.

Usage: python -m tests.tools.asker_case

The chapter on the pseudo-inverse of a convolution shows 32 channels of 128 × 128 pixels beside
smaller cases. The exact inverse takes some gigabytes there, and the long runs of LSQR take minutes,
so no run of the chapter repeats them. This script takes the chapter's functions, calls
`asker_errors`, `prepare_circular` and `undo`, and replaces the cell `stored` by κ, the errors and
their date. Run `make notebooks NAME=conv_pseudo_inverse` after it.
"""

import ast
import time
from pathlib import Path

import nbformat

from tests.tools import stored

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "notebooks" / "conv_pseudo_inverse.ipynb"
MEASURES = {"asker_errors", "prepare_circular", "question", "undo"}
STEPS = (50, 300, 1000)
RIDGE = 0.1  # of the preconditioner: of 1e-4, 1e-2, 0.1 and 1 the best after a hundred steps


def written(errors):
    """Return errors as a list of short numbers, as ruff writes them."""
    return f"[{', '.join(f'{error:.2e}' for error in errors)}]".replace("+", "")


def constant(node):
    """Return whether a statement gives a number or a text a name."""
    named = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    return named and isinstance(node.value, ast.Constant)


def functions(notebook):
    """Return the namespace of a chapter's imports, functions, classes and constants."""
    kept = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            code = "\n".join(line for line in cell.source.splitlines() if "%pip" not in line)
            if cell.id == "setup":
                code = code[code.index("\nimport math") :]
            tree = ast.parse(code)
            tree.body = [node for node in tree.body if isinstance(node, kept) or constant(node)]
            exec(compile(tree, cell.id, "exec"), names)
        if names.keys() >= MEASURES:
            return names
    raise ValueError(f"{NOTEBOOK.name} lacks one of the functions {MEASURES}")


def main(channels=32, side=128):
    """Measure, and write the result into the notebook."""
    notebook = nbformat.read(NOTEBOOK, 4)
    names = functions(notebook)
    kernel, x, _ = names["question"](channels, side, seed=0)

    def lsqr_errors(share, stop=0.0, damp=0.0, steps=STEPS, **options):
        runs = (names["undo"](kernel, x, "zeros", share, stop, damp, n, **options) for n in steps)
        return [error for error, _ in runs]

    start = time.process_time()
    kappa, exact = names["asker_errors"](channels, side)
    del exact["exact"]
    paths = {"no noise": lsqr_errors(0.0), "noise, damped": lsqr_errors(names["SHARE"], damp=1.0)}
    ridge = RIDGE * kernel.square().sum().item() / channels
    M = names["prepare_circular"](kernel, (side, side), ridge)
    paths["preconditioned"] = lsqr_errors(names["SHARE"], steps=STEPS[:2], M=M)
    lines = [f"# written by tests/tools/asker_case.py: c = {channels}, side {side}"]
    lines += [f"stored_kappa = {written([kappa])[1:-1]}", "stored_exact = {"]
    lines += [f'    "{name}": {written(errors)},' for name, errors in exact.items()]
    lines += ["}", f"stored_steps = {list(STEPS)}", "stored_lsqr = {"]
    lines += [f'    "{name}": {written(errors)},' for name, errors in paths.items()]
    stored.write(NOTEBOOK, [*lines, "}"], start)


if __name__ == "__main__":
    main()
