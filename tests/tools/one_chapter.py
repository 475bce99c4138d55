"""Test one chapter: its format, its structure, its run with the checks beside it, and its page.

Usage: python -m tests.tools.one_chapter NAME

It is the part of `make test` that concerns the chapter. Each step is taken, whatever the others
find, but no page is made of a run that failed. At the end stand the claims with their values.
"""

import subprocess
import sys
import time

import nbformat

from book.machine import results
from helpers.claims import MARKS

RENDERED = ["tests/test_pages.py", "tests/test_prints.py"]


def steps(name):
    """Yield (what a step tests, its command) for a chapter."""
    notebook, checks = f"notebooks/{name}.ipynb", f"tests/chapters/{name}.py"
    files = [file for file in (notebook, checks) if (results.ROOT / file).exists()]
    python = [sys.executable, "-m"]
    pytest = [*python, "pytest", "--tb=short"]
    left_out = [f"--ignore={file}" for file in RENDERED]
    yield "lint", [*python, "tests.tools.lint", "check", *files]
    yield "format", [*python, "tests.tools.lint", "format", "--check", *files]
    yield "spelling", [*python, "codespell_lib", *files]  # the cells are spelt in a test
    yield "structure", [*pytest, "tests", *left_out, "-k", f"[{name}]"]
    yield "run", [*pytest, "--nbval-lax", "--nbval-cell-timeout", "300", "--stale", notebook]
    yield "build", ["make", "--no-print-directory", "html", f"NAME={name}"]
    yield "page", [*pytest, *RENDERED, "-k", f"notebooks/{name}] or notebooks/{name}-"]


def claims(name):
    """Return the claims of a chapter's last run, each in a line with its value."""
    path = results.ROOT / "notebooks" / f"{name}.ipynb"
    result = results.load(path, nbformat.read(path, 4))
    if result is None:
        return ["not known: it has not run to its end"]
    return [
        f"{MARKS[claim.held]} {claim.text}: {claim.value}" + f" ({claim.bound})" * bool(claim.bound)
        for claim in results.claims_in(result)
    ]


def main(name):
    """Take the steps and print what they found; return the exit status."""
    known = [path.stem for path in results.notebooks()]
    if name not in known:
        print(f"NAME is {name}; it may be {', '.join(known)}", file=sys.stderr)
        return 2
    found = {}
    for what, command in steps(name):
        if what in ("build", "page") and found["run"][0]:
            continue
        print(f"\n{name}: {what}", flush=True)
        start = time.perf_counter()
        status = subprocess.run(command, cwd=results.ROOT, check=False).returncode
        found[what] = status, time.perf_counter() - start
    print(f"\n{name}: what it claims", *claims(name), "", sep="\n")
    for what, (status, seconds) in found.items():
        print(f"{'FAILED' if status else 'passed'}: {what}, {seconds:.0f} s")
    return 1 if any(status for status, _ in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
