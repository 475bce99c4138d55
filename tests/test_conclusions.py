"""The sentences that a chapter concludes, and where they and its claims are tried elsewhere."""

import ast
import json

import nbformat
import pytest

from book.machine import results
from tests import beside
from tests.support import ROOT, tags
from tests.tools import elsewhere, other_pictures, processors

PATHS = results.notebooks()
CHAPTERS = [path for path in PATHS if not path.stem.startswith("_")]
FEWEST, FEWEST_CHANGES = 5, 2

each = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


@each
def test_a_conclusion_stands_on_the_page(path):
    cells = nbformat.read(path, 4).cells
    page = "\n".join(beside.plain(c.source) for c in cells if c.cell_type == "markdown")
    said = [sentence for sentence, _, _ in beside.conclusions_of(path)]
    assert [sentence for sentence in said if beside.plain(sentence) not in page] == []


@each
def test_a_conclusion_asserts(path):
    for sentence, _, source in beside.conclusions_of(path):
        assert len(sentence.split()) >= 3, sentence
        assert "assert" in source, sentence


@each_chapter
def test_a_chapter_holds_five_conclusions(path):
    assert len(beside.conclusions_of(path)) >= FEWEST


@each
def test_what_is_said_of_elsewhere_can_be_done(path):
    notebook = nbformat.read(path, 4)
    changes = beside.elsewhere_of(path)
    lines = beside.text_of(path).splitlines()
    assert len(changes) == sum(line.startswith("# elsewhere") for line in lines)
    assert len({change[-1] for change in changes}) == len(changes)
    for cell_id, before, after, meaning in changes:
        changed = elsewhere.changed_notebook(
            nbformat.read(path, 4), cell_id, before, after, meaning
        )
        code = "\n".join(c.source for c in changed.cells if c.get("id") == cell_id)
        assert before != after
        ast.parse(code)
    claims = [claim.text for claim in results.claims_in(notebook)]
    sentences = [sentence for sentence, _, _ in beside.conclusions_of(path)]
    here_only = beside.here_only_of(path, claims + sentences)
    assert len(here_only) == sum(line.startswith("# here only") for line in lines)


@each
def test_what_is_tried_by_machine_is_named(path):
    notebook, text = nbformat.read(path, 4), beside.text_of(path)
    exercises = sum("check" in tags(cell) for cell in notebook.cells)
    accepted = [beside.accepted_of(path, number) for number in range(1, exercises + 1)]
    entries = beside.entries_of(path)
    lines = text.splitlines()
    assert sum(map(len, accepted)) == sum(line.startswith("# accepted") for line in lines)
    assert len(entries) == sum(line.startswith("# entry") for line in lines)
    for entry in entries:
        assert any(getattr(n, "id", "") == "picture" for n in ast.walk(ast.parse(entry))), entry
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert entries or "load_image" not in code


@each_chapter
def test_a_chapter_names_two_changes(path):
    assert len(beside.elsewhere_of(path)) >= FEWEST_CHANGES


def test_another_picture_is_one_of_the_same_kind():
    for kind in other_pictures.KINDS:
        for step in range(1, elsewhere.PICTURES + 1):
            others = [other_pictures.other_name(name, step) for name in kind]
            assert sorted(others) == sorted(kind)  # two names stay two pictures
            assert all(name != other for name, other in zip(kind, others, strict=True))
    assert other_pictures.other_name("page.png", 1) == "page.png"


