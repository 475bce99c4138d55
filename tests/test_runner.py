"""The runner of the chapters is fed wrong notebooks, one for each way of being wrong."""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
PARTS = ["conftest.py", "pyproject.toml", "requirements.txt", "constraints.txt"]
PARTS += ["tests/__init__.py", "tests/compare.py"]
PARTS += ["book/machine/__init__.py", "book/machine/results.py"]
PARTS += [f"helpers/{name}.py" for name in ("__init__", "claims")]

CLAIM = "from helpers.claims import Claims\nClaims('c').below('size', {}, 2, why='w')"
EXERCISE = [
    ("def twice(x):\n    return x", "exercise"),
    ("def twice(x):\n    return 2 * x", "solution"),
    ("assert twice(3) == 6, 'twice three is six'", "check"),
]
CHECKED = "nbval-check-output"

# cells are (source, tag, stored output); each notebook is wrong in one way, which its report names
WRONG = {
    "decimal": ([("print(0.123456)", CHECKED, "0.1236\n")], "mismatch"),
    "whole": ([("print(7)", CHECKED, "8\n")], "mismatch"),
    "word": ([("print('one word')", CHECKED, "one ward\n")], "mismatch"),
    "unstored": ([("print(7)", CHECKED)], "there is no output to compare"),
    "silent": ([("1 + 1", "raises-exception")], "nothing was raised"),
    "raises": ([("1 / 0",)], "ZeroDivisionError"),
    "dies": ([("import os\nos._exit(1)",)], "the kernel died"),
    "slow": ([("import time\ntime.sleep(600)",)], "Timeout of 8 seconds"),
    "claim": ([(CLAIM.format(3),)], "c: “size”: 3, wanted ≤ 2"),
    "starter": (
        [("def twice(x):\n    return x + x", "exercise"), *EXERCISE[1:]],
        "accepts the starter",
    ),
    "solution": (
        [EXERCISE[0], ("def twice(x):\n    return x", "solution"), EXERCISE[2]],
        "twice three is six",
    ),
}
RIGHT = [
    ("x = 3\nprint(0.123456, 'words', 7)", CHECKED, "0.123457 words 7\n"),
    ("print(1e5 + 1)", CHECKED, "100000.0\n"),
    ("1 / 0", "raises-exception"),
    (CLAIM.format(1),),
    ("import sys\nprint('not compared', file=sys.stderr)", CHECKED, ""),
    *EXERCISE,
    ("import time\ntime.sleep(2)",),
    ("x",),
]
BESIDE = """'''What the chapter must keep true.'''

# %% a fact
x = x + 1
assert x == 4

# %% names are restored, and new ones are gone
assert x == 3
assert "unknown" not in globals()

# %% a name that stays here
unknown = 1

# %% a wrong fact
assert x == 5

# %% wrong, exercise 1: the square
def twice(x):
    return x * x

# %% wrong, exercise 1: another way of doubling, which is right
def twice(x):
    return x + x

# %% wrong, exercise 1: does not even run
def twice(x):
    return x.twice

# %% right, exercise 1: by addition
def twice(x):
    return x + x

# %% right, exercise 1: three times
def twice(x):
    return 3 * x

# %% right, exercise 2: which is not there
def twice(x):
    return x + x
"""
BESIDE_RED = {
    "a wrong fact": "right.py:14: a wrong fact",
    "wrong, exercise 1: another way of doubling, which is right": "accepts this answer",
    "wrong, exercise 1: does not even run": "AttributeError",
    "right, exercise 1: three times": "twice three is six",
    "right, exercise 2: which is not there": "there is no exercise 2",
}


def write(path, cells):
    notebook = nbformat.v4.new_notebook()
    for number, (source, *more) in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source, id=f"cell-{number}", execution_count=number + 1)
        cell.metadata["tags"] = more[:1]
        cell.outputs = [nbformat.v4.new_output("stream", text=text) for text in more[1:] if text]
        if more[1:] == [""]:  # something is stored, and it is on the other stream
            cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="else\n")]
        notebook.cells.append(cell)
    nbformat.write(notebook, path)


def run(tree, *arguments):
    """Run pytest in the tree; return {(notebook, test): the report of a failure, or None}."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-cell-timeout", "8"]
    command += ["-n", "2", "--dist", "loadfile", "--color", "no", "--junit-xml", "report.xml"]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    environment.pop("PYTEST_XDIST_WORKER", None)
    subprocess.run(
        [*command, *arguments], cwd=tree, env=environment, capture_output=True, check=False
    )
    found = {}
    for case in ET.parse(tree / "report.xml").iter("testcase"):
        failure = next((c.text for c in case if c.tag in ("failure", "error")), None)
        skipped = next((c.tag for c in case if c.tag == "skipped"), None)
        found[case.get("classname").split(".")[-2], case.get("name")] = failure or skipped
    return found


def collected(tree):
    """Return the names of two notebooks, one passed and one not, that `--stale` would run."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--stale", "--collect-only"]
    command += ["notebooks/clean.ipynb", "notebooks/claim.ipynb"]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    listed = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    return set(re.findall(r"(\w+)\.ipynb::", listed.stdout))


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    tree = tmp_path_factory.mktemp("book")
    for part in PARTS:
        (tree / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, tree / part)
    (tree / "notebooks").mkdir()
    for name, (cells, _) in WRONG.items():
        write(tree / "notebooks" / f"{name}.ipynb", cells)
    write(tree / "notebooks" / "right.ipynb", RIGHT)
    write(tree / "notebooks" / "clean.ipynb", RIGHT)
    write(tree / "notebooks" / "checked.ipynb", RIGHT)
    (tree / "tests" / "chapters").mkdir()
    (tree / "tests" / "chapters" / "right.py").write_text(BESIDE)
    (tree / "tests" / "chapters" / "checked.py").write_text(BESIDE.partition("\n# %% a wrong")[0])
    return tree


@pytest.fixture(scope="module")
def reports(tree):
    return run(tree, "notebooks")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_notebook_is_red_for_its_own_reason(reports, name):
    failures = [text for (notebook, _), text in reports.items() if notebook == name and text]
    assert failures
    assert WRONG[name][1] in failures[0]


def test_the_right_notebook_is_green(reports):
    cells = {test: text for (notebook, test), text in reports.items() if notebook == "clean"}
    assert len(cells) == len(RIGHT)
    assert not any(cells.values())


def test_checks_beside_a_chapter_run_in_its_kernel(reports):
    checks = {
        test: text
        for (notebook, test), text in reports.items()
        if notebook == "right" and not test.startswith("cell-")
    }
    assert len(checks) == BESIDE.count("# %%")
    assert {test for test, text in checks.items() if text} == set(BESIDE_RED)
    for test, reason in BESIDE_RED.items():
        assert reason in checks[test]
    assert "right.py:15" in checks["a wrong fact"]  # the line, beside the title's


def test_what_passed_is_kept_and_not_run_again(tree, reports):
    kept = {file.name.split("-")[0] for file in (tree / "_build/results").glob("*.passed")}
    assert kept == {"clean", "checked"}
    stored = {file.name.split("-")[0] for file in (tree / "_build/results").glob("*.ipynb")}
    assert stored == {
        "clean",
        "checked",
        "right",
    }  # the checks beside a chapter are no part of its result
    assert collected(tree) == {"claim"}
    for change in ("notebooks/clean.ipynb", "tests/chapters/clean.py", "conftest.py"):
        file = tree / change
        before = file.read_bytes() if file.exists() else b""
        file.write_bytes(before + b"\n")
        assert collected(tree) == {"claim", "clean"}, change
        file.write_bytes(before)
