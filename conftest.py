"""How nbval runs the chapters: numbers are compared within a tolerance, nothing passes silently.

nbval collects, compares and reports. The cells are executed as they are for the book, by the client
of `book/machine/execute.py`: what IPython does not report is an error there (`failures.py`), and an
output is what the reader sees when the cell is over. Beyond that

- a cell tagged `nbval-check-output` must have a stored output, and its decimals may differ by a
  relative 1e-4 or one unit of the last digit printed, since another CPU rounds otherwise;
- a cell tagged `raises-exception` must raise;
- an exercise's check must refuse the starter, before the solution is run;
- the notebook ends as a program does, and an exception in its last threads, tasks and finalisers
  fails it then;
- the cells of `tests/chapters/NAME.py` run in the chapter's kernel after its last cell, each a test
  of its own. `# %% wrong, exercise 2: …` defines an answer that the exercise's check must refuse,
  `# %% right, exercise 2: …` one that it must accept, with the page's data and with those that a
  line `# hidden, exercise 2: BEFORE → AFTER` gives it. The names that a cell binds are restored;
- after them `tests/trials.py` tries to fool the checks of the exercises, and bad pictures;
- a notebook that passed is kept as a result, so the book need not execute it again.

`--stale` leaves out the notebooks that have passed as they are.
"""

import contextlib
import copy
import hashlib
import re
import time
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbval import plugin as nbval

from book.machine import execute, failures, results
from tests import beside, compare, trials
from tests.beside import checks_of, file_of

MODULES = (beside, compare, trials, execute, failures)
RUNNER = [Path(__file__), *(Path(module.__file__) for module in MODULES)]
FRAME = re.compile(r" *(?:Cell|File) ")
FOREIGN = re.compile("site-packages|run_beside")  # what no author of a chapter may change
LEFT_OUT = pytest.StashKey()  # whether `--stale` left out a notebook


def pytest_addoption(parser):
    parser.addoption("--stale", action="store_true", help="leave out notebooks that have passed")


def pytest_collection_modifyitems(config, items):
    if config.option.stale:
        notebooks = {item.parent for item in items if isinstance(item, nbval.IPyNbCell)}
        passed = {notebook for notebook in notebooks if _passed(notebook).exists()}
        config.hook.pytest_deselected(items=[i for i in items if i.parent in passed])
        items[:] = [i for i in items if i.parent not in passed]
        config.stash[LEFT_OUT] = bool(passed)


def pytest_sessionfinish(session, exitstatus):
    """Let a run end well that has nothing to do because all of it has passed before."""
    nothing = exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
    if nothing and session.config.stash.get(LEFT_OUT, False):
        session.exitstatus = pytest.ExitCode.OK


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    found = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(f, nbval.IPyNbFile) else f
        for f in found
    ]


class Notebook(nbval.IPyNbFile):
    """A notebook whose outputs are kept once every cell has passed."""

    def collect(self):
        self.nb = nbformat.read(self.path, 4)
        items = [
            self.item(Cell, cell.id, number, cell)
            for number, cell in enumerate(self.nb.cells)
            if cell.cell_type == "code"
        ]
        written = ((t, (file_of(self.path), line), s) for t, line, s in checks_of(self.path))
        for title, place, source in [*written, *self.trials()]:
            items.append(self.item(Beside, title, -1, nbformat.v4.new_code_cell(source)))
            items[-1].place = place
        self.left = set(items)
        return items

    def trials(self):
        """Yield (title, place, source) for what is tried in this chapter without being written."""
        place = Path(trials.__file__), 1
        for exercise, solution in enumerate(self.tagged("solution"), 1):
            accepted = beside.accepted_of(self.path, exercise)
            check = self.check(exercise)
            sources = solution.source, check, self.hidden(exercise)
            yield f"tried, exercise {exercise}", place, trials.call_of("fool", *sources, accepted)
        for entry in beside.entries_of(self.path):
            for kind in trials.BAD_PICTURES:
                title = f"tried, {entry}: {kind}"
                yield title, place, trials.call_of("try_picture", entry, kind)

    def item(self, kind, name, number, cell):
        return kind.from_parent(self, name=name, cell_num=number, cell=cell, options={})

    def setup(self):
        self.skip_compare += ("stderr", "image/webp")
        self.kernel = contextlib.ExitStack()
        self.executed = copy.deepcopy(self.nb)
        self.executed.cells.append(None)  # for what is executed beside the notebook
        self.client = execute.make_client(
            *(self.path, self.executed),
            allow_errors=True,
            on_cell_error=raise_error,
            shutdown_kernel="immediate",
        )
        self.client.timeout = int(self.config.option.nbval_cell_timeout)
        self.kernel.enter_context(self.client.setup_kernel())
        self.start = time.perf_counter()

    def execute(self, cell, number=-1, **options):
        """Execute a cell in the notebook's kernel, beside the others if it has no number there."""
        self.executed.cells[number] = cell
        try:
            self.client.execute_cell(cell, number, **options)
        except (CellTimeoutError, DeadKernelError):
            self.timed_out = True  # nbval then expects no later cell to pass
            self.kernel.close()
            raise

    def teardown(self):
        with self.kernel:
            if not any(isinstance(item, Cell) for item in self.left):
                end = nbformat.v4.new_code_cell(failures.END)
                self.execute(end)
                assert end.outputs, "at the end of the notebook, prints are not shown"
                self.executed.cells.pop()
                results.store(self.path, self.executed, self.seconds)
            if not self.left:
                for old in results.RESULTS.glob(f"{self.path.stem}-*.passed"):
                    old.unlink()
                _passed(self).touch()

    def tagged(self, tag):
        """Return the cells that have a tag."""
        return [cell for cell in self.nb.cells if tag in cell.metadata.get("tags", [])]

    def check(self, exercise):
        """Return the source of the check of an exercise, counted from 1."""
        checks = self.tagged("check")
        if not 1 <= exercise <= len(checks):
            raise LookupError(f"there is no exercise {exercise}")
        return checks[exercise - 1].source

    def hidden(self, exercise):
        """Return the source of the check with other data; without any, it says what is missing."""
        try:
            return beside.hidden_of(self.path, exercise, self.check(exercise))
        except ValueError as error:
            return f"raise ValueError({str(error)!r})"


