"""What stands around the book: its address, its spelling, its links, its version."""

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
