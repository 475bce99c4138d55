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

from book.machine import execute
from tests import trials

ROOT = Path(__file__).parents[1]
PARTS = ["conftest.py", "pyproject.toml", "requirements.txt", "constraints.txt"]
MACHINE = ("__init__", "execute", "failures", "pictures", "results", "setup_cell")
PARTS += [
    "_config.yml",
    *(f"tests/{name}.py" for name in ("__init__", "beside", "compare", "trials")),
]
PARTS += [f"book/machine/{name}.py" for name in MACHINE]
PARTS += [f"helpers/{name}.py" for name in ("__init__", "claims")]

CLAIM = "from helpers.claims import Claims\nClaims('c').below('size', {}, 2, why='w')"
EXERCISE = [
    ("def twice(x):\n    return x", "exercise"),
    ("def twice(x):\n    return 2 * x", "solution"),
    ("assert twice(3) == 6, 'twice three is six'\nassert twice(4) == 8", "check"),
]
FOOLED = "made from the solution: always its first result; always the first x"
CHECKED = "nbval-check-output"
UPDATED = "shown = display('first', display_id=True)\nshown.update('last')"
CLEARED = """from IPython.display import clear_output
print("first")
clear_output({})
print("last")"""
FAILS = "import asyncio\nasync def fails(key):\n    return {}[key]\n"
FINALISER = "class Last:\n    def __del__(self):\n        {}[10]\nLast();"


def in_thread(source):
    return f"from threading import Thread\nt = Thread(target=lambda: {source})\nt.start()\nt.join()"


def in_loop(source):
    return f"import asyncio\nasyncio.get_running_loop().call_soon(exec, {source!r}, {{}});"


