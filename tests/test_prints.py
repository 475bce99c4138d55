"""The book as one PDF and one EPUB, made of the built pages."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import prints
import pytest
import yaml
from chromium import CHROMIUM

ROOT = Path(__file__).parents[1]
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def epub(tmp_path_factory):
    file = tmp_path_factory.mktemp("prints") / "book.epub"
    prints.make_epub(file)
    with zipfile.ZipFile(file) as book:
        assert book.namelist()[0] == "mimetype"
        yield {name: book.read(name) for name in book.namelist()}


@pytest.fixture(scope="module")
def trees(epub):
    """The pages of the EPUB, which are well-formed, as trees."""
    return {
        PurePosixPath(name).name: ElementTree.fromstring(data)
        for name, data in epub.items()
        if name.endswith(".xhtml")
    }


def test_every_page_is_in_the_epub_and_in_its_contents(epub, trees):
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    pages = [toc["root"], *(c["file"] for part in toc["parts"] for c in part["chapters"])]
    names = [f"{PurePosixPath(page).name}.xhtml" for page in pages]
    assert [a.get("href") for a in trees["nav.xhtml"].iter(f"{XHTML}a")] == names
    package = epub["EPUB/content.opf"].decode()
    items = dict(re.findall(r'id="([^"]*)" href="([^"]*)"', package))
    assert [items[ref] for ref in re.findall(r'idref="([^"]*)"', package)] == names
    assert {f"EPUB/{name}" for name in items.values()} | {
        "mimetype",
        "META-INF/container.xml",
        "EPUB/content.opf",
    } == set(epub)


def test_links_and_pictures_of_the_epub_are_there(epub, trees):
    ids = {name: {node.get("id") for node in tree.iter()} for name, tree in trees.items()}
    for name, tree in trees.items():
        for link in tree.iter(f"{XHTML}a"):
            if re.match(r"\w+:", link.get("href")):
                continue
            target, _, place = link.get("href").partition("#")
            assert target in trees
            assert not place or place in ids[target], (name, link.get("href"))
        for image in tree.iter(f"{XHTML}img"):
            assert f"EPUB/{image.get('src')}" in epub


def test_nothing_of_the_screen_is_in_the_epub(trees):
    for tree in trees.values():
        tags = {node.tag.rpartition("}")[2] for node in tree.iter()}
        assert not tags & {"script", "button", "input", "details", "summary", "label"}


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_the_pdf_has_pages_an_outline_and_tags(tmp_path):
    prints.make_pdf(tmp_path / "book.pdf")
    data = (tmp_path / "book.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", data)) > 150
    assert b"/Outlines" in data
    assert b"/StructTreeRoot" in data
    for name in (b"STIXTwoMath", b"/URI"):
        assert name in data


def test_another_kind_is_refused():
    run = subprocess.run(
        [sys.executable, ROOT / "book/_ext/prints.py", "odt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr == "KIND is odt; it may be pdf or epub\n"
