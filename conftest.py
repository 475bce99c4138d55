"""How nbval runs the chapters: numbers are compared within a tolerance, nothing passes silently.

Beyond what nbval does, here

- a cell tagged `nbval-check-output` must have a stored output, and its decimals may differ by a
  relative 1e-4 or one unit of the last digit printed, since another CPU rounds otherwise;
- a cell tagged `raises-exception` must raise;
- an exercise's check must refuse the starter, before the solution is run;
- a kernel that dies is noticed at once;
- the cells of `tests/chapters/NAME.py` run in the chapter's kernel after its last cell, each a test
  of its own. `# %% wrong, exercise 2: …` defines an answer that the exercise's check must refuse,
  `# %% right, exercise 2: …` one that it must accept. The names that a cell binds are restored;
- a notebook that passed is kept as a result, so the book need not execute it again.

`--stale` leaves out the notebooks that have passed as they are.
"""

import copy
import hashlib
import re
import time
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbval import plugin as nbval

from book.machine import results
from tests import compare

ANSWER = re.compile(r"(wrong|right), exercise (\d+): \S")

# what a kernel runs for a cell of tests/chapters: the cell, then the check of an exercise, if any
BESIDE = """
def run_beside(source, file, check, refused):
    names = globals()
    before = dict(names)
    try:
        exec(compile(source, file, "exec"), names)
        try:
            exec(compile(check, "the check of the exercise", "exec"), names)
        except AssertionError:
            if not refused:
                raise
        else:
            assert not refused, "the check of the exercise accepts this answer"
    finally:
        for name in names.keys() - before.keys():
            del names[name]
        names.update(before)
"""


def pytest_addoption(parser):
    parser.addoption("--stale", action="store_true", help="leave out notebooks that have passed")


def pytest_collection_modifyitems(config, items):
    if config.option.stale:
        notebooks = {item.parent for item in items if isinstance(item, nbval.IPyNbCell)}
        passed = {notebook for notebook in notebooks if _passed(notebook).exists()}
        config.hook.pytest_deselected(items=[i for i in items if i.parent in passed])
        items[:] = [i for i in items if i.parent not in passed]


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    found = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(f, nbval.IPyNbFile) else f
        for f in found
    ]


class Kernel(nbval.RunningKernel):
    """A kernel whose death is noticed at once, not when the time for a cell has run out."""

    def get_message(self, stream, timeout=None):
        end = time.monotonic() + (timeout or 0)
        while True:
            try:
                return super().get_message(stream, timeout=min(1, timeout or 1))
            except nbval.Empty:
                if not self.is_alive():
                    raise RuntimeError("the kernel died") from None
                if timeout is not None and time.monotonic() > end:
                    raise


nbval.RunningKernel = Kernel


class Notebook(nbval.IPyNbFile):
    """A notebook whose outputs are kept once every cell has passed."""

    def setup(self):
        super().setup()
        self.skip_compare += ("stderr", "image/webp")
        self.done, self.start = {}, time.perf_counter()

    def collect(self):
        self.nb = nbformat.read(self.path, 4)
        self.codes = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        items = [self.cell(number) for number in range(len(self.codes))]
        items += [self.beside(len(items), *check) for check in checks_of(self.path)]
        self.left = len(items)
        return items

    def cell(self, number):
        cell = self.codes[number]
        options = nbval.defaultdict(bool, nbval.find_metadata_tags(cell.metadata))
        item = Cell.from_parent(self, name=cell.id, cell_num=number, cell=cell, options=options)
        item.tags = cell.metadata.get("tags", [])
        return item

    def beside(self, number, title, line, source):
        node = nbformat.v4.new_code_cell(source)
        item = Beside.from_parent(
            self, name=title, cell_num=number, cell=node, options=nbval.defaultdict(bool)
        )
        item.place = (file_of(self.path), line)
        return item

    def check(self, exercise):
        """Return the source of the check of an exercise, counted from 1."""
        checks = [c.source for c in self.codes if "check" in c.metadata.get("tags", [])]
        if not 1 <= exercise <= len(checks):
            raise LookupError(f"there is no exercise {exercise}")
        return checks[exercise - 1]

    def keep(self):
        """Store the executed notebook as the result, and note that it passed as committed."""
        if len(self.done) < len(self.codes):
            return
        executed = copy.deepcopy(self.nb)
        codes = [cell for cell in executed.cells if cell.cell_type == "code"]
        for number, cell in enumerate(codes):
            cell.execution_count, cell.outputs = number + 1, copy.deepcopy(self.done[number])
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number + 1
        results.store(self.path, executed, time.perf_counter() - self.start)

    def passed(self):
        """Count an item that passed; after the last one, note that the whole notebook did."""
        self.left -= 1
        if self.left == 0:
            for old in results.RESULTS.glob(f"{self.path.stem}-*.passed"):
                old.unlink()
            _passed(self).touch()


