"""Which cells run where an exercise is marked."""

import nbformat
import pytest
from nbgrader import utils

from tests.tools import course, marking

ANSWER, CHECK = {"solution": True}, {"points": 3}


def run_for(*sources, check):
    """Return which of these cells run for a check; the first sets up, the last is the answer."""
    cells = [nbformat.v4.new_code_cell(source) for source in (*sources, check)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
        course.mark(cell)
    course.mark(cells[-2], solution=True)
    course.mark(cells[-1], points=3)
    chosen = marking.needed(cells, cells[-1])
    assert chosen[-1] is cells[-1]
    return [cells.index(cell) for cell in chosen[:-1]]


@pytest.mark.parametrize(
    ("sources", "check", "wanted"),
    [
        (["", "a = 1", "b = 2", "def f(): return a"], "f()", [0, 1, 3]),
        (["", "a = 1", "a = a + 1", "pass"], "a", [0, 1, 2, 3]),
        (["", "a = 1", "a += 1", "pass"], "a", [0, 1, 2, 3]),
        (["", "a = 1", "a = 2", "pass"], "a", [0, 2, 3]),
        (["", "a = []", "a.append(1)", "b = 1", "pass"], "a", [0, 1, 2, 4]),
        (["", "a = {}", "a[0] = 1", "a.x = 1", "pass"], "a", [0, 1, 2, 3, 4]),
        (["import m", "m.show()", "m.draw()", "pass"], "m.x", [0, 3]),
        (["", "claims = []", "claims.append(1)", "def f(): return claims"], "f()", [0, 1, 3]),
        (["", "def g(): return a", "a = 1", "def f(): return g()"], "f()", [0, 1, 2, 3]),
        (["", "a = 1", "for a in b: pass", "pass"], "for a in (1, 2): print(a)", [0, 3]),
        (["", "a = 1", "b = [a for a in (1, 2)]", "pass"], "b", [0, 2, 3]),
        (
            ["", "class A:\n    def f(self):\n        return a", "a = 1", "pass"],
            "A()",
            [0, 1, 2, 3],
        ),
        (["", "a = 1", "%time b = 1\nc = a", "pass"], "c", [0, 1, 2, 3]),
        (["", "a = 1", "def f(: pass"], "a", [0, 1, 2]),
        (["", "a = 1", "def f():\r\n    return a\r\n"], "f()", [0, 1, 2]),
    ],
)
def test_what_a_check_names_runs_and_nothing_else(sources, check, wanted):
    assert run_for(*sources, check=check) == wanted


def test_each_exercise_has_its_own_answer_only():
    cells = [
        course.mark(nbformat.v4.new_code_cell(source, id=f"c-{number}"), **kind)
        for number, (source, kind) in enumerate(
            [("", {}), ("a = 1", ANSWER), ("a", CHECK), ("b = 2", ANSWER), ("b", CHECK)]
        )
    ]
    assert [marking.grade_id(c) for c in marking.needed(cells, cells[4])] == ["c-0", "c-3", "c-4"]
    assert [marking.grade_id(c) for c in marking.needed(cells, cells[2])] == ["c-0", "c-1", "c-2"]


def test_a_dead_kernel_gives_no_points_to_any_check_that_it_ran():
    sources = [("", {}), ("import os\ndef f(): os._exit(1)", ANSWER), ("a = 1\nf()", CHECK)]
    sources += [("def g(): pass", ANSWER), ("a\ng()", CHECK), ("def h(): pass", ANSWER)]
    cells = [
        course.mark(nbformat.v4.new_code_cell(source, id=f"c-{number}"), **kind)
        for number, (source, kind) in enumerate([*sources, ("h()", CHECK)])
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3"}
    marked, _ = marking.ExecuteExercises().preprocess(notebook, {})
    points = [utils.determine_grade(cell)[0] for cell in marked.cells if utils.is_grade(cell)]
    assert points == [0, 0, 3]
