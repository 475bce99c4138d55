"""The shape of every chapter, of its template, and of the book around them."""

import importlib.metadata
import re
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

import execute
import faults
import names
import nbformat
import pages
import pytest
import results
import setup_cell
import yaml

import conftest

ROOT = Path(__file__).parents[1]
PATHS = results.notebooks()
CHAPTERS = [path for path in PATHS if not path.stem.startswith("_")]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
HEADINGS = [
    "Before you start",
    "Predict",
    "Run",
    "Check",
    "Where it breaks",
    "In practice",
    "Going deeper",
    "Exercises",
    "What we claimed, what we measured",
    "References",
]
OPTIONAL = "Asked elsewhere"  # until every chapter has it
KINDS = {
    "exercise",
    "solution",
    "check",
    "hide-cell",
    "hide-input",
    "nbval-check-output",
    "raises-exception",
    "picture",
    "thumbnail",
}


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def notebook(path):
    notebook = nbformat.read(path, 4)
    nbformat.validate(notebook)
    return notebook


@pytest.fixture(scope="module")
def codes(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def prose(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def test_the_question_and_a_short_answer_come_first(prose):
    assert re.match(r"# \S", prose[0])
    assert "**The question.**" in prose[0]
    assert "**The short answer.**" in prose[0]
    assert sum(len(re.findall(r"^# ", text, re.M)) for text in prose) == 1


def test_the_bones_are_there_in_order(prose):
    found = re.findall(r"^## (.*)$", "\n".join(prose), re.M)
    assert [heading for heading in found if heading != OPTIONAL] == HEADINGS
    assert OPTIONAL not in found[:-2]


def test_a_reader_is_told_what_to_expect(prose):
    before = next(text for text in prose if text.startswith("## Before you start"))
    for words in ("You will be able to", "**You should know**", "**Time:**"):
        assert words in before


def test_the_set_up_cell_is_the_books(codes):
    assert codes[0].source.startswith(setup_cell.fetching())
    assert "use_style()" in codes[0].source
    assert "hide-cell" in tags(codes[0])


def test_the_last_cell_shows_the_ledger(codes):
    assert codes[-1].source == "claims.table()"


def test_the_committed_outputs_belong_to_the_code(notebook, codes):
    hint = "run: make notebooks"
    assert notebook.metadata.get("code_hash") == results.code_hash(notebook), hint
    assert [cell.execution_count for cell in codes] == list(range(1, len(codes) + 1)), hint


def test_no_error_or_warning_stands_in_the_outputs(codes):
    for cell in codes:
        for output in cell.outputs:
            assert output.get("name") != "stderr", cell.id
            assert output.output_type != "error" or "raises-exception" in tags(cell), cell.id


def test_nothing_of_the_machine_is_committed(path, notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info", "code_hash"}
    assert set().union(*(cell.metadata for cell in notebook.cells)) <= {"tags", "mystnb", "caption"}
    assert not re.search(r"/(?:home|root|tmp|Users|work)/\w", path.read_text("utf-8"))


def test_cells_have_readable_ids_and_known_tags(notebook):
    for cell in notebook.cells:
        assert re.fullmatch(r"[a-z][a-z0-9-]*", cell.id)
        assert tags(cell) <= KINDS


def test_every_figure_says_in_words_what_it_shows(codes):
    for cell in codes:
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 5, cell.id


def is_figure(cell):
    shown = [output.get("data", {}) for output in cell.outputs]
    return any("image/png" in data or "frame-slider" in data.get("text/html", "") for data in shown)


def test_every_figure_has_a_caption(codes):
    for cell in codes:
        caption = cell.metadata.get("caption", "")
        assert len(caption.split()) >= 5 or not is_figure(cell), cell.id
        assert not caption or cell.outputs, cell.id


def test_one_figure_stands_for_the_chapter(codes):
    (shown,) = [cell for cell in codes if "thumbnail" in tags(cell)]
    assert any("image/png" in output.get("data", {}) for output in shown.outputs)


def test_a_chapter_has_its_place_in_the_story(prose):
    (story,) = [text for text in prose if text.startswith("**Before and after.**")]
    assert re.search(r"\]\([a-z_]+\.ipynb\)", story)


def test_what_is_listed_is_cited_in_a_sentence(prose):
    listed = next(text for text in prose if text.startswith("## References"))
    said = "\n".join(text for text in prose if not text.startswith("## References"))
    for line in listed.splitlines()[3:]:  # the first credits the question
        addresses = re.findall(r"\]\((http[^)\s]+)\)", line)
        assert not addresses or any(f"({address})" in said for address in addresses), line[:80]


def test_checked_outputs_are_there(codes):
    for cell in codes:
        assert "nbval-check-output" not in tags(cell) or cell.outputs, cell.id


def measure(cells):
    """Return the words of the prose and the lines of each code cell."""
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    codes = [cell.source.splitlines() for cell in cells if cell.cell_type == "code"]
    return words, [sum(bool(line.strip()) for line in lines) for lines in codes]


def main_line(notebook):
    starts = [cell.source.startswith("## Going deeper") for cell in notebook.cells]
    return notebook.cells[: starts.index(True)]


def test_a_chapter_keeps_the_measure(notebook, codes):
    words, lines = measure(main_line(notebook))
    assert words <= 1700
    assert len(lines) <= 28
    assert sum(lines) <= 300
    _, lines = measure(notebook.cells)
    assert len(lines) <= 45
    assert sum(lines) <= 500
    assert statistics.median(lines) <= 10
    sizes = dict(zip((cell.id for cell in codes), lines, strict=True))
    del sizes[codes[0].id]
    assert {name: size for name, size in sizes.items() if size > 25} == {}


def test_a_chapter_makes_five_to_ten_claims(path, notebook):
    made = [claim for claim in pages.claims_in(notebook) if claim.held is not None]
    assert 5 <= len(made) <= 10 or path.stem == "_template"


def minutes(cells):
    """Return how long reading takes: 180 words a minute, 4 seconds a line of code, to 5 minutes."""
    words, lines = measure(cells)
    return max(5, 5 * round((words / 180 + sum(lines) * 4 / 60) / 5))


def test_the_time_is_computed(notebook, prose):
    main, whole = minutes(main_line(notebook)), minutes(notebook.cells)
    reading = f"{main} minutes to read" + f" ({whole} with everything)" * (whole > main)
    assert re.search(
        rf"\*\*Time:\*\* {re.escape(reading)}, \d+ seconds to run\.", "".join(prose)
    ), reading


def test_checks_stand_beside_a_chapter(path, codes):
    checks = conftest.checks_of(path)
    titles = [title for title, _, _ in checks]
    assert len(set(titles)) == len(titles) > 0
    assert all(titles)
    answers = Counter(match.groups() for title in titles if (match := conftest.ANSWER.match(title)))
    exercises = range(1, sum("exercise" in tags(cell) for cell in codes) + 1)
    few = [n for n in exercises if answers["wrong", f"{n}"] < 2 or answers["right", f"{n}"] < 1]
    assert few == []
    known = {fault[:2] for fault in faults.faults(nbformat.read(path, 4))}
    assert all(change.split(" → ")[0] != change.split(" → ")[1] for _, change in known)
    assert faults.equivalents(path.stem).keys() - known == set()


def test_a_name_means_one_thing(codes):
    assert names.bound_twice(codes) == []


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("R = a @ b", "R = 3", False),
        ("R = load(1)", "R = load(2)", True),
        ("R = load(1)", "R = other(2)", False),
        ("R, t = load(1)", "S, t = other(2)", False),
        ("R, t = load(1)", "t, R = load(2)", False),
        ("x = 1", "x += 1", True),
        ("x = 1", "for x in range(3):\n    pass", False),
        ("for x in 'ab':\n    y = x", "for x in 'cd':\n    y = x", True),
        ("def f():\n    x = 1", "def g():\n    x = 2", True),
        ("def f():\n    pass", "f = 3", False),
        ("def f():\n    pass", "def f():\n    return 1", False),
        ("with open('a') as f:\n    x = 1", "x = 2", False),
        ("import numpy as np", "import numpy as np", True),
        ("import numpy as np", "np = 3", False),
        ("if a:\n    x = 1\nelse:\n    x = 2", "y = 1", True),
        ("if a:\n    x = 1", "x = 2", False),
        ("_ = 1", "_ = 'two'", True),
        ("x: int = 1", "x = 2", False),
        ("y = (x := 1)", "x = 2", False),
    ],
)
def test_the_rule_of_names(first, second, fine):
    cells = [nbformat.v4.new_code_cell(source) for source in (first, second)]
    assert (names.bound_twice(cells) == []) == fine


def test_no_measured_number_is_typed_into_prose(prose):
    beside = r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|https?://\S+"
    for text in prose:
        if not text.startswith("## References"):
            plain = re.sub(beside, " ", text, flags=re.S)
            assert not re.findall(r"(?<![\w.])\d+\.\d+(?!\w*\.)", plain), text[:60]


def test_prose_reads_the_same_in_jupyter_and_in_the_book(prose):
    for text in prose:
        plain = re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.S)
        assert not re.search(
            r"^:::|\{[a-z:]+\}`|</?[a-z]+[ >]", text if ":::" in text else plain, re.M
        )


