"""A course has the exercises, locks all else, and hides other data in each check."""

import nbformat
import pytest

from book.machine import results
from tests import beside
from tests.support import ROOT, make, tags
from tests.tools import course, marking

CHAPTERS = {path.stem: path for path in results.notebooks()}


@pytest.mark.parametrize("name", CHAPTERS)
def test_an_assignment_has_the_exercises_and_the_sentence(name):
    notebook = course.assignment(CHAPTERS[name])
    kinds = {c.id: c.metadata["nbgrader"] for c in notebook.cells}
    answers = [c for c in notebook.cells if kinds[c.id]["solution"]]
    marked = [c for c in notebook.cells if kinds[c.id]["grade"]]
    assert [c.id for c in answers[:-1]] == [f"exercise-{n}-start" for n in (1, 2, 3)]
    assert [c.id for c in marked[:-1]] == [f"exercise-{n}-check" for n in (1, 2, 3)]
    assert answers[-1] is marked[-1] is notebook.cells[[*kinds].index("sentence")]
    assert sum(kinds[c.id]["points"] for c in marked) == 10
    for cell in notebook.cells:
        assert kinds[cell.id]["locked"] == (cell not in answers)
        assert "solution" not in tags(cell)
        assert len(kinds) == len(notebook.cells)
    for exercise, check in enumerate(marked[:-1], 1):
        shown, hidden = check.source.split("\n### BEGIN HIDDEN TESTS\n")
        assert hidden != f"{shown}\n### END HIDDEN TESTS"
        assert hidden.removesuffix("\n### END HIDDEN TESTS") == beside.hidden_of(
            CHAPTERS[name], exercise, shown
        )


def test_the_sentence_is_the_one_that_the_page_for_teachers_asks_for():
    assert course.to_hand_in("siren").startswith("`in_other_units` from exercise 2")
    assert course.to_hand_in("_template").endswith("what you have learnt.")


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("", "exercise 1: BEFORE → AFTER"),
        ("# hidden, exercise 2: 1 → 2", "exercise 1: BEFORE → AFTER"),
        ("# hidden, exercise 1: 3 → 2", "'3' must stand once"),
        ("# hidden, exercise 1: x → 2", "'x' must stand once"),
    ],
)
def test_other_data_must_be_named(line, wrong, tmp_path):
    file = tmp_path / "tests" / "chapters" / "a.py"
    file.parent.mkdir(parents=True)
    file.write_text(line)
    with pytest.raises(ValueError, match=wrong):
        beside.hidden_of(tmp_path / "notebooks" / "a.ipynb", 1, "assert f(x) == x")


def test_a_course_has_a_file_for_each_chapter(tmp_path):
    course.write(tmp_path, [CHAPTERS["siren"]])
    files = {str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file()}
    assert files == {"nbgrader_config.py", "marking.py", "source/siren/siren.ipynb"}
    nbformat.validate(nbformat.read(tmp_path / "source/siren/siren.ipynb", 4))


@pytest.mark.parametrize("verb", ["course", "marks"])
def test_a_chapter_that_is_not_there_is_refused(verb):
    done = make(verb, NAME="sirens")
    assert done.returncode == 2
    assert "NAME is sirens; it may be" in done.stderr


def test_what_the_submission_lacks_is_put_back_in_its_place(tmp_path):
    whole = course.assignment(CHAPTERS["_template"])
    folder = tmp_path / "source" / "_template"
    folder.mkdir(parents=True)
    nbformat.write(whole, folder / "_template.ipynb")
    for lost in ([], whole.cells[:2], whole.cells[5:9], whole.cells[-2:], whole.cells):
        notebook = nbformat.read(folder / "_template.ipynb", 4)
        gone = {c.id for c in lost}
        notebook.cells = [c for c in notebook.cells if c.id not in gone]
        restored = marking.restored(notebook, folder / "_template.ipynb")
        assert [c.id for c in restored.cells] == [c.id for c in whole.cells]
        answers = [c for c in restored.cells if c.metadata["nbgrader"]["solution"]]
        assert [c.source == "" for c in answers] == [c.id in gone for c in answers]


def test_the_page_for_teachers_names_the_verbs():
    text = (ROOT / "book" / "teaching.md").read_text("utf-8")
    assert all(f"`make {verb}" in text for verb in ("course", "marks"))
