"""The notebooks that the book offers run wherever they are dropped.

Those that need a minute are marked `heavy`; `make alone` runs them too.
"""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import b64decode
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from book.machine import execute, results, setup_cell
from book.machine.site import downloads
from tests.support import ROOT, make, tags

TEMPLATE = ROOT / "notebooks" / "_template.ipynb"
LIGHT = {"gp_prior_samples", "svd_compression_tensorflow"}
CHAPTERS = [
    pytest.param(path, id=path.stem, marks=() if path.stem in LIGHT else pytest.mark.heavy)
    for path in results.notebooks()
    if path != TEMPLATE
]
# what the kernel runs first: no network; and last: the helpers are the packed ones
OFFLINE = """
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise PermissionError("there is no network here")


sys = __import__("sys")
sys.addaudithook(refuse)
"""
SEEN = "print(sys.modules['helpers'].__file__, *sys.path, sep='\\n')"
# what a reader may have beside the notebook
PLACES = {
    "an empty folder": {},
    "a module": {"helpers.py": "mine = True\n"},
    "a package": {"helpers/__init__.py": "mine = True\n"},
    "a folder": {"helpers/notes.txt": "mine\n"},
}


def run_alone(notebook, place):
    """Run a notebook in `place`; return what its kernel said of the helpers and of its path."""
    folder, temporary = place / "a reader's folder", place / "temporary"
    folder.mkdir(exist_ok=True)
    temporary.mkdir(exist_ok=True)
    before = files(folder)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    notebook.cells.append(nbformat.v4.new_code_cell(SEEN))
    environment = os.environ | {"TMPDIR": str(temporary), "PIP_NO_INDEX": "1"}
    environment.pop("PYTHONPATH", None)
    try:
        execute.make_client(folder / "alone.ipynb", notebook).execute(env=environment)
    finally:
        assert files(folder) == before
        assert not list(temporary.rglob("helpers*"))
    return notebook.cells[-1].outputs[0].text.splitlines()


def files(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def read(path):
    return nbformat.read(path, 4)


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_notebook_to_take_along_needs_nothing_beside_it(path, tmp_path):
    helpers, *places = run_alone(downloads.edition(read(path)), tmp_path)
    assert helpers.startswith(str(tmp_path / "temporary"))
    assert [place for place in places if place == str(ROOT) or place == ".."] == []


@pytest.mark.parametrize("place", PLACES)
def test_a_readers_own_helpers_are_left_alone(place, tmp_path):
    for name, text in PLACES[place].items():
        file = tmp_path / "a reader's folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    helpers, *_ = run_alone(downloads.edition(read(TEMPLATE)), tmp_path)
    assert helpers.startswith(str(tmp_path / "temporary"))


@pytest.mark.parametrize("path", [pytest.param(TEMPLATE, id="_template"), *CHAPTERS])
def test_a_students_notebook_stops_at_its_first_check(path, tmp_path):
    notebook = downloads.student(read(path))
    with pytest.raises(CellExecutionError):
        run_alone(notebook, tmp_path)
    stopped = [cell for cell in notebook.cells if cell.get("outputs") and failed(cell)]
    checks = [cell for cell in notebook.cells if "check" in tags(cell)]
    assert stopped == checks[:1]


def failed(cell):
    return cell.outputs[-1].output_type == "error" and "raises-exception" not in tags(cell)


def test_a_page_that_is_built_again_has_editions_again(tmp_path):
    page = tmp_path / "_sources" / "chapter.ipynb"
    student = page.with_stem("chapter_student")
    page.parent.mkdir()
    env = SimpleNamespace(found_docs={"chapter"}, doc2path=lambda name: TEMPLATE)
    for _ in range(2):
        shutil.copy2(TEMPLATE, page)  # as Sphinx does it: with the source's time
        downloads.write_editions(SimpleNamespace(env=env, outdir=tmp_path), None)
        assert setup_cell.packed() in read(page).cells[2].source
        assert setup_cell.packed() in read(student).cells[3].source
    made = page.stat().st_mtime_ns
    downloads.write_editions(SimpleNamespace(env=env, outdir=tmp_path), None)
    assert page.stat().st_mtime_ns == made, "what is an edition already is left alone"


def test_the_set_up_cell_may_run_twice(tmp_path):
    notebook = downloads.edition(read(TEMPLATE))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells = [code[0], code[0].copy(), *code[1:]]
    assert run_alone(notebook, tmp_path)[0].startswith(str(tmp_path / "temporary"))


def test_the_set_up_cell_is_short_and_folded():
    notebook = downloads.edition(read(TEMPLATE))
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert first.metadata.jupyter.source_hidden
    assert first.metadata.cellView == "form"
    assert first.source.startswith("# @title ")
    assert len(first.source.splitlines()) < 45
    assert sum(len(line) > 88 for line in first.source.splitlines()) == 1
    nbformat.validate(notebook)


def test_all_helpers_are_packed_and_always_the_same():
    packed = setup_cell.packed()
    assert packed == setup_cell.packed()
    with zipfile.ZipFile(io.BytesIO(b64decode(packed))) as file:
        found = {name: file.read(name) for name in file.namelist()}
    helpers = [path for path in (ROOT / "helpers").iterdir() if path.is_file()]
    assert found == {f"helpers/{path.name}": path.read_bytes() for path in helpers}


@pytest.mark.parametrize("path", results.notebooks(), ids=lambda path: path.stem)
def test_what_is_missing_is_installed_by_a_name_that_we_pin(path):
    pins = (ROOT / "requirements.txt").read_text("utf-8").lower()
    modules = results.modules(read(path))
    assert {"numpy", "matplotlib", "IPython"} <= set(modules)
    for name in modules:
        assert f"\n{setup_cell.PACKAGES.get(name, name).lower()}==" in pins


def test_a_package_that_is_missing_is_installed(tmp_path):
    """Nothing else is: pip is told of the one name, and here it may not fetch it."""
    notebook = downloads.edition(read(TEMPLATE))
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.source = cell.source.replace("packages = {", "packages = {'no_such': 'no-such', ")
    with pytest.raises(CellExecutionError):
        run_alone(notebook, tmp_path)
    told = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    assert "no-such" in told
    assert "numpy" not in told


def test_the_student_edition_keeps_the_checks_and_drops_the_solutions():
    done = make("student")
    assert done.returncode == 0, done.stderr
    for path in results.notebooks()[1:]:
        before, after = (nbformat.read(p, 4) for p in (path, ROOT / "_build/student" / path.name))
        nbformat.validate(after)
        assert "solutions of the exercises are in the book" in after.cells.pop(1).source
        setup_cell.replace(before, setup_cell.carrying(before))
        kept = [(c.id, c.source) for c in before.cells if "solution" not in tags(c)]
        assert [(c.id, c.source) for c in after.cells] == kept
        assert sum("check" in tags(c) for c in after.cells) >= 3
        assert not any(c.get("outputs") or c.get("execution_count") for c in after.cells)


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


@pytest.mark.parametrize("place", ["an empty folder", "a package"])
def test_a_committed_notebook_fetches_the_helpers(tmp_path, source, place):
    """As in Colab, from the repository's address: the set-up cell has pip do it."""
    work, site = tmp_path / "content", tmp_path / "site"
    for name, text in PLACES[place].items():
        (work / name).parent.mkdir(parents=True)
        (work / name).write_text(text)
    work.mkdir(exist_ok=True)
    site.mkdir()
    shutil.copy(TEMPLATE, work / "alone.ipynb")
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
    command = [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "alone.ipynb"]
    done = subprocess.run(
        command, cwd=work, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (site / "helpers" / "claims.py").exists()