def test_every_column_of_a_table_has_a_name(prose):
    # a screen reader announces the header before each cell
    for header in re.findall(r"^\|(.*)\|\n\|[-:| ]+\|$", "\n".join(prose), re.M):
        assert all(name.strip() for name in header.split("|")), header


def test_links_between_chapters_lead_somewhere(path, prose):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", "\n".join(prose)):
        assert "://" in target or (path.parent / target).exists(), target


def test_exercises_are_task_starter_solution_and_check(notebook, codes):
    starts = [i for i, cell in enumerate(codes) if "exercise" in tags(cell)]
    tasks = [text for text in (cell.source for cell in notebook.cells) if text.startswith("### Ex")]
    assert len(starts) >= 3
    assert [task.split(":")[0] for task in tasks] == [
        f"### Exercise {number}" for number in range(1, len(starts) + 1)
    ]
    for i in starts:
        assert tags(codes[i + 1]) == {"solution", "hide-cell"}
        assert "check" in tags(codes[i + 2])
    for kind in ("solution", "check"):
        assert sum(kind in tags(cell) for cell in codes) == len(starts)


def test_a_chapter_is_light(path):
    assert path.stat().st_size < 4_000_000


def test_every_chapter_is_in_the_contents_and_in_the_readme():
    listed = [c["file"] for part in TOC["parts"] for c in part["chapters"]]
    names = [f"notebooks/{path.stem}" for path in CHAPTERS]
    assert sorted(name for name in listed if name.startswith("notebooks/")) == names
    readme = (ROOT / "README.md").read_text("utf-8")
    for path in CHAPTERS:
        title = nbformat.read(path, 4).cells[0].source.splitlines()[0].removeprefix("# ")
        assert f"[{title}](notebooks/{path.name})" in readme


