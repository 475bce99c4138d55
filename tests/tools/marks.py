"""Mark a course with nbgrader: what is handed in is known, and so is what it must get.

Usage: python -m tests.tools.marks [NAME ...]

For each chapter a course is written and its assignment released, and these hand in: one the
starters; one the solutions; as many as it takes every answer `# %% right` and `# %% wrong` of
tests/chapters/NAME.py; one whose first check is gone and whose second answer never ends; and one
whose first answer kills the kernel, whose second is gone and whose third has the line ends of
Windows. The table says what each got and how long it took. The exit status is 1 where a point is
missing, or given for nothing.
"""

import os
import subprocess
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from book.machine import results
from tests import beside
from tests.support import tags
from tests.tools import course

NONE, ALL = 0, course.POINTS
LOOP = "while True:\n    pass"
DEATH = "import os\n\nos._exit(1)"


def submissions(path):
    """Yield (student, {exercise: an answer in code}, points for each exercise)."""
    notebook = nbformat.read(path, 4)
    solutions = [c.source for c in notebook.cells if "solution" in tags(c)]
    solved = dict(enumerate(solutions, 1))
    yield "starters", {}, [NONE] * len(solved)
    yield "solutions", solved, [ALL] * len(solved)
    for kind, points in (("right", ALL), ("wrong", NONE)):
        written = [[] for _ in solved]
        for title, _, source in beside.checks_of(path):
            found = beside.ANSWER.match(title)
            if found and found[1] == kind:
                written[int(found[2]) - 1].append(source)
        for number, answers in enumerate(zip_longest(*written), 1):
            # as in the chapter's own tests, an answer may use what the solution defines
            given = {n: f"{solved[n]}\n\n\n{a}" for n, a in enumerate(answers, 1) if a}
            rest = solved if points else {}
            yield f"{kind}-{number}", rest | given, [points] * len(solved)
    yield "loop", solved | {2: LOOP}, [ALL, NONE, ALL]
    yield "death", solved | {1: DEATH, 2: ""}, [NONE, NONE, ALL]


def hand_in(released, file, student, answers):
    """Write what a student makes of a released assignment."""
    notebook = nbformat.read(released, 4)
    starters = [c for c in notebook.cells if c.id.endswith("-start") and "exercise" in tags(c)]
    for exercise, starter in enumerate(starters, 1):
        starter.source += "\n\n\n" + answers.get(exercise, "")
    checks = [c for c in notebook.cells if "check" in tags(c)]
    gone = {"loop": checks[:1], "death": starters[1:2]}.get(student, [])
    if student == "death":
        starters[2].source = starters[2].source.replace("\n", "\r\n")
    notebook.cells = [cell for cell in notebook.cells if cell not in gone]
    file.parent.mkdir(parents=True)
    text = nbformat.writes(notebook)
    file.write_text(text, "utf-8", newline="\r\n" if student == "death" else "\n")


def nbgrader(folder, *arguments):
    """Call nbgrader in a course, where no repository is; raise what it says where it fails."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)}: {done.stderr}")


def marked(path, folder):
    """Yield (student, points wanted, points got, seconds) for a chapter in a course of its own."""
    name = path.stem
    # nbgrader calls alembic by its name alone
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    course.write(folder, [path])
    nbgrader(folder, "generate_assignment", name, "--create")
    released = folder / "release" / name / path.name
    for student, answers, wanted in submissions(path):
        file = folder / "submitted" / student / name / path.name
        hand_in(released, file, student, answers)
        start = time.perf_counter()
        nbgrader(folder, "autograde", name, "--student", student)
        seconds = time.perf_counter() - start
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
            grades = gradebook.find_submission_notebook(name, name, student).grades
            points = {grade.name: grade.auto_score for grade in grades}
        got = [points[f"exercise-{n}-check"] for n in range(1, len(wanted) + 1)]
        yield student, wanted, got, seconds


def main(names):
    """Mark the named chapters, or all; return the exit status."""
    paths = results.chosen(names)
    if paths is None:
        return 2
    failed = False
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            for student, wanted, got, seconds in marked(path, Path(folder)):
                told = "" if got == wanted else f", wanted {wanted}"
                print(f"{path.stem}, {student}: {got}{told} in {seconds:.0f} s", flush=True)
                failed |= got != wanted
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
