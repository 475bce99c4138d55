"""Results are kept until something that they depend on changes; a failed run leaves a note."""

import threading
import time

import joblib
import nbformat
import psutil
import pytest

from book.machine import execute, results


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small repository with one helper."""
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "a.py").write_text("import yaml\nx = 1")
    monkeypatch.setattr(results, "ROOT", tmp_path)
    monkeypatch.setattr(results, "RESULTS", tmp_path / "_build" / "results")
    return tmp_path


def small_notebook(source="import numpy\nimport helpers.a\n1 + 1"):
    cell = nbformat.v4.new_code_cell(source, id="one")
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.parametrize(
    ("text", "stale"),
    [
        ("import yaml\nx = 2", True),
        ("import yaml\nimport json\nx = 1", True),
        ("import  yaml\nx   =  1  # a comment", False),
    ],
)
def test_a_result_is_valid_until_the_helpers_change(tree, text, stale):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    assert results.load("one.ipynb", notebook) is not None
    (tree / "helpers" / "a.py").write_text(text)
    assert (results.load("one.ipynb", notebook) is None) == stale


@pytest.mark.parametrize(
    ("package", "stale"),
    [
        ("numpy", True),  # what the notebook imports
        ("pyyaml", True),  # what a helper imports
        ("pyzmq", True),  # what the kernel brings along
        ("sphinx", False),  # what only makes pages
        ("torch", False),  # what other chapters import
    ],
)
def test_a_result_is_valid_until_a_package_that_it_uses_changes(tree, monkeypatch, package, stale):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    before = results.version
    monkeypatch.setattr(results, "version", lambda n: "9.9" if n == package else before(n))
    assert (results.load("one.ipynb", notebook) is None) == stale


def test_another_python_is_stale(tree, monkeypatch):
    results.store("one.ipynb", small_notebook(), 1)
    monkeypatch.setattr(results.sys, "version_info", (3, 99, 0))
    assert results.load("one.ipynb", small_notebook()) is None


def test_changed_code_is_stale_and_changed_prose_is_not(tree):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    assert results.load("one.ipynb", small_notebook("import numpy\n1 + 2")) is None
    notebook.cells.append(nbformat.v4.new_markdown_cell("new words"))
    assert results.load("one.ipynb", notebook) is not None


def test_a_notebook_that_fails_leaves_a_note_and_no_result(tree, capsys):
    nbformat.write(small_notebook("1 / 0"), tree / "one.ipynb")
    assert "ZeroDivisionError: division by zero" in execute.execute(tree / "one.ipynb")
    notebook = nbformat.read(tree / "one.ipynb", 4)
    assert results.load(tree / "one.ipynb", notebook) is None
    failure = results.load_failure(tree / "one.ipynb", notebook)
    assert failure["message"] == "cell one, line 1: ZeroDivisionError: division by zero"
    assert failure["processor"]
    assert execute.report([tree / "one.ipynb"]) == 1
    assert "one: failed: cell one, line 1: ZeroDivisionError" in capsys.readouterr().err
    results.store("one.ipynb", notebook, 1)
    assert results.load_failure(tree / "one.ipynb", notebook) is None
    assert execute.report([tree / "one.ipynb"]) == 0


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("x = 0\n\n1 / x", "cell one, line 3: ZeroDivisionError"),
        ("def f():\n    return 1 / 0\n\nf()", "cell one, line 4: ZeroDivisionError"),
        ("x = 1\nif:", "cell one, line 2: SyntaxError"),
        ("%run nowhere.py", "cell one, line 1: Exception: File `'nowhere.py'` not found"),
        ("%no_such_magic", "cell one: UsageError: Line magic function `%no_such_magic` not found"),
        ("raise ExceptionGroup('of one', [OSError()])", "cell one: ExceptionGroup: of one"),
    ],
)
def test_a_failure_names_the_cell_and_its_line(tree, source, told):
    notebook = small_notebook(source)
    meant = nbformat.v4.new_code_cell("1 / 0", id="meant", metadata={"tags": ["raises-exception"]})
    meant.outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    notebook.cells = [meant, *notebook.cells, nbformat.from_dict(meant | {"id": "after"})]
    nbformat.write(notebook, tree / "one.ipynb")
    assert execute.execute(tree / "one.ipynb").startswith(told)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import os\nos._exit(1)", "the kernel died"),
        ("import time\ntime.sleep(60)", "a cell ran for more than 2 seconds"),
    ],
)
def test_a_dead_kernel_and_a_slow_cell_are_failures_like_others(tree, monkeypatch, source, message):
    monkeypatch.setattr(execute, "CELL_SECONDS", 2)
    nbformat.write(small_notebook(source), tree / "one.ipynb")
    assert execute.execute(tree / "one.ipynb") == message


@pytest.mark.parametrize(
    ("cores", "gigabytes", "kernels"),
    [(2, 22, 2), (16, 22, 7), (16, 128, 16), (8, 5, 1), (4, 6, 2), (4, 0.5, 1), (1, 128, 1)],
)
def test_as_many_kernels_run_as_cores_and_memory_hold(cores, gigabytes, kernels):
    assert execute.at_once(cores, gigabytes * 1e9) == kernels


@pytest.mark.parametrize("file", ["memory.max", "memory/memory.limit_in_bytes"])
def test_what_is_free_is_a_part_of_the_memory_and_of_the_container(tmp_path, monkeypatch, file):
    assert 0 < execute.free_memory() < psutil.virtual_memory().total
    monkeypatch.setattr(execute, "CGROUPS", tmp_path)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    for limit, told in (("max\n", False), ("1000000\n", True), (f"{2**63}\n", False)):
        (tmp_path / file).write_text(limit)
        assert (execute.free_memory() == 1_000_000) == told


@pytest.mark.parametrize(("need", "most"), [(1, joblib.cpu_count()), (float("inf"), 1)])
def test_no_more_run_than_this_machine_holds(monkeypatch, need, most):
    """Each job waits for as many others as there may be, and for one that would be too many."""
    monkeypatch.setattr(execute, "KERNEL_BYTES", need)
    together = threading.Barrier(most)
    running = threading.Semaphore(most)

    def work(number):
        assert running.acquire(blocking=False)
        together.wait(timeout=60)
        time.sleep(0.05)
        running.release()
        return number

    assert execute.execute_all(range(3 * most), work) == list(range(3 * most))


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_truncated_file_is_no_result(tree, share):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    file = results.result_path("one.ipynb", notebook)
    text = file.read_text()
    file.write_text(text[: int(share * len(text))])
    assert results.load("one.ipynb", notebook) is None


@pytest.mark.parametrize("text", ["[]", "7", "{}", '{"cells": []}', "null"])
def test_a_foreign_file_is_no_result(tree, text):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    results.result_path("one.ipynb", notebook).write_text(text)
    assert results.load("one.ipynb", notebook) is None


def test_the_result_of_another_notebook_is_no_result(tree):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    other = small_notebook("2 + 2")
    other.metadata["run"] = {"seconds": 1}
    nbformat.write(other, results.result_path("one.ipynb", notebook))
    assert results.load("one.ipynb", notebook) is None


def test_an_interrupted_write_leaves_the_old_file(tree, monkeypatch):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(results.os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        results.store("one.ipynb", notebook, 2)
    assert results.load("one.ipynb", notebook).metadata["run"]["seconds"] == 1
    assert len(list(results.RESULTS.iterdir())) == 1
