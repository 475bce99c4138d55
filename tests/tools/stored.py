"""Numbers of runs that take minutes: a script writes them, with their date, into a chapter."""

import datetime
import time

import nbformat


def write(path, lines, start, cell_id="stored"):
    """Replace the cell `cell_id` of the notebook at `path` by these lines of code and their date.

    `start` is what `time.process_time()` was when the run began.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    seconds = time.process_time() - start
    notebook = nbformat.read(path, 4)
    cell = next(cell for cell in notebook.cells if cell.get("id") == cell_id)
    name = cell_id.replace("-", "_")
    cell.source = "\n".join([*lines, f'{name}_when = "{today}, {seconds:.0f} CPU s"'])
    nbformat.write(notebook, path)
    print(cell.source)
