"""The tools behind the verbs chapter, test, format, look, faults and processors."""

import io
import re
import shlex
import shutil
import sys

import nbformat
import pytest
from PIL import Image

from book.machine import prints, results
from book.machine.chromium import CHROMIUM
from helpers.claims import Claims
from tests.support import ANYWHERE, ROOT, run
from tests.test_chapters import TO_DO
from tests.tools import (
    elsewhere,
    faults,
    lint,
    long_training,
    new_chapter,
    one_chapter,
    page,
    processors,
    unchanged,
)

PARTS = ["Makefile", "conftest.py", "pyproject.toml", "requirements.txt", "constraints.txt"]
PARTS += ["_config.yml", "_toc.yml", "README.md", "book", "helpers", "notebooks/_template.ipynb"]
PARTS += ["notebooks/siren.ipynb", "tests"]
BELONGS = ["notebooks/my_topic.ipynb", "tests/chapters/my_topic.py", "_toc.yml", "README.md"]
BELONGS += ["book/teaching.md"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """The repository with the template alone, and a chapter that `make chapter` began."""
    tree = tmp_path_factory.mktemp("tree") / ANYWHERE
    for part in PARTS:
        (tree / part).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tree / part)
    done = run(
        "make", f"PYTHON={shlex.quote(sys.executable)}", "chapter", "NAME=my_topic", cwd=tree
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert all(verb in last for verb in ("make lab", "make notebooks", "make test NAME=my_topic"))
    return tree


def test_a_new_chapter_is_whole_and_the_tests_name_what_is_to_do(tree):
    nbformat.validate(nbformat.read(tree / BELONGS[0], 4))
    command = ["-m", "pytest", "tests/test_chapters.py", "-k", "[my_topic]", "--color", "no"]
    done = run(sys.executable, *command, cwd=tree)
    failed = set(re.findall(r"^FAILED \S+::(\w+)", done.stdout, re.M))
    assert failed == {
        "test_nothing_is_left_to_do",
        "test_the_committed_outputs_belong_to_the_code",
        "test_nothing_of_the_machine_is_committed",  # the hash is missing: it has not run
        "test_one_figure_stands_for_the_chapter",
        "test_checked_outputs_are_there",
        "test_every_figure_has_a_caption",
        "test_a_chapter_makes_five_to_ten_claims",
    }
    wanted = {
        f"{file.partition('/')[2]}, cell {cell.id}"
        for file in BELONGS[:1]
        for cell in nbformat.read(tree / file, 4).cells
        if TO_DO.search(f"{cell.source}\n{cell.metadata}")
    }
    for file in BELONGS[1:]:
        lines = enumerate((tree / file).read_text("utf-8").splitlines(), 1)
        wanted |= {f"{file}, line {number}" for number, line in lines if TO_DO.search(line)}
    told = set(re.findall(r"^E +(\S+, (?:cell \S+|line \d+))$", done.stdout, re.M))
    assert len(wanted) > 20
    assert all("*to do*: " in line for line in new_chapter.ENTRY.splitlines() if line[:1] == "-")
    assert told == wanted


@pytest.mark.parametrize("name", ["", "My-topic", "9_lives", "a b", "my_topic", "_template"])
def test_a_wrong_or_a_taken_name_changes_nothing(tree, name):
    before = {file: (tree / file).read_bytes() for file in BELONGS}
    done = run(sys.executable, "-m", "tests.tools.new_chapter", name, cwd=tree)
    assert done.returncode == 2
    assert done.stderr.startswith(f"NAME is {name}" if name == "my_topic" else f"NAME is '{name}'")
    assert before == {file: (tree / file).read_bytes() for file in BELONGS}


def test_a_chapter_is_begun_without_any_package(tree):
    code = f"import sys; sys.path = [p for p in sys.path if 'site-packages' not in p]; {IMPORT}"
    assert run(sys.executable, "-S", "-c", code, cwd=tree).returncode == 0
    assert new_chapter.wrong("your_topic", tree) is None


IMPORT = "import tests.tools.new_chapter"


def test_ruff_names_cells_by_their_ids(tmp_path):
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    cells = [text("words", id="words"), code("x = 1", id="fine"), code("import  os", id="bad")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    for command in ("check --select F401", "format --check", "format --diff"):
        done = run(sys.executable, "-m", "ruff", *command.split(), ".", cwd=tmp_path)
        assert "cell 3" in done.stdout
        told = lint.with_ids(done.stdout, tmp_path)
        assert "cell bad" in told
        assert told.count("\n") == done.stdout.count("\n")
        assert not re.search(r"(ipynb:|::: )cell \d", told)


@pytest.fixture
def called(tmp_path):
    """Return a function that runs a command unless nothing changed, and whether it ran."""
    (tmp_path / "_build" / "html").mkdir(parents=True)
    for file in ("a.py", "_build/html/page.html"):
        (tmp_path / file).write_text("1")
    log = tmp_path / "_build" / "log"
    log.write_text("")

    def call(code="pass"):
        before = log.read_text()
        code = f"open('_build/log', 'a').write('ran '); {code}"
        arguments = ["light", "_build/html", "--", sys.executable, "-c", code]
        status = unchanged.main(arguments, tmp_path)
        return status, log.read_text() != before

    return call


def test_what_passed_runs_again_only_when_something_changed(called, tmp_path, capsys):
    assert called() == (0, True)
    assert called() == (0, False)
    assert "light: nothing has changed since" in capsys.readouterr().out
    for change in ("a.py", "_build/html/page.html", "new.txt", ".github", "README.md"):
        (tmp_path / change).write_text("2")
        assert called() == (0, True), change
        assert called() == (0, False), change
    (tmp_path / "a.py").unlink()
    assert called() == (0, True)
    for folder in (".git", ".venv", "_build", "__pycache__", ".pytest_cache", ".ruff_cache"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "new").write_text("3")
    assert called() == (0, False)


def test_other_packages_run_it_again(called, monkeypatch):
    assert called() == (0, True)
    monkeypatch.setattr(unchanged.importlib.metadata, "distributions", lambda: [])
    assert called() == (0, True)


def test_a_run_that_failed_or_was_overtaken_does_not_count(called, tmp_path):
    assert called() == (0, True)
    (tmp_path / "a.py").write_text("2")
    fails = "raise SystemExit(open('a.py').read() == '2')"
    assert called(fails) == (1, True)
    assert called(fails) == (1, True)
    (tmp_path / "a.py").write_text("1")
    assert called() == (0, True)  # it had passed like this, before the run that failed
    writes = "open('a.py', 'a').write('2')"
    assert called(writes) == (0, True)
    (tmp_path / "a.py").write_text("1")
    assert called(writes) == (0, True)  # it had passed with more than this


def test_the_faults_of_a_cell_are_listed(capsys):
    path = ROOT / "notebooks" / "_template.ipynb"
    notebook = nbformat.read(path, 4)
    assert faults.list_faults("_template", notebook, "stuck") == 0
    *listed, last = capsys.readouterr().out.splitlines()
    there = [change for cell, change, _ in faults.faults(notebook) if cell == "stuck"]
    assert [line.removeprefix("stuck: ").partition(":")[0] for line in listed] == there
    assert sum("makes no difference: " in line for line in listed) == 2
    assert last == f"{len(there)} faults; none was planted"
    assert faults.list_faults("_template", notebook, "nowhere") == 2
    assert "CELL is nowhere; it may be setup, running-sum" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("claim", "bounds", "near"),
    [
        ("below", (1, 3.1), False),
        ("below", (1, 2.9), True),
        ("above", (10, 3), False),
        ("above", (10, 4), True),
        ("above", (-1, -4), False),
        ("between", (5, 0, 10), False),
        ("between", (5.1, 0, 10), False),
        ("between", (8.7, 0, 10), False),
        ("between", (8.8, 0, 10), True),
        ("between", (1.2, 0, 10), True),
        ("equal", (3, 3), False),
        ("show", (3,), False),
    ],
)
def test_a_claim_is_near_its_bound_or_not(claim, bounds, near):
    ledger = Claims("small")
    getattr(ledger, claim)("size", *bounds, why="of a reason")
    assert (processors.room(ledger.claims[0])[0] < processors.NEAR) == near


def test_one_chapter_is_tested_by_the_tests_that_concern_it():
    commands = dict(one_chapter.steps("siren"))
    for what, wanted in {
        "structure": {"test_the_time_is_computed[siren]", "test_nothing_is_left_to_do[siren]"},
        "page": {"test_nothing_is_wider_than_a_phone[notebooks/siren]"},
    }.items():
        done = run(*commands[what], "--collect-only", "--color", "no")
        tests = set(re.findall(r"::(\S+)", done.stdout))
        assert wanted <= tests
        assert all("[siren]" in test or "notebooks/siren" in test for test in tests)


def test_the_claims_are_those_of_the_last_run(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    path = ROOT / "notebooks" / "_template.ipynb"
    assert one_chapter.claims("_template") == ["not known: it has not run to its end"]
    notebook = nbformat.read(path, 4)
    results.store(path, notebook, 1)
    told = one_chapter.claims("_template")
    assert len(told) == len(results.claims_in(notebook)) > 0
    assert all(re.fullmatch(r"✓ .+: \S+ \(≤ .+\)", line) for line in told)


@pytest.mark.parametrize("tool", ["one_chapter", "page look", "page renew"])
def test_a_name_that_nothing_has_is_told(tool):
    done = run(sys.executable, "-m", *f"tests.tools.{tool} nothing".split())
    assert done.returncode == 2
    assert done.stderr.startswith("NAME is nothing; it may be ")
    assert "siren" in done.stderr


def test_a_page_is_built_anew_though_its_source_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "ROOT", tmp_path)
    for name in ("siren", "other"):
        file = tmp_path / "_build" / ".doctrees" / "notebooks" / f"{name}.doctree"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    page.renew("notebooks/siren")
    assert [kept.stem for kept in file.parent.iterdir()] == ["other"]


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_the_pictures_of_a_page_are_whole_and_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(prints, "HTML", tmp_path)
    monkeypatch.setattr(page, "LOOK", tmp_path / "look")
    style = "body { margin: 0 } main { height: 3990px } img { display: block }"
    style += "@media (prefers-color-scheme: dark) { body { background: black } }"
    Image.new("RGB", (10, 10), "red").save(tmp_path / "below.png")
    below = '<main></main><img src="below.png" loading="lazy" decoding="async">'
    (tmp_path / "tall.html").write_text(f"<!DOCTYPE html><style>{style}</style>{below}")
    page.look("tall")
    for kind, (_, width, height) in page.SHOWN.items():
        files = sorted(page.LOOK.glob(f"tall-{kind}-*.png"))
        pieces = [Image.open(io.BytesIO(file.read_bytes())) for file in files]
        assert {piece.width for piece in pieces} == {width}
        assert max(piece.height for piece in pieces) == 2 * height
        assert sum(piece.height for piece in pieces) == 4000
        assert pieces[-1].convert("RGB").getpixel((5, pieces[-1].height - 5)) == (255, 0, 0)
        assert (sum(pieces[0].convert("RGB").getpixel((9, 9))) < 99) == (kind == "dark")


def test_the_longer_training_finds_its_places_in_the_chapter():
    notebook = nbformat.read(long_training.NOTEBOOK, 4)
    for change in long_training.LARGE:
        elsewhere.changed_notebook(notebook, *change)
    assert set(long_training.CELLS) <= {cell.id for cell in notebook.cells}
