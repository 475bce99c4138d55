"""What stands around the book: its address, its spelling, its links, its version."""

import re
import shutil
import sys
import tomllib
from pathlib import Path

import execute
import nbformat
import pytest
import results
import yaml
from support import ROOT, run

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "book").glob("*.md"))]
ELSEWHERE = shutil.ignore_patterns("_build", ".git", ".venv", ".*cache", "__pycache__")


@pytest.fixture
def tree(tmp_path):
    return Path(shutil.copytree(ROOT, tmp_path / "tree", ignore=ELSEWHERE))


def publish(tree, url):
    return run(sys.executable, tree / "book/_ext/publish.py", url, cwd=tree)


def files(tree):
    return {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_the_address_is_set_everywhere_and_the_outputs_stay(tree, monkeypatch):
    chapter = next(path for path in results.notebooks() if results.ranges(path, read(path)))
    ranges, outputs = results.ranges(chapter, read(chapter)), outputs_of(chapter)
    old, url = execute.address(), "https://github.com/me/a.book"
    assert publish(tree, f"{url}.git").returncode == 0
    assert [path for path, text in files(tree).items() if old.encode() in text] == []
    monkeypatch.setattr(results, "ROOT", tree)
    monkeypatch.setattr(results, "PROCESSORS", tree / "book" / "processors.json")
    assert execute.address() == url
    for path in results.notebooks():
        first = next(cell for cell in read(path).cells if cell.cell_type == "code")
        assert first.source.startswith(execute.bootstrap())
        assert read(path).metadata["code_hash"] == results.code_hash(read(path))
    chapter = tree / "notebooks" / chapter.name
    assert (results.ranges(chapter, read(chapter)), outputs_of(chapter)) == (ranges, outputs)


def test_the_address_may_grow_and_come_back(tree):
    """An address that begins as the old one does is not replaced twice."""
    before, old = files(tree), execute.address()
    for url in (f"{old}-2", f"{old}-2", old):
        assert publish(tree, url).returncode == 0
    assert files(tree) == before


@pytest.mark.parametrize("url", ["", "me/book", "http://github.com/me/book", "https://a.org/b"])
def test_another_address_is_refused_with_what_it_may_be(url):
    done = publish(ROOT, url)
    assert done.returncode == 2
    assert done.stderr == f"URL is '{url}'; it may be https://github.com/OWNER/NAME\n"


def test_the_cells_of_the_notebooks_are_spelt_well(tmp_path):
    for path in results.notebooks():
        (tmp_path / path.stem).mkdir()
        for cell in read(path).cells:
            (tmp_path / path.stem / cell.id).write_text(cell.source, "utf-8")
    done = run(sys.executable, "-m", "codespell_lib", tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


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


def outputs_of(path):
    return [cell.get("outputs") for cell in read(path).cells]