class Cell(nbval.IPyNbCell):
    """A code cell, executed and compared."""

    def runtest(self):
        if "nbval-check-output" in self.tags and not self.cell.outputs:
            self.raise_cell_error("tagged nbval-check-output, but there is no output to compare")
        if "solution" in self.tags:
            self.refuse_starter()
        super().runtest()
        raised = any(output.output_type == "error" for output in self.test_outputs)
        if "raises-exception" in self.tags and not raised:
            self.raise_cell_error("tagged raises-exception, but nothing was raised")
        self.parent.done[self.cell_num] = self.test_outputs
        if self.cell_num == len(self.parent.codes) - 1:
            self.parent.keep()
        self.parent.passed()

    def refuse_starter(self):
        """Run the exercise's check on the starter, which must not pass it."""
        kernel = self.parent.kernel
        solutions = [c for c in self.parent.codes if "solution" in c.metadata.get("tags", [])]
        check = self.parent.check(solutions.index(self.cell) + 1)
        request = kernel.kc.execute(check, store_history=False, stop_on_error=False)
        while True:
            reply = kernel.get_message("shell", timeout=self.config.option.nbval_cell_timeout)
            if reply["parent_header"].get("msg_id") == request:
                break
        kernel.await_idle(request, self.output_timeout)
        if reply["content"]["status"] != "error":
            self.raise_cell_error("the check that follows accepts the starter")

    def sanitize(self, s):
        s = super().sanitize(s)
        return compare.Text(s) if isinstance(s, str) else s


class Beside(nbval.IPyNbCell):
    """A cell of tests/chapters/NAME.py, executed in the chapter's kernel."""

    def runtest(self):
        file, line = self.place
        check, refused = "", False
        if answer := ANSWER.match(self.name):
            check, refused = self.parent.check(int(answer[2])), answer[1] == "wrong"
        source = "\n" * (line - 1) + self.cell.source
        call = f"run_beside({source!r}, {str(file)!r}, {check!r}, {refused})"
        self.cell = nbformat.v4.new_code_cell(f"{BESIDE}\n{call}")
        super().runtest()
        self.parent.passed()

    def repr_failure(self, excinfo):
        error = excinfo.value
        trace = getattr(error, "inner_traceback", "") or error
        return "{}:{}: {}\n{}".format(*self.place, self.name, trace)

    def reportinfo(self):
        return self.place[0], self.place[1] - 1, self.name


def file_of(notebook):
    """Return where the checks beside a notebook stand."""
    return notebook.parents[1] / "tests" / "chapters" / f"{notebook.stem}.py"


def checks_of(notebook):
    """Return (title, first line, source) for each cell of the file beside a notebook."""
    file = file_of(notebook)
    if not file.exists():
        return []
    lines = file.read_text("utf-8").splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("# %%")]
    return [
        (lines[i].removeprefix("# %%").strip(), i + 1, "\n".join(lines[i:j]))
        for i, j in pairwise([*starts, len(lines)])
    ]


def _passed(notebook):
    """Return the file that says that this notebook, with these outputs, has passed."""
    result = results.result_path(notebook.path, notebook.nb)
    digest = hashlib.sha256()
    for file in (notebook.path, file_of(notebook.path), Path(__file__), Path(compare.__file__)):
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.exists() else b"none")
    return result.with_name(f"{result.stem}-{digest.hexdigest()[:16]}.passed")