def test_the_page_for_teachers_has_every_chapter():
    page = (ROOT / "book" / "teaching.md").read_text("utf-8")
    entries = dict(re.findall(r"^### (.*)\n\n((?:- .*\n)+)", page, re.M))
    for path in CHAPTERS:
        title = nbformat.read(path, 4).cells[0].source.splitlines()[0].removeprefix("# ")
        assert entries[title].count("\n- **") == 4  # belief, two to talk about, class, hand in
        assert f"[{title}](../notebooks/{path.name})" in page
    labs = re.findall(r"^\| \d+ \| \[.*?\]\(\.\./notebooks/(\w+)\.ipynb\)", page, re.M)
    assert sorted(labs) == [path.stem for path in CHAPTERS]


def test_the_readme_names_every_verb_of_the_makefile():
    verbs = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [verb for verb in verbs if f"make {verb}" not in readme] == []


def test_every_direct_dependency_is_named():
    packages = importlib.metadata.packages_distributions()
    pins = re.findall(r"^([\w-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.M)
    named = {pin.lower().replace("_", "-") for pin in pins}
    sources = [cell.source for path in PATHS for cell in nbformat.read(path, 4).cells]
    for folder in ("helpers", "book/_ext", "tests", "tests/chapters"):
        sources += [file.read_text("utf-8") for file in (ROOT / folder).glob("*.py")]
    found = set(re.findall(r"^(?:import|from) (\w+)", "\n".join(sources), re.M)) & set(packages)
    missing = {
        module
        for module in found - {"helpers"}
        if not {name.lower().replace("_", "-") for name in packages[module]} & named
    }
    assert missing == set()


def test_the_student_edition_keeps_the_checks_and_drops_the_solutions():
    binaries = Path(sys.executable).parent
    subprocess.run(["make", "student", "READY=", f"BIN={binaries}"], cwd=ROOT, check=True)
    for path in CHAPTERS:
        before, after = (nbformat.read(p, 4) for p in (path, ROOT / "_build/student" / path.name))
        nbformat.validate(after)
        assert "solutions of the exercises are in the book" in after.cells.pop(1).source
        setup_cell.replace(before, setup_cell.carrying(before))
        kept = [(c.id, c.source) for c in before.cells if "solution" not in tags(c)]
        assert [(c.id, c.source) for c in after.cells] == kept
        assert sum("check" in tags(c) for c in after.cells) >= 3
        assert not any(c.get("outputs") or c.get("execution_count") for c in after.cells)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A small repository with one notebook that imports one helper, which imports another."""
    (tmp_path / "helpers").mkdir()
    for name, source in {
        "__init__": "",
        "a": "from helpers import b",
        "b": "x = 1",
        "c": "",
    }.items():
        (tmp_path / "helpers" / f"{name}.py").write_text(source)
    for name in results.PINS:
        (tmp_path / name).write_text("numpy==1\n")
    monkeypatch.setattr(results, "ROOT", tmp_path)
    monkeypatch.setattr(results, "RESULTS", tmp_path / "_build" / "results")
    return tmp_path


def small_notebook(source="import helpers.a\n1 + 1"):
    cell = nbformat.v4.new_code_cell(source, id="one")
    return nbformat.v4.new_notebook(cells=[cell])


@pytest.mark.parametrize(
    ("change", "stale"),
    [
        (("helpers/a.py", "from helpers import b\ny = 2"), True),
        (("helpers/b.py", "x = 2"), True),
        (("helpers/__init__.py", "z = 3"), True),
        (("requirements.txt", "numpy==2\n"), True),
        (("constraints.txt", "numpy==2\n"), True),
        (("helpers/b.py", "x   =  1  # a comment"), False),
        (("helpers/c.py", "w = 4"), False),
    ],
)
def test_a_result_is_valid_until_what_it_depends_on_changes(tree, change, stale):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    assert results.load("one.ipynb", notebook) is not None
    name, text = change
    (tree / name).write_text(text)
    assert (results.load("one.ipynb", notebook) is None) == stale


def test_another_python_is_stale(tree, monkeypatch):
    results.store("one.ipynb", small_notebook(), 1)
    monkeypatch.setattr(results.sys, "version_info", (3, 99, 0))
    assert results.load("one.ipynb", small_notebook()) is None


def test_changed_code_is_stale_and_changed_prose_is_not(tree):
    notebook = small_notebook()
    results.store("one.ipynb", notebook, 1)
    assert results.load("one.ipynb", small_notebook("import helpers.a\n1 + 2")) is None
    notebook.cells.append(nbformat.v4.new_markdown_cell("new words"))
    assert results.load("one.ipynb", notebook) is not None


def test_a_notebook_that_fails_leaves_a_note_and_no_result(tree, capsys):
    nbformat.write(small_notebook("1 / 0"), tree / "one.ipynb")
    assert "ZeroDivisionError: division by zero" in execute.execute(tree / "one.ipynb")
    notebook = nbformat.read(tree / "one.ipynb", 4)
    assert results.load(tree / "one.ipynb", notebook) is None
    failure = results.load_failure(tree / "one.ipynb", notebook)
    assert failure["message"] == "ZeroDivisionError: division by zero"
    assert failure["processor"]
    assert execute.report([tree / "one.ipynb"]) == 1
    assert "one: failed: ZeroDivisionError" in capsys.readouterr().err
    results.store("one.ipynb", notebook, 1)
    assert results.load_failure(tree / "one.ipynb", notebook) is None
    assert execute.report([tree / "one.ipynb"]) == 0


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


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The repository as pip and git see it: what is packaged, committed."""
    folder = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "helpers", folder / "helpers")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "a"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


# what a reader may have near the notebook, and what it needs to look like
PLACES = {
    "alone": {},
    "a package": {"content/helpers/__init__.py": "mine = True\n"},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_notebook_runs_alone(tmp_path, source, place):
    """As in Colab: no repository beside it; the set-up cell has pip fetch the helpers."""
    work = tmp_path / "content"
    work.mkdir()
    for name, text in PLACES[place].items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    shutil.copy(ROOT / "notebooks" / "_template.ipynb", work / "alone.ipynb")
    site = tmp_path / "site"
    site.mkdir()
    environment = {
        "PYTHONPATH": str(site),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "PIP_TARGET": str(site),
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this one the other way round
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{source}.insteadOf",
        "GIT_CONFIG_VALUE_0": setup_cell.address(),
    }
    command = ["-m", "nbconvert", "--execute", "--to", "notebook", "alone.ipynb"]
    python(*command, cwd=work, env=environment)
    assert (site / "helpers" / "claims.py").exists()


def python(*arguments, **options):
    """Run Python and return what it printed."""
    run = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, **options
    )
    assert run.returncode == 0, run.stderr
    return run.stdout
