"""What stands around the book: its address, its spelling, its links, its version."""

import ast
import re
import sys
import tomllib

import nbformat
import pytest
import yaml

from book.machine import results, setup_cell
from tests.support import ROOT, run

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "book").glob("*.md"))]


def test_the_address_is_the_same_everywhere():
    """It stands in `_config.yml`; `make notebooks` writes it into the set-up cells."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cited["repository-code"] == setup_cell.address()
    for path in results.notebooks():
        first = next(cell for cell in read(path).cells if cell.cell_type == "code")
        assert first.source.startswith(setup_cell.fetching()), f"{path.name}: run make notebooks"


def test_the_cells_of_the_notebooks_are_spelt_well(tmp_path):
    for path in results.notebooks():
        (tmp_path / path.stem).mkdir()
        for cell in read(path).cells:
            (tmp_path / path.stem / cell.id).write_text(cell.source, "utf-8")
    done = run(sys.executable, "-m", "codespell_lib", tmp_path)
    found = done.stdout.replace(f"{tmp_path}/", "")  # notebook/cell:line: word
    assert (done.returncode, found) == (0, ""), "mend, or ignore-words-list in pyproject.toml"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_files_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8"))
    inside = [target for target in targets if "://" not in target and "mailto:" not in target]
    assert [t for t in inside if not (page.parent / t).exists()] == []


def test_the_version_and_its_date_are_the_same_everywhere():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    latest = re.search(r"^## \[(\d.*)\] - (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert (version, str(cited["date-released"])) == latest.groups()
    assert version == cited["version"]


def read(path):
    return nbformat.read(path, 4)


def test_the_rooms_of_the_machine_are_drawn_as_they_are():
    drawn = (ROOT / "book/machine/README.md").read_text("utf-8").split("```")[3]
    assert drawn.strip().splitlines() == [
        f"{room:16} {', '.join(sorted(imported)) or '-'}" for room, imported in rooms().items()
    ]


def rooms():
    """Return for each module of the machine which others it imports."""
    root, package = ROOT / "book" / "machine", "book.machine."
    files = [file for file in sorted(root.rglob("*.py")) if file != root / "__init__.py"]
    names = [".".join(file.relative_to(root).with_suffix("").parts) for file in files]
    found = {name.removesuffix(".__init__"): set() for name in names}
    for imported, file in zip(found.values(), files, strict=True):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(package):
                module = f"{node.module}.".removeprefix(package)
                full = {alias.name: f"{module}{alias.name}" for alias in node.names}
                imported |= {n if n in found else module.strip(".") for n in full.values()}
    return found