CODE = """import numpy as np
from helpers.claims import Claims
from helpers.images import image_names, load_image

picture = load_image("camera", gray=True)
first = np.random.default_rng(0).random()
claims = Claims("one")"""
CLAIMS = """claims.equal("rows", picture.shape[0], 512, why="w")
claims.below("first", first, 0.5, why="w")
claims.below("width", width, 9, why="w")"""
BESIDE = """# %% concludes: the width is small
assert width < 9
new = 1

# %% concludes: names are restored
assert "new" not in globals()

# %% concludes: the picture is the camera's
assert picture[0, 0] == 200 / 255

# %% concludes: nothing is raised
{}[width]

# elsewhere, width: width = 8 → width = 12: wider
# here only, first: one number is chance
"""


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A small repository with one chapter."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(results, "ROOT", tmp_path)
    monkeypatch.setattr(results, "PROCESSORS", tmp_path / "processors.json")
    path = tmp_path / "notebooks" / "one.ipynb"
    for folder in (path.parent, tmp_path / "tests" / "chapters"):
        folder.mkdir(parents=True)
    cells = [
        nbformat.v4.new_code_cell(source, id=name)
        for name, source in (
            ("setup", CODE),
            ("width", "width = 8"),
            ("claim", CLAIMS),
            ("fails", "1 / 0"),
            ("table", "claims.table()"),
        )
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    (tmp_path / "tests" / "chapters" / "one.py").write_text(BESIDE, "utf-8")
    return path


def test_runs_elsewhere_are_counted_and_kept(small, capsys):
    runs = {title: (notebook, before) for title, notebook, before in elsewhere.runs_of(small)}
    assert list(runs) == [
        *(f"pictures {n}" for n in (1, 2, 3)),
        *(f"seeds {n}" for n in (1, 2, 3, 4, 5)),
        "wider",
    ]
    found = {t: elsewhere.run((small, t, *runs[t])) for t in ("pictures 1", "seeds 1", "wider")}
    for title, (claims, held, errors) in found.items():
        assert [c.text for c in claims] == ["rows", "first", "width"]
        assert list(held.values()) == [title != "wider", True, title != "pictures 1", False]
        key = "KeyError: 12" if title == "wider" else "KeyError: 8"
        assert errors == [
            "cell fails: ZeroDivisionError: division by zero",
            f"“nothing is raised”: {key}",
        ]
        assert claims[0].held
        assert claims[2].held == (title != "wider")
    firsts = {title: claims[1].number for title, (claims, _, _) in found.items()}
    assert firsts["seeds 1"] != firsts["pictures 1"] == firsts["wider"]
    assert elsewhere.report(small, found) == 6
    printed = capsys.readouterr().out
    assert "  2 of 3 | width | 8 | 12 | not: wider\n" in printed
    assert "  2 of 3 | the picture is the camera's | not: pictures 1\n" in printed
    assert "  here only: first: one number is chance\n" in printed
    notebook = nbformat.read(small, 4)
    claims, conclusions = results.elsewhere(small, notebook)
    assert claims == {
        "rows": "here and in all 3 runs elsewhere",
        "width": "here and in 2 of 3 runs elsewhere",
        "first": "here only: one number is chance",
    }
    assert conclusions["names are restored"] == "here and in all 3 runs elsewhere"
    assert conclusions["nothing is raised"] == "here and in 0 of 3 runs elsewhere"


def test_a_run_that_breaks_off_holds_nothing(small):
    notebook = nbformat.read(small, 4)
    notebook.cells[3].source = "import os\nos._exit(1)"
    claims, held, errors = elsewhere.run((small, "dies", notebook, ""))
    assert claims == []
    assert not any(held.values())
    assert "DeadKernelError" in errors[0]


def test_what_was_counted_is_shown_while_it_is_valid(small):
    notebook = nbformat.read(small, 4)
    assert results.elsewhere(small, notebook) == ({}, {})
    counted = {"runs": 3, "counts": {"rows": 3, "names": 2}, "here_only": {}}
    counted |= {"conclusions": ["names"], "conclusions_hash": results.conclusions_hash(small)}
    processors.keep(small, ranges={"rows": "1"}, **processors.valid_for(small))
    processors.keep(small, elsewhere=counted | processors.valid_for(small))
    assert results.ranges(small, notebook) == {"rows": "1"}
    assert all(results.elsewhere(small, notebook))
    file = beside.file_of(small)
    for change, shown in (
        (BESIDE + "\n# %% another check\nassert width", True),
        (BESIDE.replace("width < 9", "width < 10"), False),
        (BESIDE.replace("width = 12", "width = 16"), False),
    ):
        file.write_text(change, "utf-8")
        claims, conclusions = results.elsewhere(small, notebook)
        assert claims
        assert bool(conclusions) == shown
    notebook.cells[1].source = "width = 7"
    assert results.elsewhere(small, notebook) == ({}, {})
    assert results.ranges(small, notebook) == {}
    assert json.loads(results.PROCESSORS.read_text("utf-8"))["chapters"].keys() == {"one"}