# cells are (source, tag, stored output); each notebook is wrong in one way, which its report names
WRONG = {
    "decimal": ([("print(0.123456)", CHECKED, "0.1236\n")], "mismatch"),
    "whole": ([("print(7)", CHECKED, "8\n")], "mismatch"),
    "word": ([("print('one word')", CHECKED, "one ward\n")], "mismatch"),
    "unstored": ([("print(7)", CHECKED)], "there is no output to compare"),
    "silent": ([("1 + 1", "raises-exception")], "nothing was raised"),
    "raises": ([("1 / 0",)], "ZeroDivisionError"),
    "library": ([("import yaml\nread = yaml.safe_load\nread('{')",)], "cell cell-0: ParserError"),
    "dies": ([("import os\nos._exit(1)",)], "Kernel died"),
    "slow": ([("import time\ntime.sleep(600)",)], "after 8 seconds"),
    "claim": ([(CLAIM.format(3),)], "c: “size”: 3, wanted ≤ 2"),
    "starter": (
        [("def twice(x):\n    return x + x", "exercise"), *EXERCISE[1:]],
        "accepts the starter",
    ),
    "solution": (
        [EXERCISE[0], ("def twice(x):\n    return x", "solution"), EXERCISE[2]],
        "twice three is six",
    ),
    "unhidden": (EXERCISE, "no line “# hidden, exercise 1: BEFORE → AFTER”"),
    "fooled": ([*EXERCISE[:2], ("assert twice(3) == 6", "check")], FOOLED),
    "nan": (
        [*EXERCISE[:2], ("assert not any(twice(x) > 2 * x for x in (3, -4))", "check")],
        "accepts an answer made from the solution: NaN",
    ),
    # the reader sees what was displayed last, and so must the comparison
    "updated": ([(UPDATED, CHECKED, {"text/plain": "'first'"})], "mismatch"),
    "cleared": ([(CLEARED.format(""), CHECKED, "first\nlast\n")], "mismatch"),
    # noticed when the notebook ends
    "thread": ([("from threading import Timer\nTimer(1, lambda: {}['late']).start()",)], "'late'"),
    "task": ([(f"{FAILS}kept = [asyncio.create_task(fails('kept'))]\nkept += [kept]",)], "'kept'"),
    # noticed after the cell in which it happens, since it happens when that is over
    "thread-later": ([(in_loop(in_thread("{}[12]")),), ("1",)], "KeyError: 12"),
    "finaliser-later": ([(in_loop(FINALISER),), ("1",)], "KeyError: 10"),
    "mute": ([("import os, sys\nsys.stdout = open(os.devnull, 'w')",)], "prints are not shown"),
}
# what IPython does not tell its client: a cell for each, and what its report must name
UNREPORTED = {
    "magic": ("%no_such_magic\n1 / 0", "UsageError: Line magic function `%no_such_magic`"),
    "cell-magic": ("%%no_such_magic\n1 / 0", "UsageError: Cell magic `%%no_such_magic`"),
    "shell": ("!exit 3", "CalledProcessError: Command 'exit 3' returned non-zero exit status 3"),
    "shell-output": ("x = !no_such_command", "CalledProcessError: Command 'no_such_command'"),
    "group": ("raise ExceptionGroup('of one', [ValueError()])", "ExceptionGroup: of one"),
    "cell-in-cell": ("get_ipython().run_cell('{}[4]');", "KeyError: 4"),
    "file": ("open('bad.py', 'w').write('{}[5]')\n%run bad.py", "KeyError: 5"),
    "display": ("class Bad:\n    def __repr__(self):\n        {}[6]\nBad()", "KeyError: 6"),
    "thread": (in_thread("{}[7]"), "KeyError: 7"),
    "group-in-thread": (
        in_thread("(_ for _ in ()).throw(ExceptionGroup('of two', [OSError(), OSError()]))"),
        "ExceptionGroup: of two",
    ),
    "task": (f"{FAILS}asyncio.create_task(fails(8))\nawait asyncio.sleep(0.1)", "KeyError: 8"),
    "loop": (f"{in_loop('{}[9]')}\nawait asyncio.sleep(0.1)", "KeyError: 9"),
    "coroutine": ("fails('soon');", "RuntimeWarning: coroutine 'fails' was never awaited"),
    "finaliser": (FINALISER, "KeyError: 10"),
    "logged": (
        "from concurrent.futures import Future\nfuture = Future()\n"
        "future.add_done_callback(lambda f: {}[11])\nfuture.set_result(1)",
        "KeyError: 11",
    ),
    "exit": ("exit()", "SystemExit"),  # the last, since it ended the kernel once
}
RIGHT = [
    ("print(*(n for n in dir() if n[0] != '_'))", CHECKED, "In Out exit get_ipython open quit\n"),
    ("x = 3\nprint(0.123456, 'words', 7)", CHECKED, "0.123457 words 7\n"),
    ("print(1e5 + 1)", CHECKED, "100000.0\n"),
    ("1 / 0", "raises-exception"),
    (CLAIM.format(1),),
    ("import sys\nprint('not compared', file=sys.stderr)", CHECKED, ""),
    *EXERCISE,
    ("import time\ntime.sleep(2)",),
    ("x",),
    (UPDATED, CHECKED, {"text/plain": "'last'"}),
    (CLEARED.format("wait=True"), CHECKED, "last\n"),
    (CLEARED.format(""), CHECKED, "last\n"),
    ("later = display('before', display_id=True)",),
    ("later.update('after')",),
    ("!true\n!false || true\ny = !echo right\nprint(y)", CHECKED, "['right']\n"),
    ("!false", "raises-exception"),
    ("%no_such_magic", "raises-exception"),
    ("%%bash --no-raise-error\nfalse",),
    ("%%capture kept\nprint('later')",),
    ("import sys\n" + in_thread("sys.exit()"),),
    (f"{FAILS}task = asyncio.create_task(fails(1))",),
    ("try:\n    await task\nexcept KeyError as error:\n    print(error)", CHECKED, "1\n"),
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

# accepted, exercise 1: always the first y: there is no such argument
# hidden, exercise 1: 3) == 6 → 5) == 10
# entry: picture.mean()
"""
OTHER_DATA = "\n# hidden, exercise 1: 3) == 6 → 5) == 10\n"
TRIED = ["exercise 1", *(f"picture.mean(): {kind}" for kind in trials.BAD_PICTURES)]
BESIDE_RED = {
    "a wrong fact": "right.py:14: a wrong fact",
    "wrong, exercise 1: another way of doubling, which is right": "accepts this answer",
    "wrong, exercise 1: does not even run": "AttributeError",
    "right, exercise 1: three times": "twice three is six",
    "right, exercise 2: which is not there": "there is no exercise 2",
    "tried, exercise 1": "refuses what is said to be accepted: always the first y",
    "tried, picture.mean(): one NaN": "of shape (64, 96), one NaN: NaN comes back",
}


def output(stored):
    if isinstance(stored, dict):
        return nbformat.v4.new_output("display_data", data=stored)
    if stored == "":  # something is stored, and it is on the other stream
        return nbformat.v4.new_output("stream", name="stderr", text="else\n")
    return nbformat.v4.new_output("stream", text=stored)


def write(path, cells):
    notebook = nbformat.v4.new_notebook()
    for number, (source, *more) in enumerate(cells):
        cell = nbformat.v4.new_code_cell(source, id=f"cell-{number}", execution_count=number + 1)
        cell.metadata["tags"] = more[:1]
        cell.outputs = [output(stored) for stored in more[1:]]
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


def collected(tree, *names):
    """Return which of these notebooks `--stale` would run, and the exit status."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--stale", "--collect-only"]
    command += [f"notebooks/{name}.ipynb" for name in names]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    listed = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    return set(re.findall(r"(\w+)\.ipynb::", listed.stdout)), listed.returncode


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    tree = tmp_path_factory.mktemp("book")
    for part in PARTS:
        (tree / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / part, tree / part)
    (tree / "notebooks").mkdir()
    for name, (cells, _) in WRONG.items():
        write(tree / "notebooks" / f"{name}.ipynb", cells)
    write(tree / "notebooks" / "unreported.ipynb", [(source,) for source, _ in UNREPORTED.values()])
    write(tree / "notebooks" / "right.ipynb", RIGHT)
    write(tree / "notebooks" / "clean.ipynb", RIGHT)
    write(tree / "notebooks" / "checked.ipynb", RIGHT)
    beside = tree / "tests" / "chapters"
    beside.mkdir()
    for name in ("clean", *(name for name in WRONG if name != "unhidden")):
        own = "# hidden, exercise 1: (3, -4) → (5, -6)\n" if name == "nan" else OTHER_DATA
        (beside / f"{name}.py").write_text(own)
    (beside / "right.py").write_text(BESIDE)
    (beside / "checked.py").write_text(BESIDE.partition("\n# %% a wrong")[0] + OTHER_DATA)
    return tree