class Item(nbval.IPyNbCell):
    """A cell that reports where it failed: the frames of the chapter, not those of libraries."""

    @property
    def where(self):
        return f"notebooks/{self.parent.path.name}, cell {self.name}"

    def repr_failure(self, excinfo):
        error = excinfo.value
        trace = getattr(error, "inner_traceback", None)
        return "\n".join([f"{self.where}: {error}", *([trace] if trace else [])])


class Cell(Item):
    """A code cell, executed and compared."""

    def runtest(self):
        tags = self.cell.metadata.get("tags", [])
        if "nbval-check-output" in tags and not self.cell.outputs:
            self.raise_cell_error("tagged nbval-check-output, but there is no output to compare")
        if "solution" in tags:
            self.refuse_starter()
        executed = copy.deepcopy(self.cell)
        try:
            self.parent.execute(executed, self.cell_num)
        except nbval.NbCellError:
            if "raises-exception" not in tags:
                raise
        else:
            if "raises-exception" in tags:
                self.raise_cell_error("tagged raises-exception, but nothing was raised")
        if "nbval-check-output" in tags and not self.compare_outputs(
            executed.outputs, self.cell.outputs
        ):
            self.raise_cell_error("Cell outputs differ", "\n".join(self.comparison_traceback))
        self.parent.seconds = time.perf_counter() - self.parent.start
        self.parent.left.remove(self)

    def refuse_starter(self):
        """Run the exercise's check on the starter, which must not pass it."""
        exercise = self.parent.tagged("solution").index(self.cell) + 1
        check = nbformat.v4.new_code_cell(self.parent.check(exercise))
        try:
            self.parent.execute(check, store_history=False)
        except nbval.NbCellError:
            return
        self.raise_cell_error("the check that follows accepts the starter")

    def sanitize(self, s):
        s = super().sanitize(s)
        return compare.Text(s) if isinstance(s, str) else s


class Beside(Item):
    """A cell of tests/chapters/NAME.py, executed in the chapter's kernel."""

    def runtest(self):
        file, line = self.place
        check, refused = "", False
        if answer := beside.ANSWER.match(self.name):
            exercise, refused = int(answer[2]), answer[1] == "wrong"
            check = self.parent.check(exercise)
            if not refused:
                check += "\n" + self.parent.hidden(exercise)
        code = beside.in_kernel(self.cell.source, file, line, check, refused)
        self.parent.execute(nbformat.v4.new_code_cell(code), store_history=False)
        self.parent.left.remove(self)

    @property
    def where(self):
        return "{}:{}: {}".format(*self.place, self.name)

    def reportinfo(self):
        return self.place[0], self.place[1] - 1, self.name


def raise_error(cell, cell_index, execute_reply):
    """Raise what a cell raised, with those frames of its traceback that an author may change."""
    error = execute_reply["content"]
    parts = [execute.COLOURS.sub("", part) for part in error["traceback"]]
    trace = "\n".join(part for part in parts if FRAME.match(part) and not FOREIGN.search(part))
    raise nbval.NbCellError(cell_index, f"{error['ename']}: {error['evalue']}", cell.source, trace)


def _passed(notebook):
    """Return the file that says that this notebook, with these outputs, has passed."""
    result = results.result_path(notebook.path, notebook.nb)
    digest = hashlib.sha256()
    for file in (notebook.path, file_of(notebook.path), *RUNNER):
        digest.update(hashlib.sha256(file.read_bytes()).digest() if file.exists() else b"none")
    return result.with_name(f"{result.stem}-{digest.hexdigest()[:16]}.passed")
