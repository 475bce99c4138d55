"""How nbval runs the chapters: numbers are compared within a tolerance, nothing passes silently.

Beyond what nbval does, here

- a cell tagged `nbval-check-output` must have a stored output, and its decimals may differ by a
  relative 1e-4 or one unit of the last digit printed, since another CPU rounds otherwise;
- a cell tagged `raises-exception` must raise;
- an exercise's check must refuse the starter, before the solution is run;
- a notebook that passed is kept as a result, so the book need not execute it again.

`--stale` leaves out the notebooks that have passed as they are.
"""

import copy
import hashlib
import math
import re
import time
from pathlib import Path

import pytest
import results
from nbval import plugin as nbval

NUMBER = re.compile(r"(?<![\w.])[-+−]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
RELATIVE = 1e-4


def pytest_addoption(parser):
    parser.addoption("--stale", action="store_true", help="leave out notebooks that have passed")


def pytest_collection_modifyitems(config, items):
    if config.option.stale:
        passed = [i for i in items if isinstance(i, nbval.IPyNbCell) and _passed(i.parent).exists()]
        config.hook.pytest_deselected(items=passed)
        items[:] = [i for i in items if i not in set(passed)]


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    found = yield
    return [
        Notebook.from_parent(parent, path=file_path) if isinstance(f, nbval.IPyNbFile) else f
        for f in found
    ]


class Notebook(nbval.IPyNbFile):
    """A notebook whose outputs are kept once every cell has passed."""

    def setup(self):
        super().setup()
        self.skip_compare += ("stderr", "image/webp")
        self.done, self.start = {}, time.perf_counter()

    def collect(self):
        self.nb = results.nbformat.read(self.path, 4)
        codes = [cell for cell in self.nb.cells if cell.cell_type == "code"]
        for number, cell in enumerate(codes):
            tags = cell.metadata.get("tags", [])
            options = nbval.defaultdict(bool, nbval.find_metadata_tags(cell.metadata))
            item = Cell.from_parent(self, name=cell.id, cell_num=number, cell=cell, options=options)
            item.tags = tags
            item.check = next(
                (c for c in codes[number:] if "check" in c.metadata.get("tags", [])), None
            )
            yield item

    def keep(self):
        """Store the executed notebook as the result, and note that it passed as committed."""
        executed = copy.deepcopy(self.nb)
        codes = [cell for cell in executed.cells if cell.cell_type == "code"]
        if len(self.done) < len(codes):
            return
        for number, cell in enumerate(codes):
            cell.execution_count, cell.outputs = number + 1, copy.deepcopy(self.done[number])
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = number + 1
        results.store(self.path, executed, time.perf_counter() - self.start)
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
        self.parent.keep()

    def refuse_starter(self):
        """Run the exercise's check on the starter, which must not pass it."""
        kernel = self.parent.kernel
        request = kernel.kc.execute(self.check.source, store_history=False, stop_on_error=False)
        while True:
            reply = kernel.get_message("shell", timeout=self.config.option.nbval_cell_timeout)
            if reply["parent_header"].get("msg_id") == request:
                break
        kernel.await_idle(request, self.output_timeout)
        if reply["content"]["status"] != "error":
            self.raise_cell_error("the check that follows accepts the starter")

    def sanitize(self, s):
        s = super().sanitize(s)
        return Text(s) if isinstance(s, str) else s


class Text(str):
    """Equal where the words and whole numbers are equal and the decimals are close."""

    __slots__ = ()

    def __eq__(self, other):
        if not isinstance(other, str):
            return NotImplemented
        mine, others = NUMBER.findall(self), NUMBER.findall(other)
        words = [re.sub(r"\s+", " ", NUMBER.sub("#", text)).strip() for text in (self, other)]
        return words[0] == words[1] and all(map(_close, mine, others))

    def __ne__(self, other):
        return not self == other

    __hash__ = str.__hash__


def _close(a, b):
    if a == b:
        return True
    if not set(a + b) & set(".eE"):
        return False  # two whole numbers
    unit = max(_last_digit(a), _last_digit(b))
    a, b = (float(x.replace("−", "-")) for x in (a, b))
    return math.isclose(a, b, rel_tol=RELATIVE, abs_tol=1.001 * unit)


def _last_digit(number):
    mantissa, _, exponent = number.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def _passed(notebook):
    """Return the file that says that this notebook, with these outputs, has passed."""
    result = results.result_path(notebook.path, notebook.nb)
    digest = hashlib.sha256(notebook.path.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    return result.with_name(f"{result.stem}-{digest[:16]}.passed")