@pytest.fixture(scope="module")
def reports(tree):
    return run(tree, "notebooks")


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_notebook_is_red_for_its_own_reason(reports, name):
    failures = [text for (notebook, _), text in reports.items() if notebook == name and text]
    assert failures
    assert WRONG[name][1] in failures[0]


def test_a_report_shows_the_line_of_the_chapter_and_not_the_library(reports):
    report = reports["library", "cell-0"]
    assert "----> 3 read('{')" in report
    assert "site-packages" not in report


@pytest.mark.parametrize("name", UNREPORTED)
def test_what_ipython_does_not_report_is_red(reports, name):
    report = reports["unreported", f"cell-{list(UNREPORTED).index(name)}"]
    assert UNREPORTED[name][1] in (report or "green")


def test_the_report_says_where_in_a_thread(reports):
    assert "threading.py" in reports["unreported", f"cell-{list(UNREPORTED).index('thread')}"]


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Return {number of a cell: the error for which the book's client refuses it}."""
    path = tmp_path_factory.mktemp("book") / "unreported.ipynb"
    write(path, [(source,) for source, _ in UNREPORTED.values()])
    errors = {}

    def refuse(cell, cell_index, execute_reply):
        content = execute_reply["content"]
        errors[cell_index] = f"{content['ename']}: {content['evalue']}"

    notebook = nbformat.read(path, 4)
    execute.make_client(path, notebook, allow_errors=True, on_cell_error=refuse).execute()
    return errors


@pytest.mark.parametrize("name", UNREPORTED)
def test_the_book_refuses_what_ipython_does_not_report(refused, name):
    assert UNREPORTED[name][1] in refused.get(list(UNREPORTED).index(name), "green")


def test_the_right_notebook_is_green(reports):
    cells = {test: text for (notebook, test), text in reports.items() if notebook == "clean"}
    assert len(cells) == len([*RIGHT, "tried, exercise 1"])
    assert not any(cells.values())


def test_checks_beside_a_chapter_run_in_its_kernel(reports):
    checks = {
        test: text
        for (notebook, test), text in reports.items()
        if notebook == "right" and not test.startswith("cell-")
    }
    assert len(checks) == BESIDE.count("# %%") + len(TRIED)
    assert {test for test, text in checks.items() if text} == set(BESIDE_RED)
    for test, reason in BESIDE_RED.items():
        assert reason in checks[test]
    assert "right.py:15" in checks["a wrong fact"]  # the line, beside the title's


def test_what_passed_is_kept_and_not_run_again(tree, reports):
    kept = {file.name.split("-")[0] for file in (tree / "_build/results").glob("*.passed")}
    assert kept == {"clean", "checked"}
    stored = {file.name.split("-")[0] for file in (tree / "_build/results").glob("*.ipynb")}
    # the checks beside a chapter, and what is tried there, are no part of its result
    assert stored == {"clean", "checked", "right", "fooled", "nan", "unhidden"}
    kept = nbformat.read(next((tree / "_build/results").glob("clean-*.ipynb")), 4)
    shown = {cell.source: str(cell.outputs) for cell in kept.cells}
    assert len(shown) == len(RIGHT)
    assert not any("first" in text or "before" in text for text in shown.values())
    assert "'after'" in shown["later = display('before', display_id=True)"]
    # one has passed and one has not
    assert collected(tree, "clean", "claim") == ({"claim"}, 0)
    assert collected(tree, "clean") == (set(), 0), "to have nothing left to do is no failure"
    for change in ("notebooks/clean.ipynb", "tests/chapters/clean.py", "conftest.py"):
        file = tree / change
        before = file.read_bytes() if file.exists() else b""
        file.write_bytes(before + b"\n")
        assert collected(tree, "clean", "claim") == ({"claim", "clean"}, 0), change
        file.write_bytes(before)
