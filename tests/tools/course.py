"""Write the exercises as a course for nbgrader, an assignment a chapter, into _build/course.

Usage: python -m tests.tools.course [NAME ...]

An assignment is made from the chapter's notebook, which carries its helpers. The starter is an
autograded answer with the solution in it, the check is its test, and the same check with other data
is hidden in it: lines `# hidden, exercise N: BEFORE → AFTER` of tests/chapters/NAME.py say with
which. The sentence that the page for teachers asks for is marked by hand. All else is locked.
"""

import re
import shutil
import sys

import nbformat

from book.machine import results
from book.machine.site import downloads
from tests import beside
from tests.support import tags
from tests.tools import marking

COURSE = results.ROOT / "_build" / "course"
POINTS, SENTENCE_POINTS = 3, 1
NOTE = (
    "**An assignment.** Answer in the cells that end in *your turn*, and at the end in words. Add "
    "cells where you need them; all others are locked. When your answers are marked, each check "
    "runs again, with other data too, and of your own cells those run whose names it needs."
)
SENTENCE = "Write your sentence here."
SETTINGS = f'''"""The settings of this course; nbgrader reads them in this folder."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import marking
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, OverwriteCells

steps = Autograde.class_traits()
sanitize = steps["sanitize_preprocessors"].default()
sanitize.insert(sanitize.index(OverwriteCells), marking.RestoreCells)
autograde = steps["autograde_preprocessors"].default()
autograde[autograde.index(Execute)] = marking.ExecuteExercises

c = get_config()
c.CourseDirectory.course_id = "ask-predict-run-check"
c.Autograde.sanitize_preprocessors = sanitize
c.Autograde.autograde_preprocessors = autograde
c.ExecuteExercises.timeout = 30  # seconds a cell
c.ClearSolutions.code_stub = {{"python": ""}}
c.ClearSolutions.text_stub = {SENTENCE!r}
'''


def assignment(path):
    """Return a chapter's notebook as nbgrader takes it, with solutions and hidden tests."""
    notebook = downloads.edition(nbformat.read(path, 4))
    solutions = (c for c in notebook.cells if "solution" in tags(c))
    exercise = 0
    for cell in notebook.cells:
        mark(cell)
        if "exercise" in tags(cell):
            hide(cell, "SOLUTION", next(solutions).source)
            mark(cell, solution=True)
        elif "check" in tags(cell):
            exercise += 1
            hide(cell, "HIDDEN TESTS", beside.hidden_of(path, exercise, cell.source))
            mark(cell, points=POINTS)
    notebook.cells = [c for c in notebook.cells if "solution" not in tags(c)]
    notebook.cells.insert(1, mark(nbformat.v4.new_markdown_cell(NOTE, id="assignment")))
    task = f"## To hand in\n\n{to_hand_in(path.stem)}"
    place = 1 + max(i for i, c in enumerate(notebook.cells) if "check" in tags(c))
    notebook.cells[place:place] = [
        mark(nbformat.v4.new_markdown_cell(task, id="to-hand-in")),
        mark(
            nbformat.v4.new_markdown_cell(SENTENCE, id="sentence"),
            solution=True,
            points=SENTENCE_POINTS,
        ),
    ]
    return notebook


def mark(cell, solution=False, points=None):
    """Give a cell its meaning for nbgrader, and return it; without one it is locked."""
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": cell.id,
        "cell_type": cell.cell_type,
        "solution": solution,
        "grade": points is not None,
        "locked": not solution,
        "task": False,
    }
    if points is not None:
        cell.metadata["nbgrader"]["points"] = points
    return cell


def hide(cell, what, source):
    """Put code at the end of a cell that students do not get."""
    cell.source = "\n".join([cell.source, f"### BEGIN {what}", source, f"### END {what}"])


def to_hand_in(name):
    """Return what the page for teachers asks for in a chapter."""
    text = (results.ROOT / "book" / "teaching.md").read_text("utf-8")
    entries = text.split("## Chapter by chapter")[1].split("\n### ")
    entry = next((e for e in entries if f"(../notebooks/{name}.ipynb)" in e), "")
    found = re.search(r"^- \*\*To hand in\.\*\* (.+)$", entry, re.M)
    return found[1] if found else "One sentence on what you have learnt."


def write(course, chapters):
    """Write a course of these notebooks."""
    course.mkdir(parents=True, exist_ok=True)
    (course / "nbgrader_config.py").write_text(SETTINGS, "utf-8")
    shutil.copy(marking.__file__, course)
    for path in chapters:
        folder = course / "source" / path.stem
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(path), folder / path.name)


def main(names):
    """Write the course of the named chapters, or of all; return the exit status."""
    paths = results.chosen(names)
    if paths is None:
        return 2
    write(COURSE, paths)
    print(f"The course is in {COURSE.relative_to(results.ROOT)}; nbgrader is called there.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
